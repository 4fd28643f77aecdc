/* Links as kramdown takes them and CommonMark does not: with blanks in the address, and in the
 * title the quotes that it stands in. They are written as CommonMark has them. Source: kramdown's
 * parser, "Links and Images". */
#include "preparer.h"

#define LINK_LEN_MAX 2000 /* bytes of an address and its title */

/* What stands between the parentheses of a link. */
struct target {
    struct str url;
    struct str title; /* without its quotes */
    size_t len;       /* of all, the closing parenthesis included */
};

/* The address ends where its parentheses do, or at a blank before a quote. */
static size_t url_length(struct str text)
{
    int depth = 0;

    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];

        if (c == ')' && depth-- == 0) {
            return at;
        }
        depth += c == '(';
        if (byte_is_blank(c) && at + 1 < text.len && strchr("\"'", text.ptr[at + 1]) != NULL) {
            return at;
        }
    }
    return text.len;
}

/* The title ends at its quote before the closing parenthesis. */
static bool find_title(struct str text, struct str *title, size_t *len)
{
    char quote = *text.ptr;

    for (size_t at = 2; at < text.len; at++) {
        size_t end = at + 1;

        if (text.ptr[at] != quote) {
            continue;
        }
        while (end < text.len && byte_is_blank(text.ptr[end])) {
            end++;
        }
        if (end < text.len && text.ptr[end] == ')') {
            *title = str_first(str_skip(text, 1), at - 1);
            *len = end + 1;
            return true;
        }
    }
    return false;
}

static bool find_target(struct str text, struct target *target)
{
    size_t url = url_length(text);
    size_t len;

    *target = (struct target){ .url = str_trim(str_first(text, url)), .len = url + 1 };
    if (url == text.len) {
        return false;
    }
    if (text.ptr[url] == ')') {
        return true;
    }
    if (!find_title(str_skip(text, url + 1), &target->title, &len)) {
        return false;
    }
    target->len = url + 1 + len;
    return true;
}

static bool holds(struct str text, char byte)
{
    return str_find(text, byte) < text.len;
}

/* Whether CommonMark takes it for something else. */
static bool is_kramdowns_alone(const struct target *target)
{
    return holds(target->url, ' ') || holds(target->title, '"');
}

/* What was meant: an attribute list that lacks its braces is left out, and words are no address. */
static struct str meant_url(struct str url)
{
    if (holds(url, '"')) {
        url = str_first(url, str_find(url, ' '));
    }
    return holds(url, '/') || holds(url, '.') ? url : STR("");
}

static void write_target(struct preparer *preparer, const struct target *target)
{
    preparer_write(preparer, STR("](<"));
    preparer_write(preparer, meant_url(target->url));
    preparer_write(preparer, STR(">"));
    if (target->title.len > 0) {
        struct str rest = target->title;
        struct str part;

        preparer_write(preparer, STR(" \""));
        for (bool more = true; more;) {
            more = str_cut(rest, '"', &part, &rest);
            preparer_write(preparer, part);
            preparer_write(preparer, more ? STR("\\\"") : STR("\")"));
        }
    } else {
        preparer_write(preparer, STR(")"));
    }
}

bool kramdown_take_target(struct preparer *preparer)
{
    struct str line = str_first(preparer_line(preparer), LINK_LEN_MAX);
    struct target target;

    if (preparer->brackets == 0 || line.len > preparer->patience) {
        return false;
    }
    if (!find_target(str_skip(line, 2), &target)) {
        preparer_pay(preparer, line.len);
        return false;
    }
    if (!is_kramdowns_alone(&target) || str_holds_any(target.url, "<>{[\\")) {
        preparer_pay(preparer, target.len);
        return false;
    }
    preparer->brackets--;
    write_target(preparer, &target);
    preparer_drop(preparer, preparer->at + 2 + target.len);
    return true;
}
