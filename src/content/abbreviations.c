/* Abbreviations, "*[TLS]: Transport Layer Security": the line goes, and the first use is followed
 * by the words, as it is for <abbr title>. Source: PHP Markdown Extra and kramdown,
 * "Abbreviations". */
#include "preparer.h"

#define NAME_LEN_MAX 60

/* "*[name]: words"; what ends in a star is emphasis. */
static bool read_definition(struct str line, struct abbreviation *abbreviation)
{
    size_t end = str_find(str_first(line, NAME_LEN_MAX), ']');
    struct str words = str_trim(str_skip(line, end + 2));

    if (!str_starts_with(line, STR("*[")) || end < 3 ||
        !str_starts_with(str_skip(line, end), STR("]:")) || str_ends_with(words, STR("*"))) {
        return false;
    }
    *abbreviation = (struct abbreviation){ str_first(str_skip(line, 2), end - 2), words, false };
    return str_find(abbreviation->name, '[') == abbreviation->name.len;
}

void abbreviations_find(struct preparer *preparer)
{
    struct str rest = preparer->in;
    struct str line;
    bool fenced = false;

    if (str_find_str(rest, STR("*[")) == rest.len) {
        return;
    }
    while (str_next_line(&rest, &line) && preparer->abbreviation_count < ABBREVIATIONS_MAX) {
        struct abbreviation *next = &preparer->abbreviations[preparer->abbreviation_count];

        fenced ^= str_starts_with(line, STR("```")) || str_starts_with(line, STR("~~~"));
        preparer->abbreviation_count +=
            !fenced && read_definition(line, next) && next->words.len > 0;
    }
}

static bool is_known(const struct preparer *preparer, struct str name)
{
    for (size_t i = 0; i < preparer->abbreviation_count; i++) {
        if (str_equal(preparer->abbreviations[i].name, name)) {
            return true;
        }
    }
    return false;
}

bool abbreviations_take(struct preparer *preparer)
{
    struct abbreviation abbreviation;
    struct str line = preparer_line(preparer);

    if (preparer->in_code || preparer->text_in_line || !read_definition(line, &abbreviation) ||
        !is_known(preparer, abbreviation.name)) {
        return false;
    }
    preparer_mark(preparer, preparer->at + line.len, MARK_NOTHING, STR(""));
    return true;
}

static bool is_in_word(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || ((unsigned char)c & 0x80) != 0;
}

/* Whether a name stands there as a word of its own, and not in an address. */
static bool is_word(struct str in, size_t at, size_t end)
{
    return (at == 0 ||
            (!is_in_word(in.ptr[at - 1]) && strchr("/.-#=?&:_@", in.ptr[at - 1]) == NULL)) &&
           (end == in.len || (!is_in_word(in.ptr[end]) && strchr("/-_@=", in.ptr[end]) == NULL));
}

/* Where the name first is a word in a piece of the source; its end when it is none. */
static size_t find_word(struct str in, size_t from, size_t to, struct str name)
{
    while (from < to) {
        size_t at = from + str_find_str(str_first(str_skip(in, from), to - from), name);

        if (at == to || is_word(in, at, at + name.len)) {
            return at;
        }
        from = at + name.len;
    }
    return to;
}

/* "Transport Layer Security (TLS)", "TLS (what it does)": its author has explained it there. */
static bool is_explained(struct str in, size_t at, size_t end)
{
    return str_starts_with(str_skip(in, end), STR(" (")) ||
           (at > 0 && in.ptr[at - 1] == '(' && str_starts_with(str_skip(in, end), STR(")")));
}

bool abbreviations_explain(struct preparer *preparer, size_t end)
{
    struct abbreviation *first = NULL;
    size_t at = end;

    for (size_t i = 0; i < preparer->abbreviation_count; i++) {
        struct abbreviation *one = &preparer->abbreviations[i];
        size_t found = one->used ? end : find_word(preparer->in, preparer->at, at, one->name);

        if (found < at) {
            at = found;
            first = one;
        }
    }
    if (first == NULL) {
        return false;
    }
    first->used = true;
    preparer->at = at + first->name.len;
    if (is_explained(preparer->in, at, preparer->at)) {
        return true;
    }
    preparer_mark(preparer, preparer->at, MARK_TEXT,
                  arena_printf(preparer->arena, " (%.*s)", STR_ARG(first->words)))
        ->address = STR("");
    return true;
}
