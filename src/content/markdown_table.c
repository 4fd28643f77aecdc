/* GFM tables, found in cmark's paragraphs. Their cells are parsed all at once at the end. */
#include "base/strbuf.h"
#include "flattener.h"
#include "nodes.h"
#include "table.h"

/* A line of a paragraph without the indentation and the quote marks of what contains it. */
static struct str strip_prefix(struct str line, int quotes)
{
    for (;;) {
        line = str_trim(line);
        if (quotes == 0 || !str_starts_with(line, STR(">"))) {
            return line;
        }
        line = str_skip(line, 1);
        quotes--;
    }
}

static int open_quotes(cmark_node *node)
{
    int quotes = 0;

    for (; node != NULL && quotes < DOCUMENT_DEPTH_MAX; node = cmark_node_parent(node)) {
        quotes += cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
    }
    return quotes;
}

static void await_cell(struct flattener *flat, struct block *cell, struct str text)
{
    elements_number_notes(&flat->elements, text);
    *ARENA_PUSH(flat->scratch, flat->cells, flat->cell_count, &flat->cell_capacity) =
        (struct pending_cell){ cell, text };
}

/* Cells past the last column join it: no word gets lost. */
static struct str join_rest(struct flattener *flat, struct str *texts, size_t columns, size_t count)
{
    struct strbuf joined;

    strbuf_init(&joined, flat->scratch, (size_t)1 << 20);
    for (size_t i = columns - 1; i < count; i++) {
        strbuf_add(&joined, i >= columns ? STR(" ") : STR(""));
        strbuf_add(&joined, texts[i]);
    }
    return str_trim(strbuf_str(&joined));
}

/* False when the row lacks more cells than may be added. */
static bool add_row(struct flattener *flat, const struct block *table, struct str line, int number)
{
    struct str texts[2 * TABLE_COLUMNS_MAX];
    size_t columns = table->column_count;
    size_t count = table_row_cells(flat->scratch, line, texts, 2 * TABLE_COLUMNS_MAX, columns);

    if (count < columns && !builder_pad(&flat->builder, columns - count)) {
        return false;
    }
    flat->builder.line = number;
    for (size_t i = count; i < columns; i++) {
        texts[i] = STR("");
    }
    if (count > columns) {
        struct str last = texts[columns - 1];

        count = count < 2 * TABLE_COLUMNS_MAX ? count : 2 * TABLE_COLUMNS_MAX;
        texts[columns - 1] = join_rest(flat, texts, columns, count);
        if (texts[columns - 1].len > last.len) {
            losses_add(&flat->builder.losses, LOSS_CELLS, number, texts[columns]);
        }
    }
    builder_open(&flat->builder, BLOCK_ROW);
    for (size_t i = 0; i < columns; i++) {
        await_cell(flat, builder_add(&flat->builder, BLOCK_CELL), texts[i]);
    }
    builder_close(&flat->builder);
    return true;
}

/* Lines that are no part of the table, above it or below, are a paragraph of their own. */
static void add_paragraph(struct flattener *flat, const struct str *lines, size_t count, int line)
{
    struct strbuf text;

    strbuf_init(&text, flat->scratch, (size_t)1 << 30);
    for (size_t i = 0; i < count; i++) {
        strbuf_add(&text, lines[i]);
        strbuf_add(&text, STR(" "));
    }
    flat->builder.line = line;
    await_cell(flat, builder_add(&flat->builder, BLOCK_PARAGRAPH), str_trim(strbuf_str(&text)));
}

/* A table with more columns than one may have: its lines stay text. */
static void report_width(struct flattener *flat, struct str header, int line)
{
    header = str_trim(str_skip(header, str_starts_with(header, STR("|"))));
    losses_add(&flat->builder.losses, LOSS_TABLE, line,
               str_trim(str_first(header, str_find(header, '|'))));
}

/* "| **Mast** | two | ": the name of its row. */
static bool names_its_row(struct flattener *flat, struct str line)
{
    struct str cells[2] = { STR(""), STR("") };
    const struct str strong = STR("**");

    return str_find_str(line, strong) < line.len &&
           table_cells(flat->scratch, line, cells, 2) > 1 && str_starts_with(cells[0], strong) &&
           str_ends_with(cells[0], strong) && cells[1].len > 0 &&
           !str_starts_with(cells[1], strong);
}

/* A header of nothing: what stands where the header should be is a row like those below it. */
static void add_empty_header(struct flattener *flat, size_t columns)
{
    builder_open(&flat->builder, BLOCK_ROW);
    for (size_t i = 0; i < columns; i++) {
        builder_add(&flat->builder, BLOCK_CELL);
    }
    builder_close(&flat->builder);
}

/* Nothing but what delimiter rows are made of, so that most paragraphs are done with at a glance.
 */
static bool may_be_delimiter(struct str line)
{
    bool dash = false;

    for (size_t i = 0; i < line.len; i++) {
        if (strchr("-|: \t>", line.ptr[i]) == NULL) {
            return false;
        }
        dash |= line.ptr[i] == '-';
    }
    return dash;
}

static bool is_kramdown(const struct flattener *flat)
{
    return flat->prepared.flavour == FLAVOUR_KRAMDOWN;
}

static bool has_pipe_in_each(const struct flattener *flat, int first, int last)
{
    bool each = true;

    for (int i = first; i <= last && each; i++) {
        struct str line = prepared_line(&flat->prepared, (size_t)i - 1);

        each = str_find(line, '|') < line.len;
    }
    return each;
}

/* The lines of a paragraph that may hold a table; 0 when it cannot. */
static size_t paragraph_lines(struct flattener *flat, cmark_node *node, struct str **lines)
{
    int first = cmark_node_get_start_line(node);
    int last = cmark_node_get_end_line(node);
    bool candidate = false;
    size_t count;
    int quotes;

    if (first < 1 || last <= first || (size_t)last > flat->prepared.line_count ||
        flat->builder.skipped > 0 || flat->builder.depth + 3 > DOCUMENT_DEPTH_MAX ||
        builder_in_cell(&flat->builder)) {
        return 0;
    }
    candidate = is_kramdown(flat) && has_pipe_in_each(flat, first, last);
    for (int i = first; i < last && !candidate; i++) {
        candidate = may_be_delimiter(prepared_line(&flat->prepared, (size_t)i));
    }
    if (!candidate) {
        return 0;
    }
    quotes = open_quotes(node);
    count = (size_t)(last - first) + 1;
    *lines = ARENA_ARRAY(flat->scratch, struct str, count);
    for (size_t i = 1; i < count; i++) {
        (*lines)[i] = strip_prefix(prepared_line(&flat->prepared, (size_t)first - 1 + i), quotes);
    }
    (*lines)[0] = str_trim(str_skip(prepared_line(&flat->prepared, (size_t)first - 1),
                                    (size_t)cmark_node_get_start_column(node) - 1));
    return count;
}

/* As many as the row has that has most; 0 when that is too many. */
static size_t count_columns(struct flattener *flat, const struct str *lines, size_t count)
{
    size_t most = 0;

    for (size_t i = 0; i < count; i++) {
        size_t cells =
            table_is_rule(lines[i]) ? 0 : table_row_cells(flat->scratch, lines[i], NULL, 0, most);

        most = cells > most ? cells : most;
    }
    return most <= TABLE_COLUMNS_MAX ? most : 0;
}

/* A table without a header gets an empty one. Returns how many lines are rows of it. */
static size_t add_kramdown_rows(struct flattener *flat, const struct block *table,
                                const struct str *lines, size_t count, int line)
{
    bool header = !table_is_rule(lines[0]) && table_is_rule(lines[1]);
    size_t at = 0;

    if (!header && !add_row(flat, table, STR(""), flattener_line(flat, line))) {
        return 0;
    }
    while (at < count && (table_is_rule(lines[at]) ||
                          add_row(flat, table, lines[at], flattener_line(flat, line + (int)at)))) {
        at++;
    }
    return at;
}

static struct str first_rule(const struct str *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (table_is_rule(lines[i])) {
            return lines[i];
        }
    }
    return STR("");
}

/* Returns false when it is none. */
static bool flatten_kramdown_table(struct flattener *flat, const struct str *lines, size_t count,
                                   int line)
{
    struct builder *builder = &flat->builder;
    size_t columns =
        count > 1 && table_is_kramdowns(lines, count) ? count_columns(flat, lines, count) : 0;
    struct block *table;
    size_t at;

    if (columns == 0 || !builder_can_pad(builder, columns)) { /* a table has a row at least */
        return false;
    }
    builder->line = flattener_line(flat, line);
    table = builder_open(builder, BLOCK_TABLE);
    table->column_count = columns;
    table->alignments = table_rule_alignments(builder->arena, first_rule(lines, count), columns);
    at = add_kramdown_rows(flat, table, lines, count, line);
    builder_close(builder);
    if (at < count) {
        add_paragraph(flat, lines + at, count - at, flattener_line(flat, line + (int)at));
    }
    return true;
}

bool flatten_table(struct flattener *flat, cmark_node *node)
{
    struct builder *builder = &flat->builder;
    struct str *lines = NULL;
    size_t count = paragraph_lines(flat, node, &lines);
    int line = cmark_node_get_start_line(node);
    size_t header = 0;
    size_t columns = 0;
    enum alignment *alignments;
    struct block *table;
    size_t at;

    if (is_kramdown(flat) && flatten_kramdown_table(flat, lines, count, line)) {
        return true;
    }
    while (header + 1 < count &&
           !table_starts(builder->arena, lines[header], lines[header + 1], &columns, &alignments)) {
        if (columns > TABLE_COLUMNS_MAX) {
            report_width(flat, lines[header], flattener_line(flat, line + (int)header));
            return false;
        }
        header++;
    }
    if (header + 1 >= count) {
        return false;
    }
    if (header > 0) {
        add_paragraph(flat, lines, header, flattener_line(flat, line));
    }
    builder->line = flattener_line(flat, line + (int)header);
    table = builder_open(builder, BLOCK_TABLE);
    table->column_count = columns;
    table->alignments = alignments;
    if (names_its_row(flat, lines[header]) && header + 2 < count &&
        names_its_row(flat, lines[header + 2])) {
        add_empty_header(flat, columns);
    }
    for (at = header; at < count; at++) {
        if (at != header + 1 &&
            !add_row(flat, table, lines[at], flattener_line(flat, line + (int)at))) {
            break;
        }
    }
    builder_close(builder);
    if (at < count) {
        add_paragraph(flat, lines + at, count - at, flattener_line(flat, line + (int)at));
    }
    return true;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool may_be_definition(struct str line)
{
    line = str_trim(line);
    return str_starts_with(line, STR("[")) && str_find_str(line, STR("]:")) < line.len;
}

/* Cells as the headings of a document of their own, which keeps them inline and costs one parse
 * for all; the definitions of the whole text follow, so that [text][reference] works in cells. */
static struct str cells_source(struct flattener *flat)
{
    struct strbuf source;

    strbuf_init(&source, flat->scratch, (size_t)1 << 31);
    for (size_t i = 0; i < flat->cell_count; i++) {
        strbuf_add(&source, STR("# "));
        strbuf_add(&source, flat->cells[i].text);
        strbuf_add(&source, STR(" #\n"));
    }
    strbuf_add(&source, STR("\n"));
    for (size_t i = 0; i < flat->prepared.line_count; i++) {
        struct str line = prepared_line(&flat->prepared, i);

        if (may_be_definition(line)) {
            strbuf_add(&source, line);
            strbuf_add(&source, STR("\n\n")); /* what only looks like one must not take the next */
        }
    }
    return strbuf_str(&source);
}

void flatten_cells(struct flattener *flat)
{
    struct str source = cells_source(flat);
    cmark_node *root = nodes_parse(flat->scratch, source);
    cmark_iter *iter = cmark_iter_new(root);
    size_t next = 0;

    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (cmark_node_get_type(node) == CMARK_NODE_HEADING && event == CMARK_EVENT_ENTER) {
            struct block *cell;

            if (next == flat->cell_count) {
                break;
            }
            cell = flat->cells[next++].cell;
            flat->builder.line = cell->line;
            builder_begin_awaited(&flat->builder, cell);
            elements_begin_paragraph(&flat->elements);
        } else if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
            elements_end_paragraph(&flat->elements);
            elements_close_to(&flat->elements, flat->elements.open);
            builder_end(&flat->builder);
        } else if (flat->builder.in_leaf) {
            flatten_inline(flat, node, event == CMARK_EVENT_ENTER);
        }
    }
    cmark_iter_free(iter);
}
