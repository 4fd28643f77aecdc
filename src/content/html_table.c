/* <table>, <tr>, <td>. A table is opened in the document with its first row, so that what stands
 * before (a caption) stands before it there too; at its end it is made even, or, when it was no
 * table but a layout, taken apart. */
#include "elements.h"
#include "table.h"

void table_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    (void)tag;
    builder_part(elements->builder);
    if (builder_in_cell(elements->builder)) {
        return; /* a table in a table: its cells are parts of the cell */
    }
    elements_push(elements, meaning->sense, STR("table"));
}

static void begin_row(struct elements *elements)
{
    struct builder *builder = elements->builder;
    struct open_element *table = elements_find(elements, SENSE_TABLE, SENSE_FENCE);
    struct open_element *before = elements_find(elements, SENSE_ROW, SENSE_TABLE);

    if (table == NULL || (before == NULL && builder_in_cell(builder))) {
        builder_part(builder);
        return;
    }
    elements_close_to(elements, table + 1); /* a row stands in nothing else */
    if (elements->count + 2 > ELEMENTS_MAX) {
        return;
    }
    if (table->block == NULL) {
        builder_end(builder);
        table->place = builder->levels[builder->depth].end;
        table->block = builder_open(builder, BLOCK_TABLE);
        table->containers = 1;
    }
    builder_open(builder, BLOCK_ROW);
    elements_push(elements, SENSE_ROW, STR("tr"))->containers = 1;
}

void table_open_row(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    (void)meaning;
    (void)tag;
    begin_row(elements);
}

/* The numbers of lines of code, beside the cell that holds it. */
static bool is_gutter(const struct tag *tag)
{
    struct str class = tag_value(tag, "class");

    return str_find_str(class, STR("gutter")) < class.len ||
           str_find_str(class, STR("lineno")) < class.len;
}

void table_open_cell(struct elements *elements, const struct meaning *meaning,
                     const struct tag *tag)
{
    struct builder *builder = elements->builder;
    struct open_element *row = elements_find(elements, SENSE_ROW, SENSE_TABLE);

    if (row == NULL) {
        begin_row(elements);
        row = elements_find(elements, SENSE_ROW, SENSE_TABLE);
    }
    if (row != NULL) {
        elements_close_to(elements, row + 1);
    }
    if (row == NULL || builder->skipped > 0 ||
        elements_push(elements, meaning->sense, STR("td")) == NULL) {
        builder_part(builder);
        return;
    }
    builder_begin_awaited(builder, builder_add(builder, BLOCK_CELL));
    if (is_gutter(tag) && elements_push(elements, SENSE_HIDDEN, STR("td")) != NULL) {
        elements->hidden++;
    }
}

void table_close_cell(struct elements *elements, struct open_element *open)
{
    (void)open;
    if (builder_in_cell(elements->builder)) {
        builder_end(elements->builder);
    }
}

/* ---- the end --------------------------------------------------------------------------------- */

/* The width of the widest row, and how many cells the others lack. */
static size_t count_columns(const struct block *table, size_t *missing)
{
    size_t columns = 0;
    size_t rows = 0;
    size_t all = 0;

    for (const struct block *row = table->first; row != NULL; row = row->next) {
        size_t cells = 0;

        for (const struct block *cell = row->first; cell != NULL; cell = cell->next) {
            cells++;
        }
        columns = cells > columns ? cells : columns;
        all += cells;
        rows++;
    }
    *missing = columns * rows - all;
    return columns;
}

/* Every row as many cells as the widest. */
static void make_even(struct builder *builder, struct block *table)
{
    table->alignments = ARENA_ARRAY(builder->arena, enum alignment, table->column_count);
    for (struct block *row = table->first; row != NULL; row = row->next) {
        struct block **end = &row->first;
        size_t cells = 0;

        for (; *end != NULL; end = &(*end)->next) {
            cells++;
        }
        for (; cells < table->column_count; cells++, end = &(*end)->next) {
            *end = ARENA_NEW(builder->arena, struct block);
            (*end)->kind = BLOCK_CELL;
            (*end)->line = row->line;
        }
    }
}

/* Whether its cells hold blocks, so that it is no table for us. */
static bool is_layout(const struct block *table)
{
    for (const struct block *row = table->first; row != NULL; row = row->next) {
        for (const struct block *cell = row->first; cell != NULL; cell = cell->next) {
            if (cell->kind != BLOCK_CELL) {
                return true;
            }
        }
    }
    return false;
}

/* A table that is too wide to be one, by its first cell. */
static void report(struct builder *builder, const struct block *table)
{
    const struct block *cell = table->first->first;

    losses_add(&builder->losses, LOSS_TABLE, table->line,
               cell != NULL
                   ? str_trim(document_plain_text(builder->scratch, cell, 0, cell->run_count))
                   : STR(""));
}

/* The blocks of all cells, one after the other, where the table was. */
static void take_apart(struct builder *builder, const struct open_element *open)
{
    struct block **end = open->place;

    for (struct block *row = open->block->first; row != NULL; row = row->next) {
        for (struct block *cell = row->first; cell != NULL; cell = cell->next) {
            if (cell->kind == BLOCK_CELL) {
                cell->kind = BLOCK_PARAGRAPH;
            }
            if (cell->kind != BLOCK_PARAGRAPH || cell->run_count > 0) {
                *end = cell;
                end = &cell->next;
            }
        }
    }
    *end = NULL;
    builder->levels[builder->depth].end = end;
}

/* What points to the table, which stands last in its container: not what did before it was opened,
 * when an item had to be opened round it. */
static struct block **find_place(struct builder *builder, const struct open_element *open)
{
    struct block **place = open->place;

    if (*place != open->block) {
        place = &builder->levels[builder->depth].block->first;
        while (*place != NULL && *place != open->block) {
            place = &(*place)->next;
        }
    }
    return place;
}

void table_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;
    struct block *table = open->block;
    bool skipped = builder->skipped > 0;
    bool apart;
    size_t missing;

    builder_part(builder);
    if (open->containers == 0) {
        return;
    }
    builder_close(builder);
    open->containers = 0;
    if (skipped) {
        return;
    }
    open->place = find_place(builder, open);
    table->column_count = count_columns(table, &missing);
    apart = *open->place == table && (is_layout(table) || table->column_count < 2);
    if (*open->place == table && !apart &&
        (table->column_count > TABLE_COLUMNS_MAX || !builder_pad(builder, missing))) {
        report(builder, table);
        apart = true;
    }
    if (apart) {
        take_apart(builder, open);
    } else {
        make_even(builder, table);
    }
}
