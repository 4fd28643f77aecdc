/* Problems with a place and a consequence: collected, not thrown, so that one run names them all.
 * Messages start in lower case, quote the offending text, and carry no final stop. */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

/* A place in somebody's files. line counts from 1; 0 means the file as a whole. A NULL file means
 * no file at all: a socket, a command line. */
struct place {
    const char *file;
    int line;
};

enum severity {
    DIAG_WARNING, /* something is not as it was written; it is served all the same */
    DIAG_ERROR,   /* something is left out, or the command cannot go on */
};

struct problem {
    struct place place;
    enum severity severity;
    const char *text;
    const char *kind; /* what all problems of its kind have in common: the format of their texts */
};

struct diag {
    struct arena *arena; /* where the texts live */
    struct problem *problems;
    size_t count;    /* how many are kept; never more than DIAG_MAX */
    size_t capacity; /* of the array */
    size_t errors;   /* how many there were, kept or not */
    size_t warnings;
};

/* Past this many, problems are counted but not kept. */
#define DIAG_MAX 10000

void diag_init(struct diag *diag, struct arena *arena);
void diag_warn(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_error(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As diag_error without a place, with the words of errno appended: "cannot X: No such file". */
void diag_errno(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Report once more what was reported elsewhere. */
void diag_add(struct diag *diag, const struct diag *others);

/* Write one problem and a line end, controls shown as below. */
void problem_print(const struct problem *problem, FILE *to);

/* Write problems number `from` and later, one a line: "posts/a.md:12: error: text". Control
 * bytes in them are shown as \xNN. Ends with "(and N more)" if some were not kept. */
void diag_print(const struct diag *diag, size_t from, FILE *to);

#endif
