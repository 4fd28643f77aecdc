/* What src/base/wrap.c and charset.c promise, and how src/base/utf8.c counts. */
#include "base/wrap.h"

#include "base/charset.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "check.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static struct str wrapped(const char *text, size_t width)
{
    struct wrap wrap;
    struct strbuf out;
    struct str line;

    strbuf_init(&out, arena, 65536);
    wrap_init(&wrap, arena, str_from(text));
    while (wrap_next(&wrap, width, &line)) {
        assert_true(utf8_width(line) <= width || wrap_is_url(line));
        strbuf_add(&out, line);
        strbuf_add_byte(&out, '|');
    }
    return strbuf_str(&out);
}

static void breaks_where_readers_expect_it(void **state)
{
    static const struct {
        const char *text;
        size_t width;
        const char *lines;
    } rows[] = {
        { "", 10, "" },
        { "   ", 10, "" },
        { "one two three", 20, "one two three|" },
        { "one two three", 13, "one two three|" },
        { "one two three", 12, "one two|three|" },
        { "one  two", 3, "one|two|" },
        { " one ", 3, "one|" },
        /* words are cut only when they fit on no line, at any character */
        { "a abcdefghij b", 4, "a|abcd|efgh|ij b|" },
        { "well-known and/or", 10, "well-known|and/or|" },
        { "well-known", 6, "well-k|nown|" },
        { "see https://e.example/a-long/path here", 10, "see|https://e.example/a-long/path|here|" },
        { "mailto:somebody@example.org", 5, "mailto:somebody@example.org|" },
        /* no-break space */
        { "one two\u00a0three", 10, "one|two\u00a0three|" },
        /* ideographs part anywhere, but punctuation stays where it belongs */
        { "漢字漢字", 4, "漢字|漢字|" },
        { "漢字漢字", 5, "漢字|漢字|" },
        { "漢字漢。字", 6, "漢字|漢。字|" },
        { "漢字「漢字」", 6, "漢字|「漢|字」|" },
        { "ab漢字cd", 4, "ab漢|字cd|" },
        /* combining marks take no column and stay with their letter */
        { "e\u0301e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301|e\u0301|" },
        /* joined and turned characters stay whole */
        { "👩\u200d👩\u200d👧👩\u200d👩\u200d👧", 6, "👩\u200d👩\u200d👧|👩\u200d👩\u200d👧|" },
        { "\u2764\ufe0f\u2764\ufe0f", 2, "\u2764\ufe0f|\u2764\ufe0f|" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_str(wrapped(rows[i].text, rows[i].width), rows[i].lines);
    }
}

static void counts_columns(void **state)
{
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        { "", 0 },         { "abc", 3 },          { "é", 1 },       { "e\u0301", 1 },
        { "漢字", 4 },     { "ｶﾅ", 2 },           { "👍", 2 },       { "👍\U0001F3FD", 4 },
        { "\u2764", 1 },   { "\u2764\ufe0f", 2 }, { "👍\ufe0f", 2 }, { "\ufe0f", 0 },
        { "a\u200db", 2 }, { "👩\u200d👧", 4 },     { "\u200b", 0 },  { "\U0001F1EB\U0001F1F7", 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (utf8_width(str_from(rows[i].text)) != rows[i].width) {
            fail_msg("'%s' takes %zu columns", rows[i].text, utf8_width(str_from(rows[i].text)));
        }
    }
}

static void writes_what_a_charset_lacks_as_people_do(void **state)
{
    static const struct {
        enum charset charset;
        const char *text;
        const char *fit;
    } rows[] = {
        { CHARSET_UTF8, "é — “x” 漢 👍", "é — “x” 漢 👍" },
        { CHARSET_ASCII, "plain", "plain" },
        { CHARSET_ASCII, "é — “x” …", "e -- \"x\" ..." },
        { CHARSET_ASCII, "e\u0301 Å ñ ç Ž ő", "e A n c Z o" },
        { CHARSET_ASCII, "Straße Æsop œuvre Øre Łódź", "Strasse AEsop oeuvre Ore Lodz" },
        { CHARSET_ASCII, "½ ² ﬁ ™ → € №", "1/2 2 fi TM -> EUR No" },
        { CHARSET_ASCII, "it’s a\u00a0b", "it's a b" },
        { CHARSET_ASCII, "漢👍", "??" },
        { CHARSET_ASCII, "\u2764\ufe0f", "?" },
        { CHARSET_LATIN1, "é — “x” e\u0301 ő", "é -- \"x\" é o" },
        { CHARSET_LATIN1, "Straße ½ €", "Straße ½ EUR" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str fit = charset_fit(arena, str_from(rows[i].text), rows[i].charset);

        check_str(fit, rows[i].fit);
    }
    check_str(charset_encode(arena, STR("é½"), CHARSET_LATIN1), "\xE9\xBD");
    check_str(charset_encode(arena, STR("é"), CHARSET_UTF8), "é");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_where_readers_expect_it),
        cmocka_unit_test(counts_columns),
        cmocka_unit_test(writes_what_a_charset_lacks_as_people_do),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
