/* The cells of an HTML table, which reach over rows and columns as they like, laid out so that
 * every row has one for each column, and one row is the header. */
#ifndef CONTENT_HTML_GRID_H
#define CONTENT_HTML_GRID_H

#include "builder.h"

/* What a cell's tag says of it. */
struct cell_shape {
    const struct block *cell;
    size_t columns; /* that it reaches over */
    size_t rows;
    bool heading;
};

/* Of a table's cells, in their order; in the scratch arena. */
struct cell_shapes {
    struct cell_shape *items;
    size_t count;
    size_t capacity;
};

/* The columns of a table, more than TABLE_COLUMNS_MAX when it has too many; *missing cells have to
 * be added to lay it out. A column in which no cell begins is none. */
size_t html_grid_columns(const struct block *table, const struct cell_shapes *shapes,
                         size_t *missing);

/*
 * Lay the table out, and fill in its columns and alignments. What spans a heading stands above each
 * of its columns; what spans rows is said again in each, if it is short; the rest of a span is
 * empty. Several rows of headings become one.
 */
void html_grid_lay(struct builder *builder, struct block *table, const struct cell_shapes *shapes,
                   size_t columns);

/* Take the first row off a table if it is but one cell above all columns, which is the table's
 * title. Returns that cell, or NULL. */
struct block *html_grid_take_title(struct block *table, struct cell_shapes *shapes, size_t columns);

#endif
