/* What the files share that fill a text in. */
#ifndef CONTENT_FILLER_H
#define CONTENT_FILLER_H

#include "base/map.h"
#include "base/strbuf.h"
#include "fill.h"

#define ARGUMENTS_MAX 32  /* of one tag; more are left out */
#define NAMES_MAX     100 /* of files, in one post */

struct filler {
    struct arena *arena;
    struct filling *filling;
    struct strbuf out;
    size_t patience;             /* bytes of files and values that may yet be put in */
    struct map names;            /* of files that were looked for, to an index into... */
    struct str texts[NAMES_MAX]; /* ...what was found; a NULL pointer: nothing */
    struct insert *inserts;
    size_t insert_count;
    size_t insert_capacity;
};

/* A text that is being filled in: the post's own, or a file's that it asks for. */
struct layer {
    const struct layer *above; /* NULL: it is the post's */
    int depth;
    struct str text;
    size_t at;
    size_t copied;    /* up to here it is in the filler's `out` */
    size_t brace;     /* the first "{" from where it was looked for last */
    size_t tag_end;   /* the first "%}", and... */
    size_t value_end; /* ...the first "}}" from where they were looked for last */
    int loops;        /* that are open: in them names may be the loop's */
    bool logic;       /* it computes: it cannot be put in */
    struct argument {
        struct str name;
        struct str value;
    } arguments[ARGUMENTS_MAX]; /* what its tag gives it */
    size_t argument_count;
};

/* What stands between two double braces: a name and filters that change nothing for a reader.
 * Returns false when it is anything else, or nobody knows the name. */
bool filler_value(struct filler *filler, const struct layer *layer, struct str inside,
                  struct str *value);

/*
 * The text of a file that a tag names.
 *
 * beside  it is to be looked for beside the post, not in the folder of such files.
 */
bool filler_file(struct filler *filler, struct str name, bool beside, struct str *text);

#endif
