/* Language tags, as far as a blog needs them. */
#ifndef CONTENT_LANGUAGE_H
#define CONTENT_LANGUAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Whether a text can be a tag: two or three letters, then parts of up to eight after dashes.
 * Source: RFC 5646, section 2.1. */
bool language_is_tag(struct str text);

/* The tag that a text means: "en_GB.UTF-8", a locale, is "en-GB"; empty when it means none. */
struct str language_tag(struct arena *arena, struct str text);

/* Whether two tags mean one language: "en" is "en-GB" too, "zh-CN" is not "zh-TW". */
bool language_same(struct str a, struct str b);

#endif
