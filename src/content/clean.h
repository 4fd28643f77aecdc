/* Text as markdown is read from. */
#ifndef CONTENT_CLEAN_H
#define CONTENT_CLEAN_H

#include "base/arena.h"
#include "base/str.h"

/* As utf8_clean, and without U+2028 and U+2029, which end lines in some clients and not in others;
 * each is a blank. */
struct str text_clean(struct arena *arena, struct str text, size_t *malformed);

/* HTML without what its lines are indented by, which would be code in markdown; preformatted text
 * stays as it is. */
struct str html_unindent(struct arena *arena, struct str html);

#endif
