/* Lists. Gemtext has one level of bullets, so depth is told by dashes and numbers in the text. */
#include "gemtext_writer.h"

struct str trail_marker(struct arena *arena, const struct trail *trail, struct str bullet)
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

/* An item that is only links becomes their lines; its number goes before the first one's words. */
static void write_link_item(struct writer *writer, const struct link_lines *links,
                            struct str number)
{
    for (size_t i = 0; i < links->count; i++) {
        struct link_line link = links->items[i];

        if (number.len > 0 && i == 0) {
            link.label = arena_printf(writer->scratch, "%.*s%.*s", STR_ARG(number),
                                      STR_ARG(link.label.len > 0 ? link.label : link.url));
        }
        writer_link(writer, &link);
    }
}

static void write_item_line(struct writer *writer, const struct block *leaf, struct str mark)
{
    struct leaf_lines lines = writer_leaf(writer, leaf, false);
    bool numbered = str_ends_with(mark, STR(". "));

    if (lines.text.len == 0 && lines.links.count == 0 && !numbered) {
        return; /* a bullet of nothing */
    }
    writer_begin(writer, LAST_ITEM);
    if (lines.links_only) {
        write_link_item(writer, &lines.links, numbered ? mark : STR(""));
        return;
    }
    writer_line(writer->out, mark, lines.text);
    writer_links(writer, &lines.links);
}

/* What follows an item's first line: it stands in the list, which goes on after it. */
static void write_item_block(struct writer *writer, const struct block *block,
                             const struct trail *trail)
{
    writer->joined = block->joined;
    switch (block->kind) {
    case BLOCK_LIST:
        writer_list(writer, block, trail);
        break;
    case BLOCK_QUOTE:
        writer_quote(writer, block, LAST_ITEM);
        break;
    case BLOCK_CODE:
        writer_code(writer, block, LAST_ITEM);
        break;
    case BLOCK_TABLE:
        writer_table(writer, block, LAST_ITEM);
        break;
    case BLOCK_RULE:
        break;
    default:
        writer_paragraph(writer, block);
        writer->last = block->joined ? LAST_ITEM : writer->last;
        break;
    }
}

void writer_list(struct writer *writer, const struct block *list, const struct trail *above)
{
    struct trail trail = { .above = above, .ordered = list->ordered, .number = list->start };

    if (above == NULL && writer->last == LAST_ITEM) {
        writer->last = LAST_BLOCK; /* another list: an empty line tells them apart */
    }
    for (const struct block *item = list->first; item != NULL; item = item->next, trail.number++) {
        const struct block *block = item->first;
        struct str mark = trail_marker(writer->scratch, &trail, STR("* "));

        if (is_text_leaf(block)) {
            write_item_line(writer, block, mark);
            block = block->next;
        } else if (block == NULL ? list->ordered : block->kind != BLOCK_LIST) {
            writer_begin(writer, LAST_ITEM);
            writer_line(writer->out, mark, STR(""));
        }
        for (; block != NULL; block = block->next) {
            write_item_block(writer, block, &trail);
        }
    }
}
