/* Front matter, read: what an author says of a text, in any dialect's words. */
#ifndef CONTENT_HEAD_H
#define CONTENT_HEAD_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/fields.h"
#include "base/yaml.h"
#include "content/capsule.h"
#include "front_matter.h"
#include "source.h"

struct head {
    struct str title; /* as it was written */
    struct date date;
    struct date publish; /* a day before which it is not to be seen */
    struct date updated;
    struct date expires;
    struct str description;
    struct words tags;
    struct words categories;
    struct words authors;
    bool draft;
    bool hidden;      /* it is to have no page at all */
    bool no_template; /* braces in it are its own */
    struct str slug;
    int slug_line;
    struct str permalink; /* its path on the web, or a pattern of it */
    struct words aliases;
    struct str link; /* of a post about something elsewhere: where that is */
    struct str language;
    struct str timezone;
    bool has_date, has_publish, has_updated, has_expires;
    const struct yaml *const *trees; /* all that it was taken from, in scratch; the last counts most
                                      */
    size_t tree_count;
};

/* Where it is read from. */
struct head_source {
    const struct source *source; /* its data files count where the text itself says nothing */
    enum front_matter kind;
    struct str text; /* between the delimiters */
    int line;        /* of the file, on which text starts */
    const struct capsule *capsule;
    const char *consequence; /* of an error */
};

/*
 * Returns false after reporting an error. Texts are copied into the arena; scratch, and the trees
 * with it, may go.
 * Source: front-matter.md, section 1.
 */
bool head_read(struct arena *arena, struct arena *scratch, const struct head_source *from,
               struct head *head, struct diag *diag);

#endif
