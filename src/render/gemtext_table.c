/* Tables: drawn where they are narrow, else a block of lines for each row. */
#include "gemtext_writer.h"
#include "grid.h"

#define TABLE_WIDTH_MAX 72 /* preformatted text does not wrap: wider tables become lines */

/* The links of all cells follow the table, so it is the table that gives them their numbers. */
static void gather_table_links(struct writer *writer, const struct block *block,
                               struct link_lines *links)
{
    struct leaf_style style = writer->style;
    const struct link_lines none = { 0 };

    style.among = &none;
    for (const struct block *row = block->first; row != NULL; row = row->next) {
        for (const struct block *cell = row->first; cell != NULL; cell = cell->next) {
            struct leaf_lines lines = leaf_write(writer->scratch, cell, &style);

            for (size_t i = 0; i < lines.links.count; i++) {
                link_lines_add(links, lines.links.items[i]);
            }
        }
    }
    if (writer->next_number > 0 || style.convert.links == LINKS_NUMBERED ||
        link_lines_need_numbers(links)) {
        for (size_t i = 0; i < links->count; i++) {
            links->items[i].number =
                (unsigned)i + (writer->next_number > 0 ? writer->next_number : 1);
        }
    }
    if (writer->next_number > 0) {
        writer->next_number += (unsigned)links->count;
    }
}

/* "table: " and what its columns are called. */
static struct str table_alt(struct arena *arena, const struct grid *grid)
{
    struct strbuf alt;
    bool first = true;

    strbuf_init(&alt, arena, 1024);
    strbuf_add(&alt, STR("table"));
    for (size_t i = 0; i < grid->columns; i++) {
        if (grid->cells[i].len > 0) {
            strbuf_addf(&alt, "%s%.*s", first ? ": " : ", ", STR_ARG(grid->cells[i]));
            first = false;
        }
    }
    return strbuf_str(&alt);
}

static void write_grid(struct writer *writer, const struct grid *grid)
{
    struct strbuf drawing;

    strbuf_init(&drawing, writer->scratch, writer->out->max);
    grid_draw(&drawing, grid);
    writer_preformatted(writer, table_alt(writer->scratch, grid), strbuf_str(&drawing));
}

/* Those of the table's links that a row is the first to mention. */
static void write_row_links(struct writer *writer, const struct block *row,
                            const struct link_lines *links, bool *written)
{
    for (const struct block *cell = row->first; cell != NULL; cell = cell->next) {
        for (size_t i = 0; i < cell->link_count; i++) {
            struct link_line *link =
                link_lines_find(links, document_url(writer->style.urls, cell, i));

            if (link != NULL && !written[link - links->items]) {
                written[link - links->items] = true;
                writer_links(writer, &(struct link_lines){ .items = link, .count = 1 });
            }
        }
    }
}

/* A table too wide for a phone: a block of lines for each row, with its links. */
static void write_rows(struct writer *writer, const struct grid *grid,
                       const struct link_lines *links)
{
    const struct block *block = grid->table->first;
    bool *written = ARENA_ARRAY(writer->scratch, bool, links->count);
    bool first = true;

    for (size_t row = 0; row < grid->rows; row++, block = block->next) {
        size_t before = writer->out->len;

        if (row < grid_first_row(grid)) {
            continue;
        }
        strbuf_add(writer->out, first ? STR("") : STR("\n"));
        for (size_t i = 0; i < grid->columns; i++) {
            struct str field = grid_field(writer->scratch, grid, row, i);

            if (field.len > 0) {
                writer_text_line(writer->out, field);
            }
        }
        if (writer->out->len <= before + 1) {
            strbuf_truncate(writer->out, before); /* a row of nothing */
        } else {
            first = false;
        }
        write_row_links(writer, block, links, written);
    }
    write_row_links(writer, grid->table->first, links, written);
}

void writer_table(struct writer *writer, const struct block *block, enum last as)
{
    struct link_lines links = { .arena = writer->scratch };
    struct leaf_style style = writer->style;
    struct grid grid;

    gather_table_links(writer, block, &links);
    style.among = &links;
    grid = grid_read(writer->scratch, block, &style);
    writer_begin(writer, as);
    if (grid_width(&grid) <= TABLE_WIDTH_MAX) {
        write_grid(writer, &grid);
        writer_links(writer, &links);
    } else {
        write_rows(writer, &grid, &links);
    }
}
