/* cmark's tree, flattened once into a document; the tree ends here and cmark's nodes are known to
 * no other file but markdown_table.c. What each construct loses is decided here and in elements.c.
 */
#include "markdown.h"

#include <stdint.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "clean.h"
#include "contents.h"
#include "flattener.h"
#include "gemtext_read.h"
#include "nodes.h"

int flattener_line(const struct flattener *flat, int line)
{
    const struct prepared *prepared = &flat->prepared;

    if (line < 1 || prepared->line_count == 0) {
        return flat->builder.line;
    }
    return prepared
        ->lines[(size_t)line <= prepared->line_count ? (size_t)line - 1 : prepared->line_count - 1]
        .line;
}

static int line_of(const struct flattener *flat, cmark_node *node)
{
    return flattener_line(flat, cmark_node_get_start_line(node));
}

static struct str on_one_line(struct arena *arena, struct str text)
{
    char *out;

    if (str_find(text, '\n') == text.len) {
        return text;
    }
    out = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        out[i] = text.ptr[i] == '\n' ? ' ' : text.ptr[i];
    }
    return (struct str){ out, text.len };
}

/* An address, a title, an info string: entities can smuggle in any control character. */
static struct str clean_line(struct flattener *flat, const char *literal, bool address)
{
    struct str text = literal != NULL ? str_from(literal) : STR("");

    text = address ? prepared_address(&flat->prepared, flat->scratch, text)
                   : prepared_restore(&flat->prepared, flat->scratch, text);
    return on_one_line(flat->scratch, utf8_clean(flat->scratch, text, NULL));
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void flatten_container(struct flattener *flat, cmark_node *node, bool entering)
{
    struct block *block;

    if (!entering) {
        elements_leave(&flat->elements);
        builder_close(&flat->builder);
        return;
    }
    flat->builder.line = line_of(flat, node);
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_LIST:
        block = builder_open(&flat->builder, BLOCK_LIST);
        block->ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
        block->start = (unsigned)cmark_node_get_list_start(node);
        break;
    case CMARK_NODE_ITEM:
        builder_open(&flat->builder, BLOCK_ITEM);
        break;
    default:
        builder_open(&flat->builder, BLOCK_QUOTE);
        break;
    }
    elements_enter(&flat->elements);
}

/* Indented code has no fence where it starts. */
static bool is_fenced(const struct flattener *flat, cmark_node *node)
{
    int line = cmark_node_get_start_line(node);
    int column = cmark_node_get_start_column(node);
    struct str text;

    if (line < 1 || (size_t)line > flat->prepared.line_count || column < 1) {
        return false;
    }
    text = str_skip(prepared_line(&flat->prepared, (size_t)line - 1), (size_t)column - 1);
    return str_starts_with(text, STR("```")) || str_starts_with(text, STR("~~~"));
}

/* "{.python .numberLines}" and "{python}" name a language too. */
static struct str language_of(struct str info)
{
    if (str_starts_with(info, STR("{"))) {
        info = str_trim(str_skip(info, 1));
        info = str_skip(info, str_starts_with(info, STR(".")));
        info = str_first(info, str_find(info, '}'));
    }
    return info;
}

static void flatten_code(struct flattener *flat, cmark_node *node)
{
    struct arena *arena = flat->builder.arena;
    struct str text = str_from(cmark_node_get_literal(node));
    struct str info = language_of(clean_line(flat, cmark_node_get_fence_info(node), false));
    bool fenced = info.len > 0 || is_fenced(flat, node);
    struct block *block;

    flat->builder.line = line_of(flat, node);
    block = builder_add(&flat->builder, BLOCK_CODE);
    block->text = arena_copy(arena, prepared_restore(&flat->prepared, flat->scratch, text));
    block->info = arena_copy(arena, info);
    block->fenced = fenced;
}

static void flatten_html_block(struct flattener *flat, cmark_node *node)
{
    flat->builder.line = line_of(flat, node);
    elements_html(&flat->elements, str_from(cmark_node_get_literal(node)));
    builder_part(&flat->builder);
}

/* ---- in leaves ------------------------------------------------------------------------------- */

/* Text of markdown's: one line, but that "&NewLine;" is one. */
static void flatten_text(struct flattener *flat, const char *literal)
{
    elements_text(&flat->elements, on_one_line(flat->scratch, str_from(literal)));
}

static void flatten_code_span(struct flattener *flat, cmark_node *node)
{
    struct str text = str_from(cmark_node_get_literal(node));

    if (flat->elements.hidden == 0) {
        builder_code(
            &flat->builder,
            on_one_line(flat->scratch, prepared_restore(&flat->prepared, flat->scratch, text)));
    }
}

/* <aop:config>: a tag of XML, which markdown takes for an address in angle brackets. */
static bool is_tag(cmark_node *node)
{
    static const struct str schemes[] = { STR_INIT("mailto:"), STR_INIT("tel:"),
                                          STR_INIT("sms:"),    STR_INIT("xmpp:"),
                                          STR_INIT("news:"),   STR_INIT("geo:"),
                                          STR_INIT("magnet:"), STR_INIT("urn:"),
                                          STR_INIT("data:"),   STR_INIT("javascript:") };
    cmark_node *words = cmark_node_first_child(node);
    struct str url = str_from(cmark_node_get_url(node));

    if (words == NULL || cmark_node_get_type(words) != CMARK_NODE_TEXT ||
        !str_equal(str_from(cmark_node_get_literal(words)), url) || str_find(url, ':') == url.len ||
        str_holds_any(url, "/?#@.")) {
        return false;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (str_equal_nocase(str_first(url, schemes[i].len), schemes[i])) {
            return false;
        }
    }
    return true;
}

static void flatten_link(struct flattener *flat, cmark_node *node, bool entering, bool image)
{
    if (!image && is_tag(node)) {
        builder_text(&flat->builder, entering ? STR("<") : STR(">"));
        return;
    }
    if (!entering) {
        builder_close_inline(&flat->builder, image ? RUN_IMAGE : RUN_LINK);
        return;
    }
    builder_open_link(&flat->builder, clean_line(flat, cmark_node_get_url(node), true),
                      clean_line(flat, cmark_node_get_title(node), false), image);
}

static void flatten_mark(struct flattener *flat, enum run_kind kind, bool entering)
{
    if (entering) {
        builder_open_inline(&flat->builder, kind);
    } else {
        builder_close_inline(&flat->builder, kind);
    }
}

void flatten_inline(struct flattener *flat, cmark_node *node, bool entering)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        flatten_text(flat, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_CODE:
        flatten_code_span(flat, node);
        break;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        flat->builder.line++;
        builder_break(&flat->builder,
                      flat->breaks || cmark_node_get_type(node) == CMARK_NODE_LINEBREAK);
        break;
    case CMARK_NODE_EMPH:
        flatten_mark(flat, RUN_EMPHASIS, entering);
        break;
    case CMARK_NODE_STRONG:
        flatten_mark(flat, RUN_STRONG, entering);
        break;
    case CMARK_NODE_LINK:
        flatten_link(flat, node, entering, false);
        break;
    case CMARK_NODE_IMAGE:
        flatten_link(flat, node, entering, true);
        break;
    case CMARK_NODE_HTML_INLINE:
        elements_html(&flat->elements, str_from(cmark_node_get_literal(node)));
        break;
    default:
        break;
    }
}

static void flatten_leaf(struct flattener *flat, cmark_node *node, bool entering)
{
    struct builder *builder = &flat->builder;
    bool heading = cmark_node_get_type(node) == CMARK_NODE_HEADING;

    if (!entering) {
        elements_end_paragraph(&flat->elements);
        builder_part(builder);
        return;
    }
    builder->line = line_of(flat, node);
    builder_part(builder);
    if (heading && !builder_in_cell(builder)) {
        builder_begin(builder, BLOCK_HEADING, cmark_node_get_heading_level(node));
    }
    elements_begin_paragraph(&flat->elements);
}

/* ---- footnotes ------------------------------------------------------------------------------- */

/* The note that a paragraph announces, or NULL. */
static const struct mark *starts_note(const struct flattener *flat, cmark_node *paragraph)
{
    cmark_node *first = cmark_node_first_child(paragraph);
    const struct mark *mark;
    size_t at;
    size_t len;

    if (first == NULL || cmark_node_get_type(first) != CMARK_NODE_TEXT ||
        *cmark_node_get_literal(first) != MARK_START) {
        return NULL;
    }
    mark = prepared_find(&flat->prepared, str_from(cmark_node_get_literal(first)), &at, &len);
    return mark != NULL && mark->kind == MARK_STARTS ? mark : NULL;
}

/* Whatever is still open belongs to the text above; the note's blocks gather by themselves. */
static void begin_note(struct flattener *flat, size_t note)
{
    elements_close_to(&flat->elements, flat->elements.open);
    builder_restart(&flat->builder, &flat->notes[note]);
}

/* "[^1]: " before a note's first words. */
static void put_number(struct flattener *flat, struct block *leaf, size_t number)
{
    struct arena *arena = flat->builder.arena;
    struct run *runs = ARENA_ARRAY(arena, struct run, leaf->run_count + 1);

    runs[0] = (struct run){ .kind = RUN_TEXT, .text = arena_printf(arena, "[^%zu]: ", number) };
    if (leaf->run_count > 0) {
        memcpy(&runs[1], leaf->runs, leaf->run_count * sizeof *runs);
    }
    leaf->runs = runs;
    leaf->run_count++;
}

/* One-line notes stand line below line. Whether this was one. */
static bool add_note(struct flattener *flat, size_t note, size_t number, bool joined)
{
    struct block *block = flat->notes[note];

    if (block == NULL || block->kind != BLOCK_PARAGRAPH) {
        block = ARENA_NEW(flat->builder.arena, struct block);
        block->kind = BLOCK_PARAGRAPH;
        block->line = flat->prepared.notes[note].line;
        block->next = flat->notes[note];
    }
    put_number(flat, block, number);
    block->joined = joined && block->next == NULL;
    builder_append(&flat->builder, block);
    return block->next == NULL;
}

/* Behind a rule, in the order of their first use; what is not used, behind the others. */
static void add_notes(struct flattener *flat)
{
    const struct prepared *prepared = &flat->prepared;
    size_t *by_number = ARENA_ARRAY(flat->scratch, size_t, prepared->note_count + 1);
    bool joined = false;

    for (size_t i = 0; i < prepared->note_count; i++) {
        if (prepared->notes[i].defined && prepared->notes[i].number > 0) {
            by_number[prepared->notes[i].number] = i + 1;
        }
    }
    builder_resume(&flat->builder);
    builder_add(&flat->builder, BLOCK_RULE);
    for (size_t i = 1; i <= prepared->note_count; i++) {
        if (by_number[i] > 0) {
            joined = add_note(flat, by_number[i] - 1, i, joined);
        }
    }
    for (size_t i = 0; i < prepared->note_count; i++) {
        if (prepared->notes[i].defined && prepared->notes[i].number == 0) {
            losses_add(&flat->builder.losses, LOSS_NOTE, prepared->notes[i].line,
                       prepared->notes[i].name);
            joined = add_note(flat, i, ++flat->elements.notes_used, joined);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void flatten_paragraph(struct flattener *flat, cmark_node *node, bool entering,
                              cmark_iter *iter)
{
    const struct mark *note = entering && flat->notes != NULL ? starts_note(flat, node) : NULL;

    if (note != NULL) {
        begin_note(flat, note->note);
        cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
    } else if (entering && flatten_table(flat, node)) {
        cmark_iter_reset(iter, node, CMARK_EVENT_EXIT);
    } else {
        flatten_leaf(flat, node, entering);
    }
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
            flat->builder.line = line_of(flat, node);
            builder_add(&flat->builder, BLOCK_RULE);
            break;
        case CMARK_NODE_PARAGRAPH:
            flatten_paragraph(flat, node, entering, iter);
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

static enum flavour flavour_of(const char *file, const struct markdown_manner *manner)
{
    return str_ends_with(str_from(file), STR(".mdx")) ? FLAVOUR_MDX
           : manner->kramdown                         ? FLAVOUR_KRAMDOWN
                                                      : FLAVOUR_COMMON;
}

struct document markdown_parse(struct arena *arena, struct str text, struct place place,
                               struct markdown_manner manner, struct diag *diag)
{
    struct arena *scratch;
    struct flattener flat = { 0 };
    struct document document;
    struct filled filled;
    size_t malformed;
    cmark_node *tree;

    if (str_ends_with(str_from(place.file), STR(".gmi")) || gemtext_is(text)) {
        return gemtext_read(arena, text, place, diag);
    }
    scratch = arena_create();
    flat.scratch = scratch;
    flat.breaks = manner.breaks;

    text = text_clean(scratch, text, &malformed);
    if (malformed > 0) {
        diag_warn(diag, place, "%zu bytes are not UTF-8; each is shown as U+FFFD", malformed);
    }
    if (str_ends_with(str_from(place.file), STR(".html"))) {
        text = html_unindent(scratch, text);
    }
    builder_init(&flat.builder, arena, scratch, place, diag);
    filled = fill(scratch, text, manner.filling);
    prepare(scratch, &filled, place, flavour_of(place.file, &manner), &flat.prepared,
            &flat.builder.losses);
    elements_init(&flat.elements, &flat.builder, &flat.prepared);
    if (flat.prepared.note_count > 0) {
        flat.notes = ARENA_ARRAY(scratch, struct block *, flat.prepared.note_count);
    }
    tree = nodes_parse(scratch, flat.prepared.text);
    flatten_tree(&flat, tree);
    elements_close_to(&flat.elements, flat.elements.open);
    builder_end(&flat.builder);
    if (flat.cell_count > 0) {
        flatten_cells(&flat);
    }
    if (flat.notes != NULL) {
        add_notes(&flat);
    }
    document = builder_finish(&flat.builder);
    contents_drop(&document.first);
    arena_destroy(scratch);
    return document;
}
