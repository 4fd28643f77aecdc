/* An edition made with another one from before: what was made from the same is held, and every byte
 * is as if there had been none. */
#include <unistd.h>

#include "check.h"
#include "folder.h"

#include "content/site.h"
#include "render/edition.h"

static struct folder folder;
static struct diag diag;
static struct site *site;
static struct edition *edition;

static void write_post(const char *name, int day, const char *title, const char *body)
{
    folder_write(
        &folder, arena_printf(folder.arena, "posts/%s.md", name).ptr,
        arena_printf(folder.arena, "---\ntitle: %s\ndate: 2026-01-0%d\n---\n%s\n", title, day, body)
            .ptr);
}

static struct edition *make_edition(struct site *from, const struct edition *before)
{
    struct edition_options options = { .gopher = true, .before = before };

    return edition_create(from, &options, &diag);
}

static struct site *load_site(const struct site *before)
{
    struct site_options options = { .now = LONG_AFTER, .before = before };
    struct site *next = site_load(folder.dir, &options, &diag);

    assert_non_null(next);
    return next;
}

static int setup(void **state)
{
    (void)state;
    folder = folder_create();
    diag_init(&diag, folder.arena);
    folder_make(&folder, "posts");
    folder_make(&folder, "static");
    folder_write(&folder, "capsule.yaml",
                 "title: A test\nposts: posts\nstatic: static\nsources: true\nper_page: 3\n");
    folder_write(&folder, "static/note.txt", "A note.\r\n");
    folder_write(&folder, "static/index.gmi", "# Not home\n");
    write_post("a", 1, "A", "See [e](e.md), [later](f.md) and [a note](/note.txt).");
    write_post("b", 2, "B", "Text.");
    write_post("c", 3, "C", "Text.");
    write_post("d", 4, "D", "Text.");
    write_post("e", 5, "E", "Text.");
    site = load_site(NULL);
    edition = make_edition(site, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    edition_release(edition);
    site_release(site);
    folder_destroy(&folder);
    return 0;
}

static void check_same(const struct page *a, const struct page *b)
{
    assert_true(str_equal(a->path, b->path));
    assert_true(a->kind == b->kind && a->size == b->size);
    assert_true(str_equal(a->media_type, b->media_type));
    assert_true(str_equal(a->location, b->location));
    if (!str_equal(a->body, b->body)) {
        fail_msg("stale: %.*s", STR_ARG(a->path));
    }
}

/* Load the folder once more; what comes of it must be what a new start would make of it. */
static struct edition *renew(void)
{
    struct site *next = load_site(site);
    struct site *new_site = load_site(NULL);
    struct edition *renewed = make_edition(next, edition);
    struct edition *afresh = make_edition(new_site, NULL);

    assert_int_equal(edition_count(renewed), edition_count(afresh));
    for (size_t i = 0; i < edition_count(renewed); i++) {
        check_same(edition_page(renewed, i), edition_page(afresh, i));
    }
    edition_release(afresh);
    site_release(new_site);
    site_release(site);
    site = next;
    return renewed;
}

static bool is_held(const struct edition *renewed, enum edition_table table, const char *path)
{
    const struct page *before = edition_find(edition, table, str_from(path));
    const struct page *page = edition_find(renewed, table, str_from(path));

    if (before == NULL || page == NULL) {
        fail_msg("no page at %s", path);
        return false;
    }
    return before->body.ptr == page->body.ptr;
}

/* Renew; of these paths, those marked with '+' must be held, the others not. */
static void check_held(const char *const *gemini, const char *const *gopher)
{
    const char *const *tables[] = { [EDITION_GEMINI] = gemini, [EDITION_GOPHER] = gopher };
    struct edition *renewed = renew();

    for (int table = 0; table < EDITION_TABLES; table++) {
        for (const char *const *path = tables[table]; *path != NULL; path++) {
            if (is_held(renewed, (enum edition_table)table, *path + 1) != (**path == '+')) {
                fail_msg("%s: %s", *path, **path == '+' ? "made again" : "held");
            }
        }
    }
    edition_release(edition); /* what is held from it stays */
    edition = renewed;
}

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void holds_all_when_nothing_has_changed(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        check_held(PATHS("+/", "+/page/2", "+/posts/a.gmi", "+/posts/e.gmi", "+/posts/a.md",
                         "+/atom.xml", "+/note.txt", "+/index.gmi"),
                   PATHS("+/", "+/posts/a.txt", "+/posts/a.md", "+/note.txt"));
    }
}

static void makes_what_has_changed_and_no_more(void **state)
{
    (void)state;
    write_post("c", 3, "C", "Other text.");
    check_held(PATHS("-/posts/c.gmi", "-/posts/c.md", "+/posts/a.gmi", "+/posts/b.gmi", "+/",
                     "+/atom.xml"),
               PATHS("-/posts/c.txt", "+/posts/b.txt", "+/"));
    folder_write(&folder, "static/note.txt", "Another note.\n");
    check_held(PATHS("-/note.txt", "+/posts/a.gmi", "+/index.gmi"),
               PATHS("-/note.txt", "+/posts/a.txt"));
}

static void makes_what_a_title_stands_on(void **state)
{
    (void)state;
    write_post("c", 3, "A new title", "Text.");
    check_held(PATHS("-/posts/c.gmi", "-/posts/b.gmi", "-/posts/d.gmi", "+/posts/a.gmi",
                     "+/posts/e.gmi", "-/", "+/page/2", "-/atom.xml"),
               PATHS("-/posts/c.txt", "-/posts/b.txt", "+/posts/a.txt", "-/", "+/page/2"));
}

static void makes_what_links_to_a_newcomer(void **state)
{
    (void)state;
    write_post("f", 6, "F", "Text.");
    check_held(PATHS("-/posts/a.gmi", "+/posts/b.gmi", "+/posts/d.gmi", "-/posts/e.gmi", "-/"),
               PATHS("-/posts/a.txt", "+/posts/b.txt", "-/posts/e.txt"));
    assert_int_equal(unlink(folder_path(&folder, "posts/f.md")), 0);
    check_held(PATHS("-/posts/a.gmi", "+/posts/b.gmi", "-/posts/e.gmi", "-/"),
               PATHS("-/posts/a.txt", "+/posts/b.txt"));
}

static void makes_all_by_other_settings(void **state)
{
    (void)state;
    folder_write(&folder, "capsule.yaml",
                 "title: A test\nposts: posts\nstatic: static\nsources: true\nper_page: 3\n"
                 "language: de\ngopher: { wrap: 40 }\n");
    check_held(PATHS("-/posts/a.gmi", "-/", "-/note.txt"), PATHS("-/posts/a.txt", "-/"));
    check_held(PATHS("+/posts/a.gmi", "+/", "+/note.txt"), PATHS("+/posts/a.txt", "+/"));
}

/* ---- whatever changes ------------------------------------------------------------------------ */

/* A file that comes, changes its text to and fro, and goes: each text is of another length, so that
 * a file's stamp tells them apart however quickly they follow. */
static const struct change {
    const char *file;
    const char *texts[3]; /* NULL: there is no such file */
} changes[] = {
    { "posts/words.md",
      { "---\ntitle: Words\ndate: 2026-01-03\n---\nSome [a](a.md).\n",
        "---\ntitle: Words\ndate: 2026-01-03\n---\nOther words, [b](b.md).\n" } },
    { "posts/title.md",
      { "---\ntitle: One\ndate: 2026-01-04\n---\nText.\n",
        "---\ntitle: Another\ndate: 2026-01-04\n---\nText.\n" } },
    { "posts/date.md",
      { "---\ntitle: Date\ndate: 2026-01-01\n---\nText.\n",
        "---\ntitle: Date\ndate: 2025-12-31 10:00\n---\nText.\n" } },
    { "posts/slug.md",
      { "---\ntitle: Slug\ndate: 2026-01-02\n---\nText.\n",
        "---\ntitle: Slug\ndate: 2026-01-02\nslug: else\n---\nText.\n",
        "---\ntitle: Slug\ndate: 2026-01-02\nslug: title\n---\nText.\n" } },
    { "posts/tags.md",
      { "---\ntitle: Tags\ndate: 2026-01-02\ntags: [a]\n---\nText.\n",
        "---\ntitle: Tags\ndate: 2026-01-02\ntags: [a, b]\n---\nText.\n" } },
    { "posts/from.md",
      { "---\ntitle: From\ndate: 2026-01-02\n---\n[To](to.md), [picture](pic.png), "
        "[old](/old), [deep](/deep).\n",
        "---\ntitle: From\ndate: 2026-01-02\n---\n[To](to.md), [a file](/file.txt), "
        "[deep](/deep).\n" } },
    { "posts/to.md", { NULL, "---\ntitle: To\ndate: 2026-01-02\n---\nText.\n" } },
    { "posts/pic.png", { NULL, "picture", "another picture" } },
    { "posts/alias.md",
      { "---\ntitle: Alias\ndate: 2026-01-02\naliases: [/old]\n---\nText.\n",
        "---\ntitle: Alias\ndate: 2026-01-02\n---\nText.\n" } },
    { "posts/draft.md",
      { "---\ntitle: Draft\ndate: 2026-01-02\ndraft: true\n---\nText.\n",
        "---\ntitle: Draft\ndate: 2026-01-02\ndraft: false\n---\nText.\n" } },
    { "posts/pages/page.md",
      { "---\ntitle: Page\n---\n[To](../to.md).\n", "---\ntitle: A page\n---\nText.\n", NULL } },
    { "static/file.txt", { "A file.\n", "Another one.\n", NULL } },
    { "static/deep/index.gmi", { NULL, "# Deep\n" } },
    { "static/Tags/note.txt", { NULL, "A note.\n" } },
    { "static/posts/words.gmi", { NULL, "# In the way\n" } },
    { "capsule.yaml",
      { "title: A test\nposts: posts\nstatic: static\nper_page: 3\n",
        "title: Another test\nposts: posts\nstatic: static\nper_page: 2\n"
        "links: [{ label: Deep, url: /deep }]\n"
        "templates: { page_foot: \"=> /file.txt A file\", post_foot: \"=> /{title} Itself\" }\n",
        "title: A test\nposts: posts\nstatic: static\npost_url: /p/:year/:slug.gmi\n" } },
};

#define CHANGE_COUNT (sizeof changes / sizeof changes[0])

static void apply(const struct change *change, size_t text)
{
    if (change->texts[text % 3] != NULL) {
        folder_write(&folder, change->file, change->texts[text % 3]);
    } else {
        unlink(folder_path(&folder, change->file));
    }
}

static void change(size_t number, size_t text)
{
    struct edition *renewed;

    apply(&changes[number], text);
    renewed = renew();
    edition_release(edition);
    edition = renewed;
}

/* Under each of the settings, the last of the changes, whatever else can change. */
static void makes_what_a_new_start_would(void **state)
{
    (void)state;
    folder_make(&folder, "posts/pages");
    folder_make(&folder, "static/deep");
    folder_make(&folder, "static/posts");
    folder_make(&folder, "static/Tags");
    for (size_t settings = 0; settings < 3; settings++) {
        change(CHANGE_COUNT - 1, settings);
        for (size_t i = 0; i < CHANGE_COUNT - 1; i++) {
            for (size_t text = 1; text <= 3; text++) {
                change(i, settings + text);
            }
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holds_all_when_nothing_has_changed), TEST(makes_what_has_changed_and_no_more),
        TEST(makes_what_a_title_stands_on),       TEST(makes_what_links_to_a_newcomer),
        TEST(makes_all_by_other_settings),        TEST(makes_what_a_new_start_would),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
