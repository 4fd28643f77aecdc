/* What Gemini answers out of a real site's edition; test_gemini.c brings its own editions. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "content/site.h"
#include "protocol/gemini.h"
#include "render/edition.h"

#define NOW 1790000000 /* after the post's date */

static const char *const folders[] = { "site", "site/posts", "site/static", "site/static/dir",
                                       "site/static/.git" };

static const struct {
    const char *name;
    const char *text;
} files[] = {
    { "outside.txt", "secret" },
    { "site/capsule.yaml", "title: A test\nhosts: [ex.org]\n" },
    { "site/posts/first.md", "---\ntitle: First light\ndate: 2026-01-02\n---\nHello.\n" },
    { "site/static/index.gmi", "index" },
    { "site/static/dir/index.gmi", "dir" },
    { "site/static/a b.gmi", "blank" },
    { "site/static/a+b.gmi", "plus" },
    { "site/static/caf\xC3\xA9.gmi", "coffee" },
    { "site/static/100%.gmi", "percent" },
    { "site/static/.hidden", "secret" },
    { "site/static/.git/config", "secret" },
};

static const char *temporary;
static struct edition *edition;

static const char *path_of(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", temporary, name).ptr;
}

static int make_edition(void **state)
{
    static char folder[] = "/tmp/splashdown-site-XXXXXX";
    struct arena *arena = arena_create();
    struct diag diag;
    struct site *site;

    (void)state;
    diag_init(&diag, arena);
    temporary = mkdtemp(folder);
    assert_non_null(temporary);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        assert_int_equal(mkdir(path_of(arena, folders[i]), 0700), 0);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        FILE *file = fopen(path_of(arena, files[i].name), "w");

        assert_non_null(file);
        assert_true(fputs(files[i].text, file) >= 0);
        assert_int_equal(fclose(file), 0);
    }
    site = site_load(path_of(arena, "site"), &(struct site_options){ .now = NOW }, &diag);
    assert_non_null(site);
    edition = edition_create(site, &(struct edition_options){ 0 }, &diag);
    assert_int_equal(diag.errors, 0);
    site_release(site);
    arena_destroy(arena);
    return 0;
}

static int remove_edition(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    edition_release(edition);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unlink(path_of(arena, files[i].name));
    }
    for (size_t i = sizeof folders / sizeof *folders; i > 0; i--) {
        rmdir(path_of(arena, folders[i - 1]));
    }
    arena_destroy(arena);
    return rmdir(temporary);
}

static struct answer ask(struct str line)
{
    static struct str host = STR_INIT("ex.org");
    static const uint16_t port = 1965;
    const struct served served = { &host, 1, &port, 1, edition };
    const struct capsules capsules = { &served, 1 };
    struct answer answer;

    gemini.answer(&capsules, &(struct request_context){ STR("") }, line, &answer);
    return answer;
}

static struct str head_of(const struct answer *answer)
{
    return (struct str){ answer->head, answer->head_len };
}

static void serves_the_home_page_with_and_without_a_slash(void **state)
{
    struct answer answer = ask(STR("gemini://ex.org/"));

    (void)state;
    assert_int_equal(answer.status, 20);
    assert_true(str_find_str(answer.body, STR("First light")) < answer.body.len);
    assert_ptr_equal(ask(STR("gemini://ex.org")).body.ptr, answer.body.ptr);
}

static void serves_files_under_their_names(void **state)
{
    static const struct {
        struct str line;
        const char *body;
    } cases[] = {
        { STR_INIT("gemini://ex.org/index.gmi"), "index" },
        { STR_INIT("gemini://ex.org/dir/"), "dir" },
        { STR_INIT("gemini://ex.org/dir/index.gmi"), "dir" },
        { STR_INIT("gemini://ex.org/a%20b.gmi"), "blank" },
        { STR_INIT("gemini://ex.org/a+b.gmi"), "plus" },
        { STR_INIT("gemini://ex.org/caf%C3%A9.gmi"), "coffee" },
        { STR_INIT("gemini://ex.org/100%25.gmi"), "percent" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_str(str_trim(ask(cases[i].line).body), cases[i].body);
    }
}

static void redirects_a_folder_and_an_old_address(void **state)
{
    struct answer answer = ask(STR("gemini://ex.org/dir"));

    (void)state;
    check_str(head_of(&answer), "31 /dir/\r\n");
    answer = ask(STR("gemini://ex.org/posts/first.html"));
    check_str(head_of(&answer), "31 /posts/first.gmi\r\n");
}

static void serves_nothing_hidden_or_outside(void **state)
{
    static const struct {
        struct str line;
        int status;
    } cases[] = {
        { STR_INIT("gemini://ex.org/.hidden"), 51 },
        { STR_INIT("gemini://ex.org/%2ehidden"), 51 },
        { STR_INIT("gemini://ex.org/.git/config"), 51 },
        { STR_INIT("gemini://ex.org/capsule.yaml"), 51 },
        { STR_INIT("gemini://ex.org/outside.txt"), 51 },
        { STR_INIT("gemini://ex.org/../outside.txt"), 59 },
        { STR_INIT("gemini://ex.org/dir/..%2f..%2foutside.txt"), 51 },
        { STR_INIT("gemini://ex.org/%252e%252e/outside.txt"), 51 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(ask(cases[i].line).status, cases[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_the_home_page_with_and_without_a_slash),
        cmocka_unit_test(serves_files_under_their_names),
        cmocka_unit_test(redirects_a_folder_and_an_old_address),
        cmocka_unit_test(serves_nothing_hidden_or_outside),
    };

    return cmocka_run_group_tests(tests, make_edition, remove_edition);
}
