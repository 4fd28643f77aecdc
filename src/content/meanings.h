/* What each of HTML's elements is for a document: one table. */
#ifndef CONTENT_MEANINGS_H
#define CONTENT_MEANINGS_H

#include "base/str.h"

/* What an element is for a document. */
enum sense {
    SENSE_INLINE, /* nothing but its text */
    SENSE_PART,   /* a block: its text stands apart */
    SENSE_MARKED, /* its text between two marks */
    SENSE_CODE,   /* as code, where it is plain text */
    SENSE_EMPHASIS,
    SENSE_STRONG,
    SENSE_SUP,
    SENSE_SUB,
    SENSE_ABBREVIATION,
    SENSE_BREAK,
    SENSE_RULE,
    SENSE_HEADING,
    SENSE_QUOTE,
    SENSE_LIST,
    SENSE_ORDERED,
    SENSE_ITEM,
    SENSE_TABLE,
    SENSE_SECTION, /* of a table */
    SENSE_ROW,
    SENSE_CELL,
    SENSE_FIGURE,
    SENSE_CAPTION,
    SENSE_LINK,
    SENSE_IMAGE,
    SENSE_MEDIA,
    SENSE_INPUT,
    SENSE_HIDDEN,
    SENSE_COMPONENT, /* not HTML's: components.c */
    SENSE_FENCE,     /* a block of markdown's, which has to end first */
};

struct meaning {
    struct str name;
    enum sense sense;
    struct str before; /* of MARKED; of MEDIA: what it is called when it has no title */
    struct str after;
};

/* Never NULL: what HTML does not know is a component. Generators' tags begin with a colon,
 * components with a capital: <Image> is not <image>, but <IMG> is. */
const struct meaning *meaning_find(struct str name);

#endif
