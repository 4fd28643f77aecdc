/* What means something inside a line. */
#include "base/utf8.h"
#include "preparer.h"

static uint32_t character_before(struct str text, size_t at)
{
    size_t start = at;

    while (start > 0 && at - start < 4) {
        start--;
        if (((unsigned char)text.ptr[start] & 0xC0) != 0x80) {
            struct str rest = str_skip(text, start);

            return utf8_next(&rest);
        }
    }
    return ' ';
}

static bool is_punctuation(uint32_t c)
{
    return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
           (c > 'z' && c < 0x7F) || (c >= 0x2010 && c <= 0x205E) || (c >= 0x3001 && c <= 0x3003) ||
           (c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301F) || c == 0x30FB ||
           (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
           (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65) || c == 0xAB || c == 0xBB;
}

static bool is_ideograph(uint32_t c)
{
    return c >= 0x1100 && !is_punctuation(c) && utf8_character_width(c) == 2;
}

/*
 * Emphasis is told by blanks and punctuation at its sides, which scripts without blanks do not
 * have: in "**……。**这" the second pair would open instead of close. A joiner in between makes both
 * do.
 */
static void take_stars(struct preparer *preparer)
{
    size_t count = str_run(preparer_rest(preparer), '*');
    struct str rest = str_skip(preparer->in, preparer->at + count);
    uint32_t before = character_before(preparer->in, preparer->at);
    uint32_t after = rest.len > 0 ? utf8_next(&rest) : ' ';

    if (is_punctuation(before) && is_ideograph(after)) {
        preparer_write(preparer, STR("\x03"));
        preparer->at += count;
    } else if (is_ideograph(before) && is_punctuation(after)) {
        preparer->at += count;
        preparer_write(preparer, STR("\x03"));
    } else {
        preparer->at += count;
    }
}

/* ":smile:", where it stands by itself. */
static bool take_emoji(struct preparer *preparer)
{
    struct str rest = str_skip(preparer_rest(preparer), 1);
    size_t len = 0;
    struct str emoji;

    while (len < rest.len && len < 40 &&
           (byte_is_alpha(rest.ptr[len]) || byte_is_digit(rest.ptr[len]) ||
            strchr("_+-", rest.ptr[len]) != NULL) &&
           rest.ptr[len] != '\0') {
        len++;
    }
    if (len == 0 || len >= rest.len || rest.ptr[len] != ':') {
        return false;
    }
    if (preparer->at > 0 && (byte_is_alpha(preparer->in.ptr[preparer->at - 1]) ||
                             byte_is_digit(preparer->in.ptr[preparer->at - 1]))) {
        return false;
    }
    emoji = emoji_find(str_first(rest, len));
    if (emoji.len == 0) {
        return false;
    }
    preparer_mark(preparer, preparer->at + len + 2, MARK_TEXT, emoji);
    return true;
}

#define EMBEDDED_MAX 1000 /* bytes of such a name */

/* "![[a.png|words]]". */
static bool take_embedded(struct preparer *preparer)
{
    struct str line = str_first(str_skip(preparer_line(preparer), 3), EMBEDDED_MAX);
    size_t end = str_find_str(line, STR("]]"));
    struct strbuf tag;
    struct str url;
    struct str words;

    if (end == line.len || end == 0 || str_starts_with(str_skip(line, end + 2), STR("("))) {
        return false; /* ![[words]](address) is an image of markdown's */
    }
    str_cut(str_first(line, end), '|', &url, &words);
    strbuf_init(&tag, preparer->arena, end * 6 + 64);
    strbuf_add(&tag, STR("<img src=\""));
    add_escaped(&tag, url);
    strbuf_add(&tag, STR("\" alt=\""));
    add_escaped(&tag, words);
    strbuf_add(&tag, STR("\">"));
    preparer_mark(preparer, preparer->at + 3 + end + 2, MARK_TAGS, strbuf_str(&tag));
    return true;
}

/* "&#27;": a control by its number, which text may not hold and marks are made of. */
static bool take_control(struct preparer *preparer)
{
    struct str rest = str_skip(preparer_rest(preparer), 2);
    size_t len = str_find(str_first(rest, 9), ';'); /* 8 digits at most */
    bool hex = len > 0 && (*rest.ptr == 'x' || *rest.ptr == 'X');
    unsigned value = 0;

    if (preparer_rest(preparer).len < 3 || preparer->in.ptr[preparer->at + 1] != '#' ||
        len - hex == 0 || len >= 9 || len == rest.len) {
        return false;
    }
    for (size_t i = hex; i < len; i++) {
        int digit = byte_hex(rest.ptr[i]);

        if (digit < 0 || (!hex && digit > 9)) {
            return false;
        }
        value = value * (hex ? 16 : 10) + (unsigned)digit;
    }
    if (value != 0 && value != '\r' && (utf8_printable(value) && value != '\n' && value != '\t')) {
        return false;
    }
    preparer_write(preparer, value == 0                                        ? STR("\xEF\xBF\xBD")
                             : value == '\t' || value == '\n' || value == '\r' ? STR(" ")
                                                                               : STR(""));
    preparer_drop(preparer, preparer->at + 2 + len + 1);
    return true;
}

/* Brackets that open too deep are text: cmark 0.30 looks at every image that is still open for each
 * link that ends. */
static bool take_bracket(struct preparer *preparer, bool image)
{
    size_t len = image ? 2 : 1;

    if (preparer->brackets < BRACKETS_MAX) {
        preparer->brackets++;
        preparer_keep(preparer, preparer->at + len);
        return true;
    }
    preparer_mark(preparer, preparer->at + len, MARK_TEXT, str_first(preparer_rest(preparer), len));
    return true;
}

/* "So it is![^1]" has a note; "![^1](a.png)" is an image. */
static bool ends_in_note(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);

    return str_starts_with(line, STR("![^")) &&
           !str_starts_with(str_skip(line, str_find(line, ']')), STR("]("));
}

#define IMAGE_MAX 1000 /* bytes of an image that is looked at for its address */

/* "![words](a picture.png)": markdown's text, and rarely meant to be. */
static void report_blank_address(struct preparer *preparer)
{
    struct str image = str_first(preparer_line(preparer), IMAGE_MAX);
    size_t start = str_find_str(image, STR("]("));
    struct str address = str_skip(image, start + 2);
    size_t end = str_find(address, ')');
    size_t blank;

    if (end >= address.len) {
        return;
    }
    image.len = start + 2 + end + 1;
    address = str_trim(str_first(address, end));
    blank = str_find(address, ' ');
    if (blank < address.len && !str_starts_with(address, STR("<")) &&
        strchr("\"'=( ", address.ptr[blank + 1]) == NULL && str_find(address, '.') < address.len) {
        losses_add(preparer->losses, LOSS_IMAGE, preparer->line, image);
    }
}

static bool take_image(struct preparer *preparer)
{
    if (preparer->prepared->flavour != FLAVOUR_KRAMDOWN) {
        report_blank_address(preparer);
    }
    return take_bracket(preparer, true);
}

static bool take_special(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);

    switch (*rest.ptr) {
    case '<':
        return tags_take(preparer);
    case '[':
        return (str_starts_with(rest, STR("[^")) && notes_take_mark(preparer)) ||
               take_bracket(preparer, false);
    case '!':
        return (str_starts_with(rest, STR("![[")) && take_embedded(preparer)) ||
               (str_starts_with(rest, STR("![")) && !ends_in_note(preparer) &&
                take_image(preparer));
    case ']':
        if (preparer->prepared->flavour == FLAVOUR_KRAMDOWN && str_starts_with(rest, STR("](")) &&
            kramdown_take_target(preparer)) {
            return true;
        }
        preparer->brackets -= preparer->brackets > 0;
        return false;
    case '$':
        return formula_take(preparer);
    case ':':
        return take_emoji(preparer);
    default:
        return false;
    }
}

/* What stands at a byte that may mean something. */
static void take_at(struct preparer *preparer, char c)
{
    if ((c == '{' && foreign_take(preparer)) ||
        (c == '&' && !preparer->in_code && take_control(preparer))) {
        return;
    }
    if (preparer->at < preparer->tag_end || preparer->in_code) {
        preparer->at++; /* in code, too, Liquid is Liquid; the rest is code */
        return;
    }
    switch (c) {
    case '\\':
        preparer->at++;
        preparer->at += preparer->at < preparer->in.len && preparer->in.ptr[preparer->at] != '\n';
        break;
    case '`':
        fences_take_ticks(preparer);
        break;
    case '*':
        take_stars(preparer);
        break;
    default:
        preparer->at += !take_special(preparer);
        break;
    }
}

/* Not in code, a tag, a heading or an address in parentheses. */
static bool is_prose(struct preparer *preparer)
{
    return !preparer->in_code && preparer->at >= preparer->tag_end &&
           (preparer->at == 0 || preparer->in.ptr[preparer->at - 1] != '(') &&
           !str_starts_with(preparer_line(preparer), STR("#"));
}

/* The rest of a line, and of the lines that a span or a tag reaches into. */
void spans_take_line(struct preparer *preparer)
{
    static const bool special[256] = {
        ['\n'] = true, ['\\'] = true, ['`'] = true, ['<'] = true, ['{'] = true, ['['] = true,
        ['!'] = true,  ['$'] = true,  [':'] = true, ['*'] = true, ['&'] = true, [']'] = true
    };
    const char *bytes = preparer->in.ptr;

    for (;;) {
        size_t at = preparer->at;

        while (at < preparer->in.len && !special[(unsigned char)bytes[at]]) {
            at++;
        }
        if (preparer->abbreviation_count > 0 && is_prose(preparer) &&
            abbreviations_explain(preparer, at)) {
            continue;
        }
        preparer->at = at;
        if (at >= preparer->in.len || bytes[at] == '\n') {
            break;
        }
        take_at(preparer, bytes[at]);
    }
    preparer_next_line(preparer);
}
