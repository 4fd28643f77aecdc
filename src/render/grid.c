/* Tables, cell by cell. */
#include "grid.h"

#include "base/utf8.h"

/* A tab would be as wide as where it stands. */
static struct str without_tabs(struct arena *arena, struct str text)
{
    char *out;

    if (str_find(text, '\t') == text.len) {
        return text;
    }
    out = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        out[i] = text.ptr[i] == '\t' ? ' ' : text.ptr[i];
    }
    return (struct str){ out, text.len };
}

struct grid grid_read(struct arena *arena, const struct block *table,
                      const struct leaf_style *style)
{
    struct grid grid = { .table = table, .columns = table->column_count };
    size_t at = 0;

    for (const struct block *row = table->first; row != NULL; row = row->next) {
        grid.rows++;
    }
    grid.cells = ARENA_ARRAY(arena, struct str, grid.rows * grid.columns);
    grid.widths = ARENA_ARRAY(arena, size_t, grid.columns);
    for (const struct block *row = table->first; row != NULL; row = row->next) {
        for (const struct block *cell = row->first; cell != NULL; cell = cell->next, at++) {
            size_t *column = &grid.widths[at % grid.columns];
            size_t width;

            grid.cells[at] = without_tabs(arena, leaf_write(arena, cell, style).text);
            width = utf8_width(grid.cells[at]);
            *column = width > *column ? width : *column;
        }
    }
    return grid;
}

size_t grid_width(const struct grid *grid)
{
    size_t width = 1;

    for (size_t i = 0; i < grid->columns; i++) {
        width += grid->widths[i] + 3;
    }
    return width;
}

static void draw_cell(struct strbuf *out, struct str text, size_t width, enum alignment alignment)
{
    size_t space = width - utf8_width(text);
    size_t before = alignment == ALIGN_RIGHT ? space : alignment == ALIGN_CENTER ? space / 2 : 0;

    strbuf_add_byte(out, ' ');
    strbuf_repeat(out, ' ', before);
    strbuf_add(out, text);
    strbuf_repeat(out, ' ', space - before);
    strbuf_add(out, STR(" |"));
}

bool grid_has_header(const struct grid *grid)
{
    size_t empty = 0;

    while (empty < grid->columns && grid->cells[empty].len == 0) {
        empty++;
    }
    return empty < grid->columns;
}

void grid_draw(struct strbuf *out, const struct grid *grid)
{
    for (size_t row = grid_has_header(grid) ? 0 : 1; row < grid->rows; row++) {
        strbuf_add_byte(out, '|');
        for (size_t i = 0; i < grid->columns; i++) {
            draw_cell(out, grid->cells[row * grid->columns + i], grid->widths[i],
                      grid->table->alignments[i]);
        }
        strbuf_add_byte(out, '\n');
        if (row == 0) {
            strbuf_add_byte(out, '|');
            for (size_t i = 0; i < grid->columns; i++) {
                strbuf_repeat(out, '-', grid->widths[i] + 2);
                strbuf_add_byte(out, '|');
            }
            strbuf_add_byte(out, '\n');
        }
    }
}

size_t grid_first_row(const struct grid *grid)
{
    return grid->rows > 1 ? 1 : 0;
}

struct str grid_field(struct arena *arena, const struct grid *grid, size_t row, size_t column)
{
    struct str name = grid->cells[column];
    struct str cell = grid->cells[row * grid->columns + column];

    if (cell.len == 0 || row == 0) {
        return cell;
    }
    return arena_printf(arena, "%.*s%s%.*s", STR_ARG(name),
                        name.len == 0                    ? ""
                        : str_ends_with(name, STR(":"))  ? " "
                        : str_ends_with(name, STR("：")) ? ""
                                                         : ": ",
                        STR_ARG(cell));
}
