/* Borrowed and growing text, UTF-8, the table from text to numbers. */
#include "base/log.h"
#include "base/map.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "check.h"

static void cuts_at_the_first_separator(void **state)
{
    struct str before;
    struct str after;

    (void)state;
    assert_true(str_cut(STR("a=b=c"), '=', &before, &after));
    check_str(before, "a");
    check_str(after, "b=c");
    assert_false(str_cut(STR("abc"), '=', &before, &after));
    check_str(before, "abc");
    check_str(after, "");
}

static void parses_only_digits_up_to_the_maximum(void **state)
{
    unsigned long value = 7;

    (void)state;
    assert_true(str_parse_number(STR("65535"), 65535, &value));
    assert_int_equal(value, 65535);
    assert_false(str_parse_number(STR("65536"), 65535, &value));
    assert_false(str_parse_number(STR("-1"), 65535, &value));
    assert_false(str_parse_number(STR(" 1"), 65535, &value));
    assert_false(str_parse_number(STR(""), 65535, &value));
    assert_false(str_parse_number(STR("99999999999999999999999"), 65535, &value));
    assert_int_equal(value, 65535);
}

static void a_full_buffer_stays_full_and_keeps_what_fitted(void **state)
{
    struct arena *arena = arena_create();
    struct strbuf buf;

    (void)state;
    strbuf_init(&buf, arena, 5);
    strbuf_add(&buf, STR("abc"));
    strbuf_add(&buf, STR("def"));
    assert_true(buf.full);
    strbuf_add(&buf, STR("g"));
    check_str(strbuf_str(&buf), "abc");
    arena_destroy(arena);
}

static void tells_utf8_from_other_bytes(void **state)
{
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        { "", true },
        { "a\xC3\xA9", true },
        { "\xF0\x9F\x9A\x80", true },
        { "\x80", false },
        { "\xC0\xAE", false },
        { "\xE0\x80\xAF", false },
        { "\xED\xA0\x80", false },
        { "\xF4\x90\x80\x80", false },
        { "\xC3", false },
        { "\xF5\x80\x80\x80", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(utf8_valid(str_from(rows[i].text)), rows[i].valid);
    }
}

static void cleans_text_and_leaves_clean_text_alone(void **state)
{
    struct arena *arena = arena_create();
    struct str clean = STR("a\tb\n\xC3\xA9");
    size_t malformed;

    (void)state;
    assert_ptr_equal(utf8_clean(arena, clean, &malformed).ptr, clean.ptr);
    check_str(utf8_clean(arena,
                         STR("\xEF\xBB\xBF"
                             "a\r\nb\rc\x1B[m\x07\xC2\x85"),
                         &malformed),
              "a\nb\nc[m");
    assert_int_equal(malformed, 0);
    check_str(utf8_clean(arena, STR("x\xFFy\x80"), &malformed), "x\xEF\xBF\xBDy\xEF\xBF\xBD");
    assert_int_equal(malformed, 2);
    arena_destroy(arena);
}

/* It looks at eight bytes at once: none may hide among them, wherever it stands. */
static void finds_each_odd_byte_at_each_place(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        bool plain = (byte >= ' ' && byte <= '~') || byte == '\n' || byte == '\t';

        for (size_t at = 0; at < 20; at++) {
            char text[] = "a b\nc d\ne f g\th i~j\nk";

            text[at] = (char)byte;
            assert_true((utf8_clean(arena, (struct str){ text, 20 }, NULL).ptr == text) == plain);
        }
    }
    arena_destroy(arena);
}

static void counts_columns_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_width(STR("abc")), 3);
    assert_int_equal(utf8_width(STR("\xC3\xA9")), 1);
    assert_int_equal(utf8_width(STR("e\xCC\x81")), 1);
    assert_int_equal(utf8_width(STR("\xE5\x90\x8D\xE5\x89\x8D")), 4);
    assert_int_equal(utf8_width(STR("\xF0\x9F\x9A\x80")), 2);
}

static void a_map_keeps_the_first_of_each_key(void **state)
{
    struct arena *arena = arena_create();
    struct map map;
    size_t value;

    (void)state;
    map_init(&map, arena);
    assert_false(map_find(&map, STR("x"), &value));
    for (size_t i = 0; i < 10000; i++) {
        assert_true(map_add(&map, arena_printf(arena, "key %zu", i), i));
    }
    assert_false(map_add(&map, STR("key 77"), 1));
    assert_true(map_find(&map, STR("key 77"), &value));
    assert_int_equal(value, 77);
    assert_false(map_find(&map, STR("key 10000"), &value));
    arena_destroy(arena);
}

static void escapes_what_could_forge_a_log_line(void **state)
{
    char out[16];

    (void)state;
    check_str(str_from(log_escape(STR("a\n\"\\"), out, sizeof out)), "a\\x0A\\x22\\x5C");
    check_str(str_from(log_escape(STR("0123456789abcdefgh"), out, sizeof out)), "0123456789ab...");
    check_str(str_from(log_escape(STR("0123456789abcde"), out, sizeof out)), "0123456789abcde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_at_the_first_separator),
        cmocka_unit_test(parses_only_digits_up_to_the_maximum),
        cmocka_unit_test(a_full_buffer_stays_full_and_keeps_what_fitted),
        cmocka_unit_test(tells_utf8_from_other_bytes),
        cmocka_unit_test(cleans_text_and_leaves_clean_text_alone),
        cmocka_unit_test(finds_each_odd_byte_at_each_place),
        cmocka_unit_test(counts_columns_not_bytes),
        cmocka_unit_test(a_map_keeps_the_first_of_each_key),
        cmocka_unit_test(escapes_what_could_forge_a_log_line),
    };

    return check_run(tests);
}
