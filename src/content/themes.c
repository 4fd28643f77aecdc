/* Tags of Hexo's themes that say all in one line: {% label words blue %}, {% btn /a, words, icon
 * %}. Each theme has its own order; what is style and what is text is told by their looks. Source:
 * the pages on tags of NexT, Butterfly, Volantis and Stellar. */
#include "foreign.h"

enum theme_kind {
    THEME_WORDS, /* in a sentence */
    THEME_BLOCK, /* a paragraph of their own */
    THEME_ITEM,  /* an item of a list, ticked or not */
    THEME_LINK,
};

/* What may stand before the text, and a comma. */
enum theme_style {
    STYLE_NONE,
    STYLE_FIRST,
    STYLE_ALONE, /* and it may be all there is */
};

static const struct theme {
    struct str name;
    enum theme_kind kind;
    enum theme_style style;
} themes[] = {
    { STR_INIT("note"), THEME_BLOCK, STYLE_ALONE },
    { STR_INIT("folding"), THEME_BLOCK, STYLE_FIRST },
    { STR_INIT("timenode"), THEME_BLOCK, STYLE_NONE },
    { STR_INIT("timeline"), THEME_BLOCK, STYLE_NONE },
    { STR_INIT("hidetoggle"), THEME_BLOCK, STYLE_NONE },
    { STR_INIT("p"), THEME_BLOCK, STYLE_FIRST },
    { STR_INIT("quot"), THEME_BLOCK, STYLE_NONE },
    { STR_INIT("checkbox"), THEME_ITEM, STYLE_FIRST },
    { STR_INIT("radio"), THEME_ITEM, STYLE_FIRST },
    { STR_INIT("label"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("span"), THEME_WORDS, STYLE_FIRST },
    { STR_INIT("u"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("emp"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("wavy"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("psw"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("mark"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("kbd"), THEME_WORDS, STYLE_NONE },
    { STR_INIT("btn"), THEME_LINK, STYLE_NONE },
    { STR_INIT("button"), THEME_LINK, STYLE_NONE },
    { STR_INIT("link"), THEME_LINK, STYLE_NONE },
    { STR_INIT("linkcard"), THEME_LINK, STYLE_NONE },
};

static const struct str colours[] = { STR_INIT("default"), STR_INIT("primary"), STR_INIT("success"),
                                      STR_INIT("info"),    STR_INIT("warning"), STR_INIT("danger"),
                                      STR_INIT("blue"),    STR_INIT("pink"),    STR_INIT("red"),
                                      STR_INIT("purple"),  STR_INIT("orange"),  STR_INIT("green"),
                                      STR_INIT("yellow"),  STR_INIT("cyan"),    STR_INIT("gray") };

/* ---- words ----------------------------------------------------------------------------------- */

/* "red checked", "center logo large": words for a style sheet. */
static bool is_style(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!(text.ptr[i] >= 'a' && text.ptr[i] <= 'z') && !byte_is_digit(text.ptr[i]) &&
            text.ptr[i] != ' ' && text.ptr[i] != '-') {
            return false;
        }
    }
    return true;
}

/* "icon:hashtag", "color:red". */
static bool is_setting(struct str word)
{
    size_t colon = str_find(word, ':');

    return colon > 0 && colon < word.len && is_style(str_first(word, colon)) &&
           !str_starts_with(str_skip(word, colon), STR("://"));
}

static struct str last_word(struct str text)
{
    size_t start = text.len;

    while (start > 0 && text.ptr[start - 1] != ' ') {
        start--;
    }
    return str_skip(text, start);
}

/* Without settings and colours at its end. */
static struct str without_settings(struct str text)
{
    for (;;) {
        struct str word = last_word(text);

        if (word.len == text.len || !(is_setting(word) || IS_ONE_OF(word, colours))) {
            return text;
        }
        text = str_trim(str_first(text, text.len - word.len));
    }
}

static struct str unquote(struct str text)
{
    text = str_trim(text);
    if (text.len >= 2 && (*text.ptr == '\'' || *text.ptr == '"') &&
        text.ptr[text.len - 1] == *text.ptr) {
        return str_first(str_skip(text, 1), text.len - 2);
    }
    return text;
}

/* "info Title": the kind of a note, and what it is called. */
static struct str label_note(struct preparer *preparer, struct str text)
{
    struct str kind;
    struct str title;

    if (!str_cut(text, ' ', &kind, &title) || !is_style(kind) || !byte_is_alpha(*kind.ptr)) {
        return text;
    }
    title = unquote(title);
    return arena_printf(preparer->arena, "%c%.*s: %.*s", *kind.ptr - 'a' + 'A',
                        STR_ARG(str_skip(kind, 1)), STR_ARG(title));
}

/* "text, blue", "text, #fff, #000". */
static struct str without_styles(struct str text)
{
    for (;;) {
        size_t comma = text.len;
        struct str last;

        while (comma > 0 && text.ptr[comma - 1] != ',') {
            comma--;
        }
        last = str_trim(str_skip(text, comma));
        if (comma == 0 || !(IS_ONE_OF(last, colours) || str_starts_with(last, STR("#")))) {
            return text;
        }
        text = str_trim(str_first(text, comma - 1));
    }
}

/* "red checked, text", "text blue", "primary@text"; *style is what is said before the text. */
static struct str text_of(const struct theme *theme, struct str arguments, struct str *style)
{
    struct str rest = str_trim(arguments);
    struct str text;
    bool parted;
    size_t at;

    rest = str_skip(rest, str_starts_with(rest, STR("title:")) ? STR("title:").len : 0);
    parted = str_cut(rest, ',', style, &text);
    at = str_find(rest, '@');
    if (theme->style != STYLE_NONE && parted && is_style(*style)) {
        return unquote(without_settings(str_trim(text)));
    }
    *style = STR("");
    if (at < rest.len && IS_ONE_OF(str_first(rest, at), colours)) {
        return str_skip(rest, at + 1);
    }
    return unquote(without_settings(without_styles(rest)));
}

/* ---- links ----------------------------------------------------------------------------------- */

static bool is_url(struct str text)
{
    return str_starts_with(text, STR("/")) || str_starts_with(text, STR("http://")) ||
           str_starts_with(text, STR("https://"));
}

/* The address, and the first piece that is no icon's name: pieces are parted by commas, or else by
 * blanks, and then all that stand before the address are the words. */
static void find_link(struct str rest, struct str *url, struct str *words)
{
    char separator = str_find(rest, ',') < rest.len ? ',' : ' ';
    struct str whole = rest;
    struct str piece;

    *url = STR("");
    *words = STR("");
    for (bool more = true; more;) {
        struct str start = rest;

        more = str_cut(rest, separator, &piece, &rest);
        piece = unquote(piece);
        if (url->len == 0 && is_url(piece)) {
            *url = piece;
            if (separator == ' ') {
                *words = str_trim(str_first(whole, whole.len - start.len));
            }
        } else if (words->len == 0 && piece.len > 0 && (separator == ',' || url->len > 0) &&
                   !is_setting(piece)) {
            *words = piece;
        }
    }
}

static bool write_link(struct preparer *preparer, struct str arguments, size_t end)
{
    struct str rest = str_trim(arguments);
    size_t colons = str_find_str(rest, STR("::"));
    struct str url;
    struct str words;

    if (colons < rest.len && is_url(str_skip(rest, colons + 2))) {
        words = str_first(rest, colons);
        url = str_skip(rest, colons + 2);
    } else {
        find_link(rest, &url, &words);
    }
    if (url.len == 0 || words.len == 0 || str_holds_any(url, "<>\n") ||
        str_holds_any(words, "[]\n")) {
        return false;
    }
    preparer_drop(preparer, end);
    preparer_write(preparer,
                   arena_printf(preparer->arena, "[%.*s](<%.*s>)", STR_ARG(words), STR_ARG(url)));
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* An empty line, unless the one at hand is empty. */
static void part(struct preparer *preparer)
{
    preparer_end_line(preparer);
    preparer_end_line(preparer);
}

static bool write_text(struct preparer *preparer, const struct theme *theme, struct str arguments,
                       size_t end)
{
    struct str style;
    struct str text = text_of(theme, arguments, &style);
    bool ticked = str_find_str(style, STR("checked")) < style.len;

    if (text.len == 0 || str_find(text, '\n') < text.len ||
        (theme->style == STYLE_ALONE && style.len == 0 && is_style(text))) {
        return false;
    }
    if (theme->style == STYLE_ALONE && style.len == 0) {
        text = label_note(preparer, text);
    }
    preparer_drop(preparer, end);
    if (theme->kind == THEME_ITEM) {
        preparer_write(preparer, ticked ? STR("- [x] ") : STR("- [ ] "));
    }
    preparer_write(preparer, text);
    if (theme->kind == THEME_BLOCK) {
        part(preparer);
    }
    return true;
}

/* `(title="x")`, `type="info"`: another generator's tag, whose arguments have names. */
static bool has_names(struct str arguments)
{
    return str_starts_with(arguments, STR("(")) ||
           str_find_str(arguments, STR("=\"")) < arguments.len ||
           str_find_str(arguments, STR("='")) < arguments.len;
}

bool theme_take(struct preparer *preparer, const struct foreign *foreign, size_t end)
{
    size_t i = 0;

    while (i < sizeof themes / sizeof themes[0] &&
           !str_equal_nocase(themes[i].name, foreign->name)) {
        i++;
    }
    if (i == sizeof themes / sizeof themes[0] || str_trim(foreign->arguments).len == 0 ||
        has_names(str_trim(foreign->arguments)) ||
        preparer->prepared->flavour == FLAVOUR_KRAMDOWN) {
        return false;
    }
    return themes[i].kind == THEME_LINK ? write_link(preparer, foreign->arguments, end)
                                        : write_text(preparer, &themes[i], foreign->arguments, end);
}
