/* File names to the last part of an address. */
#ifndef CONTENT_SLUG_H
#define CONTENT_SLUG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * A name as it appears in an address: lower-case, blanks as dashes, ASCII punctuation but '-' and
 * '_' dropped, other scripts as they are. May come out empty.
 * Source: the rule of github-slugger, which Astro's content collections use for file names.
 */
struct str slug_from_name(struct arena *arena, struct str name);

/* Whether an author's own slug can stand in an address: no empty part, no part that starts with a
 * dot, no control character. */
bool slug_is_sound(struct str slug);

#endif
