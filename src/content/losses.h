/* What a conversion leaves out, counted: a post with two hundred template tags gets one warning for
 * them, with the line of the first. */
#ifndef CONTENT_LOSSES_H
#define CONTENT_LOSSES_H

#include "base/diag.h"
#include "base/str.h"

enum loss_kind {
    LOSS_SCRIPT,     /* <script>, <style>, <svg> and the like, whole */
    LOSS_ELEMENT,    /* a tag of no known meaning; its text stays */
    LOSS_SHORTCODE,  /* likewise for a generator's own tags */
    LOSS_VARIABLE,   /* {{ page.title }}: only the generator knows what it says */
    LOSS_EXPRESSION, /* {items.length} in MDX: likewise */
    LOSS_MODULE,     /* import and export lines in MDX */
    LOSS_NOTE,       /* a footnote that is written and never used */
    LOSS_LINE,       /* a paragraph too long for one line; nothing is lost but the line */
    LOSS_TABLE,      /* a table with more columns than a table may have */
    LOSS_CELLS,      /* cells past a table's columns */
    LOSS_IMAGE,      /* an image whose address has blanks, which makes it text */
    LOSS_KINDS,
};

#define LOSS_EXAMPLE_MAX 60 /* bytes of it that a warning quotes */

/* What was lost of one kind. */
struct loss {
    size_t count;
    int line; /* of the one furthest up, which is the example */
    size_t len;
    char example[LOSS_EXAMPLE_MAX];
};

struct losses {
    struct loss each[LOSS_KINDS];
};

/* example  what was left out. */
void losses_add(struct losses *losses, enum loss_kind kind, int line, struct str example);

/* One warning for each kind there was. */
void losses_report(const struct losses *losses, const char *file, struct diag *diag);

#endif
