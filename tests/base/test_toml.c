/* TOML to a tree: each document beside what it says, one value a line. */
#include "base/toml.h"

#include "base/strbuf.h"
#include "check.h"

static void dump(struct strbuf *out, const struct yaml *node, struct str path)
{
    size_t index = 0;

    if (node->kind == YAML_SCALAR) {
        strbuf_addf(out, "%.*s=%s%.*s%s@%d\n", STR_ARG(path), node->plain ? "" : "'",
                    STR_ARG(node->text), node->plain ? "" : "'", node->line);
    }
    for (const struct yaml *child = node->first; child != NULL; child = child->next) {
        dump(out, child,
             node->kind == YAML_LIST
                 ? arena_printf(out->arena, "%.*s[%zu]", STR_ARG(path), index++)
                 : arena_printf(out->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(child->key)));
    }
}

static void reads_what_blogs_write(void **state)
{
    static const char *const rows[][2] = {
        { "", "" },
        { "# nothing\n\n", "" },
        { "a = 1", "/a=1@1\n" },
        { "title = \"x\"\ndraft = true # yes\n", "/title='x'@1\n/draft=true@2\n" },
        { "date = 2025-09-08T10:00:00-04:00", "/date=2025-09-08T10:00:00-04:00@1\n" },
        { "date = 2025-09-08 10:00:00Z", "/date=2025-09-08 10:00:00Z@1\n" },
        { "date = 2025-09-08", "/date=2025-09-08@1\n" },
        { "n = [1_000, -2, 3.5e+2, 0xFF, inf,]", "/n[0]=1_000@1\n/n[1]=-2@1\n/n[2]=3.5e+2@1\n"
                                                 "/n[3]=0xFF@1\n/n[4]=inf@1\n" },
        { "a = [\n 'x', # one\n\n 'y'\n]\nb = 1", "/a[0]='x'@2\n/a[1]='y'@4\n/b=1@6\n" },
        { "a = \"q\\\"\\u00e9\\U0001F389\\\\\"", "/a='q\"\xC3\xA9\xF0\x9F\x8E\x89\\'@1\n" },
        { "a = '\\u00e9'", "/a='\\u00e9'@1\n" },
        { "a = \"\"\"\none\ntwo \\\n   three\"\"\"\nb = 1", "/a='one\ntwo three'@1\n/b=1@5\n" },
        { "a = \"\"\"x\"\"\"\"\n", "/a='x\"'@1\n" },
        { "a = ''''x'\n'''", "/a=''x'\n'@1\n" },
        { "a = \"\"", "/a=''@1\n" },
        { "a.b = 1\na . \"c d\" = 2", "/a/b=1@1\n/a/c d=2@2\n" },
        { "[a.b]\nc = 1\n[a]\nd = 2", "/a/b/c=1@2\n/a/d=2@4\n" },
        { "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3", "/a[0]/b=1@2\n/a[1]/b=2@4\n/a[1]/c/d=3@6\n" },
        { "a = { b = 1, c.d = 'x' }", "/a/b=1@1\n/a/c/d='x'@1\n" },
        { "a = 1\r\nb = 2\r\n", "/a=1@1\n/b=2@2\n" },
        { "1-2_x = true", "/1-2_x=true@1\n" },
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_create();
        struct strbuf out;
        struct diag diag;
        struct yaml *root;

        diag_init(&diag, arena);
        strbuf_init(&out, arena, 4096);
        root = toml_read(arena, str_from(rows[i][0]), (struct place){ "t", 1 }, "left out", &diag);
        if (root != NULL) {
            dump(&out, root, STR(""));
        }
        if (root == NULL || diag.errors > 0 || !str_equal(strbuf_str(&out), str_from(rows[i][1]))) {
            print_error("%s\nmust say\n%sbut says\n%.*s%s\n", rows[i][0], rows[i][1],
                        STR_ARG(strbuf_str(&out)), diag.count > 0 ? diag.problems[0].text : "");
            failed++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(failed, 0);
}

static void refuses_with_a_line_and_how_to_mend_it(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *words;
    } rows[] = {
        { "a = 1\nb = x\n", 2, "a text wants quotes round it" },
        { "a = 'x\n'\n", 1, "a quote is opened and never closed" },
        { "\na = \"\"\"x\n\n", 2, "a quote is opened and never closed" },
        { "a = \"C:\\dir\"", 1, "write \\\\ for a backslash" },
        { "a = \"\\uD800\"", 1, "no such escape" },
        { "a: 1", 1, "expected 'key = value'" },
        { "a = [1 2]", 1, "a list wants ','" },
        { "a = {b = 1", 1, "an inline table wants ','" },
        { "a = 1 b = 2", 1, "one line holds one" },
        { "[a\nb = 1", 1, "closing bracket" },
        { "a = 1\n[a]\nb = 2", 2, "both a value and a table" },
        { "a = ", 1, "a text wants quotes" },
        { "= 1", 1, "expected 'key = value'" },
        { "a = [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", 1, "nested too deep" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_create();
        struct diag diag;

        diag_init(&diag, arena);
        assert_null(
            toml_read(arena, str_from(rows[i].text), (struct place){ "t", 1 }, "left out", &diag));
        assert_int_equal(diag.count, 1);
        if (diag.problems[0].place.line != rows[i].line ||
            strstr(diag.problems[0].text, rows[i].words) == NULL) {
            fail_msg("%s: line %d: %s", rows[i].text, diag.problems[0].place.line,
                     diag.problems[0].text);
        }
        arena_destroy(arena);
    }
}

static void the_later_of_two_equal_keys_counts(void **state)
{
    struct arena *arena = arena_create();
    struct diag diag;
    struct yaml *root;

    (void)state;
    diag_init(&diag, arena);
    root = toml_read(arena, STR("a = 1\na = 2"), (struct place){ "t", 1 }, "left out", &diag);
    assert_non_null(root);
    check_str(yaml_find(root, STR("a"))->text, "2");
    assert_int_equal(diag.warnings, 1);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_blogs_write),
        cmocka_unit_test(refuses_with_a_line_and_how_to_mend_it),
        cmocka_unit_test(the_later_of_two_equal_keys_counts),
    };

    return check_run(tests);
}
