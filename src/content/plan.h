/* What is to be read: the files of a capsule's folders, each told to be a post, a page or a file
 * served as it is, by nothing but its place and its name. */
#ifndef CONTENT_PLAN_H
#define CONTENT_PLAN_H

#include "base/diag.h"
#include "content/capsule.h"
#include "source.h"

struct plan {
    struct source *sources; /* posts, then pages, then static files, each kind by path */
    size_t count;
    size_t capacity;
    const struct source **files; /* those of them that are no texts */
    size_t file_count;
    struct words folders; /* where they were looked for, there or not */
    size_t folder_capacity;
    struct words data; /* files that say more of texts than those do themselves, see data.h */
    size_t data_capacity;
};

/* Walk the folders. What is none of the three, for being a draft of somebody else's tools or a
 * file nobody knows, is not in the plan. */
void plan_make(struct plan *plan, struct arena *arena, const struct capsule *capsule,
               struct diag *diag);

#endif
