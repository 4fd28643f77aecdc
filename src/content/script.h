/* A program's plain words: what can be taken from JavaScript or TypeScript without running it. */
#ifndef CONTENT_SCRIPT_H
#define CONTENT_SCRIPT_H

#include "base/arena.h"
#include "base/yaml.h"

/*
 * Every `name: "text"` and `name = "text"` of a program, true and false counting as texts, at
 * whatever depth, as the pairs of one map, in their order; of equal names the first is found. What
 * a short function returns counts, too: `name: (data) => "text"`. Comments are passed over. In
 * templates, what is to be computed stands in double braces: `/blog/${slug}/` is "/blog/{{slug}}/".
 */
const struct yaml *script_read(struct arena *arena, struct str text);

#endif
