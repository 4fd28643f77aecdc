/* What markdown.c and markdown_table.c share while cmark's tree becomes a document. */
#ifndef CONTENT_FLATTENER_H
#define CONTENT_FLATTENER_H

#include <cmark.h>

#include "elements.h"

/* A cell whose text still is markdown: all of a document's are parsed in one go at the end. */
struct pending_cell {
    struct block *cell;
    struct str text;
};

struct flattener {
    struct arena *scratch; /* freed at the end of the parse */
    bool breaks;           /* the end of a line is a hard break */
    struct builder builder;
    struct elements elements;
    struct prepared prepared;
    struct block **notes; /* the first block of each footnote */

    struct pending_cell *cells;
    size_t cell_count;
    size_t cell_capacity;
};

/* Where a node stands in the file; `line` counts in the prepared text. */
int flattener_line(const struct flattener *flat, int line);

/* One event of a node inside a leaf. */
void flatten_inline(struct flattener *flat, cmark_node *node, bool entering);

/* Whether the paragraph is a table, or ends in one; then it has been added. */
bool flatten_table(struct flattener *flat, cmark_node *node);

/* Parse the cells that wait for it, and fill them. */
void flatten_cells(struct flattener *flat);

#endif
