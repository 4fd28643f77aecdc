/* Bytes to clean text. */
#include "clean.h"

#include "base/strbuf.h"
#include "base/utf8.h"

/* Where the next separator stands, or text.len. */
static size_t find_separator(struct str text, size_t at)
{
    for (; (at += str_find(str_skip(text, at), '\xE2')) + 3 <= text.len; at++) {
        if (text.ptr[at + 1] == '\x80' &&
            (text.ptr[at + 2] == '\xA8' || text.ptr[at + 2] == '\xA9')) {
            return at;
        }
    }
    return text.len;
}

static struct str without_separators(struct arena *arena, struct str text)
{
    size_t at = find_separator(text, 0);
    size_t copied = 0;
    struct strbuf out;

    if (at == text.len) {
        return text;
    }
    strbuf_init(&out, arena, text.len);
    for (; at < text.len; at = find_separator(text, copied)) {
        strbuf_add(&out, str_first(str_skip(text, copied), at - copied));
        strbuf_add_byte(&out, ' ');
        copied = at + 3;
    }
    strbuf_add(&out, str_skip(text, copied));
    return strbuf_str(&out);
}

struct str text_clean(struct arena *arena, struct str text, size_t *malformed)
{
    return without_separators(arena, utf8_clean(arena, text, malformed));
}

/* Whether a line leaves preformatted text open. */
static bool is_open_after(struct str line, bool open)
{
    for (size_t at = 0; (at += str_find(str_skip(line, at), '<')) < line.len; at++) {
        struct str tag = str_first(str_skip(line, at), 5);

        if (str_equal_nocase(str_first(tag, 4), STR("<pre"))) {
            open = true;
        } else if (str_equal_nocase(tag, STR("</pre"))) {
            open = false;
        }
    }
    return open;
}

struct str html_unindent(struct arena *arena, struct str html)
{
    struct strbuf out;
    bool preformatted = false;

    strbuf_init(&out, arena, html.len + 1);
    for (struct str line; str_next_line(&html, &line);) {
        strbuf_add(&out, preformatted ? line : str_trim(line));
        strbuf_add_byte(&out, '\n');
        preformatted = is_open_after(line, preformatted);
    }
    return strbuf_str(&out);
}
