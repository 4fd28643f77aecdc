/* Documents to gemtext. A writer goes down the blocks once; what kind of block came before decides
 * whether an empty line comes between. */
#include "gemtext.h"

#include "grid.h"
#include "leaf.h"

#define TABLE_WIDTH_MAX 72 /* preformatted text does not wrap: wider tables become lines */

/* What was written last, as far as the next block cares. */
enum last { LAST_NOTHING, LAST_BLOCK, LAST_LINK_LINES, LAST_ITEM };

struct writer {
    struct strbuf *out;
    struct arena *scratch;
    struct leaf_style style;
    enum last last;
    struct link_lines pending; /* links of an open quote, or of the whole page */
    bool hold_links;           /* they wait there instead of following their block */
    unsigned next_number;      /* of links numbered throughout */
    size_t start;              /* where the document begins in out */
    bool joined;               /* the block at hand stands directly below the last one */
    bool rule;                 /* a thematic break waits for text to part from */
};

/* ---- lines ----------------------------------------------------------------------------------- */

static void line(struct strbuf *out, struct str prefix, struct str text)
{
    strbuf_add(out, prefix);
    strbuf_add(out, text);
    strbuf_add_byte(out, '\n');
}

void gemtext_heading(struct strbuf *out, int level, struct str text)
{
    line(out, level <= 1 ? STR("# ") : level == 2 ? STR("## ") : STR("### "), text);
}

void gemtext_link(struct strbuf *out, struct str url, struct str label)
{
    strbuf_add(out, STR("=> "));
    strbuf_add(out, url);
    line(out, label.len > 0 ? STR(" ") : STR(""), label);
}

/* Whether a text line would be taken for another type: gemtext.md, N1. */
static bool looks_like_markup(struct str text)
{
    return text.len > 0 && (*text.ptr == '#' || *text.ptr == '>' || *text.ptr == '*' ||
                            str_starts_with(text, STR("=>")) || str_starts_with(text, STR("```")));
}

static void text_line(struct strbuf *out, struct str text)
{
    line(out, looks_like_markup(text) ? STR(" ") : STR(""), text);
}

void gemtext_text(struct strbuf *out, struct str text)
{
    struct str one;

    while (str_next_line(&text, &one)) {
        text_line(out, one);
    }
}

/* Whether a line starts with three backticks. */
static bool has_fence(struct str text)
{
    size_t at = str_find_str(text, STR("```"));

    return at < text.len && (at == 0 || str_find_str(text, STR("\n```")) < text.len);
}

static void preformatted(struct writer *writer, struct str alt, struct str text)
{
    struct strbuf *out = writer->out;
    struct str one;

    line(out, STR("```"), alt);
    if (has_fence(text)) { /* N3: such a line would end the block */
        while (str_next_line(&text, &one)) {
            line(out, STR(" "), one);
        }
    }
    strbuf_add(out, text);
    strbuf_add(out, text.len > 0 && !str_ends_with(text, STR("\n")) ? STR("\n") : STR(""));
    line(out, STR("```"), STR(""));
}

/* ---- between blocks -------------------------------------------------------------------------- */

static void empty_line(struct writer *writer)
{
    if (writer->out->len > writer->start && !str_ends_with(strbuf_str(writer->out), STR("\n\n"))) {
        strbuf_add_byte(writer->out, '\n');
    }
}

/* One empty line between blocks, none where both belong to one list or one run of links. */
static void begin(struct writer *writer, enum last kind)
{
    if (writer->rule && writer->out->len > writer->start) {
        empty_line(writer);
        strbuf_add(writer->out, STR("---\n"));
    }
    if (writer->rule || (!writer->joined && (kind == LAST_BLOCK || writer->last != kind))) {
        empty_line(writer);
    }
    writer->rule = false;
    writer->joined = false;
    writer->last = kind;
}

static void link_line(struct writer *writer, const struct link_line *link)
{
    struct str label = link->label;

    if (link->number > 0) {
        label = arena_printf(writer->scratch, "[%u]%s%.*s", link->number, label.len > 0 ? " " : "",
                             STR_ARG(label));
    }
    gemtext_link(writer->out, link->url, label);
}

static void write_links(struct writer *writer, const struct link_lines *links)
{
    for (size_t i = 0; i < links->count; i++) {
        if (writer->hold_links) {
            link_lines_add(&writer->pending, links->items[i]);
        } else {
            link_line(writer, &links->items[i]);
        }
    }
}

static struct leaf_lines read_leaf(struct writer *writer, const struct block *leaf, bool breaks)
{
    struct leaf_style style = writer->style;
    struct leaf_lines lines;

    style.breaks = breaks;
    style.number = writer->next_number;
    lines = leaf_write(writer->scratch, leaf, &style);
    if (writer->next_number > 0 && !lines.links_only) {
        writer->next_number += (unsigned)lines.links.count;
    }
    return lines;
}

/* ---- leaves ---------------------------------------------------------------------------------- */

static void write_paragraph(struct writer *writer, const struct block *block)
{
    struct leaf_lines lines = read_leaf(writer, block, true);

    if (lines.links_only) {
        begin(writer, LAST_LINK_LINES);
        for (size_t i = 0; i < lines.links.count; i++) {
            link_line(writer, &lines.links.items[i]);
        }
    } else if (lines.text.len > 0) {
        begin(writer, LAST_BLOCK);
        gemtext_text(writer->out, lines.text);
        write_links(writer, &lines.links);
    }
}

static void write_heading(struct writer *writer, const struct block *block)
{
    struct leaf_lines lines = read_leaf(writer, block, false);

    if (lines.text.len > 0) {
        begin(writer, LAST_BLOCK);
        gemtext_heading(writer->out, block->level, lines.text);
        write_links(writer, &lines.links);
    } else if (lines.links.count > 0) { /* nothing but an image without words */
        begin(writer, LAST_LINK_LINES);
        write_links(writer, &lines.links);
    }
}

/* What a screen reader says of a block, and Lagrange shows for a folded one. */
static struct str code_alt(const struct block *block)
{
    struct str quoted = str_skip(block->info, str_find_str(block->info, STR("alt=\"")) + 5);
    struct str word;

    if (str_cut(quoted, '"', &word, NULL) && word.len > 0) {
        return word;
    }
    str_cut(str_trim(block->info), ' ', &word, NULL);
    return block->fenced ? word : STR("code");
}

/* as: LAST_ITEM when it belongs to a list, which then goes on; else LAST_BLOCK. */
static void write_code(struct writer *writer, const struct block *block, enum last as)
{
    begin(writer, as);
    preformatted(writer, code_alt(block), block->text);
}

/* ---- tables ---------------------------------------------------------------------------------- */

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

static void write_grid(struct writer *writer, const struct grid *grid)
{
    struct strbuf drawing;
    struct strbuf alt;

    strbuf_init(&drawing, writer->scratch, writer->out->max);
    strbuf_init(&alt, writer->scratch, 1024);
    grid_draw(&drawing, grid);
    strbuf_add(&alt, STR("table:"));
    for (size_t i = 0; i < grid->columns; i++) {
        strbuf_addf(&alt, "%s%.*s", i == 0 ? " " : ", ", STR_ARG(grid->cells[i]));
    }
    preformatted(writer, str_trim(strbuf_str(&alt)), strbuf_str(&drawing));
}

/* A table too wide for a phone: a block of lines for each row. */
static void write_rows(struct writer *writer, const struct grid *grid)
{
    bool first = true;

    for (size_t row = grid_first_row(grid); row < grid->rows; row++) {
        size_t before = writer->out->len;

        strbuf_add(writer->out, first ? STR("") : STR("\n"));
        for (size_t i = 0; i < grid->columns; i++) {
            struct str field = grid_field(writer->scratch, grid, row, i);

            if (field.len > 0) {
                text_line(writer->out, field);
            }
        }
        if (writer->out->len <= before + 1) {
            strbuf_truncate(writer->out, before); /* a row of nothing */
        } else {
            first = false;
        }
    }
}

static void write_table(struct writer *writer, const struct block *block, enum last as)
{
    struct link_lines links = { .arena = writer->scratch };
    struct leaf_style style = writer->style;
    struct grid grid;

    gather_table_links(writer, block, &links);
    style.among = &links;
    grid = grid_read(writer->scratch, block, &style);
    begin(writer, as);
    if (grid_width(&grid) <= TABLE_WIDTH_MAX) {
        write_grid(writer, &grid);
    } else {
        write_rows(writer, &grid);
    }
    write_links(writer, &links);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* An item's place among its ancestors. */
struct trail {
    const struct trail *above; /* the item whose list this is in; NULL at the top */
    bool ordered;
    unsigned number;
};

/* "* ", "* – " and so on; "3. ", "3.1. " where every list above is ordered. */
static struct str marker(struct arena *arena, const struct trail *trail, struct str bullet)
{
    struct str numbers = STR("");
    struct str dashes = STR("");
    bool ordered = true;

    if (trail->above == NULL && !trail->ordered) {
        return bullet;
    }
    for (const struct trail *level = trail; level != NULL; level = level->above) {
        ordered &= level->ordered;
        numbers = arena_printf(arena, "%u.%.*s", level->number, STR_ARG(numbers));
        if (level->above != NULL) {
            dashes = arena_printf(arena, "– %.*s", STR_ARG(dashes));
        }
    }
    if (ordered) {
        return arena_printf(arena, "%.*s ", STR_ARG(numbers));
    }
    if (trail->ordered) {
        dashes = arena_printf(arena, "%.*s%u. ", STR_ARG(dashes), trail->number);
    }
    return arena_printf(arena, "%.*s%.*s", STR_ARG(bullet), STR_ARG(dashes));
}

static bool is_text_leaf(const struct block *block)
{
    return block != NULL && (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_HEADING);
}

static void write_list(struct writer *writer, const struct block *list, const struct trail *above);
static void write_quote(struct writer *writer, const struct block *block, enum last as);

/* An item's first line; an item that is only links becomes their lines. */
static void write_item_line(struct writer *writer, const struct block *leaf, struct str mark,
                            bool numbered)
{
    struct leaf_lines lines = read_leaf(writer, leaf, false);

    if (lines.text.len == 0 && lines.links.count == 0 && !numbered) {
        return; /* a bullet of nothing */
    }
    begin(writer, LAST_ITEM);
    if (lines.links_only) {
        for (size_t i = 0; i < lines.links.count; i++) {
            struct link_line link = lines.links.items[i];

            if (numbered && i == 0) {
                link.label = arena_printf(writer->scratch, "%.*s%.*s", STR_ARG(mark),
                                          STR_ARG(link.label.len > 0 ? link.label : link.url));
            }
            link_line(writer, &link);
        }
        return;
    }
    line(writer->out, mark, lines.text);
    write_links(writer, &lines.links);
}

/* What follows an item's first line: it stands in the list, which goes on after it. */
static void write_item_block(struct writer *writer, const struct block *block,
                             const struct trail *trail)
{
    switch (block->kind) {
    case BLOCK_LIST:
        write_list(writer, block, trail);
        break;
    case BLOCK_QUOTE:
        write_quote(writer, block, LAST_ITEM);
        break;
    case BLOCK_CODE:
        write_code(writer, block, LAST_ITEM);
        break;
    case BLOCK_TABLE:
        write_table(writer, block, LAST_ITEM);
        break;
    case BLOCK_RULE:
        break;
    default:
        write_paragraph(writer, block);
        break;
    }
}

static void write_list(struct writer *writer, const struct block *list, const struct trail *above)
{
    struct trail trail = { .above = above, .ordered = list->ordered, .number = list->start };

    if (above == NULL && writer->last == LAST_ITEM) {
        writer->last = LAST_BLOCK; /* another list: an empty line tells them apart */
    }
    for (const struct block *item = list->first; item != NULL; item = item->next, trail.number++) {
        const struct block *block = item->first;
        struct str mark = marker(writer->scratch, &trail, STR("* "));

        if (is_text_leaf(block)) {
            write_item_line(writer, block, mark, str_ends_with(mark, STR(". ")));
            block = block->next;
        } else if (block == NULL ? list->ordered : block->kind != BLOCK_LIST) {
            begin(writer, LAST_ITEM);
            line(writer->out, mark, STR(""));
        }
        for (; block != NULL; block = block->next) {
            write_item_block(writer, block, &trail);
        }
    }
}

/* ---- quotes ---------------------------------------------------------------------------------- */

/* Where in a quote we are. */
struct quote {
    struct str marks; /* of this quote: ">", "> >" */
    struct str gap;   /* marks for the line between two paragraphs: those of the outer of the two */
    struct str bullet; /* of a list item, until its first line is written */
    bool open;         /* a line of this quote stands right above */
    enum last as;      /* LAST_ITEM when the quote belongs to a list */
};

static void write_quote_blocks(struct writer *writer, const struct block *first,
                               struct quote *quote, const struct trail *trail);

/* Part from what is above: inside the quote by a line of its marks, else as blocks do. */
static void quote_part(struct writer *writer, struct quote *quote)
{
    if (!quote->open) {
        begin(writer, quote->as);
    } else if (quote->bullet.len == 0) {
        line(writer->out, quote->gap, STR(""));
    }
    quote->open = true;
}

static void quote_lines(struct writer *writer, struct quote *quote, struct str text)
{
    struct str one;

    quote_part(writer, quote);
    while (str_next_line(&text, &one)) {
        strbuf_add(writer->out, quote->marks);
        strbuf_add_byte(writer->out, ' ');
        line(writer->out, quote->bullet, one);
        quote->bullet = STR("");
    }
    quote->gap = quote->marks;
}

static void quote_leaf(struct writer *writer, const struct block *block, struct quote *quote)
{
    struct leaf_lines lines = read_leaf(writer, block, true);

    write_links(writer, &lines.links);
    if (lines.text.len > 0 &&
        (!lines.links_only || quote->bullet.len > 0 || block->kind == BLOCK_HEADING)) {
        quote_lines(writer, quote, lines.text);
    }
}

static void quote_list(struct writer *writer, const struct block *list, struct quote *quote,
                       const struct trail *above)
{
    struct trail trail = { .above = above, .ordered = list->ordered, .number = list->start };

    if (above == NULL) {
        quote_part(writer, quote);
    }
    for (const struct block *item = list->first; item != NULL; item = item->next, trail.number++) {
        quote->bullet = marker(writer->scratch, &trail, STR("• "));
        write_quote_blocks(writer, item->first, quote, &trail);
        quote->bullet = STR("");
    }
}

/* A quote in a quote: the same lines with one mark more. */
static void quote_quote(struct writer *writer, const struct block *block, struct quote *outer)
{
    struct quote inner = { .gap = outer->marks, .open = outer->open, .as = outer->as };

    inner.marks = arena_printf(writer->scratch, "%.*s >", STR_ARG(outer->marks));
    write_quote_blocks(writer, block->first, &inner, NULL);
    outer->open = inner.open;
    outer->gap = outer->marks;
}

static void write_quote_blocks(struct writer *writer, const struct block *first,
                               struct quote *quote, const struct trail *trail)
{
    for (const struct block *block = first; block != NULL; block = block->next) {
        switch (block->kind) {
        case BLOCK_QUOTE:
            quote_quote(writer, block, quote);
            break;
        case BLOCK_LIST:
            quote_list(writer, block, quote, trail);
            break;
        case BLOCK_CODE:
            write_code(writer, block, quote->as);
            quote->open = false;
            break;
        case BLOCK_TABLE:
            write_table(writer, block, quote->as);
            quote->open = false;
            break;
        case BLOCK_RULE:
            quote_lines(writer, quote, STR("---"));
            break;
        default:
            quote_leaf(writer, block, quote);
            break;
        }
    }
}

static void write_pending(struct writer *writer)
{
    for (size_t i = 0; i < writer->pending.count; i++) {
        link_line(writer, &writer->pending.items[i]);
    }
    writer->pending.count = 0;
}

/* The links of a whole quote follow it. */
static void write_quote(struct writer *writer, const struct block *block, enum last as)
{
    struct quote quote = { .marks = STR(">"), .gap = STR(">"), .as = as };
    bool held = writer->hold_links;

    writer->hold_links = true;
    write_quote_blocks(writer, block->first, &quote, NULL);
    writer->hold_links = held;
    if (!held && writer->pending.count > 0) {
        if (!quote.open) { /* nothing but links, or the quote ended in code */
            begin(writer, as);
        }
        write_pending(writer);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void write_block(struct writer *writer, const struct block *block)
{
    writer->joined = block->joined;
    switch (block->kind) {
    case BLOCK_HEADING:
        write_heading(writer, block);
        break;
    case BLOCK_CODE:
        write_code(writer, block, LAST_BLOCK);
        break;
    case BLOCK_TABLE:
        write_table(writer, block, LAST_BLOCK);
        break;
    case BLOCK_LIST:
        write_list(writer, block, NULL);
        break;
    case BLOCK_QUOTE:
        write_quote(writer, block, LAST_BLOCK);
        break;
    case BLOCK_RULE:
        writer->rule = true;
        break;
    default:
        write_paragraph(writer, block);
        break;
    }
}

void gemtext_document(struct strbuf *out, const struct document *document, struct str title,
                      const struct convert_options *options)
{
    struct writer writer = {
        .out = out,
        .scratch = arena_create(),
        .style = { .convert = *options, .urls = document->urls },
    };

    writer.start = out->len;
    writer.pending.arena = writer.scratch;
    if (options->links == LINKS_END) {
        writer.hold_links = true;
        writer.next_number = 1;
    }
    for (const struct block *block = document_after_title(writer.scratch, document, title);
         block != NULL; block = block->next) {
        write_block(&writer, block);
    }
    if (writer.pending.count > 0) {
        begin(&writer, LAST_BLOCK);
        write_pending(&writer);
    }
    if (out->len > writer.start && str_ends_with(strbuf_str(out), STR("\n\n"))) {
        strbuf_truncate(out, out->len - 1); /* the last block turned out to be empty */
    }
    arena_destroy(writer.scratch);
}
