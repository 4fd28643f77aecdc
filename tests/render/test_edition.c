/* site/ becomes an edition: every address, and what stands there. */
#include "render/edition.h"

#include "check.h"
#include "content/site.h"
#include "folder.h"

static struct edition *edition;
static struct arena *arena;
static struct diag diag;

static int load(void **state)
{
    struct site_options options = { .now = 1767225600 }; /* 2026-01-01 */
    struct site *site;

    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    site = site_load("site", &options, &diag);
    if (site == NULL || site->draft_count != 1 || site->scheduled_count != 1 ||
        site->next_scheduled != 4071164400) {
        return 1;
    }
    edition = edition_create(site, &(struct edition_options){ 0 }, &diag);
    site_release(site); /* an edition stands alone */
    return 0;
}

static int unload(void **state)
{
    (void)state;
    edition_release(edition);
    arena_destroy(arena);
    return 0;
}

static struct str body(const char *path)
{
    const struct page *page = edition_find(edition, EDITION_GEMINI, str_from(path));

    if (page == NULL || page->kind != PAGE_BODY) {
        fail_msg("no page at %s", path);
        return STR("");
    }
    return page->body;
}

static void the_index_is_a_feed_newest_first(void **state)
{
    (void)state;
    check_str(body("/"), "# Log\n\nAll of it.\n\n"
                         "=> /posts/three.gmi 2025-01-03 Three\n"
                         "Posted on: January 3, 2025 at 10:00 AM\n\n"
                         "=> /posts/two.gmi 2025-01-03 Two <2>\n"
                         "Posted on: January 3, 2025 at 12:30 AM\n\n"
                         "=> /page/2 Older posts\n\n"
                         "=> /about.gmi About\n"
                         "=> /atom.xml Atom feed\n");
    check_str(body("/page/2"), "# Log\n\nPage 2 of 2\n\n"
                               "=> /posts/one.gmi 2025-01-01 One\n"
                               "Posted on: January 1, 2025\n"
                               "The first.\n\n"
                               "=> / Newer posts\n");
}

static void an_article_has_head_neighbours_and_the_way_home(void **state)
{
    (void)state;
    check_str(body("/posts/one.gmi"), "# One\n\nPosted on: January 1, 2025\nTags: a, b\n\n"
                                      "See two, two again and the web.\n"
                                      "=> /posts/two.gmi two\n"
                                      "=> /posts/three.gmi the web\n\n"
                                      "=> /posts/two.gmi Newer: Two <2>\n"
                                      "=> / Log\n");
    check_str(body("/posts/two.gmi"), "# Two <2>\n\nBy Cy, Di\n"
                                      "Posted on: January 3, 2025 at 12:30 AM\n\nText.\n\n"
                                      "=> /posts/three.gmi Newer: Three\n"
                                      "=> /posts/one.gmi Older: One\n"
                                      "=> / Log\n");
    check_str(body("/posts/three.gmi"), "# Three\n\nPosted on: January 3, 2025 at 10:00 AM\n"
                                        "Updated on: February 1, 2025\n\n"
                                        "=> /a%20b.txt x [image]\n\n"
                                        "=> /posts/two.gmi Older: Two <2>\n"
                                        "=> / Log\n");
}

static void the_feed_depends_on_the_content_alone(void **state)
{
    struct str feed = body("/atom.xml");

    (void)state;
    assert_true(str_find_str(feed, STR("<updated>2025-02-01T12:00:00Z</updated>")) < feed.len);
    assert_true(str_find_str(feed, STR("<name>A. &amp; B.</name>")) < feed.len);
    assert_true(str_find_str(feed, STR("<title>Two &lt;2&gt;</title>")) < feed.len);
    assert_true(str_find_str(feed, STR("<id>gemini://ex.org/posts/one.gmi</id>")) < feed.len);
    assert_true(str_find_str(feed, STR("<published>2025-01-01T12:00:00Z</published>")) < feed.len);
}

static void old_and_web_shaped_addresses_redirect(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        { "/posts/one", "/posts/one.gmi" },
        { "/posts/one/", "/posts/one.gmi" },
        { "/posts/one.html", "/posts/one.gmi" },
        { "/first", "/posts/one.gmi" },
        { "/about", "/about.gmi" },
        { "/old", "/posts/two.gmi" },
        { "/newer", "/posts/two.gmi" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct page *page = edition_find(edition, EDITION_GEMINI, str_from(rows[i].from));

        assert_non_null(page);
        assert_int_equal(page->kind, PAGE_REDIRECT);
        check_str(page->location, rows[i].to);
    }
}

static void static_files_are_served_as_what_they_are(void **state)
{
    (void)state;
    check_str(body("/a b.txt"), "a\nb\n");
    check_str(edition_find(edition, EDITION_GEMINI, STR("/a b.txt"))->media_type,
              "text/plain;charset=utf-8");
    check_str(edition_find(edition, EDITION_GEMINI, STR("/latin.txt"))->media_type,
              "application/octet-stream");
    check_str(body("/dir/index.gmi"), "# Dir\n");
    check_str(body("/dir/"), "# Dir\n");
    check_str(edition_find(edition, EDITION_GEMINI, STR("/dir/"))->media_type,
              "text/gemini;charset=utf-8;lang=en");
}

static void nothing_leaks(void **state)
{
    static const char *const paths[] = {
        "/posts/draft.gmi", "/posts/draft",  "/posts/later.gmi", "/dir/.hidden", "/link",
        "/capsule.yaml",    "/posts/one.md",
    };

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (edition_find(edition, EDITION_GEMINI, str_from(paths[i])) != NULL) {
            fail_msg("served: %s", paths[i]);
        }
    }
    assert_int_equal(diag.warnings, 2); /* the link, and the file that is not UTF-8 */
    assert_int_equal(diag.errors, 0);
}

/* Notes without a date among them: nothing is posted, but there is something to read. */
static void a_folder_of_notes_is_a_list_of_pages(void **state)
{
    struct folder folder = folder_create();
    struct site *site;
    struct edition *notes;

    (void)state;
    folder_write(&folder, "bread.md", "# Bread\n\nFlour and water.\n");
    folder_make(&folder, "soups");
    folder_write(&folder, "soups/onion.md", "Onions, slowly.\n");
    site = site_load(folder.dir, &(struct site_options){ .now = LONG_AFTER }, &diag);
    assert_non_null(site);
    notes = edition_create(site, &(struct edition_options){ 0 }, &diag);
    assert_true(str_ends_with(edition_find(notes, EDITION_GEMINI, STR("/"))->body,
                              STR("\n\n=> /bread.gmi Bread\n=> /atom.xml Atom feed\n"
                                  "\n## soups\n\n=> /soups/onion.gmi Onion\n")));
    edition_release(notes);
    site_release(site);
    folder_destroy(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_index_is_a_feed_newest_first),
        cmocka_unit_test(an_article_has_head_neighbours_and_the_way_home),
        cmocka_unit_test(the_feed_depends_on_the_content_alone),
        cmocka_unit_test(old_and_web_shaped_addresses_redirect),
        cmocka_unit_test(static_files_are_served_as_what_they_are),
        cmocka_unit_test(nothing_leaks),
        cmocka_unit_test(a_folder_of_notes_is_a_list_of_pages),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
