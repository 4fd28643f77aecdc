/* Code in the source: between backticks in a line, between fences over many. It is never looked
 * into. */
#include "preparer.h"

/* The position behind the run of just `count` backticks that closes a span; 0 when there is none.
 */
static size_t find_closing_ticks(struct preparer *preparer, size_t count)
{
    size_t end;

    if (count >= sizeof preparer->ticks_until / sizeof preparer->ticks_until[0] ||
        preparer->at < preparer->ticks_until[count]) {
        return 0;
    }
    end = preparer_paragraph_end(preparer);
    for (size_t at = preparer->at + count; at < end;) {
        size_t run;

        at += str_find(str_skip(str_first(preparer->in, end), at), '`');
        run = str_run(str_skip(str_first(preparer->in, end), at), '`');
        if (run == count) {
            return at + run;
        }
        at += run;
    }
    preparer->ticks_until[count] = end;
    return 0;
}

/* {% raw %}, with which Jekyll is told to leave code alone. */
static bool take_raw(struct preparer *preparer, struct str code)
{
    static const struct str tags[] = { STR_INIT("{% raw %}"), STR_INIT("{% endraw %}"),
                                       STR_INIT("{%- raw -%}"), STR_INIT("{%- endraw -%}") };

    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (str_starts_with(code, tags[i])) {
            preparer_drop(preparer, preparer->at + tags[i].len);
            return true;
        }
    }
    return false;
}

/* The comment inside a shortcode, with which Hugo is told to show it. */
static bool take_comment(struct preparer *preparer, struct str code, bool *ends)
{
    size_t len;

    if (!str_starts_with(code, STR("{{</*")) && !str_starts_with(code, STR("{{%/*"))) {
        return false;
    }
    code = str_skip(code, STR("{{</*").len);
    len = str_find_str(code, STR("*/"));
    *ends = len < code.len;
    if (*ends) {
        preparer->at += STR("{{<").len;
        preparer_drop(preparer, preparer->at + 2);
        preparer->at += len;
        preparer_drop(preparer, preparer->at + 2);
    }
    return *ends;
}

/* Code on one line, as it is but for what its author had to write for the generator's sake. */
static void keep_code(struct preparer *preparer, size_t end)
{
    bool ends = true; /* a comment that begins may have its end on the line */

    while (preparer->at < end) {
        struct str code = str_first(preparer_rest(preparer), end - preparer->at);
        size_t brace = str_find(code, '{');

        preparer->at += brace;
        code = str_skip(code, brace);
        if (code.len > 0 && !take_raw(preparer, code) &&
            !(ends && take_comment(preparer, code, &ends))) {
            preparer->at++;
        }
    }
    preparer->at = end;
    preparer->text_in_line = true;
}

void fences_take_ticks(struct preparer *preparer)
{
    size_t count = str_run(preparer_rest(preparer), '`');
    size_t end = find_closing_ticks(preparer, count);

    if (end > 0 && end <= preparer->at + preparer_line(preparer).len) {
        keep_code(preparer, end);
    } else {
        preparer_keep(preparer, end > 0 ? end : preparer->at + count);
    }
}

static size_t fence_length(struct str text)
{
    size_t len = text.len > 0 ? str_run(text, *text.ptr) : 0;

    if (len < 3 || (*text.ptr != '`' && *text.ptr != '~') ||
        (*text.ptr == '`' && str_find(str_skip(text, len), '`') + len < text.len)) {
        return 0;
    }
    return len;
}

struct fence {
    struct str text; /* from its first mark on */
    size_t len;      /* of the marks */
    int quotes;      /* what it stands in */
    size_t list;
    size_t outdent; /* its lines are moved to the left with it */
};

static bool closes(struct str text, const struct fence *fence)
{
    if (text.len < fence->len || *text.ptr != *fence->text.ptr) {
        return false;
    }
    text = str_trim(text);
    return text.len >= fence->len && str_run(text, *fence->text.ptr) == text.len;
}

/* The line at hand. Whether the code may go on behind it. */
static bool take_code_line(struct preparer *preparer, const struct fence *fence)
{
    struct str line = preparer_line(preparer);
    size_t prefix;
    size_t indent;
    int quotes;

    if (preparer->component_count > 0) {
        preparer_drop_indentation(preparer, line);
        line = preparer_line(preparer);
    }
    preparer_drop_columns(preparer, line, fence->outdent);
    line = preparer_line(preparer);
    prefix = preparer_prefix(line, fence->quotes, preparer->list, &indent, &quotes);
    if (quotes < fence->quotes || (prefix < line.len && indent < fence->list)) {
        return false; /* the list item or the quote has ended, and the code with it */
    }
    if (closes(str_skip(line, prefix), fence)) {
        preparer->at += line.len;
        preparer_next_line(preparer);
        return false;
    }
    keep_code(preparer, preparer->at + line.len);
    preparer_next_line(preparer);
    return true;
}

bool fences_take(struct preparer *preparer, struct str line)
{
    const struct fence fence = {
        .text = line,
        .len = fence_length(line),
        .quotes = preparer->quotes,
        .list = preparer->indent >= preparer->list ? preparer->list : 0,
        .outdent = preparer->outdent,
    };
    bool more = true;

    if (fence.len == 0 || preparer->indent >= preparer->list + 4) {
        return false;
    }
    preparer_part(preparer);
    preparer->at += line.len;
    preparer_next_line(preparer);
    while (more && preparer->at < preparer->in.len) {
        more = take_code_line(preparer, &fence);
    }
    return true;
}
