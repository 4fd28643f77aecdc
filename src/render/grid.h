/* A table's cells as text: what gemtext and gopher have in common of it. */
#ifndef RENDER_GRID_H
#define RENDER_GRID_H

#include "base/strbuf.h"
#include "leaf.h"

struct grid {
    const struct block *table;
    size_t columns;
    size_t rows;       /* the header included */
    struct str *cells; /* row by row, each of one line */
    size_t *widths;    /* of the columns */
};

/* Write every cell by the style; all lands in the arena. */
struct grid grid_read(struct arena *arena, const struct block *table,
                      const struct leaf_style *style);

/* Whether the header says anything. */
bool grid_has_header(const struct grid *grid);

/* The first row that says something by itself: the header only when nothing stands under it. */
size_t grid_first_row(const struct grid *grid);

/* Columns that a line of it takes when it is drawn. */
size_t grid_width(const struct grid *grid);

/* Draw it: columns aligned, a line of hyphens under the header. */
void grid_draw(struct strbuf *out, const struct grid *grid);

/* For one too wide to be drawn: "header: cell", or an empty text where the cell is empty; a cell of
 * the header by itself. */
struct str grid_field(struct arena *arena, const struct grid *grid, size_t row, size_t column);

#endif
