/* UTF-8, and columns. The widths are the C library's: its tables follow Unicode with every release,
 * every Debian has its C.UTF-8 locale, and a terminal on the same machine agrees with them. */
#define _GNU_SOURCE /* wcwidth */
#include "base/utf8.h"

#include <endian.h>
#include <locale.h>
#include <wchar.h>

#include "base/strbuf.h"

/* The length of the well-formed character at the front of text, or 0. RFC 3629, section 4. */
static size_t character_length(struct str text)
{
    const unsigned char *byte = (const unsigned char *)text.ptr;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t len;

    if (byte[0] < 0x80) {
        return 1;
    }
    if (byte[0] >= 0xC2 && byte[0] <= 0xDF) {
        len = 2;
    } else if (byte[0] >= 0xE0 && byte[0] <= 0xEF) {
        len = 3;
        low = byte[0] == 0xE0 ? 0xA0 : 0x80;
        high = byte[0] == 0xED ? 0x9F : 0xBF;
    } else if (byte[0] >= 0xF0 && byte[0] <= 0xF4) {
        len = 4;
        low = byte[0] == 0xF0 ? 0x90 : 0x80;
        high = byte[0] == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (text.len < len || byte[1] < low || byte[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((byte[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

bool utf8_valid(struct str text)
{
    while (text.len > 0) {
        size_t len = character_length(text);

        if (len == 0) {
            return false;
        }
        text = str_skip(text, len);
    }
    return true;
}

uint32_t utf8_next(struct str *rest)
{
    static const unsigned char lead_mask[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    size_t len = character_length(*rest);
    uint32_t character;

    if (len == 0) {
        *rest = str_skip(*rest, 1);
        return UTF8_REPLACEMENT;
    }
    character = (unsigned char)rest->ptr[0] & lead_mask[len];
    for (size_t i = 1; i < len; i++) {
        character = character << 6 | ((unsigned char)rest->ptr[i] & 0x3F);
    }
    *rest = str_skip(*rest, len);
    return character;
}

size_t utf8_encode(uint32_t character, char *out)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

bool utf8_printable(uint32_t character)
{
    return character == '\t' || character == '\n' ||
           (character >= 0x20 && character != 0x7F && !(character >= 0x80 && character < 0xA0) &&
            character != 0xFEFF);
}

/* wcwidth knows ASCII only unless the thread's locale says UTF-8. */
static locale_t utf8_locale(void)
{
    static locale_t locale;

    if (locale == (locale_t)0) {
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    }
    return locale;
}

#define EMOJI_SELECTOR 0xFE0Fu /* the character before it is shown as an emoji */

/* What the tables do not know yet is most likely an emoji, or shown as a box as wide as one. */
static int width_in_locale(uint32_t character)
{
    int width = wcwidth((wchar_t)character);

    return width >= 0 ? width : utf8_printable(character) ? 2 : 0;
}

static size_t columns_in_locale(uint32_t before, uint32_t character)
{
    if (character < 0x7F) {
        return character >= 0x20;
    }
    if (character == EMOJI_SELECTOR) {
        return before > 0 && before != EMOJI_SELECTOR && width_in_locale(before) == 1;
    }
    return (size_t)width_in_locale(character);
}

int utf8_character_width(uint32_t character)
{
    locale_t previous;
    int width;

    if (character < 0x7F) {
        return character >= 0x20;
    }
    previous = uselocale(utf8_locale());
    width = width_in_locale(character);
    uselocale(previous);
    return width;
}

size_t utf8_columns(uint32_t before, uint32_t character)
{
    locale_t previous = uselocale(utf8_locale());
    size_t columns = columns_in_locale(before, character);

    uselocale(previous);
    return columns;
}

size_t utf8_width(struct str text)
{
    locale_t previous = uselocale(utf8_locale());
    size_t width = 0;
    uint32_t before = 0;

    while (text.len > 0) {
        uint32_t character = utf8_next(&text);

        width += columns_in_locale(before, character);
        before = character;
    }
    uselocale(previous);
    return width;
}

/* The first of eight bytes that is neither printable ASCII nor a line's end; 8: none. Seven bits of
 * each are looked at in sums that no carry leaves: the eighth then says yes or no. */
static size_t first_unusual(const char *bytes)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t eight;
    uint64_t low;
    uint64_t printable;
    uint64_t other; /* than a line's end */

    memcpy(&eight, bytes, sizeof eight);
    eight = le64toh(eight);
    low = eight & ones * 0x7F;
    printable = low + ones * (0x80 - ' ');
    other = (low ^ ones * '\n') + ones * 0x7F;
    eight |= (~printable & other) | (low + ones); /* the last: 7F */
    eight &= ones * 0x80;
    return eight == 0 ? sizeof eight : (size_t)__builtin_ctzll(eight) / 8;
}

/* How many bytes at the front stand for themselves: printable ASCII, tabs and line ends. */
static size_t plain_length(struct str text)
{
    size_t len = 0;

    while (len < text.len) {
        unsigned char byte;

        if (text.len - len >= 8) {
            size_t usual = first_unusual(text.ptr + len);

            len += usual;
            if (usual == 8) {
                continue;
            }
        }
        byte = (unsigned char)text.ptr[len];
        if (byte >= 0x7F || (byte < 0x20 && byte != '\n' && byte != '\t')) {
            break;
        }
        len++;
    }
    return len;
}

/* The length of a row of characters of three bytes, as most of Asia writes. Those whose second byte
 * has bounds of its own (E0, ED) end it, and the neighbours of U+FEFF (EF BB BF). */
static size_t three_bytes_length(struct str text)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    size_t len = 0;

    while (text.len - len >= 3 && bytes[len] > 0xE0 && bytes[len] <= 0xEF && bytes[len] != 0xED &&
           (bytes[len + 1] & 0xC0) == 0x80 && (bytes[len + 2] & 0xC0) == 0x80 &&
           !(bytes[len] == 0xEF && bytes[len + 1] == 0xBB)) {
        len += 3;
    }
    return len;
}

/* How many bytes at the front may stay as they are: plain ones and printable characters. */
static size_t clean_length(struct str text)
{
    size_t len = 0;

    for (;;) {
        struct str rest;
        size_t character;
        size_t wide;

        do {
            len += plain_length(str_skip(text, len));
            wide = three_bytes_length(str_skip(text, len));
            len += wide;
        } while (wide > 0);
        rest = str_skip(text, len);
        character = rest.len == 0 ? 0 : character_length(rest);
        if (character == 0 || !utf8_printable(utf8_next(&rest))) {
            return len;
        }
        len += character;
    }
}

struct str utf8_clean(struct arena *arena, struct str text, size_t *malformed)
{
    size_t bad = 0;
    struct strbuf buf;

    if (malformed != NULL) {
        *malformed = 0;
    }
    if (clean_length(text) == text.len) {
        return text;
    }
    strbuf_init(&buf, arena, text.len * 3); /* a replacement takes three bytes for one */
    while (text.len > 0) {
        size_t clean = clean_length(text);

        strbuf_add(&buf, str_first(text, clean));
        text = str_skip(text, clean);
        if (text.len == 0) {
            break;
        }
        if (character_length(text) == 0) {
            bad++;
            strbuf_add(&buf, STR("\xEF\xBF\xBD"));
        } else if (*text.ptr == '\r') {
            strbuf_add_byte(&buf, '\n');
            text = str_skip(text, str_starts_with(text, STR("\r\n")));
        }
        (void)utf8_next(&text);
    }
    if (malformed != NULL) {
        *malformed = bad;
    }
    return strbuf_str(&buf);
}
