/* What was gathered for a leaf, borrowed and in pieces, becomes the leaf's own. */
#ifndef CONTENT_LEAF_RUNS_H
#define CONTENT_LEAF_RUNS_H

#include "base/arena.h"
#include "content/document.h"
#include "losses.h"

/* Texts that follow each other become one; one that is longer than any client's line is broken, and
 * reported. leaf->line is known. */
void leaf_set_runs(struct arena *arena, struct block *leaf, const struct run *runs, size_t count,
                   struct losses *losses);

void leaf_set_links(struct arena *arena, struct block *leaf, const struct link *links,
                    size_t count);

#endif
