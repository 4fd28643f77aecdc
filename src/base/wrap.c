/* Wrapping: where a line may end is libunistring's to say, how much fits is utf8.c's. */
#include "base/wrap.h"

#include <unilbrk.h>

#include "base/utf8.h"

void wrap_init(struct wrap *wrap, struct arena *arena, struct str text)
{
    char *breaks;

    text = str_trim(text);
    breaks = arena_alloc(arena, text.len + 1);
    u8_possible_linebreaks((const uint8_t *)text.ptr, text.len, "UTF-8", breaks);
    *wrap = (struct wrap){ text, breaks };
}

bool wrap_is_url(struct str word)
{
    return str_find_str(word, STR("://")) < word.len ||
           str_find_str(word, STR("mailto:")) < word.len;
}

static bool is_wide(uint32_t character)
{
    return character >= 0x1100 && utf8_character_width(character) == 2;
}

/* The standard would also part words at hyphens and addresses at slashes, which neither a reader of
 * code nor one who copies them wants. So only where a blank or a wide character stands. */
static bool may_break(const struct wrap *wrap, size_t at, uint32_t before, uint32_t after)
{
    return (wrap->breaks[at] == UC_BREAK_POSSIBLE || wrap->breaks[at] == UC_BREAK_HYPHENATION) &&
           (before == ' ' || before == '\t' || is_wide(before) || is_wide(after));
}

/* Where a piece that may not be parted, from `from` on, ends. */
static size_t piece_end(const struct wrap *wrap, size_t from)
{
    struct str rest = str_skip(wrap->rest, from);
    uint32_t before = utf8_next(&rest);

    while (rest.len > 0) {
        size_t at = wrap->rest.len - rest.len;
        uint32_t character = utf8_next(&rest);

        if (may_break(wrap, at, before, character)) {
            return at;
        }
        before = character;
    }
    return wrap->rest.len;
}

/* Whether a character is drawn on its own, and not into or onto the one before it. */
static bool stands_alone(uint32_t before, uint32_t character)
{
    return before != UTF8_JOINER && utf8_character_width(character) > 0;
}

struct str wrap_cut(struct str text, size_t width)
{
    struct str rest = text;
    size_t columns = 0;
    size_t last = 0; /* where the last character that stands alone begins */
    uint32_t before = 0;

    while (rest.len > 0) {
        size_t at = text.len - rest.len;
        uint32_t character = utf8_next(&rest);

        last = stands_alone(before, character) ? at : last;
        columns += utf8_columns(before, character);
        if (columns > width && last > 0) {
            return str_first(text, last);
        }
        before = character;
    }
    return text;
}

static struct str without_end_blanks(struct str text)
{
    while (text.len > 0 && byte_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* How many bytes of the rest make the next line, its end blanks included. */
static size_t measure(const struct wrap *wrap, size_t width)
{
    size_t columns = 0;
    size_t len = 0;

    while (len < wrap->rest.len) {
        size_t end = piece_end(wrap, len);
        struct str piece = str_first(str_skip(wrap->rest, len), end - len);
        struct str word = without_end_blanks(piece);

        if (columns + utf8_width(word) > width) {
            return len > 0 ? len : wrap_is_url(word) ? end : wrap_cut(word, width).len;
        }
        columns += utf8_width(piece);
        len = end;
    }
    return len;
}

bool wrap_next(struct wrap *wrap, size_t width, struct str *line)
{
    size_t len = measure(wrap, width);

    if (len == 0) {
        return false;
    }
    *line = without_end_blanks(str_first(wrap->rest, len));
    while (len < wrap->rest.len && byte_is_blank(wrap->rest.ptr[len])) {
        len++;
    }
    wrap->rest = str_skip(wrap->rest, len);
    wrap->breaks += len;
    return true;
}
