/* Eleventy's addresses, which are templates: "/blog/{{ title | slugify }}/". */
#ifndef CONTENT_PERMALINK_TEMPLATE_H
#define CONTENT_PERMALINK_TEMPLATE_H

#include "base/arena.h"
#include "base/str.h"
#include "base/yaml.h"

/* What names in a template stand for. */
struct template_facts {
    struct str slug;                 /* page.fileSlug */
    struct str stem;                 /* page.filePathStem: "/blog/walking" */
    const struct yaml *const *trees; /* maps of all other names; the last one counts most */
    size_t tree_count;
};

/*
 * A template as a pattern for permalink_fill: names and the filters everybody has are worked out,
 * page.date becomes words like :year.
 *
 * Empty when there is something in it that only Eleventy could work out.
 * Source: Eleventy's pages on permalinks, supplied data, and universal filters.
 */
struct str permalink_from_template(struct arena *arena, struct str text,
                                   const struct template_facts *facts);

#endif
