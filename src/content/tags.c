/* Tags in markdown: what goes whole, with all that is in it, and what cmark must not see because it
 * would take it for text. */
#include "html.h"
#include "preparer.h"

/* What goes whole, with all that is between its two tags. */
static const struct str hidden_names[] = { STR_INIT("script"), STR_INIT("style"), STR_INIT("svg"),
                                           STR_INIT("template") };

static size_t name_length(struct str tag)
{
    size_t len = 0;

    while (1 + len < tag.len &&
           (byte_is_alpha(tag.ptr[1 + len]) || byte_is_digit(tag.ptr[1 + len]) ||
            strchr("-_.:", tag.ptr[1 + len]) != NULL) &&
           tag.ptr[1 + len] != '\0') {
        len++;
    }
    return len;
}

/* The position behind "</name>", from `from` on; 0 when it is not there. */
static size_t find_end_tag(struct preparer *preparer, size_t from, struct str name)
{
    for (size_t at = from;; at += 2) {
        struct str rest;

        at = preparer_find(preparer, at, preparer->in.len, STR("</"));
        rest = str_skip(preparer->in, at + 2);
        if (at >= preparer->in.len) {
            preparer_pay(preparer, preparer->in.len - from);
            return 0;
        }
        if (str_equal_nocase(str_first(rest, name.len), name)) {
            size_t end = at + 2 + str_find(rest, '>');

            return end < preparer->in.len ? end + 1 : preparer->in.len;
        }
    }
}

/* An attribute's value, as long as it stands between double quotes. */
static struct str quoted_value(struct str tag, struct str name)
{
    struct str value = str_skip(tag, str_find_str(tag, name) + name.len);

    return str_first(value, str_find(value, '"'));
}

/* A script that shows something from elsewhere: <script src="https://gist.github.com/a/b.js">. */
static struct str embedded_by(struct preparer *preparer, struct str tag)
{
    static const struct str hosts[] = { STR_INIT("https://gist.github.com/"),
                                        STR_INIT("https://asciinema.org/a/") };

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct str url = str_skip(tag, str_find_str(tag, hosts[i]));
        size_t len = str_find_str(url, STR(".js"));

        if (len < url.len) {
            return arena_printf(preparer->arena, "<iframe src=\"%.*s\">",
                                STR_ARG(str_first(url, len)));
        }
    }
    if (str_find_str(tag, STR("class=\"speakerdeck-embed\"")) < tag.len) {
        return arena_printf(preparer->arena,
                            "<iframe src=\"https://speakerdeck.com/player/%.*s\" title=\"Slides\">",
                            STR_ARG(quoted_value(tag, STR("data-id=\""))));
    }
    return STR("");
}

/* What a reader misses nothing of: looks, and the scripts that turn what stands beside them into
 * something livelier. */
static bool shows_nothing(struct str name, struct str tag)
{
    static const struct str loaders[] = { STR_INIT("/widgets.js"),      STR_INIT("/embed.js"),
                                          STR_INIT("/embeds.js"),       STR_INIT("adsbygoogle"),
                                          STR_INIT("googletagmanager"), STR_INIT("MathJax") };

    if (str_equal_nocase(name, STR("style"))) {
        return true;
    }
    for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++) {
        if (str_find_str(tag, loaders[i]) < tag.len) {
            return true;
        }
    }
    return false;
}

static bool take_hidden(struct preparer *preparer, struct str name, size_t tag_len)
{
    struct str tag = str_first(preparer_rest(preparer), tag_len);
    size_t end = preparer->at + tag_len;
    struct str embed = embedded_by(preparer, tag);

    if (!str_ends_with(tag, STR("/>"))) {
        size_t after = find_end_tag(preparer, end, name);

        end = after > 0 ? after : end;
    }
    if (embed.len > 0) {
        preparer_mark(preparer, end, MARK_TAGS, embed);
        return true;
    }
    if (!shows_nothing(name, tag)) {
        losses_add(preparer->losses, LOSS_SCRIPT, preparer->line, tag);
    }
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    return true;
}

static bool take_pre(struct preparer *preparer, size_t tag_len)
{
    size_t end = find_end_tag(preparer, preparer->at + tag_len, STR("pre"));

    if (end == 0) {
        preparer_mark(preparer, preparer->at + tag_len, MARK_NOTHING, STR(""));
    } else {
        preparer_mark(preparer, end, MARK_PRE,
                      str_first(preparer_rest(preparer), end - preparer->at));
    }
    return true;
}

#define MEDIA_LEN_MAX 8192 /* bytes of an element whose end is looked for */

/* A film or a sound whole: its tags alone, since its text is for browsers that cannot play it. */
static bool take_media(struct preparer *preparer, struct str name, size_t tag_len)
{
    size_t end = find_end_tag(preparer, preparer->at + tag_len, name);
    struct str html = str_first(preparer_rest(preparer), end - preparer->at);
    bool has_source = str_find_str(html, STR("src=")) < html.len;
    struct strbuf tags;
    struct token token;

    if (end == 0 || html.len > MEDIA_LEN_MAX) {
        return false;
    }
    strbuf_init(&tags, preparer->arena, html.len);
    while (html_next(&html, &preparer->patience, &token)) {
        if (token.kind != TOKEN_TEXT && !(has_source && str_equal_nocase(token.name, STR("a")))) {
            strbuf_add(&tags, token.text);
        }
    }
    preparer_mark(preparer, end, MARK_TAGS, strbuf_str(&tags));
    return true;
}

/* <!-- tab Linux@icon -->, <!-- timeline 2023 -->: in the tags of Hexo's themes that are called so,
 * a comment is a title. Empty when it is none. */
static struct str comment_title(const struct preparer *preparer, struct str comment)
{
    static const struct {
        struct str start;
        struct str tag;
    } titles[] = {
        { STR_INIT("tab "), STR_INIT("tabs") },
        { STR_INIT("timeline "), STR_INIT("timeline") },
        { STR_INIT("node "), STR_INIT("timeline") },
    };
    struct str inside = str_trim(str_first(str_skip(comment, 4), comment.len - 7));
    size_t unused;

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_starts_with(inside, titles[i].start) &&
            map_find(&preparer->closers, titles[i].tag, &unused)) {
            inside = str_skip(inside, titles[i].start.len);
            return str_trim(str_first(inside, str_find(inside, '@')));
        }
    }
    return STR("");
}

/* Whether it is one; then it is written. */
static bool take_title(struct preparer *preparer, size_t len)
{
    struct str comment = str_first(preparer_rest(preparer), len);
    struct str title =
        len > 7 && len < 200 && preparer->closers.count > 0 && str_starts_with(comment, STR("<!--"))
            ? comment_title(preparer, comment)
            : STR("");

    if (title.len == 0 || str_find(title, '\n') < title.len) {
        return false;
    }
    preparer_drop(preparer, preparer->at + len);
    preparer_write(preparer, title);
    preparer_end_line(preparer);
    preparer_end_line(preparer);
    return true;
}

/* Comments and declarations; when they never end, what begins them. */
static bool take_markup(struct preparer *preparer)
{
    size_t len = html_tag_length(preparer_rest(preparer), &preparer->patience);

    if (take_title(preparer, len)) {
        return true;
    }
    if (len > 0) {
        preparer_mark(preparer, preparer->at + len, MARK_NOTHING, STR(""));
    } else if (str_starts_with(preparer_rest(preparer), STR("<!--"))) {
        preparer_mark(preparer, preparer->at + 4, MARK_NOTHING, STR(""));
    } else {
        preparer_mark(preparer, preparer->at + 2, MARK_TEXT, str_first(preparer_rest(preparer), 2));
    }
    return true;
}

static bool is_component(struct str name)
{
    if (name.len == 0 || name.ptr[0] < 'A' || name.ptr[0] > 'Z') {
        return false;
    }
    for (size_t i = 1; i < name.len; i++) {
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') {
            return true;
        }
    }
    return false;
}

/* <a @click="go">, <video-player :id="x">: attributes of frameworks, which cmark does not accept.
 */
static bool is_bound(struct str name, struct str tag)
{
    struct str rest = str_skip(str_first(tag, tag.len - 1), 1 + name.len);
    struct attribute attribute;

    if (str_find(name, '.') < name.len || str_find(name, ':') < name.len) {
        return false;
    }
    while (html_attribute(&rest, &attribute)) {
        if (strchr("@:#", *attribute.name.ptr) != NULL) {
            return true;
        }
    }
    return false;
}

/* Components whose tags stand alone on their lines may have their content indented. */
static void follow_component(struct preparer *preparer, struct str tag, bool close)
{
    if (close) {
        preparer->component_count -= preparer->component_count > 0;
    } else if (preparer->component_count < COMPONENTS_MAX && !str_ends_with(tag, STR("/>"))) {
        preparer->components[preparer->component_count++] =
            (struct component){ preparer->indent, (size_t)-1 };
    }
}

/* kramdown's and others' word for markdown in a tag; with "0", what is in it is HTML alone. */
static bool holds_markdown(struct str tag)
{
    const struct str name = STR("markdown");
    size_t at = str_find_str(tag, name);

    return at > 0 && at < tag.len && byte_is_blank(tag.ptr[at - 1]) &&
           !str_starts_with(str_skip(tag, at + name.len), STR("=\"0"));
}

static bool take_component(struct preparer *preparer, struct str name, size_t len, bool close)
{
    static const struct str voids[] = { STR_INIT("br"),  STR_INIT("hr"),    STR_INIT("img"),
                                        STR_INIT("wbr"), STR_INIT("input"), STR_INIT("source") };
    struct str tag = str_first(preparer_rest(preparer), len);
    bool is_void = false;

    for (size_t i = 0; i < sizeof voids / sizeof voids[0]; i++) {
        is_void |= str_equal_nocase(voids[i], name);
    }
    if (preparer->mdx && !is_void) {
        follow_component(preparer, tag, close);
    }
    preparer_mark(preparer, preparer->at + len, MARK_TAGS, tag);
    return true;
}

bool tags_take(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);
    bool close = rest.len > 1 && rest.ptr[1] == '/';
    size_t name_len;
    struct str name;
    size_t len;

    if (rest.len > 1 && (rest.ptr[1] == '!' || rest.ptr[1] == '?')) {
        return take_markup(preparer);
    }
    name_len = name_length(str_skip(rest, close));
    name = str_first(str_skip(rest, 1 + close), name_len);
    if ((name_len == 0 && !preparer->mdx) || str_ends_with(name, STR(":"))) {
        return false;
    }
    len = html_tag_length(rest, &preparer->patience);
    if (len == 0 || (rest.ptr[1 + close + name_len] & 0x80) != 0) { /* Map<String，Object> */
        return false;
    }
    for (size_t i = 0; !close && i < sizeof hidden_names / sizeof hidden_names[0]; i++) {
        if (str_equal_nocase(name, hidden_names[i])) {
            return take_hidden(preparer, name, len);
        }
    }
    if (!close && str_equal_nocase(name, STR("pre"))) {
        return take_pre(preparer, len);
    }
    if (!close && (str_equal_nocase(name, STR("video")) || str_equal_nocase(name, STR("audio"))) &&
        take_media(preparer, name, len)) {
        return true;
    }
    if (str_equal_nocase(name, STR("textarea")) || str_equal_nocase(name, STR("pre")) ||
        str_equal_nocase(name, STR("script")) || str_equal_nocase(name, STR("style"))) {
        preparer_mark(preparer, preparer->at + len, MARK_NOTHING, STR(""));
        return true;
    }
    if (!close && holds_markdown(str_first(rest, len))) {
        if (!preparer->marks_in_line) {
            preparer_part(preparer);
        }
        return take_component(preparer, name, len, close);
    }
    if (preparer->mdx || is_component(name) || (!close && is_bound(name, str_first(rest, len)))) {
        return take_component(preparer, name, len, close);
    }
    preparer->tag_end = preparer->at + len;
    return false;
}
