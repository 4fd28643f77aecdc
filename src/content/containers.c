/* Containers between colons: ":::note Title" and ":::". */
#include "foreign.h"

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
        tag_add_attribute(&tag, empty ? STR("0") : STR("title"), title);
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
    while (len < rest.len && byte_is_name(rest.ptr[len])) {
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
