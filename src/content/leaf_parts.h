/* Paragraphs that are more than one block: images that have a line to themselves do not belong to
 * the sentences above and below, though no empty line parts them. */
#ifndef CONTENT_LEAF_PARTS_H
#define CONTENT_LEAF_PARTS_H

#include "content/document.h"

/* The runs of a part, without the break before it and the one behind it. */
struct leaf_part {
    size_t from;
    size_t to;
    bool images; /* nothing else */
};

/* Go on to the next part of a paragraph, from an empty one on; false when there is none. Where a
 * sentence goes on across them, images belong to it. */
bool leaf_next_part(const struct run *runs, size_t count, struct leaf_part *part);

#endif
