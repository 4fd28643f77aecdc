/* Names to the parts of an address, by the rules of those who gave the addresses on the web. */
#ifndef CONTENT_SLUG_H
#define CONTENT_SLUG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"
#include "content/dialect.h"

/* A name as it appears in an address; may come out empty. Slashes part nothing: they are bytes like
 * others. Source: the generators' sources and packages, front-matter.md, section 2. */
struct str slug_make(struct arena *arena, enum slug_rule rule, struct str name);

/* The same for each part of a path, empty ones left out. */
struct str slug_path(struct arena *arena, enum slug_rule rule, struct str path);

/* Lower case, in any script. */
struct str slug_lower(struct arena *arena, struct str text);

/* Whether an author's own slug can stand in an address: no empty part, no part that starts with a
 * dot, no control character. */
bool slug_is_sound(struct str slug);

#endif
