/* <table>, <tr>, <td>. A table is opened in the document with its first row, so that what stands
 * before (a caption) stands before it there too; at its end it is made even, or, when it was no
 * table but a layout, taken apart. */
#include "elements.h"
#include "table.h"

#define SPAN_MAX 65534 /* rows: as browsers have it */

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
        table->shapes = ARENA_NEW(builder->scratch, struct cell_shapes);
        table->containers = 1;
    }
    builder_open(builder, BLOCK_ROW);
    elements_push(elements, SENSE_ROW, STR("tr"))->containers = 1;
}

void table_open_section(struct elements *elements, const struct meaning *meaning,
                        const struct tag *tag)
{
    struct open_element *table = elements_find(elements, SENSE_TABLE, SENSE_FENCE);

    (void)meaning;
    if (table != NULL) {
        table->in_head = str_equal_nocase(tag->name, STR("thead"));
    }
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

static size_t read_span(const struct tag *tag, const char *name, size_t otherwise)
{
    unsigned long span = 1;

    str_parse_number(tag_value(tag, name), SPAN_MAX, &span);
    return span > 0 ? (size_t)span : otherwise;
}

static void note_shape(struct elements *elements, const struct tag *tag, const struct block *cell)
{
    struct open_element *table = elements_find(elements, SENSE_TABLE, SENSE_FENCE);
    struct cell_shapes *shapes = table->shapes;

    *ARENA_PUSH(elements->builder->scratch, shapes->items, shapes->count, &shapes->capacity) =
        (struct cell_shape){
            .cell = cell,
            .columns = read_span(tag, "colspan", 1),
            .rows = read_span(tag, "rowspan", SPAN_MAX), /* 0: down to the last one */
            .heading = table->in_head || str_equal_nocase(tag->name, STR("th")),
        };
}

void table_open_cell(struct elements *elements, const struct meaning *meaning,
                     const struct tag *tag)
{
    struct builder *builder = elements->builder;
    struct open_element *row = elements_find(elements, SENSE_ROW, SENSE_TABLE);
    struct block *cell;

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
    cell = builder_add(builder, BLOCK_CELL);
    note_shape(elements, tag, cell);
    builder_begin_awaited(builder, cell);
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

/* A title stands above its table. */
static void set_title_apart(struct open_element *open, size_t columns)
{
    struct block *title;

    while ((title = html_grid_take_title(open->block, open->shapes, columns)) != NULL) {
        if (title->run_count > 0) {
            title->kind = BLOCK_PARAGRAPH;
            title->next = open->block;
            *open->place = title;
            open->place = &title->next;
        }
    }
}

static void settle_table(struct builder *builder, struct open_element *open)
{
    size_t missing;
    size_t columns = html_grid_columns(open->block, open->shapes, &missing);
    bool apart = is_layout(open->block) || columns < 2;

    if (!apart && (columns > TABLE_COLUMNS_MAX || !builder_pad(builder, missing))) {
        report(builder, open->block);
        apart = true;
    }
    if (apart) {
        take_apart(builder, open);
        return;
    }
    set_title_apart(open, columns);
    html_grid_lay(builder, open->block, open->shapes, columns);
}

void table_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;
    bool skipped = builder->skipped > 0;

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
    settle_table(builder, open);
}
