/* The elements, one row each, and what opening and closing them does to the document. */
#include "elements.h"

#include <stdlib.h>

#include "base/strbuf.h"
#include "base/utf8.h"

struct meaning {
    struct str name;
    enum sense sense;
    struct str before; /* of MARKED; of MEDIA: what it is called when it has no title */
    struct str after;
};

/* Source: HTML Standard, "Elements"; gemtext.md, "Raw HTML". In order of names. */
static const struct meaning meanings[] = {
    { STR_INIT("a"), SENSE_LINK },
    { STR_INIT("abbr"), SENSE_ABBREVIATION },
    { STR_INIT("address"), SENSE_PART },
    { STR_INIT("article"), SENSE_PART },
    { STR_INIT("aside"), SENSE_PART },
    { STR_INIT("audio"), SENSE_MEDIA, .before = STR_INIT("audio") },
    { STR_INIT("b"), SENSE_STRONG },
    { STR_INIT("big"), SENSE_INLINE },
    { STR_INIT("blockquote"), SENSE_QUOTE },
    { STR_INIT("body"), SENSE_PART },
    { STR_INIT("br"), SENSE_BREAK },
    { STR_INIT("button"), SENSE_INLINE },
    { STR_INIT("canvas"), SENSE_PART },
    { STR_INIT("caption"), SENSE_PART },
    { STR_INIT("center"), SENSE_PART },
    { STR_INIT("cite"), SENSE_EMPHASIS },
    { STR_INIT("code"), SENSE_MARKED, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("col"), SENSE_INLINE },
    { STR_INIT("colgroup"), SENSE_INLINE },
    { STR_INIT("data"), SENSE_INLINE },
    { STR_INIT("dd"), SENSE_PART },
    { STR_INIT("del"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("details"), SENSE_PART },
    { STR_INIT("dfn"), SENSE_EMPHASIS },
    { STR_INIT("dialog"), SENSE_PART },
    { STR_INIT("div"), SENSE_PART },
    { STR_INIT("dl"), SENSE_PART },
    { STR_INIT("dt"), SENSE_PART },
    { STR_INIT("em"), SENSE_EMPHASIS },
    { STR_INIT("embed"), SENSE_MEDIA },
    { STR_INIT("fieldset"), SENSE_PART },
    { STR_INIT("figcaption"), SENSE_CAPTION },
    { STR_INIT("figure"), SENSE_FIGURE },
    { STR_INIT("font"), SENSE_INLINE },
    { STR_INIT("footer"), SENSE_PART },
    { STR_INIT("form"), SENSE_PART },
    { STR_INIT("h1"), SENSE_HEADING },
    { STR_INIT("h2"), SENSE_HEADING },
    { STR_INIT("h3"), SENSE_HEADING },
    { STR_INIT("h4"), SENSE_HEADING },
    { STR_INIT("h5"), SENSE_HEADING },
    { STR_INIT("h6"), SENSE_HEADING },
    { STR_INIT("header"), SENSE_PART },
    { STR_INIT("hgroup"), SENSE_PART },
    { STR_INIT("hr"), SENSE_RULE },
    { STR_INIT("html"), SENSE_PART },
    { STR_INIT("i"), SENSE_EMPHASIS },
    { STR_INIT("iframe"), SENSE_MEDIA },
    { STR_INIT("img"), SENSE_IMAGE },
    { STR_INIT("input"), SENSE_INPUT },
    { STR_INIT("ins"), SENSE_INLINE },
    { STR_INIT("kbd"), SENSE_MARKED, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("label"), SENSE_INLINE },
    { STR_INIT("legend"), SENSE_PART },
    { STR_INIT("li"), SENSE_ITEM },
    { STR_INIT("link"), SENSE_INLINE },
    { STR_INIT("main"), SENSE_PART },
    { STR_INIT("mark"), SENSE_INLINE },
    { STR_INIT("math"), SENSE_INLINE },
    { STR_INIT("menu"), SENSE_LIST },
    { STR_INIT("meta"), SENSE_INLINE },
    { STR_INIT("meter"), SENSE_INLINE },
    { STR_INIT("nav"), SENSE_PART },
    { STR_INIT("nobr"), SENSE_INLINE },
    { STR_INIT("noscript"), SENSE_PART },
    { STR_INIT("object"), SENSE_MEDIA },
    { STR_INIT("ol"), SENSE_ORDERED },
    { STR_INIT("optgroup"), SENSE_PART },
    { STR_INIT("option"), SENSE_PART },
    { STR_INIT("output"), SENSE_INLINE },
    { STR_INIT("p"), SENSE_PART },
    { STR_INIT("param"), SENSE_INLINE },
    { STR_INIT("picture"), SENSE_INLINE },
    { STR_INIT("pre"), SENSE_PART }, /* whole ones have been seen to by then */
    { STR_INIT("progress"), SENSE_INLINE },
    { STR_INIT("q"), SENSE_MARKED, STR_INIT("“"), STR_INIT("”") },
    { STR_INIT("rb"), SENSE_INLINE },
    { STR_INIT("rp"), SENSE_HIDDEN },
    { STR_INIT("rt"), SENSE_MARKED, STR_INIT("("), STR_INIT(")") },
    { STR_INIT("ruby"), SENSE_INLINE },
    { STR_INIT("s"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("samp"), SENSE_MARKED, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("section"), SENSE_PART },
    { STR_INIT("select"), SENSE_PART },
    { STR_INIT("small"), SENSE_INLINE },
    { STR_INIT("source"), SENSE_MEDIA },
    { STR_INIT("span"), SENSE_INLINE },
    { STR_INIT("strike"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("strong"), SENSE_STRONG },
    { STR_INIT("sub"), SENSE_SUB },
    { STR_INIT("summary"), SENSE_PART },
    { STR_INIT("sup"), SENSE_SUP },
    { STR_INIT("table"), SENSE_TABLE },
    { STR_INIT("tbody"), SENSE_INLINE },
    { STR_INIT("td"), SENSE_CELL },
    { STR_INIT("textarea"), SENSE_PART },
    { STR_INIT("tfoot"), SENSE_INLINE },
    { STR_INIT("th"), SENSE_CELL },
    { STR_INIT("thead"), SENSE_INLINE },
    { STR_INIT("time"), SENSE_INLINE },
    { STR_INIT("tr"), SENSE_ROW },
    { STR_INIT("track"), SENSE_INLINE },
    { STR_INIT("tt"), SENSE_MARKED, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("u"), SENSE_INLINE },
    { STR_INIT("ul"), SENSE_LIST },
    { STR_INIT("var"), SENSE_EMPHASIS },
    { STR_INIT("video"), SENSE_MEDIA, .before = STR_INIT("video") },
    { STR_INIT("wbr"), SENSE_INLINE },
};

static int compare_nocase(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < len; i++) {
        int difference = byte_lower(a.ptr[i]) - byte_lower(b.ptr[i]);

        if (difference != 0) {
            return difference;
        }
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static int by_name(const void *name, const void *meaning)
{
    return compare_nocase(*(const struct str *)name, ((const struct meaning *)meaning)->name);
}

static bool has_small_letter(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') {
            return true;
        }
    }
    return false;
}

/* Generators' tags begin with a colon, components with a capital: <Image> is not <image>, but <IMG>
 * is. */
static const struct meaning *find_meaning(struct str name)
{
    static const struct meaning component = { STR_INIT(""), SENSE_COMPONENT,
                                              .before = STR_INIT("") };
    const struct meaning *meaning;

    if (*name.ptr == ':' || (*name.ptr >= 'A' && *name.ptr <= 'Z' && has_small_letter(name))) {
        return &component;
    }
    meaning =
        bsearch(&name, meanings, sizeof meanings / sizeof meanings[0], sizeof meanings[0], by_name);
    return meaning != NULL ? meaning : &component;
}

void elements_init(struct elements *elements, struct builder *builder, struct prepared *prepared)
{
    *elements = (struct elements){
        .builder = builder,
        .prepared = prepared,
        .patience = 4 * prepared->text.len,
    };
    entities_init(&elements->entities, builder->scratch);
}

/* Any blanks, line ends too, are one. */
static struct str collapse(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_blank(text.ptr[i])) {
            out[len++] = text.ptr[i];
        } else if (len == 0 || out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    return (struct str){ out, len };
}

/* ---- attributes ------------------------------------------------------------------------------ */

struct str tag_value(const struct tag *tag, const char *name)
{
    for (size_t i = 0; i < tag->count; i++) {
        if (str_equal_nocase(tag->attributes[i].name, str_from(name))) {
            return tag->attributes[i].value;
        }
    }
    return STR("");
}

/* An expression that is a string, or names what was imported; else an empty text. */
static struct str evaluate(const struct elements *elements, struct str expression)
{
    size_t index;
    struct str name;

    expression = str_trim(expression);
    if (expression.len >= 2 && strchr("\"'`", *expression.ptr) != NULL &&
        expression.ptr[expression.len - 1] == *expression.ptr &&
        str_find_str(expression, STR("${")) == expression.len) {
        return str_first(str_skip(expression, 1), expression.len - 2);
    }
    str_cut(expression, '.', &name, NULL); /* hero.src */
    if (map_find(&elements->prepared->imports, name, &index)) {
        return elements->prepared->import_paths[index];
    }
    return STR("");
}

static struct str attribute_value(struct elements *elements, const struct attribute *attribute)
{
    struct arena *scratch = elements->builder->scratch;
    struct str value = attribute->value;

    value = attribute->expression ? evaluate(elements, value)
                                  : entities_decode(&elements->entities, value);
    return collapse(scratch, utf8_clean(scratch, value, NULL));
}

static void read_tag(struct elements *elements, const struct token *token, struct tag *tag)
{
    struct str rest = token->attributes;

    *tag = (struct tag){ .name = token->name, .source = token->text, .empty = token->empty };
    while (tag->count < ATTRIBUTES_MAX && html_attribute(&rest, &tag->attributes[tag->count])) {
        struct attribute *attribute = &tag->attributes[tag->count++];

        attribute->value = attribute_value(elements, attribute);
    }
}

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

static void close_script(struct elements *elements, const struct open_element *open);
static void close_caption(struct elements *elements, const struct open_element *open);

static void pop(struct elements *elements)
{
    struct builder *builder = elements->builder;
    struct open_element *open = &elements->open[--elements->count];

    if (open->sense == SENSE_SUP || open->sense == SENSE_SUB) {
        close_script(elements, open);
    }
    if (open->after.len > 0 && builder->in_leaf) {
        builder_text(builder, open->after);
    }
    if (open->marks) {
        builder_close_inline(builder, open->closes);
    }
    if (open->sense == SENSE_HIDDEN) {
        elements->hidden--;
    } else if (open->sense == SENSE_CELL && open->containers == 0 && builder_in_cell(builder)) {
        builder_end(builder);
    } else if (open->sense == SENSE_CAPTION) {
        close_caption(elements, open);
    } else if (open->sense == SENSE_TABLE) {
        table_close(elements, open);
    } else if (open->sense == SENSE_HEADING || open->sense == SENSE_FIGURE) {
        builder_part(builder);
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
    while (elements->count > 0 && elements->open[elements->count - 1].in_paragraph &&
           elements->open[elements->count - 1].sense == SENSE_LINK) {
        pop(elements);
    }
    elements->in_paragraph = false;
}

/* ---- single elements ------------------------------------------------------------------------- */

static void open_marked(struct elements *elements, const struct meaning *meaning,
                        const struct tag *tag)
{
    struct open_element *open = elements_push(elements, meaning->sense, tag->name);

    if (open != NULL) {
        builder_text(elements->builder, meaning->before);
        open->after = meaning->after;
    }
}

static void open_mark(struct elements *elements, enum sense sense, const struct tag *tag,
                      enum run_kind kind)
{
    struct open_element *open = elements_push(elements, sense, tag->name);

    if (open != NULL) {
        open->marks = true;
        open->closes = kind;
        builder_open_inline(elements->builder, kind);
    }
}

static void open_abbreviation(struct elements *elements, const struct tag *tag)
{
    struct open_element *open = elements_push(elements, SENSE_ABBREVIATION, tag->name);
    struct str title = tag_value(tag, "title");

    if (open != NULL && title.len > 0) {
        open->after = arena_printf(elements->builder->scratch, " (%.*s)", STR_ARG(title));
    }
}

static void open_script(struct elements *elements, enum sense sense, const struct tag *tag)
{
    struct open_element *open = elements_push(elements, sense, tag->name);

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
static void close_script(struct elements *elements, const struct open_element *open)
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

static void open_container(struct elements *elements, enum sense sense, const struct tag *tag)
{
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

static void open_item(struct elements *elements, const struct tag *tag)
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
    elements_push(elements, SENSE_ITEM, tag->name)->containers = 1;
    if (builder_in_cell(elements->builder)) {
        builder_text(elements->builder, STR("• "));
    }
}

static void open_heading(struct elements *elements, const struct tag *tag)
{
    struct open_element *open;

    builder_part(elements->builder);
    open = elements_push(elements, SENSE_HEADING, tag->name);
    if (open != NULL && !builder_in_cell(elements->builder)) {
        builder_begin(elements->builder, BLOCK_HEADING, tag->name.ptr[1] - '0');
    }
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

static void open_link(struct elements *elements, const struct tag *tag)
{
    struct str url = str_trim(tag_value(tag, "href"));
    struct open_element *open;
    struct open_element *before = elements_find(elements, SENSE_LINK, SENSE_FENCE);

    if (before != NULL) {
        elements_close_to(elements, before);
    }
    open = url.len > 0 ? elements_push(elements, SENSE_LINK, tag->name) : NULL;
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

static void add_image(struct elements *elements, const struct tag *tag)
{
    struct str url = str_trim(tag_value(tag, "src"));
    struct str words = tag_value(tag, "alt");

    if (url.len == 0 || str_starts_with(url, STR("data:"))) {
        struct str later = tag_value(tag, "data-src"); /* for browsers to fetch when it is seen */

        url = later.len > 0 ? later : url;
    }
    if (url.len > 0) {
        elements_link(elements, url, words.len > 0 ? words : tag_value(tag, "title"), true);
    } else {
        elements_text(elements, words);
    }
}

/* A film, a sound, a page in the page: a link of its own. */
static void add_media(struct elements *elements, const struct meaning *meaning,
                      const struct tag *tag)
{
    struct str url = str_trim(tag_value(tag, "src"));
    struct str title = tag_value(tag, "title");
    struct arena *scratch = elements->builder->scratch;

    url = url.len > 0 ? url : tag_value(tag, "data");
    url = url.len > 0 ? url : tag_value(tag, "data-src");
    title = title.len > 0 ? title : tag_value(tag, "aria-label");
    if (url.len == 0) {
        return;
    }
    if (meaning->before.len > 0) {
        title = arena_printf(scratch, "%.*s%s[%.*s]", STR_ARG(title), title.len > 0 ? " " : "",
                             STR_ARG(meaning->before));
    }
    builder_part(elements->builder);
    elements_link(elements, url, title, false);
    builder_part(elements->builder);
}

static void add_input(struct elements *elements, const struct tag *tag)
{
    bool checked = false;

    if (!str_equal_nocase(tag_value(tag, "type"), STR("checkbox"))) {
        return;
    }
    for (size_t i = 0; i < tag->count; i++) {
        checked |= str_equal_nocase(tag->attributes[i].name, STR("checked"));
    }
    builder_text(elements->builder, checked ? STR("[x] ") : STR("[ ] "));
}

/* ---- figures --------------------------------------------------------------------------------- */

/* Whether the leaf is nothing but one image that nobody described. */
static bool is_wordless_image(const struct block *leaf)
{
    if (leaf == NULL || leaf->link_count == 0 || !leaf->links[leaf->link_count - 1].image ||
        leaf->links[leaf->link_count - 1].title.len > 0) {
        return false;
    }
    for (size_t i = 0; i < leaf->run_count; i++) {
        if (leaf->runs[i].kind == RUN_TEXT && str_trim(leaf->runs[i].text).len > 0) {
            return false;
        }
    }
    return true;
}

static void open_caption(struct elements *elements, const struct tag *tag)
{
    struct builder *builder = elements->builder;
    struct open_element *open;

    builder_part(builder);
    open = elements_push(elements, SENSE_CAPTION, tag->name);
    if (open != NULL) {
        open->leaf = builder->last_leaf;
        open->place = builder->levels[builder->depth].end;
    }
}

/* A caption describes an image that has no words of its own, and need not be said twice. */
static void close_caption(struct elements *elements, const struct open_element *open)
{
    struct builder *builder = elements->builder;
    struct block *image = open->leaf;
    struct block *caption;
    struct str words;

    builder_part(builder);
    caption = *open->place;
    if (caption == NULL || caption->next != NULL || caption->kind != BLOCK_PARAGRAPH ||
        caption->link_count > 0 || image == NULL || image->next != caption) {
        return;
    }
    words = str_trim(document_plain_text(builder->arena, caption, 0, caption->run_count));
    if (is_wordless_image(image)) {
        image->links[image->link_count - 1].title = words;
    } else if (!str_equal(words, str_trim(document_plain_text(builder->scratch, image, 0,
                                                              image->run_count)))) {
        return;
    }
    *open->place = NULL;
    builder->levels[builder->depth].end = open->place;
    builder->last_leaf = image;
}

/* ---- tags ------------------------------------------------------------------------------------ */

static void open_element(struct elements *elements, const struct meaning *meaning,
                         const struct tag *tag)
{
    struct builder *builder = elements->builder;

    switch (meaning->sense) {
    case SENSE_INLINE:
        break;
    case SENSE_PART:
        builder_part(builder);
        break;
    case SENSE_MARKED:
        open_marked(elements, meaning, tag);
        break;
    case SENSE_EMPHASIS:
        open_mark(elements, meaning->sense, tag, RUN_EMPHASIS);
        break;
    case SENSE_STRONG:
        open_mark(elements, meaning->sense, tag, RUN_STRONG);
        break;
    case SENSE_SUP:
    case SENSE_SUB:
        open_script(elements, meaning->sense, tag);
        break;
    case SENSE_ABBREVIATION:
        open_abbreviation(elements, tag);
        break;
    case SENSE_BREAK:
        builder_break(builder, true);
        break;
    case SENSE_RULE:
        if (!builder_in_cell(builder)) {
            builder_add(builder, BLOCK_RULE);
        }
        break;
    case SENSE_HEADING:
        open_heading(elements, tag);
        break;
    case SENSE_QUOTE:
    case SENSE_LIST:
    case SENSE_ORDERED:
        open_container(elements, meaning->sense, tag);
        break;
    case SENSE_ITEM:
        open_item(elements, tag);
        break;
    case SENSE_TABLE:
        table_open(elements);
        break;
    case SENSE_ROW:
        table_open_row(elements);
        break;
    case SENSE_CELL:
        table_open_cell(elements);
        break;
    case SENSE_FIGURE:
        builder_part(builder);
        break;
    case SENSE_CAPTION:
        open_caption(elements, tag);
        break;
    case SENSE_LINK:
        open_link(elements, tag);
        break;
    case SENSE_IMAGE:
        add_image(elements, tag);
        break;
    case SENSE_MEDIA:
        add_media(elements, meaning, tag);
        break;
    case SENSE_INPUT:
        add_input(elements, tag);
        break;
    case SENSE_HIDDEN:
        if (elements_push(elements, SENSE_HIDDEN, tag->name) != NULL) {
            elements->hidden++;
        }
        break;
    case SENSE_COMPONENT:
        component_open(elements, tag);
        break;
    case SENSE_FENCE:
        break;
    }
}

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
    const struct meaning *meaning = find_meaning(name);

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
    struct tag tag;

    read_tag(elements, token, &tag);
    open_element(elements, find_meaning(tag.name), &tag);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* A footnote's mark, numbered by first use. */
static void refer_to_note(struct elements *elements, const struct mark *mark)
{
    struct note *note = &elements->prepared->notes[mark->note];

    if (!note->defined) {
        builder_text(elements->builder, mark->source);
        return;
    }
    if (note->number == 0) {
        note->number = ++elements->notes_used;
    }
    builder_text(elements->builder,
                 arena_printf(elements->builder->scratch, "[^%zu]", note->number));
}

static void add_code(struct elements *elements, struct str text, struct str info)
{
    struct block *code = builder_add(elements->builder, BLOCK_CODE);
    struct arena *arena = elements->builder->arena;

    while (text.len > 0 && byte_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    code->text = arena_printf(arena, "%.*s\n", STR_ARG(text));
    code->info = arena_copy(arena, info);
    code->fenced = true;
}

/* "language-c" in the class of <pre> or <code>. */
static struct str language_of(struct elements *elements, const struct token *token)
{
    struct tag tag;
    struct str class;
    size_t at;

    read_tag(elements, token, &tag);
    class = tag_value(&tag, "class");
    at = str_find_str(class, STR("language-"));
    if (at < class.len) {
        str_cut(str_skip(class, at + STR("language-").len), ' ', &class, NULL);
        return class;
    }
    return tag_value(&tag, "lang");
}

/* <pre>: the text in it as it is, its tags gone. */
static void add_pre(struct elements *elements, struct str html)
{
    struct strbuf text;
    struct token token;
    struct str info = STR("");
    struct str first;

    strbuf_init(&text, elements->builder->scratch, html.len * 2 + 64);
    while (html_next(&html, &elements->patience, &token)) {
        if (token.kind == TOKEN_TEXT) {
            strbuf_add(&text, prepared_restore(elements->prepared, elements->builder->scratch,
                                               entities_decode(&elements->entities, token.text)));
        } else if (token.kind == TOKEN_OPEN && info.len == 0) {
            info = language_of(elements, &token);
        }
        if (token.kind == TOKEN_OPEN && str_equal_nocase(token.name, STR("br"))) {
            strbuf_add_byte(&text, '\n');
        }
    }
    first = strbuf_str(&text);
    add_code(elements, str_skip(first, str_starts_with(first, STR("\n"))), info);
}

/* "URL label" of a line of gemtext's. */
static void add_line(struct elements *elements, struct str text)
{
    struct str url;
    struct str label;

    str_cut(text, ' ', &url, &label);
    builder_part(elements->builder);
    elements_link(elements, url, str_trim(label), false);
    builder_part(elements->builder);
}

static void add_mark(struct elements *elements, const struct mark *mark)
{
    elements->builder->line = mark->line;
    switch (mark->kind) {
    case MARK_TAGS:
        elements_html(elements, mark->text);
        break;
    case MARK_TEXT:
        builder_text(elements->builder, str_find(mark->text, '\n') == mark->text.len
                                            ? mark->text
                                            : collapse(elements->builder->scratch, mark->text));
        break;
    case MARK_FORMULA:
        add_code(elements, mark->text, STR("math"));
        break;
    case MARK_PRE:
        add_pre(elements, mark->text);
        break;
    case MARK_LINE:
        add_line(elements, mark->text);
        break;
    case MARK_NOTE:
        refer_to_note(elements, mark);
        break;
    case MARK_STARTS:
    case MARK_NOTHING:
        break;
    }
}

static struct str without_joiners(struct elements *elements, struct str text)
{
    struct strbuf out;
    size_t at = str_find(text, JOINER);

    if (at == text.len) {
        return text;
    }
    strbuf_init(&out, elements->builder->scratch, text.len);
    while (text.len > 0) {
        strbuf_add(&out, str_first(text, at));
        text = str_skip(text, at + 1);
        at = str_find(text, JOINER);
    }
    return strbuf_str(&out);
}

/* Without joiners, and without what entities can smuggle in. */
static struct str clean_text(struct elements *elements, struct str text)
{
    text = without_joiners(elements, text);
    return elements->prepared->references ? utf8_clean(elements->builder->scratch, text, NULL)
                                          : text;
}

static bool ends_in_blank(const struct builder *builder)
{
    const struct run *last = builder->run_count > 0 ? &builder->runs[builder->run_count - 1] : NULL;

    return builder->in_leaf && last != NULL && last->kind == RUN_TEXT &&
           str_ends_with(last->text, STR(" "));
}

void elements_text(struct elements *elements, struct str text)
{
    while (text.len > 0) {
        size_t at;
        size_t len;
        struct mark *mark = prepared_find(elements->prepared, text, &at, &len);

        if (at > 0 && *text.ptr == ' ' && ends_in_blank(elements->builder)) {
            text = str_skip(text, 1); /* something that left nothing stood between two */
            at--;
        }
        if (at > 0 && elements->hidden == 0) {
            builder_text(elements->builder, clean_text(elements, str_first(text, at)));
        }
        if (mark != NULL && !mark->shown && elements->hidden == 0) {
            mark->shown = true; /* entities can write a mark's bytes, and ask for it once more */
            add_mark(elements, mark);
        }
        text = str_skip(text, at + len);
    }
}

static struct str html_text(struct elements *elements, struct str text)
{
    struct arena *scratch = elements->builder->scratch;

    return collapse(scratch, utf8_clean(scratch, entities_decode(&elements->entities, text), NULL));
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
