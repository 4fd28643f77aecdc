/* Patterns and templates of addresses, and the programs that templates stand in. */
#include "permalink.h"

#include "base/diag.h"
#include "check.h"
#include "permalink_template.h"
#include "script.h"

/* Source: Eleventy's pages on permalinks and filters; Liquid's on dates. */
static void templates_become_patterns(void **state)
{
    static const struct {
        const char *text;
        const char *pattern; /* empty: only Eleventy could tell */
    } rows[] = {
        { "/blog/{{ page.fileSlug }}/", "/blog/walking/" },
        { "{{ page.filePathStem }}.html", "/notes/walking.html" },
        { "/{{ title | slugify }}/", "/don-t-walk-and-run-its-late/" },
        { "/{{ title | slug | url }}/", "/don-t-walk-and-run-its-late/" },
        { "/{{ lang }}/{{ lang | downcase }}/", "/EN/en/" },
        { "/{{ data.lang }}/", "/EN/" },
        { "/{{ this.slugify(data.lang) }}/", "/en/" },
        { "/{{ page.date | date: '%Y/%m/%-d' }}/", "/:year/:month/:i_day/" },
        { "/{{ page.date | date(\"%y-%B\") }}/", "/:short_year-:long_month/" },
        { "/{{ page.date | toDatePath }}/", "/:year/:month/:day/" },
        { "/plain/", "/plain/" },
        { " /{{lang}} ", "/EN" },
        { "/{{ page.date }}/", "" },
        { "/{{ page.date | date: '%s' }}/", "" },
        { "/{{ nobody }}/", "" },
        { "/{{ tags }}/", "" },
        { "/{{ lang | reverse }}/", "" },
        { "/{{ lang", "" },
        { "{% if draft %}false{% endif %}", "" },
    };
    struct arena *arena = arena_create();
    struct diag diag;
    const struct yaml *tree;
    struct template_facts facts = { STR("walking"), STR("/notes/walking"), &tree, 1 };

    (void)state;
    diag_init(&diag, arena);
    tree = yaml_read(arena, STR("title: Don’t walk & run, it's late\nlang: EN\ntags: [a]\n"),
                     (struct place){ "a.md", 1 }, "", &diag);
    assert_non_null(tree);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_str(permalink_from_template(arena, str_from(rows[i].text), &facts), rows[i].pattern);
    }
    arena_destroy(arena);
}

/* Sources: Jekyll's, Hexo's and Hugo's pages on permalinks. */
static void patterns_become_paths(void **state)
{
    static const struct {
        const char *pattern;
        const char *path;
    } rows[] = {
        { "/:year/:month/:day/:slug/", "/2025/09/08/walking/" },
        { "/:i_month-:i_day-:short_year/:y_day", "/9-8-25/251" },
        { "/:section/:below/:name/", "/notes/2025/september/file/" },
        { "/:folders/:title.html", "/notes/2025/september/Walking.html" },
        { "/:categories/:category/", "/out/doors/out/" },
        { "/:collection/:name:output_ext", "/file" },
        { "/:unknown/", "/:unknown/" },
        { "/a//b/", "/a/b/" },
    };
    static struct str categories[] = { STR_INIT("out"), STR_INIT("doors") };
    struct permalink facts = { .slug = STR("walking"),
                               .title = STR("Walking"),
                               .name = STR("file"),
                               .folders = STR("notes/2025/september"),
                               .categories = { categories, 2 } };
    struct arena *arena = arena_create();

    (void)state;
    assert_true(date_parse(STR("2025-09-08"), &facts.date));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_str(permalink_fill(arena, str_from(rows[i].pattern), &facts), rows[i].path);
    }
    arena_destroy(arena);
}

static void programs_say_texts(void **state)
{
    static const struct {
        const char *text;
        const char *name;
        const char *value; /* NULL: it does not */
    } rows[] = {
        { "export default { a: 'b' };", "a", "b" },
        { "const SITE = { 'a': \"b\\\"c\" };", "a", "b\"c" },
        { "a = true;", "a", "true" },
        { "// a: 'no'\n/* a: 'no' */ a: 'yes'", "a", "yes" },
        { "a: `x/${ page.fileSlug }/`", "a", "x/{{ page.fileSlug }}/" },
        { "a: (data) => `/${data.x}/`,", "a", "/{{data.x}}/" },
        { "a: data => data.x ? `/x/` : false,", "a", "/x/" },
        { "a: ({ page }) => {\n  return '/y/';\n}", "a", "/y/" },
        { "a: function (data) {\n  return `/z/`\n}", "a", "/z/" },
        { "a: compute(), b: 'x'", "a", NULL },
        { "a: compute(), b: 'x'", "b", "x" },
        { "a: 12", "a", NULL },
    };
    struct arena *arena = arena_create();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct yaml *value =
            yaml_find(script_read(arena, str_from(rows[i].text)), str_from(rows[i].name));

        if (rows[i].value == NULL) {
            assert_null(value);
        } else {
            assert_non_null(value);
            check_str(value->text, rows[i].value);
        }
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_become_patterns),
        cmocka_unit_test(patterns_become_paths),
        cmocka_unit_test(programs_say_texts),
    };

    return check_run(tests);
}
