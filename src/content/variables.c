/* Double braces: {{ page.title }}, {{ "/x" | relative_url }}. */
#include "foreign.h"

/* A string with a filter, {{ "/x" | relative_url }}, is worth the string; an empty text when it is
 * no such thing. */
static struct str filtered_string(struct str inside)
{
    struct str value;

    if (inside.len < 2 || (*inside.ptr != '"' && *inside.ptr != '\'')) {
        return STR("");
    }
    value = value_take(&inside);
    inside = str_trim(inside);
    return inside.len == 0 || *inside.ptr == '|' ? value : STR("");
}

static size_t name_length(struct str text)
{
    size_t len = 0;

    while (len < text.len && (byte_is_name(text.ptr[len]) || strchr("[]", text.ptr[len]) != NULL) &&
           text.ptr[len] != '\0') {
        len++;
    }
    return len > 0 && byte_is_alpha(*text.ptr) ? len : 0;
}

/* {{ title }}, {{ tag[0] }}, {{ post.name }} */
static bool is_name(struct str inside)
{
    return inside.len > 0 && name_length(inside) == inside.len;
}

/* {{ name | filter }}: nothing but a template looks like that. */
static bool is_filtered_name(struct str inside)
{
    size_t len = name_length(inside);
    struct str rest = str_trim(str_skip(inside, len));

    return len > 0 && str_starts_with(rest, STR("| ")) && rest.len > 2 &&
           byte_is_alpha(rest.ptr[2]);
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

/* {{ site.baseurl }}, {{ page.title }}: only the generator knows what they say. */
static bool is_variable(const struct preparer *preparer, struct str inside)
{
    static const struct str variables[] = { STR_INIT("site."),    STR_INIT("page."),
                                            STR_INIT("post."),    STR_INIT("layout."),
                                            STR_INIT("include."), STR_INIT("theme."),
                                            STR_INIT(".Site."),   STR_INIT(".Page."),
                                            STR_INIT("config."),  STR_INIT("collections.") };

    return starts_with_any(inside, variables, sizeof variables / sizeof variables[0]) ||
           is_filtered_name(inside) || (preparer->templated && is_name(inside));
}

/* {{ site.baseurl }}: where the site stands, which is where its reader is anyway. */
static bool says_where(struct str inside)
{
    static const struct str words[] = { STR_INIT("url"), STR_INIT("URL"), STR_INIT("root"),
                                        STR_INIT("base") };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_find_str(inside, words[i]) < inside.len) {
            return true;
        }
    }
    return false;
}

static void take_variable(struct preparer *preparer, struct str inside, size_t end)
{
    bool known = says_where(inside);
    struct mark *mark;

    if (!known) {
        foreign_lose(preparer, LOSS_VARIABLE, end);
    }
    mark = preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    mark->address = STR("");
    mark->unknown = !known;
}

/* Other double braces are text. */
bool variable_take(struct preparer *preparer)
{
    size_t limit = preparer->at + preparer_line(preparer).len;
    size_t end = preparer_find(preparer, preparer->at + 2, limit, STR("}}"));
    struct str inside;
    struct str address;

    if (end >= limit || preparer->raw) {
        return false;
    }
    inside = str_trim(str_first(str_skip(preparer->in, preparer->at + 2), end - preparer->at - 2));
    end += 2;
    if (is_variable(preparer, inside)) {
        take_variable(preparer, inside, end);
        return true;
    }
    address = filtered_string(inside);
    if (address.len > 0) {
        preparer_mark(preparer, end, MARK_TEXT, address)->address = address;
        return true;
    }
    return false;
}
