/* What bodies are made from, told by a number: where it is the same, so would the bytes be, and
 * need not be made again. */
#ifndef RENDER_ORIGIN_H
#define RENDER_ORIGIN_H

#include <stdint.h>

#include "content/capsule.h"
#include "outline.h"
#include "places.h"

/* Each of these continues a number, which begins as HASH_START. */

uint64_t origin_text(uint64_t origin, struct str text);
uint64_t origin_number(uint64_t origin, uint64_t number);

/* The author's wishes that hold for every page. */
uint64_t origin_wishes(uint64_t origin, const struct capsule *capsule);

/* Where a link leads; with places, what it is on Gopher. */
uint64_t origin_url(uint64_t origin, struct str url, const struct places *places);

/* All that is to stand on a page.
 *
 * places  what the page's links are on Gopher; NULL: they stay as they are. */
uint64_t origin_outline(uint64_t origin, const struct outline *outline,
                        const struct places *places);

#endif
