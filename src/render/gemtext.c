/* Documents to gemtext. A writer goes down the blocks once; what kind of block came before decides
 * whether an empty line comes between. */
#include "gemtext_writer.h"

/* ---- lines ----------------------------------------------------------------------------------- */

void writer_line(struct strbuf *out, struct str prefix, struct str text)
{
    strbuf_add(out, prefix);
    strbuf_add(out, text);
    strbuf_add_byte(out, '\n');
}

void gemtext_heading(struct strbuf *out, int level, struct str text)
{
    writer_line(out, level <= 1 ? STR("# ") : level == 2 ? STR("## ") : STR("### "), text);
}

void gemtext_link(struct strbuf *out, struct str url, struct str label)
{
    strbuf_add(out, STR("=> "));
    strbuf_add(out, url);
    writer_line(out, label.len > 0 ? STR(" ") : STR(""), label);
}

/* Whether a text line would be taken for another type: gemtext.md, N1. */
static bool looks_like_markup(struct str text)
{
    return text.len > 0 && (*text.ptr == '#' || *text.ptr == '>' || *text.ptr == '*' ||
                            str_starts_with(text, STR("=>")) || str_starts_with(text, STR("```")));
}

void writer_text_line(struct strbuf *out, struct str text)
{
    writer_line(out, looks_like_markup(text) ? STR(" ") : STR(""), text);
}

void gemtext_text(struct strbuf *out, struct str text)
{
    struct str one;

    while (str_next_line(&text, &one)) {
        writer_text_line(out, one);
    }
}

/* Whether a line starts with three backticks. */
static bool has_fence(struct str text)
{
    size_t at = str_find_str(text, STR("```"));

    return at < text.len && (at == 0 || str_find_str(text, STR("\n```")) < text.len);
}

void writer_preformatted(struct writer *writer, struct str alt, struct str text)
{
    struct strbuf *out = writer->out;
    struct str one;

    writer_line(out, STR("```"), alt);
    if (has_fence(text)) { /* N3: such a line would end the block */
        while (str_next_line(&text, &one)) {
            writer_line(out, STR(" "), one);
        }
    }
    strbuf_add(out, text);
    strbuf_add(out, text.len > 0 && !str_ends_with(text, STR("\n")) ? STR("\n") : STR(""));
    writer_line(out, STR("```"), STR(""));
}

/* ---- between blocks -------------------------------------------------------------------------- */

static void empty_line(struct writer *writer)
{
    if (writer->out->len > writer->start && !str_ends_with(strbuf_str(writer->out), STR("\n\n"))) {
        strbuf_add_byte(writer->out, '\n');
    }
}

void writer_begin(struct writer *writer, enum last kind)
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

void writer_link(struct writer *writer, const struct link_line *link)
{
    struct str label = link->label;

    if (link->number > 0) {
        label = arena_printf(writer->scratch, "[%u]%s%.*s", link->number, label.len > 0 ? " " : "",
                             STR_ARG(label));
    }
    gemtext_link(writer->out, link->url, label);
}

void writer_links(struct writer *writer, const struct link_lines *links)
{
    for (size_t i = 0; i < links->count; i++) {
        if (writer->hold_links) {
            link_lines_add(&writer->pending, links->items[i]);
        } else {
            writer_link(writer, &links->items[i]);
        }
    }
}

struct leaf_lines writer_leaf(struct writer *writer, const struct block *leaf, bool breaks)
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

void writer_pending(struct writer *writer)
{
    for (size_t i = 0; i < writer->pending.count; i++) {
        writer_link(writer, &writer->pending.items[i]);
    }
    writer->pending.count = 0;
}

/* ---- leaves ---------------------------------------------------------------------------------- */

void writer_paragraph(struct writer *writer, const struct block *block)
{
    struct leaf_lines lines = writer_leaf(writer, block, true);

    if (lines.links_only) {
        writer_begin(writer, LAST_LINK_LINES);
        for (size_t i = 0; i < lines.links.count; i++) {
            writer_link(writer, &lines.links.items[i]);
        }
    } else if (lines.text.len > 0) {
        writer_begin(writer, LAST_BLOCK);
        gemtext_text(writer->out, lines.text);
        writer_links(writer, &lines.links);
    }
}

static void write_heading(struct writer *writer, const struct block *block)
{
    struct leaf_lines lines = writer_leaf(writer, block, false);

    if (lines.text.len > 0) {
        writer_begin(writer, LAST_BLOCK);
        gemtext_heading(writer->out, block->level, lines.text);
        writer_links(writer, &lines.links);
    } else if (lines.links.count > 0) { /* nothing but an image without words */
        writer_begin(writer, LAST_LINK_LINES);
        writer_links(writer, &lines.links);
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

void writer_code(struct writer *writer, const struct block *block, enum last as)
{
    writer_begin(writer, as);
    writer_preformatted(writer, code_alt(block), block->text);
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
        writer_code(writer, block, LAST_BLOCK);
        break;
    case BLOCK_TABLE:
        writer_table(writer, block, LAST_BLOCK);
        break;
    case BLOCK_LIST:
        writer_list(writer, block, NULL);
        break;
    case BLOCK_QUOTE:
        writer_quote(writer, block, LAST_BLOCK);
        break;
    case BLOCK_RULE:
        writer->rule = true;
        break;
    default:
        writer_paragraph(writer, block);
        break;
    }
}

void gemtext_document(struct strbuf *out, const struct document *document, struct str title,
                      const struct convert_options *options)
{
    struct writer writer = {
        .out = out,
        .scratch = arena_create(),
        .style = { .convert = *options },
    };

    writer.style.urls = document_urls(writer.scratch, document);
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
        writer_begin(&writer, LAST_BLOCK);
        writer_pending(&writer);
    }
    if (out->len > writer.start && str_ends_with(strbuf_str(out), STR("\n\n"))) {
        strbuf_truncate(out, out->len - 1); /* the last block turned out to be empty */
    }
    arena_destroy(writer.scratch);
}
