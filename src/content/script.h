/* A program's plain words: what can be taken from JavaScript or TypeScript without running it. */
#ifndef CONTENT_SCRIPT_H
#define CONTENT_SCRIPT_H

#include "base/arena.h"
#include "base/yaml.h"

/*
 * Every `name: "text"` and `name = "text"` of a program, true and false counting as texts, at
 * whatever depth, as the pairs of one map, in their order; of equal names the first is found.
 * Comments are passed over, and so are templates with something to compute in them.
 */
const struct yaml *script_read(struct arena *arena, struct str text);

#endif
