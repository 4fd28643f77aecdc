/* Names to the parts of an address, by the rules of those who gave the addresses on the web. */
#ifndef CONTENT_SLUG_H
#define CONTENT_SLUG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

enum slug_rule {
    SLUG_GITHUB, /* github-slugger 2: lower-case; letters, marks, digits, '-' and '_' stay, each
                  * blank is a dash. Astro names its entries so. */
    SLUG_KEBAB,  /* lodash.kebabCase 4: words, also those told apart by case or digits, in lower
                  * case with dashes between; "E2E Testing" is "e-2-e-testing" */
    SLUG_HYBRID, /* slugify 1 with `lower` for ASCII, kebabCase for all else: AstroPaper 5.3 on */
    SLUG_HUGO,   /* lower-case; letters, marks, digits and ._#+~-@ stay, blanks are one dash */
    SLUG_JEKYLL, /* "pretty": case stays; all but letters, marks, digits and ._~!$&'()+,;=@ are one
                  * dash, none at the ends */
    SLUG_ZOLA,   /* ASCII letters and digits in lower case, all else is one dash, none at the ends;
                  * Latin letters lose their marks, other scripts stay as they are */
    SLUG_AS_IS,  /* Eleventy, Hexo: the name is the address */
};

/* A name as it appears in an address; may come out empty. Slashes part nothing: they are bytes like
 * others. Source: the generators' sources and packages, front-matter.md, section 2. */
struct str slug_make(struct arena *arena, enum slug_rule rule, struct str name);

/* The same for each part of a path, empty ones left out. */
struct str slug_path(struct arena *arena, enum slug_rule rule, struct str path);

/* Whether an author's own slug can stand in an address: no empty part, no part that starts with a
 * dot, no control character. */
bool slug_is_sound(struct str slug);

#endif
