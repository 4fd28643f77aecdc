/* Slugs. Unicode's classes and cases are libunistring's business. */
#include "content/slug.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/strbuf.h"
#include "base/utf8.h"

/* Letters, marks and digits of any script. */
static bool is_word(uint32_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M |
                                                           UC_CATEGORY_MASK_Nd);
}

static bool is_ascii_word(uint32_t character)
{
    return character < 0x80 && (byte_is_alpha((char)character) || byte_is_digit((char)character));
}

static bool is_among(uint32_t character, const char *bytes)
{
    return character > 0 && character < 0x80 && strchr(bytes, (int)character) != NULL;
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

static void add_character(struct strbuf *out, uint32_t character)
{
    char bytes[4];

    strbuf_add(out, (struct str){ bytes, utf8_encode(character, bytes) });
}

struct str slug_lower(struct arena *arena, struct str text)
{
    size_t len = 0;
    uint8_t *lowered;
    struct str copy;

    if (is_ascii(text)) {
        char *out = arena_alloc(arena, text.len + 1);

        for (size_t i = 0; i < text.len; i++) {
            out[i] = byte_lower(text.ptr[i]);
        }
        return (struct str){ out, text.len };
    }
    lowered = u8_tolower((const uint8_t *)text.ptr, text.len, NULL, NULL, NULL, &len);
    if (lowered == NULL) {
        return text; /* not UTF-8 */
    }
    copy = arena_copy(arena, (struct str){ (const char *)lowered, len });
    free(lowered);
    return copy;
}

/* ---- Astro ----------------------------------------------------------------------------------- */

static struct str github(struct arena *arena, struct str name)
{
    struct strbuf out;

    name = slug_lower(arena, name);
    strbuf_init(&out, arena, name.len);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (character == ' ' || character == '-') {
            strbuf_add_byte(&out, '-');
        } else if (uc_is_property_alphabetic(character) || is_word(character) ||
                   uc_is_general_category(character, UC_CONNECTOR_PUNCTUATION)) {
            add_character(&out, character);
        }
    }
    return strbuf_str(&out);
}

/* ---- kebabCase ------------------------------------------------------------------------------- */

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

/* Add a Latin letter in ASCII; false, and nothing added, for any other character. */
static bool add_latin(struct strbuf *out, uint32_t character)
{
    for (size_t i = 0; i < sizeof latin / sizeof latin[0]; i++) {
        if (latin[i].character == character) {
            strbuf_add(out, latin[i].ascii);
            return true;
        }
    }
    if (character >= 0xC0 && (character < 0x180 || (character >= 0x1E00 && character < 0x1F00))) {
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

static bool is_combining(uint32_t character)
{
    return (character >= 0x300 && character <= 0x36F) ||
           (character >= 0xFE20 && character <= 0xFE2F) ||
           (character >= 0x20D0 && character <= 0x20FF);
}

/* Latin letters without their marks, apostrophes gone. */
static struct str deburr(struct arena *arena, struct str name)
{
    struct strbuf out;

    strbuf_init(&out, arena, name.len * 2);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (character < 0x180 && character != 0xD7 && character != 0xF7 &&
            add_latin(&out, character)) {
            continue;
        }
        if (!is_combining(character) && character != '\'' && character != 0x2019) {
            add_character(&out, character);
        }
    }
    return strbuf_str(&out);
}

enum kebab_class { KEBAB_BREAK, KEBAB_UPPER, KEBAB_LOWER, KEBAB_DIGIT, KEBAB_MISC, KEBAB_OTHER };

static enum kebab_class kebab_class(uint32_t character)
{
    if (character < 0x80) {
        return byte_is_digit((char)character)         ? KEBAB_DIGIT
               : character >= 'A' && character <= 'Z' ? KEBAB_UPPER
               : byte_is_alpha((char)character)       ? KEBAB_LOWER
                                                      : KEBAB_BREAK;
    }
    if (character <= 0xBF || character == 0xD7 || character == 0xF7 ||
        (character >= 0x2000 && character <= 0x206F) || character == 0x1680 ||
        character == 0x180E || character == 0x3000 || character == 0xFEFF) {
        return KEBAB_BREAK;
    }
    if ((character >= 0x2700 && character <= 0x27BF) || character >= 0x10000) {
        return KEBAB_OTHER; /* dingbats and what takes two units in UTF-16: emoji are words */
    }
    return KEBAB_MISC;
}

struct kebab {
    uint32_t *characters;
    enum kebab_class *classes;
    size_t count;
};

static bool is_class(const struct kebab *kebab, size_t at, enum kebab_class wanted)
{
    return at < kebab->count && kebab->classes[at] == wanted;
}

static bool is_small(const struct kebab *kebab, size_t at)
{
    return is_class(kebab, at, KEBAB_LOWER) || is_class(kebab, at, KEBAB_MISC);
}

static bool is_end(const struct kebab *kebab, size_t at)
{
    return at == kebab->count || kebab->classes[at] == KEBAB_BREAK;
}

/* Where the run of characters that are one of two classes ends. */
static size_t run_end(const struct kebab *kebab, size_t at, enum kebab_class one,
                      enum kebab_class other)
{
    while (is_class(kebab, at, one) || is_class(kebab, at, other)) {
        at++;
    }
    return at;
}

/* "Word", "word", when what follows is a break or a capital. */
static size_t latin_word(const struct kebab *kebab, size_t from)
{
    size_t start = from + is_class(kebab, from, KEBAB_UPPER);
    size_t end = run_end(kebab, start, KEBAB_LOWER, KEBAB_LOWER);

    return end > start && (is_end(kebab, end) || is_class(kebab, end, KEBAB_UPPER)) ? end : from;
}

/* "WORD", up to a break or to a capital that begins a word: "XML" in "XMLHttp". Letters without
 * case count as capitals here. */
static size_t capital_word(const struct kebab *kebab, size_t from)
{
    size_t end = run_end(kebab, from, KEBAB_UPPER, KEBAB_MISC);

    while (end > from && !is_end(kebab, end) &&
           !(is_class(kebab, end, KEBAB_UPPER) && is_small(kebab, end + 1))) {
        end--;
    }
    return end;
}

static size_t mixed_word(const struct kebab *kebab, size_t from)
{
    size_t start = from + is_class(kebab, from, KEBAB_UPPER);
    size_t end = run_end(kebab, start, KEBAB_LOWER, KEBAB_MISC);

    return end > start ? end : from;
}

/* Where the word at `from`, which is no break, ends: the first pattern that fits counts. */
static size_t word_end(const struct kebab *kebab, size_t from)
{
    static size_t (*const patterns[])(const struct kebab *, size_t) = {
        latin_word,
        capital_word,
        mixed_word,
    };
    size_t end;

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        end = patterns[i](kebab, from);
        if (end > from) {
            return end;
        }
    }
    end = run_end(kebab, from, KEBAB_UPPER, KEBAB_UPPER);
    if (end == from) {
        end = run_end(kebab, from, KEBAB_DIGIT, KEBAB_DIGIT);
    }
    return end > from ? end : from + 1;
}

static struct str kebab(struct arena *arena, struct str name)
{
    struct str rest = deburr(arena, name);
    struct kebab kebab = { ARENA_ARRAY(arena, uint32_t, rest.len),
                           ARENA_ARRAY(arena, enum kebab_class, rest.len), 0 };
    struct strbuf out;

    strbuf_init(&out, arena, rest.len * 2 + 1);
    while (rest.len > 0) {
        kebab.characters[kebab.count] = utf8_next(&rest);
        kebab.classes[kebab.count] = kebab_class(kebab.characters[kebab.count]);
        kebab.count++;
    }
    for (size_t at = 0; at < kebab.count;) {
        size_t end;

        if (kebab.classes[at] == KEBAB_BREAK) {
            at++;
            continue;
        }
        strbuf_add(&out, out.len > 0 ? STR("-") : STR(""));
        for (end = word_end(&kebab, at); at < end; at++) {
            add_character(&out, kebab.characters[at]);
        }
    }
    return slug_lower(arena, strbuf_str(&out));
}

static struct str hybrid(struct arena *arena, struct str name)
{
    static const struct {
        char byte;
        struct str word;
    } words[] = {
        { '$', STR_INIT("dollar") }, { '%', STR_INIT("percent") }, { '&', STR_INIT("and") },
        { '<', STR_INIT("less") },   { '>', STR_INIT("greater") }, { '|', STR_INIT("or") },
    };
    struct strbuf out;

    if (!is_ascii(name)) {
        return kebab(arena, name);
    }
    strbuf_init(&out, arena, name.len * sizeof "percent");
    name = str_trim(name);
    for (size_t i = 0; i < name.len; i++) {
        char c = byte_lower(name.ptr[i]);
        bool dash = c == '-' || byte_is_blank(c);
        struct str word = { &c, is_ascii_word((unsigned char)c) ||
                                    is_among((unsigned char)c, "_*+~.()'\"!:@") };

        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++) {
            word = words[j].byte == c ? words[j].word : word;
        }
        if (dash && out.len > 0 && !str_ends_with(strbuf_str(&out), STR("-"))) {
            word = STR("-");
        }
        strbuf_add(&out, word);
    }
    return str_first(strbuf_str(&out), out.len - str_ends_with(strbuf_str(&out), STR("-")));
}

/* ---- Hugo ------------------------------------------------------------------------------------ */

static struct str hugo(struct arena *arena, struct str name)
{
    struct strbuf out;
    bool dash_due = false;
    bool after_dash = false;

    strbuf_init(&out, arena, name.len * 2);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (is_word(character) || is_among(character, "._#+~-@")) {
            after_dash = character == '-';
            if (dash_due && !after_dash) {
                strbuf_add_byte(&out, '-');
            }
            dash_due = false;
            add_character(&out, uc_tolower(character)); /* Go: each by itself */
        } else if (!after_dash && uc_is_property_white_space(character)) {
            dash_due = true;
        }
    }
    strbuf_add(&out, dash_due ? STR("-") : STR(""));
    return strbuf_str(&out);
}

/* ---- Jekyll and Zola ------------------------------------------------------------------------- */

static bool stays_in_jekyll(uint32_t character)
{
    return is_word(character) || is_among(character, "._~!$&'()+,;=@");
}

static struct str jekyll(struct arena *arena, struct str name)
{
    struct strbuf out;
    struct str slug;
    bool dropping = false;

    strbuf_init(&out, arena, name.len * 2);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (stays_in_jekyll(character)) {
            add_character(&out, character);
        } else if (!dropping) {
            strbuf_add_byte(&out, '-');
        }
        dropping = !stays_in_jekyll(character);
    }
    slug = strbuf_str(&out);
    slug = str_skip(slug, str_starts_with(slug, STR("-")));
    return str_first(slug, slug.len - str_ends_with(slug, STR("-")));
}

static struct str zola(struct arena *arena, struct str name)
{
    struct strbuf out;
    struct strbuf plain;
    struct str rest;

    strbuf_init(&plain, arena, name.len * 2);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (!add_latin(&plain, character) && !is_combining(character)) {
            add_character(&plain, character);
        }
    }
    rest = slug_lower(arena, strbuf_str(&plain));
    strbuf_init(&out, arena, rest.len);
    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (is_ascii_word(character) || (character >= 0x80 && is_word(character))) {
            add_character(&out, character);
        } else if (out.len > 0 && !str_ends_with(strbuf_str(&out), STR("-"))) {
            strbuf_add_byte(&out, '-');
        }
    }
    rest = strbuf_str(&out);
    return str_first(rest, rest.len - str_ends_with(rest, STR("-")));
}

static struct str as_is(struct arena *arena, struct str name)
{
    (void)arena;
    return name;
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct str slug_make(struct arena *arena, enum slug_rule rule, struct str name)
{
    static struct str (*const rules[])(struct arena *, struct str) = {
        [SLUG_GITHUB] = github, [SLUG_KEBAB] = kebab, [SLUG_HYBRID] = hybrid, [SLUG_HUGO] = hugo,
        [SLUG_JEKYLL] = jekyll, [SLUG_ZOLA] = zola,   [SLUG_AS_IS] = as_is,
    };

    return rules[rule](arena, name);
}

struct str slug_path(struct arena *arena, enum slug_rule rule, struct str path)
{
    struct strbuf out;

    strbuf_init(&out, arena, path.len * sizeof "percent");
    for (bool more = true; more;) {
        struct str part;

        more = str_cut(path, '/', &part, &path);
        part = slug_make(arena, rule, part);
        if (part.len > 0) {
            strbuf_add(&out, out.len > 0 ? STR("/") : STR(""));
            strbuf_add(&out, part);
        }
    }
    return strbuf_str(&out);
}

bool slug_is_sound(struct str slug)
{
    struct str rest = slug;

    if (slug.len == 0 || !utf8_valid(slug)) {
        return false;
    }
    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (!utf8_printable(character) || character == '\n' || character == '\t') {
            return false;
        }
    }
    for (bool more = true; more;) {
        struct str part;

        more = str_cut(slug, '/', &part, &slug);
        if (part.len == 0 || *part.ptr == '.' || str_find(part, '\\') < part.len) {
            return false;
        }
    }
    return true;
}
