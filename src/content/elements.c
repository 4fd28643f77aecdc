/* The stack of elements that are open, and the one table of what opening and closing them does. */
#include "elements.h"

void elements_init(struct elements *elements, struct builder *builder, struct prepared *prepared)
{
    *elements = (struct elements){
        .builder = builder,
        .prepared = prepared,
        .patience = 4 * prepared->text.len,
    };
    for (size_t i = 0; i < prepared->mark_count; i++) {
        elements->patience += 4 * prepared->marks[i].text.len;
    }
    entities_init(&elements->entities, builder->scratch);
}

/* ---- what each does -------------------------------------------------------------------------- */

static void part(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    (void)meaning;
    (void)tag;
    builder_part(elements->builder);
}

static void end_part(struct elements *elements, struct open_element *open)
{
    (void)open;
    builder_part(elements->builder);
}

static void hard_break(struct elements *elements, const struct meaning *meaning,
                       const struct tag *tag)
{
    (void)meaning;
    (void)tag;
    builder_break(elements->builder, true);
}

static void hide(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    if (elements_push(elements, meaning->sense, tag->name) != NULL) {
        elements->hidden++;
    }
}

static void show_again(struct elements *elements, struct open_element *open)
{
    (void)open;
    elements->hidden--;
}

/* What the beginning and the end of an element do, by what it is; what is NULL does nothing. */
static const struct {
    void (*open)(struct elements *, const struct meaning *, const struct tag *);
    void (*close)(struct elements *, struct open_element *);
} ways[] = {
    [SENSE_PART] = { .open = part },
    [SENSE_MARKED] = { marked_open, marked_close },
    [SENSE_CODE] = { marked_open, code_close },
    [SENSE_EMPHASIS] = { .open = emphasis_open },
    [SENSE_STRONG] = { .open = emphasis_open },
    [SENSE_SUP] = { script_open, script_close },
    [SENSE_SUB] = { script_open, script_close },
    [SENSE_ABBREVIATION] = { .open = abbreviation_open },
    [SENSE_BREAK] = { .open = hard_break },
    [SENSE_RULE] = { .open = rule_add },
    [SENSE_HEADING] = { heading_open, end_part },
    [SENSE_QUOTE] = { .open = container_open },
    [SENSE_LIST] = { .open = container_open },
    [SENSE_ORDERED] = { .open = container_open },
    [SENSE_ITEM] = { .open = item_open },
    [SENSE_TABLE] = { table_open, table_close },
    [SENSE_SECTION] = { .open = table_open_section },
    [SENSE_ROW] = { .open = table_open_row },
    [SENSE_CELL] = { table_open_cell, table_close_cell },
    [SENSE_FIGURE] = { .open = part },
    [SENSE_CAPTION] = { caption_open, caption_close },
    [SENSE_LINK] = { .open = anchor_open },
    [SENSE_IMAGE] = { .open = image_add },
    [SENSE_MEDIA] = { .open = media_add },
    [SENSE_INPUT] = { .open = input_add },
    [SENSE_HIDDEN] = { hide, show_again },
    [SENSE_COMPONENT] = { .open = component_open },
    [SENSE_FENCE] = { NULL, NULL },
};

/* ---- the stack ------------------------------------------------------------------------------- */

struct open_element *elements_push(struct elements *elements, enum sense sense, struct str name)
{
    struct open_element *open = &elements->open[elements->count];

    if (elements->count == ELEMENTS_MAX) {
        return NULL;
    }
    elements->count++;
    *open = (struct open_element){
        .sense = sense,
        .name = name,
        .in_paragraph = elements->in_paragraph,
    };
    return open;
}

struct open_element *elements_find(struct elements *elements, enum sense sense, enum sense until)
{
    for (size_t i = elements->count; i-- > 0;) {
        struct open_element *open = &elements->open[i];

        if (open->sense == sense) {
            return open;
        }
        if (open->sense == SENSE_FENCE || open->sense == until) {
            break;
        }
    }
    return NULL;
}

static void pop(struct elements *elements)
{
    struct builder *builder = elements->builder;
    struct open_element *open = &elements->open[--elements->count];

    if (ways[open->sense].close != NULL) {
        ways[open->sense].close(elements, open);
    }
    if (open->after.len > 0 && builder->in_leaf) {
        builder_text(builder, open->after);
    }
    if (open->marks) {
        builder_close_inline(builder, open->closes);
    }
    for (int i = 0; i < open->containers; i++) {
        builder_close(builder);
    }
}

void elements_close_to(struct elements *elements, const struct open_element *open)
{
    size_t left = (size_t)(open - elements->open);

    while (elements->count > left) {
        pop(elements);
    }
}

void elements_enter(struct elements *elements)
{
    if (elements->fences_excess > 0 || elements_push(elements, SENSE_FENCE, STR("")) == NULL) {
        elements->fences_excess++;
    }
}

void elements_leave(struct elements *elements)
{
    if (elements->fences_excess > 0) {
        elements->fences_excess--;
        return;
    }
    while (elements->count > 0 && elements->open[elements->count - 1].sense != SENSE_FENCE) {
        pop(elements);
    }
    elements->count -= elements->count > 0;
}

void elements_begin_paragraph(struct elements *elements)
{
    elements->in_paragraph = true;
}

void elements_end_paragraph(struct elements *elements)
{
    while (elements->count > 0 && elements->open[elements->count - 1].in_paragraph &&
           elements->open[elements->count - 1].sense <= SENSE_ABBREVIATION) {
        pop(elements);
    }
    while (elements->builder->has_words && elements->count > 0 &&
           elements->open[elements->count - 1].in_paragraph &&
           elements->open[elements->count - 1].sense == SENSE_LINK) {
        pop(elements); /* one that has no words yet finds them in the next */
    }
    elements->in_paragraph = false;
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* The names that open and close what this one does: every row's cells are alike. */
static bool closes(const struct open_element *open, const struct meaning *meaning, struct str name)
{
    if (open->sense == SENSE_TABLE || open->sense == SENSE_ROW || open->sense == SENSE_CELL) {
        return meaning->sense == open->sense;
    }
    return str_equal_nocase(open->name, name);
}

static void close_tag(struct elements *elements, struct str name)
{
    const struct meaning *meaning = meaning_find(name);

    for (size_t i = elements->count; i-- > 0;) {
        if (elements->open[i].sense == SENSE_FENCE) {
            break;
        }
        if (closes(&elements->open[i], meaning, name)) {
            elements_close_to(elements, &elements->open[i]);
            return;
        }
    }
    if (meaning->sense == SENSE_PART || meaning->sense == SENSE_FIGURE) {
        builder_part(elements->builder);
    }
}

static void open_tag(struct elements *elements, const struct token *token)
{
    const struct meaning *meaning = meaning_find(token->name);
    struct tag tag;

    tag_read(elements, token, &tag);
    if (ways[meaning->sense].open != NULL) {
        ways[meaning->sense].open(elements, meaning, &tag);
    }
}

static struct str html_text(struct elements *elements, struct str text)
{
    return blanks_collapse(elements->builder->scratch, entities_decode(&elements->entities, text));
}

static int count_lines(struct str text)
{
    int count = 0;

    for (size_t at = str_find(text, '\n'); at < text.len; at = str_find(text, '\n')) {
        count++;
        text = str_skip(text, at + 1);
    }
    return count;
}

void elements_html(struct elements *elements, struct str html)
{
    struct token token;

    while (html_next(&html, &elements->patience, &token)) {
        if (token.kind == TOKEN_TEXT) {
            elements_text(elements, html_text(elements, token.text));
        } else if (token.kind == TOKEN_OPEN && token.name.len > 0) {
            open_tag(elements, &token);
        } else if (token.kind == TOKEN_CLOSE && token.name.len > 0) {
            close_tag(elements, token.name);
        }
        elements->builder->line += count_lines(token.text);
    }
}
