/* Slugs, as the generators' own packages make them of the same names: github-slugger 2.0.0,
 * lodash.kebabcase 4.1.1, slugify 1.6.9, Jekyll 4.3.1 (Utils.slugify, pretty), Hugo 0.111.3. */
#include "content/slug.h"

#include "check.h"

static const struct row {
    const char *name;
    const char *github;
    const char *kebab;
    const char *hybrid;
    const char *jekyll;
    const char *hugo; /* NULL: no file can have that name */
} rows[] = {
    { "Hello World", "hello-world", "hello-world", "hello-world", "Hello-World", "hello-world" },
    { "E2E Testing", "e2e-testing", "e-2-e-testing", "e2e-testing", "E2E-Testing", "e2e-testing" },
    { "Hello,  World!", "hello--world", "hello-world", "hello-world!", "Hello,-World!",
      "hello-world" },
    { "What's New in C++20?", "whats-new-in-c20", "whats-new-in-c-20", "what's-new-in-c++20",
      "What's-New-in-C++20", "whats-new-in-c++20" },
    { "Über die Brücke", "über-die-brücke", "uber-die-brucke", "uber-die-brucke", "Über-die-Brücke",
      "über-die-brücke" },
    { "Crème Brûlée à la carte", "crème-brûlée-à-la-carte", "creme-brulee-a-la-carte",
      "creme-brulee-a-la-carte", "Crème-Brûlée-à-la-carte", "crème-brûlée-à-la-carte" },
    { "日本語のタイトル", "日本語のタイトル", "日本語のタイトル", "日本語のタイトル",
      "日本語のタイトル", "日本語のタイトル" },
    { "Привет Мир", "привет-мир", "привет-мир", "привет-мир", "Привет-Мир", "привет-мир" },
    { "Node.js vs. Deno: 2023 & Beyond", "nodejs-vs-deno-2023--beyond",
      "node-js-vs-deno-2023-beyond", "node.js-vs.-deno:-2023-and-beyond",
      "Node.js-vs.-Deno-2023-&-Beyond", "node.js-vs.-deno-2023-beyond" },
    { "snake_case and kebab-case", "snake_case-and-kebab-case", "snake-case-and-kebab-case",
      "snake_case-and-kebab-case", "snake_case-and-kebab-case", "snake_case-and-kebab-case" },
    { " leading and trailing ", "-leading-and-trailing-", "leading-and-trailing",
      "leading-and-trailing", "leading-and-trailing", "-leading-and-trailing-" },
    { "100% Coverage", "100-coverage", "100-coverage", "100percent-coverage", "100-Coverage",
      "100-coverage" },
    { "AT&T <3 $5 | 10", "att-3-5--10", "at-t-3-5-10", "atandt-less3-dollar5-or-10", "AT&T-3-$5-10",
      "att-3-5-10" },
    { "1st Post", "1st-post", "1-st-post", "1st-post", "1st-Post", "1st-post" },
    { "2ND Place and 3rd try", "2nd-place-and-3rd-try", "2-nd-place-and-3-rd-try",
      "2nd-place-and-3rd-try", "2ND-Place-and-3rd-try", "2nd-place-and-3rd-try" },
    { "XMLHttpRequest explained", "xmlhttprequest-explained", "xml-http-request-explained",
      "xmlhttprequest-explained", "XMLHttpRequest-explained", "xmlhttprequest-explained" },
    { "iOS13Beta2", "ios13beta2", "i-os-13-beta-2", "ios13beta2", "iOS13Beta2", "ios13beta2" },
    { "Łódź ßtraße Æsir Øre", "łódź-ßtraße-æsir-øre", "lodz-sstrasse-aesir-ore",
      "lodz-sstrasse-aesir-ore", "Łódź-ßtraße-Æsir-Øre", "łódź-ßtraße-æsir-øre" },
    { "Café — the “quoted” title", "café--the-quoted-title", "cafe-the-quoted-title",
      "cafe-the-quoted-title", "Café-the-quoted-title", "café-the-quoted-title" },
    { "C# and F#", "c-and-f", "c-and-f", "c-and-f", "C-and-F", "c#-and-f#" },
    { "emoji 🎉 party", "emoji--party", "emoji-🎉-party", "emoji-🎉-party", "emoji-party",
      "emoji-party" },
    { "don’t stop", "dont-stop", "dont-stop", "dont-stop", "don-t-stop", "dont-stop" },
    { "foo/bar baz", "foobar-baz", "foo-bar-baz", "foobar-baz", "foo-bar-baz", NULL },
    { "İstanbul ΣΑΣ", "i̇stanbul-σας", "istanbul-σας", "istanbul-σας", "İstanbul-ΣΑΣ",
      "istanbul-σασ" },
    { "v1.2.3 Release", "v123-release", "v-1-2-3-release", "v1.2.3-release", "v1.2.3-Release",
      "v1.2.3-release" },
    { "[WIP] (draft) {x}", "wip-draft-x", "wip-draft-x", "wip-(draft)-x", "WIP-(draft)-x",
      "wip-draft-x" },
    { "a - b -- c", "a---b----c", "a-b-c", "a-b-c", "a-b-c", "a-b--c" },
    { "2024-01-05 Dated name", "2024-01-05-dated-name", "2024-01-05-dated-name",
      "2024-01-05-dated-name", "2024-01-05-Dated-name", "2024-01-05-dated-name" },
    { "Hello_World__x", "hello_world__x", "hello-world-x", "hello_world__x", "Hello_World__x",
      "hello_world__x" },
    { "tab\there", "tabhere", "tab-here", "tab-here", "tab-here", "tab-here" },
    { "नमस्ते दुनिया", "नमस्ते-दुनिया", "नमस्ते-दुनिया", "नमस्ते-दुनिया", "नमस्ते-दुनिया", "नमस्ते-दुनिया" },
    { "Ünïcödé ŉ ĳ", "ünïcödé-ŉ-ĳ", "unicode-n-ij", "unicode-n-ij", "Ünïcödé-ŉ-ĳ", "ünïcödé-ŉ-ĳ" },
    { "ABCDef GHi", "abcdef-ghi", "abc-def-g-hi", "abcdef-ghi", "ABCDef-GHi", "abcdef-ghi" },
    { "fooBar 12th 11TH 21st4", "foobar-12th-11th-21st4", "foo-bar-12-th-11-th-21-st-4",
      "foobar-12th-11th-21st4", "fooBar-12th-11TH-21st4", "foobar-12th-11th-21st4" },
    { "…ellipsis…", "ellipsis", "ellipsis", "ellipsis", "ellipsis", "ellipsis" },
    { "HTTP2Server", "http2server", "http-2-server", "http2server", "HTTP2Server", "http2server" },
    { "日本2024年", "日本2024年", "日本-2024-年", "日本-2024-年", "日本2024年", "日本2024年" },
    { "中文 English 混排", "中文-english-混排", "中文-english-混排", "中文-english-混排",
      "中文-English-混排", "中文-english-混排" },
};

static int differs(struct arena *arena, enum slug_rule rule, const char *name, const char *expected)
{
    struct str slug = slug_make(arena, rule, str_from(name));

    if (str_equal(slug, str_from(expected))) {
        return 0;
    }
    print_error("rule %d: '%s' must be '%s', is '%.*s'\n", (int)rule, name, expected,
                STR_ARG(slug));
    return 1;
}

static void slugs_are_those_of_the_generators(void **state)
{
    struct arena *arena = arena_create();
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        failed += differs(arena, SLUG_GITHUB, rows[i].name, rows[i].github);
        failed += differs(arena, SLUG_KEBAB, rows[i].name, rows[i].kebab);
        failed += differs(arena, SLUG_HYBRID, rows[i].name, rows[i].hybrid);
        failed += differs(arena, SLUG_JEKYLL, rows[i].name, rows[i].jekyll);
        if (rows[i].hugo != NULL) {
            failed += differs(arena, SLUG_HUGO, rows[i].name, rows[i].hugo);
        }
        failed += differs(arena, SLUG_AS_IS, rows[i].name, rows[i].name);
    }
    arena_destroy(arena);
    assert_int_equal(failed, 0);
}

/* Transliterated, lower-case, one dash for all else. Made with slug 0.1.4 over deunicode 1.3.1, but
 * for the last one, and with @sindresorhus/slugify 2, which Eleventy's filter is. */
static void words_are_written_in_ascii(void **state)
{
    static const struct {
        const char *name;
        const char *zola;
        const char *eleventy; /* NULL: not the same there, and not done here */
    } words[] = {
        { "Hello World", "hello-world", "hello-world" },
        { "What's New?", "what-s-new", "whats-new" },
        { "Don't 'quote' it's", "don-t-quote-it-s", "dont-quote-its" },
        { "Don’t", "don-t", "don-t" },
        { "C++ & C#", "c-c", "c-and-c" },
        { "E2E Testing!", "e2e-testing", "e2e-testing" },
        { "Crème Brûlée", "creme-brulee", "creme-brulee" },
        { "Ünïcode straße ß æ ø", "unicode-strasse-ss-ae-o", "uenicode-strasse-ss-ae-o" },
        { "Łódź", "lodz", "lodz" },
        { "Þórr Ð", "thorr-d", "thorr-d" },
        { "Ștefan și Țară", "stefan-si-tara", "stefan-si-tara" },
        { "Việt Nam", "viet-nam", "viet-nam" },
        { " -- edges -- ", "edges", "edges" },
        { "snake_case fooBar", "snake-case-foobar", "snake-case-foobar" },
        { "Rust 1.75.0", "rust-1-75-0", "rust-1-75-0" },
        { "привет мир", "privet-mir", NULL },
        { "Ёлка и щука", "iolka-i-shchuka", NULL },
        { "маленький подъезд", "malen-kii-podezd", NULL },
        { "Київ", "kiyiv", NULL },
        { "Καλημέρα κόσμε", "kalemera-kosme", NULL },
        { "Ψυχή", "psukhe", NULL },
        { "你好 world", "你好-world", "world" },
    };
    struct arena *arena = arena_create();
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        failed += differs(arena, SLUG_ZOLA, words[i].name, words[i].zola);
        if (words[i].eleventy != NULL) {
            failed += differs(arena, SLUG_ELEVENTY, words[i].name, words[i].eleventy);
        }
    }
    arena_destroy(arena);
    assert_int_equal(failed, 0);
}

static void paths_keep_their_parts(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    check_str(slug_path(arena, SLUG_GITHUB, STR("Example Dir/Dummy Post")),
              "example-dir/dummy-post");
    check_str(slug_path(arena, SLUG_GITHUB, STR("a//?/b")), "a/b");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slugs_are_those_of_the_generators),
        cmocka_unit_test(words_are_written_in_ascii),
        cmocka_unit_test(paths_keep_their_parts),
    };

    return check_run(tests);
}
