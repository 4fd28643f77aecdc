/* Quotes: every line of them begins with its marks, and what cannot stand in a quote parts it. */
#include "gemtext_writer.h"

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
        writer_begin(writer, quote->as);
    } else if (quote->bullet.len == 0) {
        writer_line(writer->out, quote->gap, STR(""));
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
        writer_line(writer->out, quote->bullet, one);
        quote->bullet = STR("");
    }
    quote->gap = quote->marks;
}

/* Whether a link has said already where this one leads, in other words. */
static bool has_new_words(const struct writer *writer, const struct link_lines *links)
{
    for (size_t i = 0; i < links->count; i++) {
        const struct link_line *known = link_lines_find(&writer->pending, links->items[i].url);

        if (known != NULL && !str_equal(known->label, links->items[i].label)) {
            return true;
        }
    }
    return false;
}

static void quote_leaf(struct writer *writer, const struct block *block, struct quote *quote)
{
    struct leaf_lines lines = writer_leaf(writer, block, true);
    bool said = lines.links_only && !has_new_words(writer, &lines.links);

    writer_links(writer, &lines.links);
    if (lines.text.len > 0 && (!said || quote->bullet.len > 0 || block->kind == BLOCK_HEADING)) {
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
        quote->bullet = trail_marker(writer->scratch, &trail, STR("• "));
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
            writer_code(writer, block, quote->as);
            quote->open = false;
            break;
        case BLOCK_TABLE:
            writer_table(writer, block, quote->as);
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

/* The links of a whole quote follow it. */
void writer_quote(struct writer *writer, const struct block *block, enum last as)
{
    struct quote quote = { .marks = STR(">"), .gap = STR(">"), .as = as };
    bool held = writer->hold_links;

    writer->hold_links = true;
    write_quote_blocks(writer, block->first, &quote, NULL);
    writer->hold_links = held;
    if (!held && writer->pending.count > 0) {
        if (!quote.open) { /* nothing but links, or the quote ended in code */
            writer_begin(writer, as);
        }
        writer_pending(writer);
    }
}
