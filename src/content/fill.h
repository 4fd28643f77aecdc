/* What Liquid puts into a text before that is read as markdown: the values of names, {{ page.title
 * }}, and files, {% include note.md %}. Only what is sure is put in; conditions, loops and what is
 * computed stay for liquid.c and variables.c to leave out and report. Source: Jekyll's pages on
 * includes, variables and Liquid; Eleventy's on Liquid. */
#ifndef CONTENT_FILL_H
#define CONTENT_FILL_H

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "base/yaml.h"
#include "content/capsule.h"
#include "source.h"

/* A file that was looked for, and the stamp it had; zeros when it was not there. */
struct seen_file {
    const char *file;
    struct file_stamp stamp;
};

/* What may be put into a text. */
struct filling {
    struct arena *arena; /* of `seen` */
    const struct source *source;
    const struct capsule *capsule;
    const struct yaml *const *trees; /* its front matter, and what else counts as that; the last
                                      * one counts most */
    size_t tree_count;
    struct seen_file *seen;
    size_t seen_count;
    size_t seen_capacity;
};

/* What was put in: the text's bytes from `start` to `end`, for so many line ends of the file. */
struct insert {
    size_t start;
    size_t end;
    int lines;
};

struct filled {
    struct str text;
    const struct insert *inserts; /* in order */
    size_t insert_count;
};

/*
 * text     clean, see clean.h.
 * filling  NULL: nothing is known, and the text stays as it is.
 *
 * The time is linear in the text and in what is put in, which is bounded.
 */
struct filled fill(struct arena *arena, struct str text, struct filling *filling);

/* Whether another look at a file would see the same. */
bool seen_file_is_same(const struct seen_file *seen);

#endif
