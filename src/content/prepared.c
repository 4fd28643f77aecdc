/* What came of preparing, for those who read the text again: its lines, and its marks undone. */
#include "base/strbuf.h"
#include "prepare.h"

struct str prepared_line(const struct prepared *prepared, size_t index)
{
    size_t start = prepared->lines[index].start;
    size_t end = index + 1 < prepared->line_count ? prepared->lines[index + 1].start - 1
                                                  : prepared->text.len;

    return str_first(str_skip(prepared->text, start), end - start);
}

struct mark *prepared_find(const struct prepared *prepared, struct str text, size_t *at,
                           size_t *len)
{
    size_t start = 0;

    for (;;) {
        size_t end;
        unsigned long number;

        start += str_find(str_skip(text, start), MARK_START);
        if (start >= text.len) {
            *at = text.len;
            *len = 0;
            return NULL;
        }
        end = start + str_find(str_skip(text, start), MARK_END);
        if (end < text.len && prepared->mark_count > 0 &&
            str_parse_number(str_first(str_skip(text, start + 1), end - start - 1),
                             prepared->mark_count - 1, &number)) {
            *at = start;
            *len = end + 1 - start;
            return &prepared->marks[number];
        }
        start++;
    }
}

#define ADDRESS_MAX                                                                                \
    4096 /* bytes of a mark's source in an address, which can be asked for often                   \
          */

static struct str restore(const struct prepared *prepared, struct arena *arena, struct str text,
                          bool address)
{
    struct strbuf out;
    size_t at;
    size_t len;
    const struct mark *mark = prepared_find(prepared, text, &at, &len);

    if (mark == NULL && str_find(text, JOINER) == text.len) {
        return text;
    }
    strbuf_init(&out, arena, (size_t)1 << 30);
    while (text.len > 0) {
        for (size_t i = 0; i < at; i++) {
            if (text.ptr[i] != JOINER) {
                strbuf_add_byte(&out, text.ptr[i]);
            }
        }
        if (mark != NULL && mark->unknown && address) {
            return STR("");
        }
        if (mark != NULL) {
            strbuf_add(&out, address && mark->address.ptr != NULL ? mark->address
                             : address ? str_first(mark->source, ADDRESS_MAX)
                                       : mark->source);
        }
        text = str_skip(text, at + len);
        mark = prepared_find(prepared, text, &at, &len);
    }
    return strbuf_str(&out);
}

struct str prepared_restore(const struct prepared *prepared, struct arena *arena, struct str text)
{
    return restore(prepared, arena, text, false);
}

struct str prepared_address(const struct prepared *prepared, struct arena *arena, struct str text)
{
    return restore(prepared, arena, text, true);
}
