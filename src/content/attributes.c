/* kramdown's and Pandoc's attribute lists, {: .class} and {#id}, which say nothing to a reader. */
#include "foreign.h"

/* A list item that only holds the place of a table of contents goes with the {:toc} below it. */
static void drop_toc_item(struct preparer *preparer)
{
    struct str text = preparer_written(preparer);
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

/* {:hreflang="en"}: kramdown's, whatever the name. */
static bool is_named(struct str inside)
{
    size_t len = 1;

    while (len < inside.len && (byte_is_alpha(inside.ptr[len]) || inside.ptr[len] == '-')) {
        len++;
    }
    return len > 1 && len < inside.len && inside.ptr[len] == '=';
}

/* {: .class}, {:toc}, {#id}, {.class #id key="value"}. */
bool attributes_take(struct preparer *preparer)
{
    struct str line = str_first(preparer_line(preparer), ATTRIBUTES_LEN_MAX);
    size_t end = str_find(line, '}');
    struct str inside = str_first(str_skip(line, 1), end - (end > 0));
    bool kramdown = str_starts_with(inside, STR(":"));

    if (end == line.len || end < 3 || str_find(inside, '{') < inside.len) {
        return false;
    }
    end += preparer->at + 1;
    if (kramdown ? inside.ptr[1] == '\0' ||
                       (strchr(" .#:/tnr", inside.ptr[1]) == NULL && !is_named(inside))
                 : (*inside.ptr != '#' && *inside.ptr != '.') || !byte_is_alpha(inside.ptr[1]) ||
                       !may_follow_with_list(preparer, end)) {
        return false;
    }
    if (kramdown && str_starts_with(inside, STR(":toc"))) {
        drop_toc_item(preparer);
    }
    if (!preparer->in_code && preparer->at > 0 &&
        strchr("*_", preparer->in.ptr[preparer->at - 1]) != NULL) {
        preparer_drop(preparer, end); /* a mark would be a letter that stars cannot close before */
    } else {
        preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    }
    return true;
}
