/* Bytes to clean text. */
#include "clean.h"

#include "base/strbuf.h"
#include "base/utf8.h"

static struct str without_separators(struct arena *arena, struct str text)
{
    struct strbuf out;
    size_t at = str_find_str(text, STR("\xE2\x80\xA8"));
    size_t paragraph = str_find_str(text, STR("\xE2\x80\xA9"));

    if (at == text.len && paragraph == text.len) {
        return text;
    }
    strbuf_init(&out, arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_skip(text, i);

        if (str_starts_with(rest, STR("\xE2\x80\xA8")) ||
            str_starts_with(rest, STR("\xE2\x80\xA9"))) {
            strbuf_add_byte(&out, ' ');
            i += 2;
        } else {
            strbuf_add_byte(&out, text.ptr[i]);
        }
    }
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
