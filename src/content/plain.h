/* What front matter says in a line, without markup: titles and descriptions. */
#ifndef CONTENT_PLAIN_H
#define CONTENT_PLAIN_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Code spans, emphasis, links and HTML's elements are written as their words, character references
 * as what they mean. All else stays, as "snake_case" and "Vec<T>" are no markup in a title.
 */
struct str plain_title(struct arena *arena, struct arena *scratch, struct str title);

/* The same, but code and emphasis stay as they are written: it is a sentence. */
struct str plain_description(struct arena *arena, struct arena *scratch, struct str text);

#endif
