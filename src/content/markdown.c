/* cmark's tree, flattened once into a document; the tree ends here and cmark is known to no other
 * file. What each construct loses is decided here: see specifications beside each case. */
#include "markdown.h"

#include <cmark.h>
#include <stdint.h>

#include "autolink.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "table.h"

/* A cell whose text still is markdown: all of a document's are parsed in one go at the end. */
struct pending_cell {
    struct block *cell;
    struct str text;
};

struct flattener {
    struct arena *arena;   /* the document's */
    struct arena *scratch; /* freed at the end of the parse */
    struct place place;    /* of the first line of the source */
    struct diag *diag;
    struct str source;
    struct str *lines; /* of the source */
    size_t line_count;

    struct block *parents[DOCUMENT_DEPTH_MAX + 1]; /* [0] stands for the document */
    struct block **ends[DOCUMENT_DEPTH_MAX + 1];   /* where each one's next child goes */
    int depth;
    int skipped; /* containers open that were too deep to keep */
    bool depth_reported;

    struct block *leaf; /* the one that is being gathered, in the two arrays: */
    struct run *runs;   /* their texts borrowed from cmark until the leaf ends */
    size_t run_count;
    size_t run_capacity;
    struct link *links;
    size_t link_count;
    size_t link_capacity;
    size_t numbered; /* links in the leaves that are done */
    int line;        /* in the file, of the run at hand */

    struct pending_cell *cells;
    size_t cell_count;
    size_t cell_capacity;
};

static struct place place_at(const struct flattener *flat, int line)
{
    return (struct place){ flat->place.file, line };
}

static int line_of(const struct flattener *flat, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);

    return flat->place.line + (line > 0 ? line - 1 : 0);
}

/* A text of cmark's, fit to be read: entities can smuggle in any control character. Borrowed. */
static struct str clean_text(struct flattener *flat, const char *literal)
{
    return utf8_clean(flat->scratch, literal != NULL ? str_from(literal) : STR(""), NULL);
}

/* The same on one line, to keep. */
static struct str keep_line(struct flattener *flat, const char *literal)
{
    struct str text = clean_text(flat, literal);
    char *out = arena_alloc(flat->arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        out[i] = text.ptr[i] == '\n' ? ' ' : text.ptr[i];
    }
    return (struct str){ out, text.len };
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static struct block *add_block(struct flattener *flat, enum block_kind kind, int line)
{
    struct block *block = ARENA_NEW(flat->arena, struct block);

    block->kind = kind;
    block->line = line;
    *flat->ends[flat->depth] = block;
    flat->ends[flat->depth] = &block->next;
    return block;
}

static void open_container(struct flattener *flat, struct block *block)
{
    flat->depth++;
    flat->parents[flat->depth] = block;
    flat->ends[flat->depth] = &block->first;
}

/* A list counts for two, itself and its items, so that no item ever stands without its list. */
static bool too_deep(struct flattener *flat, cmark_node *node)
{
    int needs = cmark_node_get_type(node) == CMARK_NODE_LIST ? 2 : 1;

    if (flat->skipped == 0 && flat->depth + needs <= DOCUMENT_DEPTH_MAX) {
        return false;
    }
    if (!flat->depth_reported) {
        flat->depth_reported = true;
        diag_warn(flat->diag, place_at(flat, line_of(flat, node)),
                  "lists and quotes are nested more than %d deep; what is deeper is shown at that "
                  "level",
                  DOCUMENT_DEPTH_MAX);
    }
    return true;
}

static void flatten_container(struct flattener *flat, cmark_node *node, bool entering)
{
    struct block *block;

    if (!entering) {
        if (flat->skipped > 0) {
            flat->skipped--;
        } else {
            flat->depth--;
        }
        return;
    }
    if (too_deep(flat, node)) {
        flat->skipped++;
        return;
    }
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        block = add_block(flat, BLOCK_LIST, line_of(flat, node));
        block->ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
        block->start = (unsigned)cmark_node_get_list_start(node);
        break;
    case CMARK_NODE_ITEM:
        block = add_block(flat, BLOCK_ITEM, line_of(flat, node));
        break;
    default:
        block = add_block(flat, BLOCK_QUOTE, line_of(flat, node));
        break;
    }
    open_container(flat, block);
}

/* Indented code has no fence where it starts. */
static bool is_fenced(const struct flattener *flat, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);
    int column = cmark_node_get_start_column(node);
    struct str text;

    if (line < 1 || (size_t)line > flat->line_count || column < 1) {
        return false;
    }
    text = str_skip(flat->lines[line - 1], (size_t)column - 1);
    return str_starts_with(text, STR("```")) || str_starts_with(text, STR("~~~"));
}

static void flatten_code(struct flattener *flat, cmark_node *node)
{
    struct block *block = add_block(flat, BLOCK_CODE, line_of(flat, node));

    block->text = arena_copy(flat->arena, clean_text(flat, cmark_node_get_literal(node)));
    block->info = keep_line(flat, cmark_node_get_fence_info(node));
    block->fenced = block->info.len > 0 || is_fenced(flat, node);
}

static bool is_comment(struct str html)
{
    html = str_trim(html);
    return str_starts_with(html, STR("<!--")) &&
           str_find_str(html, STR("-->")) + STR("-->").len == html.len;
}

/* Comments are for the author alone. Other HTML is kept as it was written, and named. */
static void flatten_html_block(struct flattener *flat, cmark_node *node)
{
    struct str text = clean_text(flat, cmark_node_get_literal(node));
    int line = line_of(flat, node);
    struct block *block;

    if (is_comment(text)) {
        return;
    }
    diag_warn(flat->diag, place_at(flat, line), "HTML is shown as it was written");
    block = add_block(flat, BLOCK_CODE, line);
    block->text = arena_copy(flat->arena, text);
    block->info = STR("html");
    block->fenced = true;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void begin_leaf(struct flattener *flat, struct block *leaf)
{
    flat->leaf = leaf;
    flat->run_count = 0;
    flat->link_count = 0;
    flat->line = leaf->line;
}

/* cmark cuts a text at every character that might have meant something. How many runs from here
 * on are such pieces of one text, and how long is that. */
static size_t text_pieces(const struct flattener *flat, size_t from, size_t *len)
{
    size_t count = 0;

    *len = 0;
    while (from + count < flat->run_count && flat->runs[from + count].kind == RUN_TEXT) {
        *len += flat->runs[from + count].text.len;
        count++;
    }
    return count;
}

static struct str join_pieces(struct flattener *flat, size_t from, size_t count, size_t len)
{
    char *joined = arena_alloc(flat->arena, len + 1);
    size_t at = 0;

    for (size_t i = from; i < from + count; i++) {
        memcpy(joined + at, flat->runs[i].text.ptr, flat->runs[i].text.len);
        at += flat->runs[i].text.len;
    }
    return (struct str){ joined, len };
}

/* Give the leaf what was gathered, in arrays of just that size. */
static void end_leaf(struct flattener *flat)
{
    struct block *leaf = flat->leaf;
    size_t from = 0;

    leaf->runs = ARENA_ARRAY(flat->arena, struct run, flat->run_count);
    while (from < flat->run_count) {
        size_t len;
        size_t pieces = text_pieces(flat, from, &len);
        struct run *run = &leaf->runs[leaf->run_count++];

        *run = flat->runs[from];
        if (pieces > 0) {
            run->text = join_pieces(flat, from, pieces, len);
        }
        from += pieces > 0 ? pieces : 1;
    }
    leaf->links = ARENA_ARRAY(flat->arena, struct link, flat->link_count);
    leaf->link_count = flat->link_count;
    if (flat->link_count > 0) {
        memcpy(leaf->links, flat->links, flat->link_count * sizeof *flat->links);
    }
    autolink_leaf(flat->arena, leaf);
    leaf->first_link = flat->numbered;
    flat->numbered += leaf->link_count;
    flat->leaf = NULL;
}

static struct run *add_run(struct flattener *flat, enum run_kind kind)
{
    struct run *run = ARENA_PUSH(flat->scratch, flat->runs, flat->run_count, &flat->run_capacity);

    *run = (struct run){ .kind = kind };
    return run;
}

static void add_text(struct flattener *flat, const char *literal)
{
    struct str text = clean_text(flat, literal);

    if (text.len > 0) {
        add_run(flat, RUN_TEXT)->text = text;
    }
}

static void flatten_html_inline(struct flattener *flat, const char *literal)
{
    struct str tag = keep_line(flat, literal);

    if (str_equal_nocase(tag, STR("<br>")) || str_equal_nocase(tag, STR("<br/>")) ||
        str_equal_nocase(tag, STR("<br />"))) {
        add_run(flat, RUN_HARD_BREAK);
    } else if (!is_comment(tag)) {
        diag_warn(flat->diag, place_at(flat, flat->line),
                  "HTML tag '%.*s' is shown as it was written", STR_ARG(str_first(tag, 80)));
        add_run(flat, RUN_TEXT)->text = tag;
    }
}

static void flatten_link(struct flattener *flat, cmark_node *node, bool entering, bool image)
{
    struct run *run = add_run(flat, image ? RUN_IMAGE : RUN_LINK);

    if (!entering) {
        run->close = true;
        run->link = (unsigned)(uintptr_t)cmark_node_get_user_data(node);
        return;
    }
    run->link = (unsigned)flat->link_count;
    cmark_node_set_user_data(node, (void *)(uintptr_t)flat->link_count);
    *ARENA_PUSH(flat->scratch, flat->links, flat->link_count, &flat->link_capacity) = (struct link){
        .url = keep_line(flat, cmark_node_get_url(node)),
        .title = keep_line(flat, cmark_node_get_title(node)),
        .image = image,
        .line = flat->line,
    };
}

static void flatten_inline(struct flattener *flat, cmark_node *node, bool entering)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        add_text(flat, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_CODE:
        add_run(flat, RUN_CODE)->text = keep_line(flat, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_SOFTBREAK:
        flat->line++;
        add_run(flat, RUN_SOFT_BREAK);
        break;
    case CMARK_NODE_LINEBREAK:
        flat->line++;
        add_run(flat, RUN_HARD_BREAK);
        break;
    case CMARK_NODE_EMPH:
        add_run(flat, RUN_EMPHASIS)->close = !entering;
        break;
    case CMARK_NODE_STRONG:
        add_run(flat, RUN_STRONG)->close = !entering;
        break;
    case CMARK_NODE_LINK:
        flatten_link(flat, node, entering, false);
        break;
    case CMARK_NODE_IMAGE:
        flatten_link(flat, node, entering, true);
        break;
    case CMARK_NODE_HTML_INLINE:
        flatten_html_inline(flat, cmark_node_get_literal(node));
        break;
    default:
        break;
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void split_lines(struct flattener *flat)
{
    struct str rest = flat->source;
    struct str line;
    size_t capacity = 0;

    while (str_next_line(&rest, &line)) {
        *ARENA_PUSH(flat->scratch, flat->lines, flat->line_count, &capacity) = line;
    }
}

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

static int open_quotes(const struct flattener *flat)
{
    int quotes = 0;

    for (int i = 1; i <= flat->depth; i++) {
        quotes += flat->parents[i]->kind == BLOCK_QUOTE;
    }
    return quotes;
}

static void await_cell(struct flattener *flat, struct block *cell, struct str text)
{
    *ARENA_PUSH(flat->scratch, flat->cells, flat->cell_count, &flat->cell_capacity) =
        (struct pending_cell){ cell, text };
}

static void add_row(struct flattener *flat, const struct block *table, struct str line, int number)
{
    struct block *row = add_block(flat, BLOCK_ROW, number);
    struct str *texts = ARENA_ARRAY(flat->scratch, struct str, table->column_count);
    size_t count = table_cells(flat->scratch, line, texts, table->column_count);

    if (count > table->column_count) {
        diag_warn(flat->diag, place_at(flat, number),
                  "this row has %zu cells, its header %zu; the rest is left out", count,
                  table->column_count);
    }
    open_container(flat, row);
    for (size_t i = 0; i < table->column_count; i++) {
        await_cell(flat, add_block(flat, BLOCK_CELL, number), texts[i]);
    }
    flat->depth--;
}

/* The text above a table in the same paragraph is a paragraph of its own. */
static void add_lead(struct flattener *flat, const struct str *lines, size_t count, int line)
{
    struct strbuf text;

    strbuf_init(&text, flat->scratch, flat->source.len + count);
    for (size_t i = 0; i < count; i++) {
        strbuf_add(&text, lines[i]);
        strbuf_add(&text, STR(" "));
    }
    await_cell(flat, add_block(flat, BLOCK_PARAGRAPH, line), str_trim(strbuf_str(&text)));
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

/* The lines of a paragraph, and which of them heads a table; 0 when there is none. */
static size_t paragraph_lines(struct flattener *flat, cmark_node *node, struct str **lines)
{
    int first = cmark_node_get_start_line(node);
    int last = cmark_node_get_end_line(node);
    int quotes = open_quotes(flat);
    bool candidate = false;
    size_t count;

    if (first < 1 || last <= first || (size_t)last > flat->line_count ||
        flat->depth + 2 > DOCUMENT_DEPTH_MAX) {
        return 0;
    }
    for (int i = first; i < last && !candidate; i++) {
        candidate = may_be_delimiter(flat->lines[i]);
    }
    if (!candidate) {
        return 0;
    }
    count = (size_t)(last - first) + 1;
    *lines = ARENA_ARRAY(flat->scratch, struct str, count);
    for (size_t i = 1; i < count; i++) {
        (*lines)[i] = strip_prefix(flat->lines[(size_t)first - 1 + i], quotes);
    }
    (*lines)[0] =
        str_trim(str_skip(flat->lines[first - 1], (size_t)cmark_node_get_start_column(node) - 1));
    return count;
}

/* Whether the paragraph is a table, or ends in one; then it has been added. */
static bool flatten_table(struct flattener *flat, cmark_node *node)
{
    struct str *lines = NULL;
    size_t count = paragraph_lines(flat, node, &lines);
    int line = line_of(flat, node);
    size_t header = 0;
    size_t columns;
    enum alignment *alignments;
    struct block *table;

    while (header + 1 < count &&
           !table_starts(flat->arena, lines[header], lines[header + 1], &columns, &alignments)) {
        header++;
    }
    if (header + 1 >= count) {
        return false;
    }
    if (header > 0) {
        add_lead(flat, lines, header, line);
    }
    table = add_block(flat, BLOCK_TABLE, line + (int)header);
    table->column_count = columns;
    table->alignments = alignments;
    open_container(flat, table);
    for (size_t i = header; i < count; i++) {
        if (i != header + 1) {
            add_row(flat, table, lines[i], line + (int)i);
        }
    }
    flat->depth--;
    return true;
}

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

    strbuf_init(&source, flat->scratch, SIZE_MAX / 4);
    for (size_t i = 0; i < flat->cell_count; i++) {
        strbuf_add(&source, STR("# "));
        strbuf_add(&source, flat->cells[i].text);
        strbuf_add(&source, STR(" #\n"));
    }
    strbuf_add(&source, STR("\n"));
    for (size_t i = 0; i < flat->line_count; i++) {
        if (may_be_definition(flat->lines[i])) {
            strbuf_add(&source, flat->lines[i]);
            strbuf_add(&source, STR("\n"));
        }
    }
    return strbuf_str(&source);
}

static void flatten_cells(struct flattener *flat)
{
    struct str source = cells_source(flat);
    cmark_node *root = cmark_parse_document(source.ptr, source.len, CMARK_OPT_DEFAULT);
    cmark_iter *iter = cmark_iter_new(root);
    size_t next = 0;

    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);

        if (cmark_node_get_type(node) == CMARK_NODE_HEADING && event == CMARK_EVENT_ENTER) {
            if (next == flat->cell_count) {
                break;
            }
            begin_leaf(flat, flat->cells[next++].cell);
        } else if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
            end_leaf(flat);
        } else if (flat->leaf != NULL) {
            flatten_inline(flat, node, event == CMARK_EVENT_ENTER);
        }
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void flatten_leaf(struct flattener *flat, cmark_node *node, bool entering)
{
    bool heading = cmark_node_get_type(node) == CMARK_NODE_HEADING;
    struct block *leaf;

    if (!entering) {
        end_leaf(flat);
        return;
    }
    leaf = add_block(flat, heading ? BLOCK_HEADING : BLOCK_PARAGRAPH, line_of(flat, node));
    leaf->level = heading ? cmark_node_get_heading_level(node) : 0;
    begin_leaf(flat, leaf);
}

static void flatten_tree(struct flattener *flat, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);

    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        bool entering = event == CMARK_EVENT_ENTER;

        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_DOCUMENT:
            break;
        case CMARK_NODE_LIST:
        case CMARK_NODE_ITEM:
        case CMARK_NODE_BLOCK_QUOTE:
            flatten_container(flat, node, entering);
            break;
        case CMARK_NODE_CODE_BLOCK:
            flatten_code(flat, node);
            break;
        case CMARK_NODE_HTML_BLOCK:
            flatten_html_block(flat, node);
            break;
        case CMARK_NODE_THEMATIC_BREAK:
            add_block(flat, BLOCK_RULE, line_of(flat, node));
            break;
        case CMARK_NODE_PARAGRAPH:
            if (entering && flatten_table(flat, node)) {
                cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
                break;
            }
            flatten_leaf(flat, node, entering);
            break;
        case CMARK_NODE_HEADING:
            flatten_leaf(flat, node, entering);
            break;
        default:
            flatten_inline(flat, node, entering);
            break;
        }
    }
    cmark_iter_free(iter);
}

/*
 * cmark takes "[^1]: Note" for the definition of a link named "^1": the note would vanish and its
 * mark become a link to a word. With a backslash in front both stay as they were written.
 */
static struct str guard_footnotes(struct arena *arena, struct str text)
{
    struct strbuf guarded;
    struct str rest = text;
    struct str line;
    bool fenced = false;

    if (str_find_str(text, STR("[^")) == text.len) {
        return text;
    }
    strbuf_init(&guarded, arena, text.len * 2 + 1);
    while (str_next_line(&rest, &line)) {
        struct str start = str_trim(line);

        if (str_starts_with(start, STR("```")) || str_starts_with(start, STR("~~~"))) {
            fenced = !fenced;
        }
        if (!fenced && str_starts_with(start, STR("[^")) &&
            str_find_str(start, STR("]:")) < start.len) {
            strbuf_add(&guarded, str_first(line, (size_t)(start.ptr - line.ptr)));
            strbuf_add_byte(&guarded, '\\');
            line = str_skip(line, (size_t)(start.ptr - line.ptr));
        }
        strbuf_add(&guarded, line);
        strbuf_add_byte(&guarded, '\n');
    }
    return strbuf_str(&guarded);
}

struct document markdown_parse(struct arena *arena, struct str text, struct place place,
                               struct diag *diag)
{
    struct arena *scratch = arena_create();
    struct block root = { 0 };
    struct flattener flat = { .arena = arena, .scratch = scratch, .place = place, .diag = diag };
    size_t malformed;
    cmark_node *tree;

    flat.source = guard_footnotes(scratch, utf8_clean(scratch, text, &malformed));
    if (malformed > 0) {
        diag_warn(diag, place, "%zu bytes are not UTF-8; each is shown as U+FFFD", malformed);
    }
    flat.ends[0] = &root.first;
    flat.parents[0] = &root;
    split_lines(&flat);
    tree = cmark_parse_document(flat.source.ptr, flat.source.len, CMARK_OPT_DEFAULT);
    flatten_tree(&flat, tree);
    cmark_node_free(tree);
    if (flat.cell_count > 0) {
        flatten_cells(&flat);
    }
    arena_destroy(scratch);
    return (struct document){ .first = root.first, .link_count = flat.numbered };
}
