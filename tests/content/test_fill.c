/* What Liquid puts into a text: values and files that are known, and nothing else. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "folder.h"

#include "base/strbuf.h"
#include "base/yaml.h"
#include "content/site.h"
#include "fill.h"

static struct folder folder;

static void include(const char *name, const char *text)
{
    folder_write(&folder, arena_printf(folder.arena, "_includes/%s", name).ptr, text);
}

static int setup(void **state)
{
    (void)state;
    folder = folder_create();
    folder_make(&folder, "_includes");
    folder_make(&folder, "_includes/tools");
    folder_make(&folder, "_posts");
    folder_write(&folder, "_config.yml",
                 "title: Shed\nurl: https://shed.example\nauthor:\n  name: Ada\nrepo: /r\n");
    include("tools/saw.md", "- [Saw](/saw/)\n");
    include("badge.html", "<b>{{ include.version }}</b>\n");
    include("card.html", "<div>\n\n    <p>{{ include.title | escape }}</p>\n\n</div>");
    include("twice.md", "{% include badge.html version=include.v %} {% include badge.html %}");
    include("if.html", "{% if include.a %}a{% endif %}");
    include("self.md", "a{% include self.md %}");
    folder_write(&folder, "_posts/aside.md", "Aside.\n");
    folder_write(&folder, "secret.md", "secret\n");
    assert_int_equal(symlink("../secret.md", folder_path(&folder, "_includes/link.md")), 0);
    assert_int_equal(symlink("..", folder_path(&folder, "_includes/up")), 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    folder_destroy(&folder);
    return 0;
}

static const char head[] = "title: \"A & B\"\nurl_of: https://a.example/x_y\nnone:\n"
                           "deep:\n  key: 7\nlist: [1]\n";

/* A text with that front matter, in that generator's blog. */
static struct filled filled_as(const char *dialect, const char *text)
{
    struct capsule capsule = { .timezone = STR("") };
    struct diag diag;
    const struct yaml *tree;
    struct named_tree site = { STR("site"), NULL };
    struct source source = { .file = folder_path(&folder, "_posts/2025-01-01-a.md") };
    struct filling filling = { .arena = folder.arena, .source = &source, .capsule = &capsule };

    diag_init(&diag, folder.arena);
    tree = yaml_read(folder.arena, str_from(head), (struct place){ "a.md", 1 }, "", &diag);
    site.tree = yaml_read(folder.arena, STR("title: Shed\nurl: https://shed.example\nrepo: /r\n"),
                          (struct place){ "_config.yml", 1 }, "", &diag);
    capsule.blog = (struct blog){ .dialect = dialect_find(str_from(dialect)),
                                  .dir = folder.dir,
                                  .top = folder.dir };
    capsule.values = &site;
    capsule.value_count = 1;
    filling.trees = &tree;
    filling.tree_count = 1;
    return fill(folder.arena, str_from(text), &filling);
}

struct pair_of_texts {
    const char *text;
    const char *filled; /* NULL: it stays as it is */
};

static void check_all(const char *dialect, const struct pair_of_texts *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_str(filled_as(dialect, pairs[i].text).text,
                  pairs[i].filled != NULL ? pairs[i].filled : pairs[i].text);
    }
}

#define CHECK_ALL(dialect, pairs) check_all((dialect), (pairs), sizeof(pairs) / sizeof(pairs)[0])

static void values_of_names_are_put_in(void **state)
{
    static const struct pair_of_texts jekyll[] = {
        { "{{ page.title }}, {{page.url_of}}", "A & B, https://a.example/x_y" },
        { "[x]({{ page.url_of | relative_url }})", "[x](https://a.example/x_y)" },
        { "{{ page.deep.key }}{{ page.none }}", "7" },
        { "{{ page.none | default: 'No' | append: \"!\" }}", "No!" },
        { "{{ site.title }} {{ site.repo | prepend: site.baseurl }}", "Shed /r" },
        { "{{ page.missing }} {{ page.list }} {{ title }} {{ site.missing }} {{", NULL },
        { "{{ page.title | upcase }} {{ 'a' }} {{ page. }} {{ post.title }}", NULL },
        { "{{ site.url }}/a {{ site.baseurl }}/b", NULL }, /* where the site stands */
        { "{% raw %}{{ page.title }}{% endraw %} {{ page.title }}",
          "{% raw %}{{ page.title }}{% endraw %} A & B" },
        { "{% comment %}{{ page.title }}{% endcomment %}", NULL },
    };
    static const struct pair_of_texts eleventy[] = {
        { "{{ title }}: {{ url_of }} {{ deep.key }}", "A & B: https://a.example/x_y 7" },
        { "{% for title in list %}{{ title }}{% endfor %}{{ title }}",
          "{% for title in list %}{{ title }}{% endfor %}A & B" },
        { "{{ page.title }} {{ missing }}", NULL },
        { "{% webc %}<v :@id=\"$data.deep.key\" :t=\"$data.no\" u=\"$data.title\">$data.title",
          "{% webc %}<v @id=\"7\" :t=\"$data.no\" u=\"$data.title\">$data.title" },
    };

    (void)state;
    CHECK_ALL("jekyll", jekyll);
    CHECK_ALL("eleventy", eleventy);
}

static void files_are_put_in(void **state)
{
    static const struct pair_of_texts jekyll[] = {
        { "a\n{% include tools/saw.md %}\nb", "a\n- [Saw](/saw/)\n\nb" },
        { "# X {% include_cached badge.html version=\"4.2\" %}\n", "# X <b>4.2</b>\n" },
        { "{% include badge.html version=page.deep.key %}\nb", "<b>7</b>\n\nb" },
        { "{% include card.html title='Big' %}\nb", "<div>\n\n<p>Big</p>\n\n</div>\n\nb" },
        { "{%- include twice.md v=1 -%}", "<b>1</b> <b></b>" },
        { "{% include_relative aside.md %}", "Aside.\n" },
        { "{% raw %}{% include tools/saw.md %}{% endraw %}", NULL },
    };
    static const struct pair_of_texts eleventy[] = {
        { "{% include \"badge\" %}\n", "<b>{{ include.version }}</b>\n\n" },
        { "{% include \"./aside.md\" %}", "Aside.\n" },
        { "{% render 'tools/saw.md' %}", "- [Saw](/saw/)\n" },
    };

    (void)state;
    CHECK_ALL("jekyll", jekyll);
    CHECK_ALL("eleventy", eleventy);
}

static void what_is_not_sure_stays(void **state)
{
    static const struct pair_of_texts pairs[] = {
        { "{% include if.html a=\"1\" %}", NULL },              /* it computes */
        { "{% include badge.html version=somewhere %}", NULL }, /* nobody knows the name */
        { "{% include missing.html %}", NULL },
        { "{% include %} {% include {{ page.title }} %} {% include", NULL },
        { "{% include ../secret.md %} {% include /etc/passwd %}", NULL },
        { "{% include link.md %} {% include up/secret.md %}", NULL },
        { "{% include_relative ../secret.md %}", NULL },
    };

    (void)state;
    CHECK_ALL("jekyll", pairs);
}

static void files_in_themselves_end(void **state)
{
    (void)state;
    check_str(filled_as("jekyll", "{% include self.md %}").text, "aaaaaaaa{% include self.md %}");
}

static void lines_stay_those_of_the_file(void **state)
{
    struct filled filled =
        filled_as("jekyll", "a\n{% include card.html\n  title='B' %}\nb {{ page.title }}\n");

    (void)state;
    assert_int_equal(filled.insert_count, 2);
    assert_int_equal(filled.inserts[0].start, 2);
    assert_int_equal(filled.inserts[0].lines, 1);
    check_str(str_skip(filled.text, filled.inserts[0].end), "\nb A & B\n");
    assert_int_equal(filled.inserts[1].lines, 0);
}

/* ---- a site of such texts -------------------------------------------------------------------- */

static struct site *load(const struct site *before, struct diag *diag)
{
    struct site_options options = { .now = LONG_AFTER, .before = before };
    struct site *site;

    diag_init(diag, folder.arena);
    site = site_load(folder.dir, &options, diag);
    assert_non_null(site);
    return site;
}

static void write_post(const char *text)
{
    folder_write(&folder, "_posts/2025-01-01-a.md",
                 arena_printf(folder.arena, "---\ntitle: A\n---\n%s", text).ptr);
}

/* A post is read again when a file that it asks for has changed, has come, or has gone. */
static void a_changed_file_is_noticed(void **state)
{
    struct diag diag;
    struct site *first;
    struct site *second;
    struct site *third;

    (void)state;
    write_post("{% include new.md %}\n");
    first = load(NULL, &diag);
    second = load(first, &diag);
    assert_ptr_equal(second->texts[0].manuscript, first->texts[0].manuscript);
    include("new.md", "[Saw](https://saw.example/)\n");
    third = load(second, &diag);
    assert_ptr_not_equal(third->texts[0].manuscript, second->texts[0].manuscript);
    assert_int_equal(third->posts[0]->document.link_count, 1);
    site_release(second);
    second = load(third, &diag);
    assert_ptr_equal(second->texts[0].manuscript, third->texts[0].manuscript);
    assert_int_equal(unlink(folder_path(&folder, "_includes/new.md")), 0);
    site_release(third);
    third = load(second, &diag);
    assert_int_equal(third->posts[0]->document.link_count, 0);
    site_release(first);
    site_release(second);
    site_release(third);
}

/* Of the problem that begins so; 0 when there is none. */
static int line_of(const struct diag *diag, const char *start)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (str_starts_with(str_from(diag->problems[i].text), str_from(start))) {
            return diag->problems[i].place.line;
        }
    }
    return 0;
}

static void problems_have_the_lines_of_the_file(void **state)
{
    struct diag diag;

    (void)state;
    include("script.html", "\n\n<script>x</script>\n\n<p>Text</p>\n");
    write_post("{% include card.html\ntitle=\"A\" %}\n\n{% include script.html %}\n\n{% now %}\n");
    site_release(load(NULL, &diag));
    assert_int_equal(line_of(&diag, "'<script>' is left out whole"), 7);
    assert_int_equal(line_of(&diag, "the tag 'now' is left out"), 9);
}

/* A post that says so is no template. */
static void braces_may_be_just_that(void **state)
{
    struct diag diag;
    struct site *site;

    (void)state;
    folder_write(&folder, "_posts/2025-01-01-a.md",
                 "---\ntitle: A\nshop: https://b.example/\nrender_with_liquid: false\n---\n"
                 "{{ page.shop }}\n");
    site = load(NULL, &diag);
    assert_int_equal(site->posts[0]->document.link_count, 0);
    site_release(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_of_names_are_put_in, setup, teardown),
        cmocka_unit_test_setup_teardown(files_are_put_in, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_sure_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(files_in_themselves_end, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_stay_those_of_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_file_is_noticed, setup, teardown),
        cmocka_unit_test_setup_teardown(problems_have_the_lines_of_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(braces_may_be_just_that, setup, teardown),
    };

    return check_run(tests);
}
