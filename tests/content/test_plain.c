/* Titles and descriptions without markup. */
#include "check.h"

#include "plain.h"

typedef struct str plain(struct arena *arena, struct arena *scratch, struct str text);

struct pair_of_lines {
    const char *line;
    const char *plain;
};

static void check_all(plain *make, const struct pair_of_lines *pairs, size_t count)
{
    struct arena *arena = arena_create();
    struct arena *scratch = arena_create();

    for (size_t i = 0; i < count; i++) {
        check_str(make(arena, scratch, str_from(pairs[i].line)), pairs[i].plain);
    }
    arena_destroy(scratch);
    arena_destroy(arena);
}

#define CHECK_ALL(make, pairs) check_all((make), (pairs), sizeof(pairs) / sizeof(pairs)[0])

static void titles_are_words(void **state)
{
    static const struct pair_of_lines pairs[] = {
        { "The <code>ring</code> &amp; its <em>lock</em>", "The ring & its lock" },
        { "A `<select>` that *fits*", "A <select> that fits" },
        { "The `a:b` and [c](https://c.example/)", "The a:b and c" },
        { "<del>Ten</del> Nine <q>good</q> reasons<br>more", "~~Ten~~ Nine “good” reasons more" },
        { "<span class=\"x\">Big</span> <abbr title='Hyper'>HTML</abbr>", "Big HTML" },
        /* no markup in a title: */
        { "Vec<T>, snake_case and the <select> element",
          "Vec<T>, snake_case and the <select> element" },
        { "&lt;b&gt;bold&lt;/b&gt; text", "<b>bold</b> text" },
        { "</b> 1 < 2 <b", "</b> 1 < 2 <b" },
        { "<script>a</script> b <Card>c</Card>", "<script>a</script> b <Card>c</Card>" },
        { "<i>a <b>b</i> c</b>", "a b</i> c" },
        { "", "" },
    };

    (void)state;
    CHECK_ALL(plain_title, pairs);
}

static void descriptions_are_sentences(void **state)
{
    static const struct pair_of_lines pairs[] = {
        { "<p>Why the `ring`\n is *round*.</p>", "Why the `ring` is *round*." },
        { "By [Ada](https://a.example/), and ![](b.png) her [brother", "By Ada, and her [brother" },
    };

    (void)state;
    CHECK_ALL(plain_description, pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_are_words),
        cmocka_unit_test(descriptions_are_sentences),
    };

    return check_run(tests);
}
