/* Elements that are blocks of a text: headings, quotes, lists and their items, rules. */
#include "elements.h"

void container_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    enum sense sense = meaning->sense;
    struct block *block =
        builder_open(elements->builder, sense == SENSE_QUOTE ? BLOCK_QUOTE : BLOCK_LIST);
    struct open_element *open = elements_push(elements, sense, tag->name);
    unsigned long start = 1;

    if (open == NULL) {
        builder_close(elements->builder);
        return;
    }
    open->containers = 1;
    str_parse_number(tag_value(tag, "start"), 999999999, &start);
    block->ordered = sense == SENSE_ORDERED;
    block->start = (unsigned)start;
}

void item_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct open_element *before = elements_find(elements, SENSE_ITEM, SENSE_LIST);
    struct open_element *list;

    if (before != NULL && elements_find(elements, SENSE_ORDERED, SENSE_ITEM) == NULL) {
        elements_close_to(elements, before);
    }
    list = elements_find(elements, SENSE_LIST, SENSE_ITEM);
    list = list != NULL ? list : elements_find(elements, SENSE_ORDERED, SENSE_ITEM);
    if (list != NULL) {
        elements_close_to(elements, list + 1); /* an item stands in nothing else */
    }
    if (list == NULL || elements->count == ELEMENTS_MAX) {
        builder_part(elements->builder);
        return;
    }
    builder_open(elements->builder, BLOCK_ITEM);
    elements_push(elements, meaning->sense, tag->name)->containers = 1;
    if (builder_in_cell(elements->builder)) {
        builder_text(elements->builder, STR("• "));
    }
}

void heading_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct open_element *open;

    builder_part(elements->builder);
    open = elements_push(elements, meaning->sense, tag->name);
    if (open != NULL && !builder_in_cell(elements->builder)) {
        builder_begin(elements->builder, BLOCK_HEADING, tag->name.ptr[1] - '0');
    }
}

void rule_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    (void)meaning;
    (void)tag;
    if (!builder_in_cell(elements->builder)) {
        builder_add(elements->builder, BLOCK_RULE);
    }
}
