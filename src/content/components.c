/* Components of MDX and tags of the generators: nobody knows what each of the world's themes shows
 * for its own, but their attributes have speaking names. */
#include "base/strbuf.h"
#include "elements.h"
#include "embeds.h"

/* Attributes that hold an address, or words that the page shows. */
static const char *const image_names[] = { "src", "image", "img", "cover", "poster", "thumbnail" };
static const char *const link_names[] = { "href", "url", "link", "to", "file", "video", "doc" };
static const char *const title_names[] = {
    "title", "caption", "summary", "heading", "label", "name"
};
static const char *const description_names[] = { "description", "desc" };
static const char *const text_names[] = { "description", "desc",   "text", "content",
                                          "quote",       "author", "cite", "source" };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Boxes that have a name for what kind of box they are. */
static const struct {
    struct str name;
    struct str label;
} notices[] = {
    { STR_INIT("note"), STR_INIT("Note") },
    { STR_INIT("tip"), STR_INIT("Tip") },
    { STR_INIT("info"), STR_INIT("Info") },
    { STR_INIT("warning"), STR_INIT("Warning") },
    { STR_INIT("caution"), STR_INIT("Caution") },
    { STR_INIT("danger"), STR_INIT("Danger") },
    { STR_INIT("error"), STR_INIT("Error") },
    { STR_INIT("important"), STR_INIT("Important") },
    { STR_INIT("success"), STR_INIT("Success") },
    { STR_INIT("hint"), STR_INIT("Hint") },
    { STR_INIT("question"), STR_INIT("Question") },
    { STR_INIT("attention"), STR_INIT("Attention") },
    { STR_INIT("alert"), STR_INIT("Note") },
    { STR_INIT("warn"), STR_INIT("Warning") },
};

static const struct str notice_prefixes[] = { STR_INIT("callout-"), STR_INIT("admonition-"),
                                              STR_INIT("alert-"), STR_INIT("aside-") };

static struct str notice_label(struct str name)
{
    for (size_t i = 0; i < COUNT(notices); i++) {
        if (str_equal_nocase(notices[i].name, name)) {
            return notices[i].label;
        }
    }
    return STR("");
}

static struct str first_value(const struct tag *tag, const char *const *names, size_t count)
{
    struct str value = STR("");

    for (size_t i = 0; i < count && value.len == 0; i++) {
        value = str_trim(tag_value(tag, names[i]));
    }
    return value;
}

/* What is neither empty nor a word of code ("true", a colour). */
static bool is_address(struct str value)
{
    return value.len > 0 && str_find(value, ' ') == value.len &&
           (str_find(value, '/') < value.len || str_find(value, '.') < value.len ||
            str_find(value, MARK_START) < value.len);
}

static bool is_absolute(struct str value)
{
    return str_starts_with(value, STR("https://")) || str_starts_with(value, STR("http://"));
}

static bool is_picture(struct str url)
{
    static const struct str endings[] = { STR_INIT(".png"),  STR_INIT(".jpg"), STR_INIT(".jpeg"),
                                          STR_INIT(".gif"),  STR_INIT(".svg"), STR_INIT(".webp"),
                                          STR_INIT(".avif"), STR_INIT(".bmp") };

    url = str_first(url, str_find(url, '?'));
    for (size_t i = 0; i < COUNT(endings); i++) {
        if (url.len > endings[i].len &&
            str_equal_nocase(str_skip(url, url.len - endings[i].len), endings[i])) {
            return true;
        }
    }
    return false;
}

static bool contains_nocase(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++) {
        if (str_equal_nocase(str_first(str_skip(text, i), part.len), part)) {
            return true;
        }
    }
    return false;
}

static bool names_picture(struct str name)
{
    return contains_nocase(name, STR("im")) || contains_nocase(name, STR("figure")) ||
           contains_nocase(name, STR("photo")) || contains_nocase(name, STR("pic"));
}

/* {% avatar "https://ada.example/" %}: a picture of whoever is named beside it. */
static bool is_avatar(const struct tag *tag, struct str name)
{
    return *tag->name.ptr == ':' && tag->empty && tag->count <= 1 &&
           contains_nocase(name, STR("avatar"));
}

/* ---- what is shown of one -------------------------------------------------------------------- */

/* A paragraph of its own, or words in the sentence that the tag stands in. */
static void say(struct elements *elements, struct str words, bool apart)
{
    if (words.len == 0) {
        return;
    }
    if (apart) {
        builder_part(elements->builder);
    }
    elements_text(elements, words);
    if (apart) {
        builder_part(elements->builder);
    }
}

static void show_picture(struct elements *elements, const struct tag *tag, struct str url,
                         bool apart)
{
    struct str alt = str_trim(tag_value(tag, "alt"));
    struct str caption = str_trim(tag_value(tag, "caption"));
    struct str title = str_trim(tag_value(tag, "title"));
    struct str words = alt.len > 0 ? alt : caption.len > 0 ? caption : title;
    struct str link = first_value(tag, link_names, COUNT(link_names));

    if (words.len == 0) {
        words = tag_value(tag, "1"); /* {% image "a.png", "what it shows" %} */
    }
    if (apart) {
        builder_part(elements->builder);
    }
    elements_link(elements, url, words, true);
    if (is_address(link)) {
        elements_link(elements, link, title.len > 0 ? title : words, false);
    }
    say(elements, str_equal(title, words) ? STR("") : title, apart);
    say(elements, str_equal(caption, words) ? STR("") : caption, apart);
    say(elements, first_value(tag, description_names, COUNT(description_names)), apart);
    if (apart) {
        builder_part(elements->builder);
    }
}

/* A word for people: not a kind, a number, an address, a colour. */
static bool is_title(struct str value)
{
    bool people = value.len > 0 && *value.ptr >= 'A' && *value.ptr <= 'Z';

    for (size_t i = 0; i < value.len; i++) {
        people |= value.ptr[i] == ' ' || ((unsigned char)value.ptr[i] & 0x80) != 0;
    }
    return people && !is_address(value);
}

/* An argument that is a title by its looks alone: {{< admonition tip "Low tide" >}}. */
static struct str title_by_place(const struct tag *tag)
{
    for (size_t i = 0; i < tag->count && *tag->name.ptr == ':'; i++) {
        if (byte_is_digit(*tag->attributes[i].name.ptr) && is_title(tag->attributes[i].value)) {
            return tag->attributes[i].value;
        }
    }
    return STR("");
}

static struct str title_of(const struct tag *tag)
{
    struct str title = first_value(tag, title_names, COUNT(title_names));

    return title.len > 0 ? title : title_by_place(tag);
}

static void show_notice(struct elements *elements, struct str label, const struct tag *tag)
{
    struct arena *scratch = elements->builder->scratch;
    struct str title = title_of(tag);

    if (title.len > 0 || tag->empty) {
        say(elements,
            arena_printf(scratch, "%.*s:%s%.*s", STR_ARG(label), title.len > 0 ? " " : "",
                         STR_ARG(title)),
            true);
    } else {
        builder_lead(elements->builder, arena_printf(scratch, "%.*s:", STR_ARG(label)));
    }
}

/* The name a notice goes by: the tag's own, or what kind of callout it says it is. */
static struct str find_notice(const struct tag *tag, struct str name)
{
    struct str label = notice_label(name);

    for (size_t i = 0; i < COUNT(notice_prefixes) && label.len == 0; i++) {
        struct str prefix = notice_prefixes[i];

        if (str_equal_nocase(str_first(name, prefix.len), prefix)) {
            label = notice_label(str_skip(name, prefix.len)); /* <callout-info> */
        }
    }
    if (label.len == 0 || str_equal_nocase(name, STR("alert"))) {
        struct str type = tag_value(tag, "type");
        struct str kind = notice_label(type.len > 0 ? type : tag_value(tag, "0"));

        label = kind.len > 0 ? kind : label;
    }
    return label;
}

/* Whether there were any. */
static bool show_words(struct elements *elements, const struct tag *tag, bool apart)
{
    bool said = false;

    for (size_t i = 0; i < COUNT(title_names); i++) {
        struct str words = str_trim(tag_value(tag, title_names[i]));

        /* a name is for machines more often than not */
        if (str_find(words, ' ') < words.len || !str_equal(str_from(title_names[i]), STR("name"))) {
            say(elements, words, apart);
            said |= words.len > 0;
        }
    }
    for (size_t i = 0; i < COUNT(text_names); i++) {
        struct str words = str_trim(tag_value(tag, text_names[i]));

        say(elements, words, apart);
        said |= words.len > 0;
    }
    if (!said && !tag->empty) {
        struct str words = title_by_place(tag);

        say(elements, words, apart);
        said = words.len > 0;
    }
    return said;
}

/* A tag with an address: round its content, or alone with its title for words. One that starts a
 * sentence belongs to it. */
static void show_link(struct elements *elements, const struct tag *tag, struct str url, bool first)
{
    struct str title = title_of(tag);
    bool apart = first && (elements->alone || !elements->in_paragraph);
    enum sense sense = apart && title.len > 0 ? SENSE_COMPONENT : SENSE_LINK;
    struct open_element *open = tag->empty ? NULL : elements_push(elements, sense, tag->name);

    if (open != NULL && sense == SENSE_COMPONENT) {
        open->in_paragraph = false;
    } else if (open != NULL) {
        open->marks = true;
        open->closes = RUN_LINK;
        builder_open_link(elements->builder,
                          prepared_address(elements->prepared, elements->builder->scratch, url),
                          title, false);
        return;
    }
    if (apart) {
        builder_part(elements->builder);
    }
    if (title.len == 0) {
        title = first_value(tag, text_names, COUNT(text_names));
    }
    elements_link(elements, url, title, false);
    if (apart) {
        builder_part(elements->builder);
        say(elements, first_value(tag, description_names, COUNT(description_names)), true);
    }
}

/* Whose words a quote is: Hexo's {% blockquote Ada Lee, Knots https://a.example/ Chapter 1 %} has
 * the author before the address and the title behind it. */
static void say_source(struct elements *elements, const struct tag *tag)
{
    struct arena *scratch = elements->builder->scratch;
    struct str author = first_value(tag, text_names, COUNT(text_names));
    struct str title = STR("");
    struct str url = STR("");

    for (size_t i = 0; i < tag->count; i++) {
        struct str value = tag->attributes[i].value;
        struct str *words = url.len > 0 ? &title : &author;

        if (!byte_is_digit(*tag->attributes[i].name.ptr)) {
            continue;
        }
        if (url.len == 0 && is_absolute(value)) {
            url = value;
        } else {
            *words = arena_printf(scratch, "%.*s%s%.*s", STR_ARG(*words), words->len > 0 ? " " : "",
                                  STR_ARG(value));
        }
    }
    if (author.len == 0 && url.len == 0) {
        return;
    }
    builder_part(elements->builder);
    if (url.len == 0 || title.len > 0) {
        elements_text(elements, author);
    }
    if (url.len > 0) {
        elements_text(elements, author.len > 0 && title.len > 0 ? STR(", ") : STR(""));
        elements_link(elements, url, title.len > 0 ? title : author, false);
    }
    if (author.len > 0 || title.len > 0) {
        builder_text(elements->builder, STR(":"));
    }
    builder_part(elements->builder);
}

static void show_quote(struct elements *elements, const struct tag *tag)
{
    struct open_element *open;

    if (tag->empty) {
        show_words(elements, tag, true);
        return;
    }
    builder_open(elements->builder, BLOCK_QUOTE);
    open = elements_push(elements, SENSE_QUOTE, tag->name);
    if (open == NULL) {
        builder_close(elements->builder);
        return;
    }
    open->containers = 1;
    say_source(elements, tag);
}

/* {{< ref "x.md" >}}, {% post_url x %}: an address where an address is not expected. */
static bool is_reference(struct str name)
{
    static const struct str names[] = { STR_INIT("ref"),       STR_INIT("relref"),
                                        STR_INIT("post_url"),  STR_INIT("post_link"),
                                        STR_INIT("post_path"), STR_INIT("asset_link"),
                                        STR_INIT("asset_path") };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (str_equal_nocase(names[i], name)) {
            return true;
        }
    }
    return false;
}

static bool show_special(struct elements *elements, const struct tag *tag, struct str name)
{
    struct str url;
    struct str label;

    if (embed_address(elements->builder->scratch, name, tag->attributes, tag->count, &url,
                      &label)) {
        struct str title = first_value(tag, title_names, COUNT(title_names));

        builder_part(elements->builder);
        elements_link(elements, url, title.len > 0 ? title : label, false);
        builder_part(elements->builder);
        return true;
    }
    if (str_equal_nocase(name, STR("quote")) || str_equal_nocase(name, STR("blockquote")) ||
        str_equal_nocase(name, STR("pullquote"))) {
        show_quote(elements, tag);
        return true;
    }
    if (is_reference(name)) {
        struct str words = tag_value(tag, "1");

        elements_link(elements, tag_value(tag, "address"),
                      words.len > 0 ? words : tag_value(tag, "0"), false);
        return true;
    }
    return false;
}

/* A picture that is only known by what it shows; or what an attribute holds, an element itself. */
static bool show_element(struct elements *elements, const struct tag *tag, struct str name,
                         bool apart)
{
    struct str alt = str_trim(tag_value(tag, "alt"));

    if (alt.len > 0 && names_picture(name)) {
        say(elements, arena_printf(elements->builder->scratch, "%.*s [image]", STR_ARG(alt)),
            apart);
        return true;
    }
    if (tag->element.len == 0 || elements->in_attribute) {
        return false;
    }
    elements->in_attribute = true; /* one in another, as deep as they like, is too much */
    elements_html(elements, tag->element);
    elements->in_attribute = false;
    return true;
}

/* A pair of tags leaves its text behind, and nothing is missing; a tag alone did show something. */
static void report(struct elements *elements, const struct tag *tag, struct str name)
{
    if (*tag->name.ptr == ':' && tag->empty) {
        losses_add(&elements->builder->losses, LOSS_SHORTCODE, elements->builder->line, name);
    } else if (*tag->name.ptr != ':' && (tag->empty || (byte_lower(*name.ptr) == *name.ptr &&
                                                        str_find(name, '-') == name.len))) {
        losses_add(&elements->builder->losses, LOSS_ELEMENT, elements->builder->line, tag->source);
    }
}

void component_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct str name = str_skip(tag->name, *tag->name.ptr == ':');
    bool apart = !elements->builder->in_leaf || !elements->builder->has_words;
    struct str picture = first_value(tag, image_names, COUNT(image_names));
    struct str link = first_value(tag, link_names, COUNT(link_names));
    struct str label = find_notice(tag, name);
    struct str first = tag_value(tag, "0");
    struct open_element *open;
    bool said = true;

    (void)meaning;
    if (is_avatar(tag, name) || show_special(elements, tag, name)) {
        return;
    }
    link = link.len == 0 && is_absolute(first) ? first : link;
    if (label.len > 0) {
        show_notice(elements, label, tag);
    } else if (names_picture(name) && (is_address(picture) || is_address(first))) {
        show_picture(elements, tag, picture.len > 0 ? picture : first, apart);
        return;
    } else if (is_address(picture) && is_picture(picture)) {
        show_picture(elements, tag, picture, apart);
    } else if (is_address(picture) || is_address(link)) {
        show_link(elements, tag, is_address(link) ? link : picture, apart);
        return;
    } else {
        said = (apart || tag->empty) &&
               (show_words(elements, tag, apart) || show_element(elements, tag, name, apart));
    }
    if (!said) {
        report(elements, tag, name);
    }
    open = tag->empty ? NULL : elements_push(elements, SENSE_COMPONENT, tag->name);
    if (open != NULL && apart) {
        open->in_paragraph = false;
    }
}
