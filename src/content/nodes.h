/* cmark's trees, in an arena. */
#ifndef CONTENT_NODES_H
#define CONTENT_NODES_H

#include <cmark.h>

#include "base/arena.h"

/* The tree of a text in markdown. It goes with the arena; cmark_node_free has nothing to do. Other
 * trees must not be made while this one is walked with an iterator, which allocates too. */
cmark_node *nodes_parse(struct arena *arena, struct str text);

#endif
