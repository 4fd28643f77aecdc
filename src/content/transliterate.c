/* Tables of letters. What is another letter with a mark on it is that letter. */
#include "transliterate.h"

#include <uninorm.h>

/* ---- Latin ----------------------------------------------------------------------------------- */

/* Latin letters that are not another one with a mark on it. */
static const struct {
    uint32_t character;
    struct str ascii;
} latin[] = {
    { 0xC6, STR_INIT("Ae") },  { 0xD0, STR_INIT("D") },   { 0xD8, STR_INIT("O") },
    { 0xDE, STR_INIT("Th") },  { 0xDF, STR_INIT("ss") },  { 0xE6, STR_INIT("ae") },
    { 0xF0, STR_INIT("d") },   { 0xF8, STR_INIT("o") },   { 0xFE, STR_INIT("th") },
    { 0x110, STR_INIT("D") },  { 0x111, STR_INIT("d") },  { 0x126, STR_INIT("H") },
    { 0x127, STR_INIT("h") },  { 0x131, STR_INIT("i") },  { 0x132, STR_INIT("IJ") },
    { 0x133, STR_INIT("ij") }, { 0x138, STR_INIT("k") },  { 0x13F, STR_INIT("L") },
    { 0x140, STR_INIT("l") },  { 0x141, STR_INIT("L") },  { 0x142, STR_INIT("l") },
    { 0x149, STR_INIT("'n") }, { 0x14A, STR_INIT("N") },  { 0x14B, STR_INIT("n") },
    { 0x152, STR_INIT("Oe") }, { 0x153, STR_INIT("oe") }, { 0x166, STR_INIT("T") },
    { 0x167, STR_INIT("t") },  { 0x17F, STR_INIT("s") },
};

bool transliterate_latin(struct strbuf *out, uint32_t character)
{
    for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++) {
        if (latin[i].character == character) {
            strbuf_add(out, latin[i].ascii);
            return true;
        }
    }
    if (character >= 0xC0 && (character < 0x250 || (character >= 0x1E00 && character < 0x1F00))) {
        ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];

        while (uc_canonical_decomposition(character, parts) > 0) {
            character = parts[0];
        }
        if (character < 0x80) {
            strbuf_add_byte(out, (char)character);
            return true;
        }
    }
    return false;
}

/* ---- other alphabets ------------------------------------------------------------------------- */

/* From alpha on, and from the Cyrillic a on. */
static const char *const greek[] = { "a", "b", "g", "d",  "e",  "z",  "e", "th", "i",
                                     "k", "l", "m", "n",  "x",  "o",  "p", "r",  "s",
                                     "s", "t", "u", "ph", "kh", "ps", "o" };
static const char *const cyrillic[] = { "a",  "b",    "v",  "g",   "d",  "e",  "zh", "z",
                                        "i",  "i",    "k",  "l",   "m",  "n",  "o",  "p",
                                        "r",  "s",    "t",  "u",   "f",  "kh", "ts", "ch",
                                        "sh", "shch", "",   "y",   "'",  "e",  "iu", "ia",
                                        "ie", "io",   "dj", "gj",  "ie", "dz", "i",  "yi",
                                        "j",  "lj",   "nj", "tsh", "kj", "i",  "u",  "dzh" };

static bool add_from(struct strbuf *out, uint32_t character, uint32_t first,
                     const char *const *letters, size_t count)
{
    if (character < first || character - first >= count) {
        return false;
    }
    strbuf_add(out, str_from(letters[character - first]));
    return true;
}

bool transliterate_alphabet(struct strbuf *out, uint32_t character)
{
    if (character >= 0x370 && character < 0x400) {
        ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];

        while (uc_canonical_decomposition(character, parts) > 0) {
            character = parts[0]; /* without its accent */
        }
    }
    return add_from(out, character, 0x3B1, greek, sizeof greek / sizeof greek[0]) ||
           add_from(out, character, 0x430, cyrillic, sizeof cyrillic / sizeof cyrillic[0]);
}
