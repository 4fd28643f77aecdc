/* What the links of a site may lead to, by every name it goes by. */
#ifndef CONTENT_TARGETS_H
#define CONTENT_TARGETS_H

#include "base/map.h"
#include "content/site.h"
#include "plan.h"

#define TARGET_NO_FILE SIZE_MAX

struct atlas;

struct target {
    struct str path; /* canonical, decoded */
    struct str url;  /* the same as it is sent */
    struct str web;  /* of a text: its path on the web */
    size_t file;     /* of an asset: its number among the plan's files; else TARGET_NO_FILE */
};

/* The maps lead to indexes into `each`. */
struct targets {
    struct arena *arena;
    struct target *each;
    size_t count;
    size_t capacity;
    struct map addresses; /* decoded paths; web-shaped ones and redirects too */
    struct map files;     /* files of texts and assets, as problems name them */
    struct map places;    /* texts below their folder, with ending and without: "blog/walking.md" */
    struct map names;     /* texts by their last part: "2025-09-08-walking" */
    struct map folders;   /* folders that articles are in on the web: "/blog/" */
};

/* Every address of the site, its redirects and the plan's assets included, for its atlas to keep:
 * it has them all but those of assets. */
void targets_gather(struct targets *targets, const struct atlas *atlas, const struct site *site,
                    const struct plan *plan);

/* Each of these returns NULL when there is nothing of that name. */

/* By a decoded path: "/posts/walking/". */
const struct target *targets_find_address(const struct targets *targets, struct str path);

/* By a file, as problems name it. */
const struct target *targets_find_file(const struct targets *targets, struct str file);

/* By a text's place, with or without its ending, or by its name alone: "blog/walking", "walking".
 */
const struct target *targets_find_text(const struct targets *targets, struct str place);

/* By the name of a text's file without its ending, or of the folder that stands for it. */
const struct target *targets_find_name(const struct targets *targets, struct str name);

#endif
