/* Slugs. Unicode's classes and cases are libunistring's business. */
#include "content/slug.h"

#include <stdlib.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "transliterate.h"

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
            transliterate_latin(&out, character)) {
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

/* Letters in ASCII where they can be, in lower case. */
static struct str in_ascii(struct arena *arena, struct str name, bool alphabets)
{
    struct strbuf latin;
    struct strbuf out;
    struct str rest;

    strbuf_init(&latin, arena, name.len * 2);
    while (name.len > 0) {
        uint32_t character = utf8_next(&name);

        if (!transliterate_latin(&latin, character) && !is_combining(character)) {
            add_character(&latin, character);
        }
    }
    rest = slug_lower(arena, strbuf_str(&latin));
    strbuf_init(&out, arena, rest.len * 2);
    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (!alphabets || !transliterate_alphabet(&out, character)) {
            add_character(&out, character);
        }
    }
    return strbuf_str(&out);
}

/* Letters and digits, with one dash for all between them and none at the ends. */
static struct str dashed(struct arena *arena, struct str text, bool only_ascii)
{
    struct strbuf out;

    strbuf_init(&out, arena, text.len);
    while (text.len > 0) {
        uint32_t character = utf8_next(&text);

        if (is_ascii_word(character) || (!only_ascii && character >= 0x80 && is_word(character))) {
            add_character(&out, character);
        } else if (out.len > 0 && out.bytes[out.len - 1] != '-') {
            strbuf_add_byte(&out, '-');
        }
    }
    text = strbuf_str(&out);
    return str_first(text, text.len - str_ends_with(text, STR("-")));
}

static struct str zola(struct arena *arena, struct str name)
{
    return dashed(arena, in_ascii(arena, name, true), false);
}

/* What stands for a character of a word, and how much of the text that is; an empty text when it
 * stands for itself. */
static struct str replace_for_eleventy(struct str text, size_t *len)
{
    static const struct {
        struct str from;
        struct str to;
    } rows[] = {
        { STR_INIT("&"), STR_INIT(" and ") }, { STR_INIT("Ä"), STR_INIT("ae") },
        { STR_INIT("ä"), STR_INIT("ae") },    { STR_INIT("Ö"), STR_INIT("oe") },
        { STR_INIT("ö"), STR_INIT("oe") },    { STR_INIT("Ü"), STR_INIT("ue") },
        { STR_INIT("ü"), STR_INIT("ue") },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (str_starts_with(text, rows[i].from)) {
            *len = rows[i].from.len;
            return rows[i].to;
        }
    }
    if (text.len > 1 && *text.ptr == '\'' && strchr("ts", text.ptr[1]) != NULL &&
        (text.len == 2 || byte_is_blank(text.ptr[2]))) { /* "don't", "it's" */
        *len = 2;
        return str_first(str_skip(text, 1), 1);
    }
    *len = 1;
    return STR("");
}

static struct str eleventy(struct arena *arena, struct str name)
{
    struct strbuf out;

    strbuf_init(&out, arena, name.len * 5);
    while (name.len > 0) {
        size_t len;
        struct str replaced = replace_for_eleventy(name, &len);

        strbuf_add(&out, replaced.len > 0 ? replaced : str_first(name, 1));
        name = str_skip(name, len);
    }
    return dashed(arena, in_ascii(arena, strbuf_str(&out), false), true);
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
        [SLUG_GITHUB] = github,     [SLUG_KEBAB] = kebab,   [SLUG_HYBRID] = hybrid,
        [SLUG_HUGO] = hugo,         [SLUG_JEKYLL] = jekyll, [SLUG_ZOLA] = zola,
        [SLUG_ELEVENTY] = eleventy, [SLUG_AS_IS] = as_is,
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
