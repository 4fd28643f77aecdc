/* Formulas between dollar signs: what stands in them is TeX, in which the stars, bars and
 * backslashes are not markdown's. */
#include "preparer.h"

#define FORMULA_MAX                                                                                \
    400 /* bytes between single dollar signs; a dollar sum stands far from the next */

static bool is_word(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || (c & 0x80) != 0;
}

/* $$ ... $$: where it ends, or 0. */
static size_t display_end(struct preparer *preparer)
{
    bool alone = str_trim(str_skip(preparer_line(preparer), 2)).len == 0;
    size_t limit = alone ? preparer->in.len : preparer_paragraph_end(preparer);
    size_t end = preparer_find(preparer, preparer->at + 2, limit, STR("$$"));

    return end < limit && end > preparer->at + 2 ? end + 2 : 0;
}

static bool is_alone(const struct preparer *preparer, size_t end)
{
    struct str after = str_skip(preparer->in, end);
    struct str before = str_first(preparer->in, preparer->at);

    while (before.len > 0 &&
           (before.ptr[before.len - 1] == ' ' || before.ptr[before.len - 1] == '>')) {
        before.len--;
    }
    return (before.len == 0 || before.ptr[before.len - 1] == '\n') &&
           str_trim(str_first(after, str_find(after, '\n'))).len == 0;
}

/* The lines of a formula without what its container puts before them. */
static struct str bare_lines(struct preparer *preparer, struct str text)
{
    struct strbuf out;
    struct str line;

    strbuf_init(&out, preparer->arena, text.len + 1);
    text = str_trim(text);
    while (str_next_line(&text, &line)) {
        line = str_trim(line);
        if (preparer->quotes > 0 && str_starts_with(line, STR(">"))) {
            line = str_trim(str_skip(line, 1));
        }
        strbuf_add(&out, out.len > 0 ? STR("\n") : STR(""));
        strbuf_add(&out, line);
    }
    return strbuf_str(&out);
}

static bool take_display(struct preparer *preparer)
{
    size_t end = display_end(preparer);
    struct str inside;

    if (end == 0) {
        return false;
    }
    inside = str_first(str_skip(preparer_rest(preparer), 2), end - preparer->at - 4);
    if (is_alone(preparer, end)) {
        preparer_mark(preparer, end, MARK_FORMULA, bare_lines(preparer, inside));
    } else if (str_find(inside, '\n') == inside.len) {
        preparer_mark(preparer, end, MARK_TEXT,
                      str_first(preparer_rest(preparer), end - preparer->at));
    } else {
        return false;
    }
    return true;
}

bool formula_take(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);
    bool tex = false;

    if (str_starts_with(line, STR("$$"))) {
        return take_display(preparer);
    }
    line = str_first(line, FORMULA_MAX);
    if (line.len < 3 || byte_is_blank(line.ptr[1]) ||
        (preparer->at > 0 && is_word(preparer->in.ptr[preparer->at - 1]) &&
         !(preparer->in.ptr[preparer->at - 1] & 0x80))) {
        return false;
    }
    for (size_t i = 1; i < line.len; i++) {
        if (line.ptr[i] == '`') {
            return false;
        }
        if (line.ptr[i] == '\\') {
            tex = true;
            i++;
        } else if (line.ptr[i] == '$') {
            if (!tex || byte_is_blank(line.ptr[i - 1]) ||
                (i + 1 < line.len &&
                 (byte_is_digit(line.ptr[i + 1]) || byte_is_alpha(line.ptr[i + 1])))) {
                return false;
            }
            preparer_mark(preparer, preparer->at + i + 1, MARK_TEXT, str_first(line, i + 1));
            return true;
        } else {
            tex |= strchr("_^{*", line.ptr[i]) != NULL;
        }
    }
    return false;
}
