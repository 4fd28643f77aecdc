/* Long text in short lines, measured in columns of a terminal. */
#ifndef BASE_WRAP_H
#define BASE_WRAP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* A paragraph on its way into lines. */
struct wrap {
    struct str rest;
    const char *breaks; /* for each byte of rest, whether a line may end before it */
};

/*
 * text  UTF-8 of one paragraph, without line ends; borrowed.
 *
 * Lines end at blanks, and where scripts without blanks allow it: never before closing punctuation,
 * never after an opening bracket. Source: Unicode Standard Annex 14, by libunistring.
 */
void wrap_init(struct wrap *wrap, struct arena *arena, struct str text);

/*
 * Take one line off the front, without blanks at its ends.
 *
 * width  the most columns it may take, at least 2. A word that takes more is cut between
 *        characters, unless it is a URL (wrap_is_url), which stays whole.
 *
 * Returns false when nothing is left.
 */
bool wrap_next(struct wrap *wrap, size_t width, struct str *line);

/* The start of a text that takes at most so many columns, cut between characters; never empty,
 * unless the text is. */
struct str wrap_cut(struct str text, size_t width);

/* Whether a word holds an address that nobody could use in two pieces. */
bool wrap_is_url(struct str word);

#endif
