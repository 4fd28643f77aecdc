/* Text for readers whose terminals know fewer characters than its author does. */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "base/arena.h"
#include "base/str.h"

enum charset { CHARSET_UTF8, CHARSET_LATIN1, CHARSET_ASCII };

/* Names in their order, NULL at the end, for tables of choices; and as IANA registers them. */
extern const char *const charset_names[];
extern const struct str charset_labels[];

/*
 * The text, still in UTF-8, with nothing in it that the character set lacks: an em dash becomes
 * "--", in ASCII an e with an accent loses it, and what has no likeness becomes "?". Its width in
 * columns may change, so this comes before wrapping. Returns the text itself when it is fit
 * already.
 */
struct str charset_fit(struct arena *arena, struct str text, enum charset charset);

/* Fit text as the bytes of the character set. */
struct str charset_encode(struct arena *arena, struct str text, enum charset charset);

#endif
