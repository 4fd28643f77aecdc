/* Transliteration: a table for what has a custom of its own, and for all else what remains of a
 * character's compatibility decomposition without its marks. */
#include "base/charset.h"

#include <stdlib.h>

#include <unictype.h>
#include <uninorm.h>

#include "base/strbuf.h"
#include "base/utf8.h"

#define DECOMPOSED_MAX 64 /* characters; the longest decomposition has 18 */

const char *const charset_names[] = { "utf-8", "latin-1", "ascii", NULL };

/* Source: IANA character sets, preferred MIME names. */
const struct str charset_labels[] = {
    [CHARSET_UTF8] = STR_INIT("UTF-8"),
    [CHARSET_LATIN1] = STR_INIT("ISO-8859-1"),
    [CHARSET_ASCII] = STR_INIT("US-ASCII"),
};

/* What people write for what they cannot. */
static const struct custom {
    uint32_t character;
    const char *text;
} customs[] = {
    { 0x2010, "-" },    { 0x2011, "-" },  { 0x2012, "-" },    { 0x2013, "-" },
    { 0x2014, "--" },   { 0x2015, "--" }, { 0x2018, "'" },    { 0x2019, "'" },
    { 0x201A, "'" },    { 0x201B, "'" },  { 0x201C, "\"" },   { 0x201D, "\"" },
    { 0x201E, "\"" },   { 0x201F, "\"" }, { 0x2020, "+" },    { 0x2021, "++" },
    { 0x2022, "*" },    { 0x2032, "'" },  { 0x2033, "\"" },   { 0x2039, "<" },
    { 0x203A, ">" },    { 0x2044, "/" },  { 0x20AC, "EUR" },  { 0x2190, "<-" },
    { 0x2191, "^" },    { 0x2192, "->" }, { 0x2193, "v" },    { 0x2194, "<->" },
    { 0x21D0, "<=" },   { 0x21D2, "=>" }, { 0x21D4, "<=>" },  { 0x2212, "-" },
    { 0x2215, "/" },    { 0x2217, "*" },  { 0x221A, "sqrt" }, { 0x221E, "infinity" },
    { 0x2248, "~" },    { 0x2260, "!=" }, { 0x2264, "<=" },   { 0x2265, ">=" },
    { 0x2500, "-" },    { 0x2502, "|" },  { 0x250C, "+" },    { 0x2510, "+" },
    { 0x2514, "+" },    { 0x2518, "+" },  { 0x251C, "+" },    { 0x2524, "+" },
    { 0x252C, "+" },    { 0x2534, "+" },  { 0x253C, "+" },    { 0x25CF, "*" },
    { 0x25E6, "o" },    { 0x2605, "*" },  { 0x2610, "[ ]" },  { 0x2611, "[x]" },
    { 0x2713, "v" },    { 0x2714, "v" },  { 0x2717, "x" },    { 0x2718, "x" },
    { 0x00A1, "!" },    { 0x00A2, "c" },  { 0x00A3, "GBP" },  { 0x00A5, "JPY" },
    { 0x00A6, "|" },    { 0x00A7, "S." }, { 0x00A9, "(c)" },  { 0x00AB, "<<" },
    { 0x00AC, "not " }, { 0x00AD, "" },   { 0x00AE, "(R)" },  { 0x00B0, " deg" },
    { 0x00B1, "+/-" },  { 0x00B4, "'" },  { 0x00B5, "u" },    { 0x00B6, "P." },
    { 0x00B7, "*" },    { 0x00BB, ">>" }, { 0x00BF, "?" },    { 0x00C6, "AE" },
    { 0x00D0, "D" },    { 0x00D7, "x" },  { 0x00D8, "O" },    { 0x00DE, "Th" },
    { 0x00DF, "ss" },   { 0x00E6, "ae" }, { 0x00F0, "d" },    { 0x00F7, "/" },
    { 0x00F8, "o" },    { 0x00FE, "th" }, { 0x0110, "D" },    { 0x0111, "d" },
    { 0x0131, "i" },    { 0x0141, "L" },  { 0x0142, "l" },    { 0x0152, "OE" },
    { 0x0153, "oe" },   { 0x03BC, "u" },  { 0x200B, "" },     { 0x200C, "" },
    { 0x200D, "" },     { 0x2060, "" },   { 0xFE0E, "" },     { 0xFE0F, "" },
};

static bool is_known(uint32_t character, enum charset charset)
{
    return character < 0x80 || charset == CHARSET_UTF8 ||
           (charset == CHARSET_LATIN1 && character >= 0xA0 && character < 0x100);
}

static const char *find_custom(uint32_t character)
{
    for (size_t i = 0; i < sizeof customs / sizeof customs[0]; i++) {
        if (customs[i].character == character) {
            return customs[i].text;
        }
    }
    return NULL;
}

/* Add a character, or what people write for it; false when there is neither. */
static bool add_simple(struct strbuf *out, uint32_t character, enum charset charset)
{
    const char *custom = is_known(character, charset) ? NULL : find_custom(character);
    char bytes[4];

    if (is_known(character, charset)) {
        strbuf_add(out, (struct str){ bytes, utf8_encode(character, bytes) });
    } else if (custom != NULL) {
        strbuf_add(out, str_from(custom));
    }
    return is_known(character, charset) || custom != NULL;
}

/* A character by its parts: letters stay, their marks go. */
static void add_decomposed(struct strbuf *out, uint32_t character, enum charset charset)
{
    uint32_t parts[DECOMPOSED_MAX];
    size_t count = DECOMPOSED_MAX;
    uint32_t *found = u32_normalize(UNINORM_NFKD, &character, 1, parts, &count);
    bool any = false;

    for (size_t i = 0; found == parts && i < count; i++) {
        any |= add_simple(out, parts[i], charset);
    }
    if (found != parts) {
        free(found);
    }
    if (!any) {
        strbuf_add_byte(out, '?');
    }
}

static bool is_fit(struct str text, enum charset charset)
{
    while (text.len > 0) {
        if (!is_known(utf8_next(&text), charset)) {
            return false;
        }
    }
    return true;
}

/* Marks that belong to the letter before them: only with it have they a likeness. */
static bool is_mark(uint32_t character)
{
    return uc_combining_class(character) != 0;
}

struct str charset_fit(struct arena *arena, struct str text, enum charset charset)
{
    struct strbuf out;
    uint8_t *composed;
    size_t len;
    struct str rest;

    if (charset == CHARSET_UTF8 || is_fit(text, charset)) {
        return text;
    }
    composed = u8_normalize(UNINORM_NFC, (const uint8_t *)text.ptr, text.len, NULL, &len);
    rest = composed != NULL ? (struct str){ (const char *)composed, len } : text;
    strbuf_init(&out, arena, rest.len * 8); /* the longest customs have eight bytes */
    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (!is_mark(character) && !add_simple(&out, character, charset)) {
            add_decomposed(&out, character, charset);
        }
    }
    free(composed);
    return strbuf_str(&out);
}

struct str charset_encode(struct arena *arena, struct str text, enum charset charset)
{
    char *out;
    size_t len = 0;

    if (charset != CHARSET_LATIN1) {
        return text;
    }
    out = arena_alloc(arena, text.len + 1);
    while (text.len > 0) {
        out[len++] = (char)utf8_next(&text);
    }
    return (struct str){ out, len };
}
