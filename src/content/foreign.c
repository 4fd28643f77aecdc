/* The generators' own syntax in braces: Hugo's shortcodes, Liquid's tags (Jekyll, Eleventy, Hexo),
 * Zola's shortcodes, kramdown's attribute lists; and ::: containers. They become tags, which
 * elements.c knows what to do with. */
#include "base/utf8.h"
#include "preparer.h"

/* A generator's tag, whatever its brackets. */
struct foreign {
    struct str name;
    struct str arguments;
    bool close;
    bool empty; /* "/>}}" */
};

void add_escaped(struct strbuf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        switch (value.ptr[i]) {
        case '&':
            strbuf_add(out, STR("&amp;"));
            break;
        case '"':
            strbuf_add(out, STR("&quot;"));
            break;
        case '<':
            strbuf_add(out, STR("&lt;"));
            break;
        case '\n':
            strbuf_add_byte(out, ' ');
            break;
        default:
            strbuf_add_byte(out, value.ptr[i]);
        }
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

static bool is_word(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || c == '_' || c == '-' || c == '.';
}

static struct str skip_separators(struct str text)
{
    while (text.len > 0 && (byte_is_blank(*text.ptr) || *text.ptr == ',')) {
        text = str_skip(text, 1);
    }
    return text;
}

/* Take a value off the front: quoted in one of three ways, or a word. */
static struct str take_value(struct str *rest)
{
    struct str value;
    size_t end;

    if (rest->len > 0 && strchr("\"'`", *rest->ptr) != NULL && *rest->ptr != '\0') {
        struct str inside = str_skip(*rest, 1);

        for (end = 0; end < inside.len && inside.ptr[end] != *rest->ptr; end++) {
            end += inside.ptr[end] == '\\' && *rest->ptr != '`';
        }
        end = end < inside.len ? end : inside.len;
        value = str_first(inside, end);
        *rest = str_skip(inside, end + 1);
        return value;
    }
    for (end = 0; end < rest->len && !byte_is_blank(rest->ptr[end]) && rest->ptr[end] != ',';
         end++) {}
    value = str_first(*rest, end);
    *rest = str_skip(*rest, end);
    return value;
}

static struct str unescape(struct arena *arena, struct str value)
{
    char *out;
    size_t len = 0;

    if (str_find(value, '\\') == value.len) {
        return value;
    }
    out = arena_alloc(arena, value.len);
    for (size_t i = 0; i < value.len; i++) {
        i += value.ptr[i] == '\\' && i + 1 < value.len && strchr("\"'\\", value.ptr[i + 1]) != NULL;
        out[len++] = value.ptr[i];
    }
    return (struct str){ out, len };
}

/* Take "name=value", "name: value" or a value alone, which is named by its place. */
static bool take_argument(struct preparer *preparer, struct str *rest, int *place, struct str *name,
                          struct str *value)
{
    size_t len = 0;

    *rest = skip_separators(*rest);
    if (rest->len == 0) {
        return false;
    }
    while (len < rest->len && is_word(rest->ptr[len])) {
        len++;
    }
    if (len > 0 && len + 1 < rest->len &&
        (rest->ptr[len] == '=' || (rest->ptr[len] == ':' && rest->ptr[len + 1] == ' '))) {
        *name = str_first(*rest, len);
        *rest = str_skip(*rest, len + 1);
        while (rest->len > 0 && *rest->ptr == ' ') {
            *rest = str_skip(*rest, 1);
        }
        *value = unescape(preparer->arena, take_value(rest));
    } else {
        *name = arena_printf(preparer->arena, "%d", (*place)++);
        *value = unescape(preparer->arena, take_value(rest));
    }
    return true;
}

static struct str first_argument(struct preparer *preparer, struct str rest)
{
    struct str name = STR("");
    struct str value = STR("");
    int place = 0;

    take_argument(preparer, &rest, &place, &name, &value);
    return value;
}

/* ---- tags ------------------------------------------------------------------------------------ */

static void add_attribute(struct strbuf *tag, struct str name, struct str value)
{
    strbuf_add_byte(tag, ' ');
    strbuf_add(tag, name);
    strbuf_add(tag, STR("=\""));
    add_escaped(tag, value);
    strbuf_add_byte(tag, '"');
}

static bool holds_any_of(struct str text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\0' && strchr(bytes, text.ptr[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_closed_later(const struct preparer *preparer, struct str name)
{
    size_t last;

    return map_find(&preparer->closers, name, &last) && last > 0;
}

/* A tag of ours for one of theirs: <:name 0="a" src="b">, </:name>. */
static struct str make_tag(struct preparer *preparer, const struct foreign *foreign,
                           struct str address)
{
    struct str rest = foreign->arguments;
    struct strbuf tag;
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&tag, preparer->arena, foreign->arguments.len * 8 + address.len * 8 + 4096);
    strbuf_add(&tag, foreign->close ? STR("</:") : STR("<:"));
    strbuf_add(&tag, foreign->name);
    if (!foreign->close) {
        while (take_argument(preparer, &rest, &place, &name, &value)) {
            add_attribute(&tag, name, value);
        }
        if (address.len > 0) {
            add_attribute(&tag, STR("address"), address);
        }
        if (foreign->empty || !is_closed_later(preparer, foreign->name)) {
            strbuf_add(&tag, STR("/"));
        }
    }
    strbuf_add_byte(&tag, '>');
    return strbuf_str(&tag);
}

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(names[i], name)) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof(names)[0])

/* What holds code between its two tags. */
static const struct str code_names[] = { STR_INIT("highlight"), STR_INIT("codeblock"),
                                         STR_INIT("code"),      STR_INIT("prism"),
                                         STR_INIT("mermaid"),   STR_INIT("codehilite"),
                                         STR_INIT("plantuml"),  STR_INIT("chroma") };
static const struct str reference_names[] = { STR_INIT("ref"), STR_INIT("relref"),
                                              STR_INIT("post_url"), STR_INIT("link") };
/* What Liquid computes with, and the reader never sees. */
static const struct str logic_names[] = {
    STR_INIT("if"),      STR_INIT("else"),       STR_INIT("elsif"),   STR_INIT("endif"),
    STR_INIT("unless"),  STR_INIT("endunless"),  STR_INIT("for"),     STR_INIT("endfor"),
    STR_INIT("case"),    STR_INIT("when"),       STR_INIT("endcase"), STR_INIT("assign"),
    STR_INIT("capture"), STR_INIT("endcapture"), STR_INIT("set"),     STR_INIT("import"),
    STR_INIT("include"), STR_INIT("render"),     STR_INIT("layout"),  STR_INIT("block"),
    STR_INIT("endblock")
};

static size_t close_length(const struct preparer *preparer, size_t at, struct str opener)
{
    struct str rest = str_skip(preparer->in, at);
    struct str closer = *opener.ptr == '{' && opener.len > 1 && opener.ptr[1] == '%' ? STR("%}")
                        : str_ends_with(opener, STR("<"))                            ? STR(">}}")
                                                                                     : STR("%}}");
    size_t end = str_find_str(rest, closer);

    return end < rest.len ? end + closer.len : rest.len;
}

/* Where the tag stands that closes `name`, and the position behind it; false when there is none. */
static bool find_close(struct preparer *preparer, struct str name, struct str opener, size_t from,
                       size_t *start, size_t *end)
{
    bool liquid = str_equal(opener, STR("{%"));

    for (*start = from; *start < preparer->in.len; *start += 2) {
        struct str rest;

        *start = preparer_find(preparer, *start, preparer->in.len, opener);
        if (*start >= preparer->in.len) {
            preparer_pay(preparer, preparer->in.len - from);
            return false;
        }
        rest = str_skip(preparer->in, *start + opener.len);
        while (rest.len > 0 && (*rest.ptr == ' ' || *rest.ptr == '-')) {
            rest = str_skip(rest, 1);
        }
        if (!str_starts_with(rest, liquid ? STR("end") : STR("/"))) {
            continue;
        }
        rest = str_skip(rest, liquid ? 3 : 1);
        while (rest.len > 0 && *rest.ptr == ' ') {
            rest = str_skip(rest, 1);
        }
        if (str_starts_with(rest, name)) {
            *end = *start + close_length(preparer, *start, opener);
            return true;
        }
    }
    return false;
}

/* "lang:js", "js", "python linenos": the language alone. */
static struct str language_of(struct preparer *preparer, const struct foreign *foreign)
{
    struct str rest = foreign->arguments;
    struct str name;
    struct str value;
    int place = 0;
    struct str language = STR("");

    while (take_argument(preparer, &rest, &place, &name, &value)) {
        if (str_starts_with(value, STR("lang:"))) {
            return str_skip(value, STR("lang:").len);
        }
        if (str_equal(name, STR("0")) || str_equal_nocase(name, STR("lang")) ||
            str_equal_nocase(name, STR("language"))) {
            language = value;
        }
    }
    return language.len > 0                           ? language
           : str_equal(foreign->name, STR("mermaid")) ? foreign->name
                                                      : STR("");
}

static bool take_code(struct preparer *preparer, const struct foreign *foreign, struct str opener,
                      size_t tag_end)
{
    struct str language = language_of(preparer, foreign);
    struct str code;
    size_t start;
    size_t end;

    if (!find_close(preparer, foreign->name, opener, tag_end, &start, &end)) {
        return false;
    }
    code = str_first(str_skip(preparer->in, tag_end), start - tag_end);
    code = str_skip(code, str_starts_with(code, STR("\n")));
    preparer_write_code(preparer, str_first(language, str_find(language, '\n')), code);
    preparer_drop(preparer, end);
    return true;
}

static void lose(struct preparer *preparer, enum loss_kind kind, size_t end)
{
    losses_add(preparer->losses, kind, preparer->line,
               str_first(preparer_rest(preparer), end - preparer->at));
}

/* A caption that is markdown itself stands below the tag instead of in it. */
static struct str take_caption(struct preparer *preparer, struct foreign *foreign)
{
    struct strbuf others;
    struct str rest = foreign->arguments;
    struct str before = rest;
    struct str caption = STR("");
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&others, preparer->arena, rest.len + 1);
    while (take_argument(preparer, &rest, &place, &name, &value)) {
        if (str_equal_nocase(name, STR("caption")) && holds_any_of(value, "*_[`<&")) {
            caption = value;
        } else {
            strbuf_add(&others, str_first(before, before.len - rest.len));
        }
        before = rest;
    }
    if (caption.len > 0) {
        foreign->arguments = strbuf_str(&others);
    }
    return caption;
}

static void mark_tag(struct preparer *preparer, struct foreign *foreign, size_t end,
                     struct str address)
{
    struct str caption = foreign->close ? STR("") : take_caption(preparer, foreign);

    preparer_mark(preparer, end, MARK_TAGS, make_tag(preparer, foreign, address));
    if (caption.len > 0) {
        preparer_end_line(preparer);
        preparer_write(preparer, str_first(caption, str_find(caption, '\n')));
    }
}

/* ---- Hugo ------------------------------------------------------------------------------------ */

static struct foreign split_tag(struct str inside)
{
    struct foreign foreign = { 0 };

    inside = str_trim(inside);
    if (str_starts_with(inside, STR("-"))) {
        inside = str_trim(str_skip(inside, 1));
    }
    if (str_ends_with(inside, STR("-"))) {
        inside = str_trim(str_first(inside, inside.len - 1));
    }
    if (str_starts_with(inside, STR("/"))) {
        foreign.close = true;
        inside = str_trim(str_skip(inside, 1));
    }
    if (str_ends_with(inside, STR("/"))) {
        foreign.empty = true;
        inside = str_trim(str_first(inside, inside.len - 1));
    }
    while (foreign.name.len < inside.len &&
           (is_word(inside.ptr[foreign.name.len]) || inside.ptr[foreign.name.len] == '/')) {
        foreign.name.len++;
    }
    foreign.name.ptr = inside.ptr;
    foreign.arguments = str_skip(inside, foreign.name.len);
    return foreign;
}

static bool take_hugo(struct preparer *preparer, struct str opener)
{
    struct str closer = str_equal(opener, STR("{{<")) ? STR(">}}") : STR("%}}");
    size_t limit =
        preparer->at + 16384 < preparer->in.len ? preparer->at + 16384 : preparer->in.len;
    size_t end = preparer_find(preparer, preparer->at + 3, limit, closer);
    struct str inside;
    struct foreign foreign;

    if (end >= limit) {
        return false;
    }
    inside = str_first(str_skip(preparer->in, preparer->at + 3), end - preparer->at - 3);
    end += closer.len;
    if (str_starts_with(str_trim(inside), STR("/*"))) { /* shown as it is, without its comment */
        struct str shown = str_trim(inside);

        shown = str_skip(shown, 2);
        shown = str_first(shown, str_ends_with(shown, STR("*/")) ? shown.len - 2 : shown.len);
        preparer_mark(preparer, end, MARK_TEXT,
                      arena_printf(preparer->arena, "%.*s%.*s%.*s", STR_ARG(opener), STR_ARG(shown),
                                   STR_ARG(closer)));
        return true;
    }
    foreign = split_tag(inside);
    if (foreign.name.len == 0) {
        return false;
    }
    if (!foreign.close && IS_ONE_OF(foreign.name, code_names) &&
        take_code(preparer, &foreign, opener, end)) {
        return true;
    }
    if (!foreign.close && IS_ONE_OF(foreign.name, reference_names)) {
        mark_tag(preparer, &foreign, end, str_first(preparer_rest(preparer), end - preparer->at));
        return true;
    }
    mark_tag(preparer, &foreign, end, STR(""));
    return true;
}

/* ---- Liquid ---------------------------------------------------------------------------------- */

/* Hexo's {% link words address %}, Jekyll's {% link _posts/x.md %}. */
static bool is_hexo_link(struct preparer *preparer, const struct foreign *foreign)
{
    struct str first = first_argument(preparer, foreign->arguments);

    return str_equal(foreign->name, STR("link")) &&
           str_trim(foreign->arguments).len > first.len + 2;
}

/* {% include figure.html src="a" %}: what its arguments say, whatever the file does. */
static bool take_include(struct preparer *preparer, struct foreign foreign, size_t end)
{
    struct str rest = skip_separators(foreign.arguments);

    lose(preparer, LOSS_SHORTCODE, end);
    foreign.name = take_value(&rest);
    foreign.name = str_first(foreign.name, str_find(foreign.name, '.'));
    foreign.arguments = rest;
    foreign.empty = true;
    for (size_t i = 0; i < foreign.name.len; i++) {
        if (!is_word(foreign.name.ptr[i]) && foreign.name.ptr[i] != '/') {
            foreign.name.len = i;
        }
    }
    for (size_t i = foreign.name.len; i-- > 0;) { /* "media/figure" */
        if (foreign.name.ptr[i] == '/') {
            foreign.name = str_skip(foreign.name, i + 1);
            break;
        }
    }
    if (foreign.name.len == 0 || str_trim(foreign.arguments).len == 0) {
        preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    } else {
        mark_tag(preparer, &foreign, end, STR(""));
    }
    return true;
}

static bool drop_comment(struct preparer *preparer, size_t tag_end)
{
    size_t start;
    size_t end;

    if (!find_close(preparer, STR("comment"), STR("{%"), tag_end, &start, &end)) {
        end = tag_end;
    }
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    return true;
}

static bool take_raw(struct preparer *preparer, struct str name, size_t end)
{
    preparer->raw = str_equal(name, STR("raw"));
    preparer_mark(preparer, end, MARK_NOTHING, STR(""))->address = STR("");
    return true;
}

static bool take_liquid_tag(struct preparer *preparer)
{
    size_t limit =
        preparer->at + 16384 < preparer->in.len ? preparer->at + 16384 : preparer->in.len;
    size_t end = preparer_find(preparer, preparer->at + 2, limit, STR("%}"));
    struct foreign foreign;
    bool ends;

    if (end >= limit) {
        return false;
    }
    foreign =
        split_tag(str_first(str_skip(preparer->in, preparer->at + 2), end - preparer->at - 2));
    end += 2;
    if (foreign.name.len == 0 || !byte_is_alpha(*foreign.name.ptr)) {
        return false;
    }
    if (str_equal(foreign.name, STR("raw")) || str_equal(foreign.name, STR("endraw")) ||
        preparer->raw) {
        return (str_equal(foreign.name, STR("endraw")) || !preparer->raw) &&
               take_raw(preparer, foreign.name, end);
    }
    if (str_equal(foreign.name, STR("comment"))) {
        return drop_comment(preparer, end);
    }
    if (IS_ONE_OF(foreign.name, code_names) && take_code(preparer, &foreign, STR("{%"), end)) {
        return true;
    }
    if (IS_ONE_OF(foreign.name, reference_names) && !is_hexo_link(preparer, &foreign)) {
        mark_tag(preparer, &foreign, end, str_first(preparer_rest(preparer), end - preparer->at));
        return true;
    }
    if (str_starts_with(foreign.name, STR("include")) || str_equal(foreign.name, STR("render"))) {
        return take_include(preparer, foreign, end);
    }
    if (IS_ONE_OF(foreign.name, logic_names)) {
        lose(preparer, LOSS_SHORTCODE, end);
        preparer_mark(preparer, end, MARK_NOTHING, STR(""));
        return true;
    }
    ends = str_starts_with(foreign.name, STR("end")) && foreign.name.len >= 3;
    if (ends) {
        foreign.close = true;
        foreign.name = foreign.name.len > 3 ? str_skip(foreign.name, 3) : STR("end");
        foreign.name = str_skip(foreign.name, str_starts_with(foreign.name, STR("_")));
    } else if (foreign.arguments.len > 1 && *foreign.arguments.ptr == '(' &&
               str_ends_with(str_trim(foreign.arguments), STR(")"))) { /* Zola's */
        foreign.arguments = str_trim(foreign.arguments);
        foreign.arguments = str_first(str_skip(foreign.arguments, 1), foreign.arguments.len - 2);
    }
    mark_tag(preparer, &foreign, end, STR(""));
    return true;
}

/* A string with a filter, {{ "/x" | relative_url }}, is worth the string; an empty text when it is
 * no such thing. */
static struct str filtered_string(struct str inside)
{
    struct str value;

    if (inside.len < 2 || (*inside.ptr != '"' && *inside.ptr != '\'')) {
        return STR("");
    }
    value = take_value(&inside);
    inside = str_trim(inside);
    return inside.len == 0 || *inside.ptr == '|' ? value : STR("");
}

/* {{ name | filter }}: nothing but a template looks like that. */
static bool is_filtered_name(struct str inside)
{
    size_t len = 0;
    struct str rest;

    while (len < inside.len && is_word(inside.ptr[len])) {
        len++;
    }
    rest = str_trim(str_skip(inside, len));
    return len > 0 && byte_is_alpha(*inside.ptr) && str_starts_with(rest, STR("| ")) &&
           rest.len > 2 && byte_is_alpha(rest.ptr[2]);
}

static bool starts_with_any(struct str text, const struct str *starts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts_with(text, starts[i])) {
            return true;
        }
    }
    return false;
}

/* {{ site.baseurl }}, {{ page.title }}, {{ youtube(id="x") }}; other double braces are text. */
static bool take_value_braces(struct preparer *preparer)
{
    static const struct str variables[] = { STR_INIT("site."),    STR_INIT("page."),
                                            STR_INIT("post."),    STR_INIT("layout."),
                                            STR_INIT("include."), STR_INIT("theme."),
                                            STR_INIT(".Site."),   STR_INIT(".Page."),
                                            STR_INIT("config."),  STR_INIT("collections.") };
    size_t limit = preparer->at + preparer_line(preparer).len;
    size_t end = preparer_find(preparer, preparer->at + 2, limit, STR("}}"));
    struct str inside;
    struct str address;
    struct foreign foreign;

    if (end >= limit || preparer->raw) {
        return false;
    }
    inside = str_trim(str_first(str_skip(preparer->in, preparer->at + 2), end - preparer->at - 2));
    end += 2;
    if (starts_with_any(inside, variables, sizeof variables / sizeof variables[0]) ||
        is_filtered_name(inside)) {
        if (str_find_str(inside, STR("url")) == inside.len) {
            lose(preparer, LOSS_VARIABLE, end);
        }
        preparer_mark(preparer, end, MARK_NOTHING, STR(""))->address = STR("");
        return true;
    }
    address = filtered_string(inside);
    if (address.len > 0) {
        preparer_mark(preparer, end, MARK_TEXT, address)->address = address;
        return true;
    }
    foreign = split_tag(inside);
    if (foreign.name.len > 0 && byte_is_alpha(*foreign.name.ptr) && foreign.arguments.len >= 2 &&
        *foreign.arguments.ptr == '(' && str_ends_with(foreign.arguments, STR(")")) &&
        str_find(foreign.arguments, '=') < foreign.arguments.len) {
        foreign.arguments = str_first(str_skip(foreign.arguments, 1), foreign.arguments.len - 2);
        foreign.empty = true;
        mark_tag(preparer, &foreign, end, STR(""));
        return true;
    }
    return false;
}

/* ---- attribute lists ------------------------------------------------------------------------- */

/* A list item that only holds the place of a table of contents goes with the {:toc} below it. */
static void drop_toc_item(struct preparer *preparer)
{
    struct str text = strbuf_str(&preparer->out);
    size_t start;

    if (preparer->line_start == 0 || preparer->prepared->line_count < 2) {
        return;
    }
    start = preparer->line_start - 1;
    while (start > 0 && text.ptr[start - 1] != '\n') {
        start--;
    }
    text = str_trim(str_first(str_skip(text, start), preparer->line_start - start));
    if (text.len < 60 && (str_starts_with(text, STR("* ")) || str_starts_with(text, STR("- ")) ||
                          str_starts_with(text, STR("1. ")))) {
        strbuf_truncate(&preparer->out, start);
        preparer->prepared->line_count--;
        preparer->line_start = start;
    }
}

#define ATTRIBUTES_LEN_MAX 300 /* bytes of an attribute list */

static bool may_follow_with_list(const struct preparer *preparer, size_t end)
{
    char before = preparer->at > 0 ? preparer->in.ptr[preparer->at - 1] : '\n';
    char after = end < preparer->in.len ? preparer->in.ptr[end] : '\n';

    return (strchr(")]`*_}>\n", before) != NULL && before != '\0') ||
           (before == ' ' && after == '\n');
}

/* {: .class}, {:toc}, {#id}, {.class #id key="value"}. */
static bool take_attributes(struct preparer *preparer)
{
    struct str line = str_first(preparer_line(preparer), ATTRIBUTES_LEN_MAX);
    size_t end = str_find(line, '}');
    struct str inside = str_first(str_skip(line, 1), end - (end > 0));
    bool kramdown = str_starts_with(inside, STR(":"));

    if (end == line.len || end < 3 || str_find(inside, '{') < inside.len) {
        return false;
    }
    end += preparer->at + 1;
    if (kramdown ? strchr(" .#:/tnr", inside.ptr[1]) == NULL || inside.ptr[1] == '\0'
                 : (*inside.ptr != '#' && *inside.ptr != '.') || !byte_is_alpha(inside.ptr[1]) ||
                       !may_follow_with_list(preparer, end)) {
        return false;
    }
    if (kramdown && str_starts_with(inside, STR(":toc"))) {
        drop_toc_item(preparer);
    }
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

bool foreign_take(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);

    if (str_starts_with(rest, STR("{%"))) {
        return take_liquid_tag(preparer);
    }
    if (preparer->raw) {
        return false;
    }
    if (str_starts_with(rest, STR("{{<")) || str_starts_with(rest, STR("{{%"))) {
        return take_hugo(preparer, str_first(rest, 3));
    }
    if (str_starts_with(rest, STR("{{")) && take_value_braces(preparer)) {
        return true;
    }
    if (take_attributes(preparer)) {
        return true;
    }
    return preparer->mdx && mdx_take_braces(preparer);
}

/* "endname", "/name": which tags come in pairs. */
static void add_closer(struct preparer *preparer, struct str rest)
{
    size_t len = 0;

    rest = str_trim(str_first(rest, 64));
    while (len < rest.len && (is_word(rest.ptr[len]) || rest.ptr[len] == '/')) {
        len++;
    }
    if (len > 0) {
        map_add(&preparer->closers, str_first(rest, len), 1);
    }
}

void foreign_find_closers(struct preparer *preparer)
{
    struct str rest = preparer->in;

    map_init(&preparer->closers, preparer->arena);
    for (;;) {
        struct str inside;

        rest = str_skip(rest, str_find(rest, '{'));
        if (rest.len < 2) {
            return;
        }
        inside = str_trim(str_first(str_skip(rest, 2), 64));
        if (rest.ptr[1] == '%') {
            inside = str_trim(str_skip(inside, str_starts_with(inside, STR("-"))));
            if (str_starts_with(inside, STR("end"))) {
                add_closer(preparer, str_skip(inside, 3));
            }
        } else if (rest.ptr[1] == '{' && inside.len > 1 && strchr("<%", *inside.ptr) != NULL) {
            inside = str_trim(str_skip(inside, 1));
            if (str_starts_with(inside, STR("/"))) {
                add_closer(preparer, str_skip(inside, 1));
            }
        }
        rest = str_skip(rest, 1);
    }
}

/* ---- containers ------------------------------------------------------------------------------ */

static struct str container_title(struct str rest)
{
    size_t at = str_find_str(rest, STR("title=\""));

    rest = str_trim(rest);
    if (at < rest.len) {
        struct str title = str_skip(rest, at + STR("title=\"").len);

        return str_first(title, str_find(title, '"'));
    }
    if (str_starts_with(rest, STR("["))) {
        return str_first(str_skip(rest, 1), str_find(str_skip(rest, 1), ']'));
    }
    return str_starts_with(rest, STR("{")) ? STR("") : str_first(rest, str_find(rest, '{'));
}

static struct str container_tag(struct preparer *preparer, struct str name, struct str title,
                                bool empty)
{
    struct strbuf tag;

    strbuf_init(&tag, preparer->arena, (name.len + title.len) * 6 + 64);
    strbuf_add(&tag, STR("<:"));
    strbuf_add(&tag, name);
    if (title.len > 0) {
        add_attribute(&tag, empty ? STR("0") : STR("title"), title);
    }
    strbuf_add(&tag, empty ? STR("/>") : STR(">"));
    return strbuf_str(&tag);
}

bool foreign_take_colons(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);
    size_t end = preparer->at + line.len;
    size_t colons = 0;
    size_t len = 0;
    struct str rest;

    while (colons < line.len && line.ptr[colons] == ':') {
        colons++;
    }
    rest = str_trim(str_skip(line, colons));
    if (rest.len == 0 && colons >= 3) {
        struct str name = preparer->colon_count > 0 ? preparer->colons[--preparer->colon_count]
                                                    : STR("container");

        preparer_mark(preparer, end, MARK_TAGS,
                      arena_printf(preparer->arena, "</:%.*s>", STR_ARG(name)));
        return true;
    }
    rest = str_skip(rest, str_starts_with(rest, STR("{.")) ? 2 : 0);
    while (len < rest.len && is_word(rest.ptr[len])) {
        len++;
    }
    if (len == 0 || !byte_is_alpha(*rest.ptr) || (colons == 2 && line.ptr[2] == ' ')) {
        return false;
    }
    if (colons >= 3 && preparer->colon_count < COLONS_MAX) {
        preparer->colons[preparer->colon_count++] = str_first(rest, len);
    }
    preparer_mark(preparer, end, MARK_TAGS,
                  container_tag(preparer, str_first(rest, len),
                                container_title(str_skip(rest, len)), colons == 2));
    return true;
}
