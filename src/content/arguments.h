/* The arguments of a generator's tag. */
#ifndef CONTENT_ARGUMENTS_H
#define CONTENT_ARGUMENTS_H

#include "base/arena.h"
#include "base/str.h"

/* What names of tags and arguments are made of. */
bool byte_is_name(char c);

/* Without the blanks and commas at its front. */
struct str separators_skip(struct str text);

/* Take a value off the front: quoted in one of three ways, or a word. */
struct str value_take(struct str *rest);

/* Take "name=value", "name: value", name:"value" or a value alone, which is named by its place:
 * "0", "1"... */
bool argument_take(struct arena *arena, struct str *rest, int *place, struct str *name,
                   struct str *value);

/* The value of the first one. */
struct str argument_first(struct arena *arena, struct str rest);

#endif
