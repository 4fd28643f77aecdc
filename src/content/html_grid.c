/* Spans, told by what is known of each column while the rows are gone through from above. */
#include "html_grid.h"

#include "table.h"

#define REPEATED_MAX 100 /* bytes of a cell that is said again in each row it reaches over */
#define HEADS_MAX    4   /* rows of headings that are one header */

/* What stands above a row. */
struct spans {
    size_t until[TABLE_COLUMNS_MAX]; /* the row, from 0, where a column is free again */
    const struct block *cells[TABLE_COLUMNS_MAX]; /* what takes it until then... */
    size_t rows[TABLE_COLUMNS_MAX];               /* ...from which row on */
    size_t next_shape;
};

/* Cells that no tag made have no shape of their own. */
static struct cell_shape shape_of(struct spans *spans, const struct cell_shapes *shapes,
                                  const struct block *cell)
{
    if (spans->next_shape < shapes->count && shapes->items[spans->next_shape].cell == cell) {
        return shapes->items[spans->next_shape++];
    }
    return (struct cell_shape){ .cell = cell, .columns = 1, .rows = 1 };
}

static void take_columns(struct spans *spans, const struct cell_shape *shape, size_t column,
                         size_t row)
{
    for (size_t i = column; i < column + shape->columns && i < TABLE_COLUMNS_MAX; i++) {
        spans->until[i] = row + shape->rows;
        spans->cells[i] = shape->cell;
        spans->rows[i] = row;
    }
}

size_t html_grid_columns(const struct block *table, const struct cell_shapes *shapes,
                         size_t *missing)
{
    struct spans spans = { 0 };
    size_t columns = 0;
    size_t cells = 0;
    size_t row = 0;

    for (const struct block *line = table->first; line != NULL; line = line->next, row++) {
        size_t column = 0;

        for (const struct block *cell = line->first; cell != NULL; cell = cell->next, cells++) {
            struct cell_shape shape = shape_of(&spans, shapes, cell);

            while (column < TABLE_COLUMNS_MAX && spans.until[column] > row) {
                column++;
            }
            if (column == TABLE_COLUMNS_MAX) {
                return TABLE_COLUMNS_MAX + 1;
            }
            take_columns(&spans, &shape, column, row);
            columns = column + 1 > columns ? column + 1 : columns;
        }
    }
    *missing = columns * row - cells;
    return columns;
}

/* ---- what spans leave free ------------------------------------------------------------------- */

static struct block *add_cell(struct builder *builder, int line)
{
    struct block *cell = ARENA_NEW(builder->arena, struct block);

    cell->kind = BLOCK_CELL;
    cell->line = line;
    return cell;
}

/* Nothing but the blank that editors put where nothing stands. */
static bool is_empty(const struct block *cell)
{
    for (size_t i = 0; i < cell->run_count; i++) {
        if (cell->runs[i].kind == RUN_CODE || !builder_is_blank(cell->runs[i].text)) {
            return false;
        }
    }
    return cell->link_count == 0;
}

static size_t text_length(const struct block *leaf)
{
    size_t len = 0;

    for (size_t i = 0; i < leaf->run_count; i++) {
        len += leaf->runs[i].text.len;
    }
    return len;
}

/* A cell's words once more, without its links. */
static void repeat_words(struct builder *builder, struct block *copy, const struct block *cell)
{
    if (text_length(cell) > REPEATED_MAX) {
        return;
    }
    copy->runs = ARENA_ARRAY(builder->arena, struct run, cell->run_count);
    for (size_t i = 0; i < cell->run_count; i++) {
        if (cell->runs[i].kind != RUN_LINK && cell->runs[i].kind != RUN_IMAGE) {
            copy->runs[copy->run_count++] = cell->runs[i];
        }
    }
}

/* The cell for a column that one beside it or above takes; headings end where their rows do. */
static struct block *fill(struct builder *builder, const struct spans *spans, size_t column,
                          size_t row, size_t heads)
{
    const struct block *cell = spans->cells[column];
    struct block *copy = add_cell(builder, cell->line);
    bool beside = spans->rows[column] == row;
    bool first = column == 0 || spans->cells[column - 1] != cell;

    if (beside ? row < heads : first && spans->rows[column] >= heads) {
        repeat_words(builder, copy, cell);
    }
    return copy;
}

static void lay_row(struct builder *builder, struct block *line, const struct cell_shapes *shapes,
                    struct spans *spans, size_t columns, size_t row, size_t heads)
{
    struct block *cell = line->first;
    struct block **end = &line->first;

    for (size_t column = 0; column < columns; column++, end = &(*end)->next) {
        if (spans->until[column] > row) {
            *end = fill(builder, spans, column, row, heads);
        } else if (cell != NULL) {
            struct cell_shape shape = shape_of(spans, shapes, cell);

            *end = cell;
            cell = cell->next;
            (*end)->run_count = is_empty(*end) ? 0 : (*end)->run_count;
            take_columns(spans, &shape, column, row);
        } else {
            *end = add_cell(builder, line->line);
        }
    }
    *end = NULL;
}

/* ---- the header ------------------------------------------------------------------------------ */

/* The rows at the top that are all headings. Where nothing is a heading, or all, it is the first
 * row, if it ends where rows below it begin. */
static size_t count_heads(const struct block *table, const struct cell_shapes *shapes)
{
    struct spans spans = { 0 };
    size_t heads = 0;
    size_t rows = 0;
    bool any = false;
    bool reaches = false;

    for (const struct block *line = table->first; line != NULL; line = line->next, rows++) {
        bool heading = false;
        bool other = false;

        for (const struct block *cell = line->first; cell != NULL; cell = cell->next) {
            struct cell_shape shape = shape_of(&spans, shapes, cell);

            heading |= shape.heading;
            other |= !shape.heading && !is_empty(cell); /* the corner says nothing */
            reaches |= rows == 0 && shape.rows > 1;
        }
        any |= heading;
        heads += heads == rows && heading && !other;
    }
    if (!any) {
        return reaches ? 0 : 1;
    }
    return heads == rows || heads > HEADS_MAX ? 1 : heads;
}

static bool says_the_same(struct builder *builder, const struct block *a, const struct block *b)
{
    return str_equal(str_trim(document_plain_text(builder->scratch, a, 0, a->run_count)),
                     str_trim(document_plain_text(builder->scratch, b, 0, b->run_count)));
}

/* Two leaves one after the other in the first of them. */
static void append_leaf(struct builder *builder, struct block *leaf, const struct block *more)
{
    struct run *runs =
        ARENA_ARRAY(builder->arena, struct run, leaf->run_count + more->run_count + 1);
    struct link *links =
        ARENA_ARRAY(builder->arena, struct link, leaf->link_count + more->link_count);
    size_t count = 0;

    for (size_t i = 0; i < leaf->run_count; i++) {
        runs[count++] = leaf->runs[i];
    }
    runs[count++] = (struct run){ .kind = RUN_TEXT, .text = STR(" ") };
    for (size_t i = 0; i < more->run_count; i++, count++) {
        runs[count] = more->runs[i];
        runs[count].link += (unsigned)leaf->link_count;
    }
    for (size_t i = 0; i < leaf->link_count + more->link_count; i++) {
        links[i] = i < leaf->link_count ? leaf->links[i] : more->links[i - leaf->link_count];
    }
    leaf->runs = runs;
    leaf->run_count = count;
    leaf->links = links;
    leaf->link_count += more->link_count;
    leaf->first_link = builder->root.link_count;
    builder->root.link_count += leaf->link_count;
}

/* The words of the second row join those of the first, column by column. */
static void join_head(struct builder *builder, struct block *head)
{
    struct block *second = head->next;
    struct block *cell = head->first;

    for (struct block *more = second->first; more != NULL; more = more->next, cell = cell->next) {
        if (cell->run_count == 0) {
            struct block *next = cell->next;

            *cell = *more;
            cell->next = next;
        } else if (more->run_count > 0 && !says_the_same(builder, cell, more)) {
            append_leaf(builder, cell, more);
        }
    }
    head->next = second->next;
}

/* A header that says nothing, where the first row is no header. */
static void add_head(struct builder *builder, struct block *table)
{
    struct block *row = ARENA_NEW(builder->arena, struct block);
    struct block **end = &row->first;

    row->kind = BLOCK_ROW;
    row->line = table->line;
    row->next = table->first;
    for (size_t i = 0; i < table->column_count; i++, end = &(*end)->next) {
        *end = add_cell(builder, table->line);
    }
    table->first = row;
}

/* ---- the whole ------------------------------------------------------------------------------- */

void html_grid_lay(struct builder *builder, struct block *table, const struct cell_shapes *shapes,
                   size_t columns)
{
    struct spans spans = { 0 };
    size_t heads = count_heads(table, shapes);
    size_t row = 0;

    table->column_count = columns;
    table->alignments = ARENA_ARRAY(builder->arena, enum alignment, columns);
    for (struct block *line = table->first; line != NULL; line = line->next, row++) {
        lay_row(builder, line, shapes, &spans, columns, row, heads);
    }
    for (size_t i = 1; i < heads && table->first != NULL && table->first->next != NULL; i++) {
        join_head(builder, table->first);
    }
    if (heads == 0) {
        add_head(builder, table);
    }
}

struct block *html_grid_take_title(struct block *table, struct cell_shapes *shapes, size_t columns)
{
    struct spans spans = { 0 };
    struct block *row = table->first;
    struct block *cell = row->first;
    struct cell_shape shape;

    if (row->next == NULL || cell == NULL || cell->next != NULL) {
        return NULL;
    }
    shape = shape_of(&spans, shapes, cell);
    if (shape.columns < 2 || shape.columns < columns || shape.rows > 1) {
        return NULL;
    }
    table->first = row->next;
    shapes->items++;
    shapes->count--;
    return cell;
}
