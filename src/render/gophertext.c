/* Documents to plain text. A writer goes down the blocks once; what stands at the left of its lines
 * (list marks, quote marks, indentation) grows and shrinks with the blocks it is in. */
#include "gophertext.h"

#include "base/charset.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "grid.h"
#include "leaf.h"

#define TAB_COLUMNS 8
#define CODE_INDENT STR("    ")

struct writer {
    struct strbuf *out;
    struct arena *scratch;
    const struct places *places;
    const struct gopher_options *options;
    struct leaf_style style;
    struct link_lines links; /* of the whole page, numbered */
    struct str lead;         /* what the next line begins with: a list's or a quote's mark */
    struct str margin;       /* what those after it begin with */
    bool gap;                /* an empty line is due before the next one */
    struct str gap_margin;   /* what it consists of */
    bool rule;               /* a thematic break waits for text to part from */
    bool after_links;        /* the last block was nothing but links */
};

/* ---- lines ----------------------------------------------------------------------------------- */

static struct str without_end_blanks(struct str text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == ' ') {
        text.len--;
    }
    return text;
}

static void end_line(struct writer *writer, size_t start)
{
    struct str line = str_skip(strbuf_str(writer->out), start);

    strbuf_truncate(writer->out, start + without_end_blanks(line).len);
    strbuf_add_byte(writer->out, '\n');
    writer->lead = writer->margin;
}

static void put_line(struct writer *writer, struct str text)
{
    size_t start;

    if (writer->gap && writer->out->len > 0) {
        strbuf_add(writer->out, without_end_blanks(writer->gap_margin));
        strbuf_add_byte(writer->out, '\n');
    }
    writer->gap = false;
    start = writer->out->len;
    strbuf_add(writer->out, writer->lead);
    strbuf_add(writer->out, text);
    end_line(writer, start);
}

/* An empty line before whatever comes next: it belongs to the outermost block that wants it. */
static void part(struct writer *writer)
{
    if (!writer->gap || writer->margin.len < writer->gap_margin.len) {
        writer->gap_margin = writer->margin;
    }
    writer->gap = true;
}

/* A rule that waited is written once there is something after it. */
static void begin(struct writer *writer)
{
    if (writer->rule && writer->out->len > 0) {
        writer->rule = false;
        part(writer);
        put_line(writer, STR("---"));
        part(writer);
    }
    writer->rule = false;
    writer->after_links = false;
}

static size_t room(const struct writer *writer)
{
    return writer->options->wrap - utf8_width(writer->lead);
}

/* Whatever blank stands between words, it is a space. */
static struct str one_line(struct writer *writer, struct str text)
{
    char *out = arena_alloc(writer->scratch, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        out[i] = byte_is_blank(text.ptr[i]) ? ' ' : text.ptr[i];
    }
    return (struct str){ out, text.len };
}

/* Text of one line, of whatever length. A dot never begins a line: gopher.md R18. */
static void put_paragraph(struct writer *writer, struct str text)
{
    struct wrap wrap;
    struct str line;

    wrap_init(&wrap, writer->scratch, one_line(writer, text));
    for (;;) {
        bool dot = writer->lead.len == 0 && str_starts_with(wrap.rest, STR("."));

        if (!wrap_next(&wrap, room(writer) - dot, &line)) {
            return;
        }
        writer->lead = dot ? STR(" ") : writer->lead;
        put_line(writer, line);
    }
}

/* Fit to be shown: of the character set, without controls. */
static struct str fit(struct writer *writer, struct str text)
{
    return charset_fit(writer->scratch, utf8_clean(writer->scratch, text, NULL),
                       (enum charset)writer->options->charset);
}

static void put_text(struct writer *writer, struct str text)
{
    struct str line;

    while (str_next_line(&text, &line)) {
        put_paragraph(writer, line);
    }
}

/* Code keeps its lines, whatever their length; tabs become what they look like. */
static void put_code_line(struct writer *writer, struct str indent, struct str text)
{
    struct strbuf line;
    size_t columns = 0;
    uint32_t before = 0;

    strbuf_init(&line, writer->scratch, indent.len + text.len * TAB_COLUMNS);
    strbuf_add(&line, indent);
    while (text.len > 0) {
        struct str rest = text;
        uint32_t character = utf8_next(&rest);
        size_t blanks = TAB_COLUMNS - columns % TAB_COLUMNS;

        if (character == '\t') {
            strbuf_add(&line, str_first(STR("        "), blanks));
            columns += blanks;
        } else {
            strbuf_add(&line, str_first(text, text.len - rest.len));
            columns += utf8_columns(before, character);
        }
        before = character;
        text = rest;
    }
    put_line(writer, strbuf_str(&line));
}

static void underline(struct writer *writer, char byte, size_t width)
{
    char *line = arena_alloc(writer->scratch, width);

    memset(line, byte, width);
    put_line(writer, (struct str){ line, width });
}

/* Levels below the second are told by the empty lines around them. */
static void put_heading(struct writer *writer, int level, struct str text)
{
    size_t width = room(writer);
    struct wrap wrap;
    struct str line;
    size_t widest = 0;

    wrap_init(&wrap, writer->scratch, text);
    while (wrap_next(&wrap, width, &line)) {
        widest = utf8_width(line) > widest ? utf8_width(line) : widest;
    }
    put_paragraph(writer, text);
    if (level <= 2 && widest > 0) {
        underline(writer, level <= 1 ? '=' : '-', widest < width ? widest : width);
    }
}

/* ---- links ----------------------------------------------------------------------------------- */

static void add_link(struct writer *writer, struct str url)
{
    link_lines_add(&writer->links,
                   (struct link_line){ .url = url, .number = (unsigned)writer->links.count + 1 });
}

/* All links of the blocks, so that each has its number before the text mentions it. */
static void gather_links(struct writer *writer, const struct block *block)
{
    const struct link_lines none = { 0 };
    struct leaf_style style = writer->style;

    style.among = &none;
    for (; block != NULL; block = block->next) {
        if (block->link_count > 0) {
            struct leaf_lines lines = leaf_write(writer->scratch, block, &style);

            for (size_t i = 0; i < lines.links.count; i++) {
                add_link(writer, lines.links.items[i].url);
            }
        }
        gather_links(writer, block->first);
    }
}

static void write_links(struct writer *writer)
{
    part(writer);
    for (size_t i = 0; i < writer->links.count; i++) {
        struct str url = places_url(writer->places, writer->scratch, writer->links.items[i].url);

        put_line(writer, arena_printf(writer->scratch, "[%u] %.*s", writer->links.items[i].number,
                                      STR_ARG(url)));
    }
}

/* ---- leaves ---------------------------------------------------------------------------------- */

/* Where there is nothing but links, each stands on a line of its own. */
static struct str write_labels(struct writer *writer, const struct link_lines *links)
{
    struct strbuf text;

    strbuf_init(&text, writer->scratch, writer->out->max);
    for (size_t i = 0; i < links->count; i++) {
        struct str label = links->items[i].label;

        strbuf_addf(&text, "%s%.*s[%u]", i > 0 ? "\n" : "",
                    STR_ARG(fit(writer, label.len > 0 ? label : links->items[i].url)),
                    link_lines_number(&writer->links, links->items[i].url));
    }
    return strbuf_str(&text);
}

static struct str read_leaf(struct writer *writer, const struct block *leaf, bool breaks,
                            bool *links_only)
{
    struct leaf_style style = writer->style;
    struct leaf_lines lines;

    style.breaks = breaks;
    lines = leaf_write(writer->scratch, leaf, &style);
    *links_only = lines.links_only;
    return lines.links_only ? write_labels(writer, &lines.links) : lines.text;
}

static void write_paragraph(struct writer *writer, const struct block *block)
{
    bool links_only;
    struct str text = read_leaf(writer, block, true, &links_only);

    if (text.len == 0) {
        return;
    }
    if (links_only && writer->after_links) {
        writer->gap = false; /* a run of links */
    }
    begin(writer);
    put_text(writer, text);
    writer->after_links = links_only;
}

static void write_heading(struct writer *writer, const struct block *block)
{
    bool links_only;
    struct str text = read_leaf(writer, block, false, &links_only);

    if (text.len > 0) {
        begin(writer);
        put_heading(writer, block->level, text);
    }
}

/* Empty lines at either end of code say nothing. */
static struct str without_end_lines(struct str text)
{
    struct str rest = text;
    struct str line;

    while (str_next_line(&rest, &line) && str_trim(line).len == 0) {
        text = rest;
    }
    while (text.len > 0 && byte_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

static void write_code(struct writer *writer, const struct block *block)
{
    struct str rest = without_end_lines(fit(writer, block->text));
    struct str line;

    begin(writer);
    while (str_next_line(&rest, &line)) {
        put_code_line(writer, CODE_INDENT, line);
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void write_rows(struct writer *writer, const struct grid *grid)
{
    struct str margin = writer->margin;

    for (size_t row = grid_first_row(grid); row < grid->rows; row++) {
        for (size_t i = 0; i < grid->columns; i++) {
            writer->margin = arena_printf(writer->scratch, "%.*s  ", STR_ARG(margin));
            put_paragraph(writer, grid_field(writer->scratch, grid, row, i));
            writer->lead = writer->margin = margin;
        }
        part(writer);
    }
}

static void write_table(struct writer *writer, const struct block *block)
{
    struct leaf_style style = writer->style;
    struct grid grid = grid_read(writer->scratch, block, &style);
    struct strbuf drawing;
    struct str rest;
    struct str line;

    begin(writer);
    if (grid_width(&grid) > room(writer)) {
        write_rows(writer, &grid);
        return;
    }
    strbuf_init(&drawing, writer->scratch, writer->out->max);
    grid_draw(&drawing, &grid);
    rest = strbuf_str(&drawing);
    while (str_next_line(&rest, &line)) {
        put_line(writer, line);
    }
}

/* ---- containers ------------------------------------------------------------------------------ */

static void write_block(struct writer *writer, const struct block *block);
static void write_blocks(struct writer *writer, const struct block *first);

/* Deep nesting may take half of a line, not more: then its marks stand below each other. */
static void indent(struct writer *writer, struct str mark, struct str margin)
{
    if (utf8_width(writer->lead) + mark.len <= writer->options->wrap / 2) {
        writer->lead =
            arena_printf(writer->scratch, "%.*s%.*s", STR_ARG(writer->lead), STR_ARG(mark));
        writer->margin =
            arena_printf(writer->scratch, "%.*s%.*s", STR_ARG(writer->margin), STR_ARG(margin));
    }
}

static struct str blanks(struct writer *writer, size_t count)
{
    char *bytes = arena_alloc(writer->scratch, count + 1);

    memset(bytes, ' ', count);
    return (struct str){ bytes, count };
}

static void return_to(struct writer *writer, struct str margin)
{
    writer->margin = margin;
    writer->lead = margin;
}

static void write_list(struct writer *writer, const struct block *list);

/* A list in an item stands two columns further in than the item's own. */
static void write_inner_list(struct writer *writer, const struct block *list, struct str outer)
{
    struct str hanging = writer->margin;

    if (writer->lead.len == hanging.len) { /* else the item's mark is still to be written */
        return_to(writer, outer);
        indent(writer, STR("  "), STR("  "));
    }
    write_list(writer, list);
    return_to(writer, hanging);
}

/* Returns whether the item is more than a text with lists: then the next one stands apart. */
static bool write_item(struct writer *writer, const struct block *item, struct str mark)
{
    struct str outer = writer->margin;
    bool large = false;

    indent(writer, mark, blanks(writer, mark.len));
    if (item->first == NULL) {
        put_line(writer, STR(""));
    }
    for (const struct block *block = item->first; block != NULL; block = block->next) {
        if (block->kind == BLOCK_LIST) {
            write_inner_list(writer, block, outer);
            continue;
        }
        if (block != item->first && !block->joined) {
            large = true;
            part(writer);
        }
        write_block(writer, block);
    }
    return_to(writer, outer);
    return large;
}

static void write_list(struct writer *writer, const struct block *list)
{
    unsigned number = list->start;

    begin(writer);
    for (const struct block *item = list->first; item != NULL; item = item->next, number++) {
        struct str mark = list->ordered ? arena_printf(writer->scratch, "%u. ", number) : STR("* ");

        if (item->first == NULL && !list->ordered) {
            continue; /* a bullet of nothing */
        }
        if (write_item(writer, item, mark) && item->next != NULL) {
            part(writer);
        }
    }
}

static void write_quote(struct writer *writer, const struct block *quote)
{
    struct str outer = writer->margin;

    begin(writer);
    indent(writer, STR("> "), STR("> "));
    write_blocks(writer, quote->first);
    return_to(writer, outer);
}

static void write_block(struct writer *writer, const struct block *block)
{
    switch (block->kind) {
    case BLOCK_HEADING:
        write_heading(writer, block);
        break;
    case BLOCK_CODE:
        write_code(writer, block);
        break;
    case BLOCK_TABLE:
        write_table(writer, block);
        break;
    case BLOCK_LIST:
        write_list(writer, block);
        break;
    case BLOCK_QUOTE:
        write_quote(writer, block);
        break;
    case BLOCK_RULE:
        writer->rule = true;
        break;
    default:
        write_paragraph(writer, block);
        break;
    }
}

static void write_blocks(struct writer *writer, const struct block *first)
{
    for (const struct block *block = first; block != NULL; block = block->next) {
        if (block != first && !block->joined) {
            part(writer);
        }
        write_block(writer, block);
    }
}

/* ---- the page -------------------------------------------------------------------------------- */

static void gather_line(struct writer *writer, const struct outline_line *line)
{
    if (line->kind == OUTLINE_LINK) {
        add_link(writer, line->url);
    } else if (line->kind == OUTLINE_DOCUMENT) {
        writer->style.urls = document_urls(writer->scratch, &line->post->document);
        gather_links(writer, line->post->document.first);
    }
}

static void write_link(struct writer *writer, const struct outline_line *line)
{
    struct str label = fit(writer, line->text.len > 0 ? line->text : line->url);

    put_paragraph(writer, arena_printf(writer->scratch, "%.*s[%u]", STR_ARG(label),
                                       link_lines_number(&writer->links, line->url)));
}

static void write_document(struct writer *writer, const struct post *post)
{
    writer->style.urls = document_urls(writer->scratch, &post->document);
    write_blocks(writer, document_after_title(writer->scratch, &post->document, post->title));
    writer->rule = false;
    writer->after_links = false;
}

static void write_line(struct writer *writer, const struct outline_line *line)
{
    switch (line->kind) {
    case OUTLINE_HEADING:
        put_heading(writer, line->level, fit(writer, line->text));
        break;
    case OUTLINE_TEXT:
    case OUTLINE_GEMTEXT: /* was read before it came here */
        put_text(writer, fit(writer, line->text));
        break;
    case OUTLINE_LINK:
        write_link(writer, line);
        break;
    case OUTLINE_ON_GEMINI: /* stands in menus only */
        break;
    case OUTLINE_GAP:
        part(writer);
        break;
    case OUTLINE_DOCUMENT:
        write_document(writer, line->post);
        break;
    }
}

static void each_line(struct writer *writer, const struct outline *outline,
                      void (*visit)(struct writer *writer, const struct outline_line *line))
{
    for (size_t i = 0; i < outline->count; i++) {
        struct outline_line line = outline->lines[i];

        if (line.kind == OUTLINE_GEMTEXT) {
            line = outline_read_gemtext(line.text);
        }
        visit(writer, &line);
    }
}

void gophertext_page(struct strbuf *out, const struct outline *outline, const struct places *places,
                     const struct convert_options *convert, const struct gopher_options *options)
{
    struct arena *scratch = outline->arena;
    struct writer writer = {
        .out = out,
        .scratch = scratch,
        .places = places,
        .options = options,
        .style = { .convert = *convert, .charset = options->charset, .among = &writer.links },
        .links = { .arena = scratch },
    };

    each_line(&writer, outline, gather_line);
    each_line(&writer, outline, write_line);
    write_links(&writer);
}

/* ---- as it is sent --------------------------------------------------------------------------- */

struct str gophertext_send(struct arena *arena, struct str text, bool final_dot)
{
    struct strbuf out;
    struct str line;
    size_t line_ends = 1;

    for (size_t i = 0; i < text.len; i++) {
        line_ends += text.ptr[i] == '\n';
    }
    strbuf_init(&out, arena, text.len + 3 * line_ends + STR(".\r\n").len);
    while (str_next_line(&text, &line)) {
        if (final_dot && str_starts_with(line, STR("."))) {
            strbuf_add_byte(&out, '.');
        }
        strbuf_add(&out, str_ends_with(line, STR("\r")) ? str_first(line, line.len - 1) : line);
        strbuf_add(&out, STR("\r\n"));
    }
    strbuf_add(&out, final_dot ? STR(".\r\n") : STR(""));
    return strbuf_str(&out);
}
