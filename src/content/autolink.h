/* Addresses that stand bare in a text become links, as readers expect of them. */
#ifndef CONTENT_AUTOLINK_H
#define CONTENT_AUTOLINK_H

#include "base/arena.h"
#include "content/document.h"

/* Look through the texts of a leaf outside its links for gemini, gopher, http and https addresses,
 * and put link marks round each. `line` is for the links' place. */
void autolink_leaf(struct arena *arena, struct block *leaf);

#endif
