/* Elements of a sentence: text between marks, what is raised or lowered, links. */
#include "base/strbuf.h"
#include "elements.h"

void marked_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct open_element *open = elements_push(elements, meaning->sense, tag->name);
    const struct builder *builder = elements->builder;

    if (open != NULL) {
        if (builder->in_leaf && builder->run_count > 0 &&
            str_equal(builder->runs[builder->run_count - 1].text, meaning->before)) {
            builder_text(elements->builder, STR(" ")); /* `one``two` would be one */
        }
        builder_text(elements->builder, meaning->before);
        open->after = meaning->after;
        open->first_run = elements->builder->run_count;
    }
}

/* Two marks with nothing between them are nothing. */
void marked_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;

    if (builder->in_leaf && builder->run_count > 0 && builder->run_count == open->first_run &&
        str_equal(builder->runs[builder->run_count - 1].text, open->after)) {
        builder->run_count--;
        builder->has_words = builder->has_words && builder->run_count > 0;
        open->after = STR("");
    }
}

/* The text of some runs, on one line; a NULL pointer when they hold more than text. */
static struct str join_texts(struct arena *arena, const struct run *runs, size_t count)
{
    struct strbuf text;

    strbuf_init(&text, arena, (size_t)1 << 30);
    for (size_t i = 0; i < count; i++) {
        if (runs[i].kind != RUN_TEXT && runs[i].kind != RUN_SOFT_BREAK) {
            return (struct str){ 0 };
        }
        strbuf_add(&text, runs[i].kind == RUN_TEXT ? runs[i].text : STR(" "));
    }
    return strbuf_str(&text);
}

/* Plain text between two marks of code is what it is between markdown's. */
void code_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;
    size_t first = open->first_run;
    struct str text;

    marked_close(elements, open);
    if (!builder->in_leaf || first == 0 || builder->run_count <= first ||
        !str_equal(builder->runs[first - 1].text, open->after)) {
        return;
    }
    text = join_texts(builder->scratch, &builder->runs[first], builder->run_count - first);
    if (text.ptr != NULL && str_trim(text).len > 0) {
        builder->runs[first - 1] = (struct run){ .kind = RUN_CODE, .text = str_trim(text) };
        builder->run_count = first;
        open->after = STR("");
    }
}

void emphasis_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct open_element *open = elements_push(elements, meaning->sense, tag->name);
    enum run_kind kind = meaning->sense == SENSE_STRONG ? RUN_STRONG : RUN_EMPHASIS;

    if (open != NULL) {
        open->marks = true;
        open->closes = kind;
        builder_open_inline(elements->builder, kind);
    }
}

void abbreviation_open(struct elements *elements, const struct meaning *meaning,
                       const struct tag *tag)
{
    struct open_element *open = elements_push(elements, meaning->sense, tag->name);
    struct str title = tag_value(tag, "title");

    if (open != NULL && title.len > 0) {
        open->after = arena_printf(elements->builder->scratch, " (%.*s)", STR_ARG(title));
    }
}

void script_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct open_element *open = elements_push(elements, meaning->sense, tag->name);

    if (open != NULL) {
        open->first_run = elements->builder->in_leaf ? elements->builder->run_count : 0;
    }
}

static bool is_ordinal(struct str text)
{
    static const struct str ordinals[] = { STR_INIT("st"), STR_INIT("nd"), STR_INIT("rd"),
                                           STR_INIT("th"), STR_INIT("e"),  STR_INIT("er"),
                                           STR_INIT("tm"), STR_INIT("o"),  STR_INIT("a") };

    for (size_t i = 0; i < sizeof ordinals / sizeof ordinals[0]; i++) {
        if (str_equal_nocase(text, ordinals[i])) {
            return true;
        }
    }
    return false;
}

static bool is_number(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_digit(text.ptr[i])) {
            return false;
        }
    }
    return text.len > 0;
}

/* x^2 and a_i keep their meaning in plain text; 1st and H2O need no mark, nor does a sign. */
void script_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;
    size_t first = open->first_run;
    struct str text;
    struct run *run;

    if (!builder->in_leaf || first == 0 || builder->run_count != first + 1) {
        return;
    }
    run = &builder->runs[first];
    text = str_trim(run->text);
    if (run->kind != RUN_TEXT || text.len == 0 || is_ordinal(text) ||
        builder->runs[first - 1].kind != RUN_TEXT ||
        (open->sense == SENSE_SUB && is_number(text)) ||
        !(byte_is_alpha(*text.ptr) || byte_is_digit(*text.ptr) || strchr("-+", *text.ptr))) {
        return;
    }
    run->text =
        arena_printf(builder->scratch, text.len == 1 || is_number(text) ? "%s%.*s" : "%s(%.*s)",
                     open->sense == SENSE_SUP ? "^" : "_", STR_ARG(text));
}

void elements_link(struct elements *elements, struct str url, struct str words, bool image)
{
    struct builder *builder = elements->builder;

    url = prepared_address(elements->prepared, builder->scratch, url);
    if (url.len == 0 && words.len == 0) {
        return;
    }
    builder_open_link(builder, url, STR(""), image);
    elements_text(elements, words);
    builder_close_inline(builder, image ? RUN_IMAGE : RUN_LINK);
}

void anchor_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct str url = str_trim(tag_value(tag, "href"));
    struct open_element *open;
    struct open_element *before = elements_find(elements, SENSE_LINK, SENSE_FENCE);

    if (before != NULL) {
        elements_close_to(elements, before);
    }
    open = url.len > 0 ? elements_push(elements, meaning->sense, tag->name) : NULL;
    if (open != NULL) {
        open->marks = true;
        open->closes = RUN_LINK;
        builder_open_link(elements->builder,
                          prepared_address(elements->prepared, elements->builder->scratch, url),
                          prepared_restore(elements->prepared, elements->builder->scratch,
                                           tag_value(tag, "title")),
                          false);
    }
}

void input_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    bool checked = false;

    (void)meaning;
    if (!str_equal_nocase(tag_value(tag, "type"), STR("checkbox"))) {
        return;
    }
    for (size_t i = 0; i < tag->count; i++) {
        checked |= str_equal_nocase(tag->attributes[i].name, STR("checked"));
    }
    builder_text(elements->builder, checked ? STR("[x] ") : STR("[ ] "));
}
