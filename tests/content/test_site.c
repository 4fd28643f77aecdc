/* A site made with another one from before: what has not changed is held, not read. */
#include <unistd.h>

#include "check.h"
#include "folder.h"

#include "content/site.h"
#include "leads.h"
#include "manuscript.h"
#include "signs.h"

static struct folder folder;
static struct diag diag;
static struct site *site;

static const char *path(const char *name)
{
    return folder_path(&folder, name);
}

static void write_file(const char *name, const char *text)
{
    folder_write(&folder, name, text);
}

static void write_post(const char *name, const char *title)
{
    write_file(
        name,
        arena_printf(folder.arena, "---\ntitle: %s\ndate: 2026-01-02\n---\nHello.\n", title).ptr);
}

/* Load the folder once more, with what was loaded before. */
static struct site *load_at(int64_t now)
{
    struct site_options options = { .now = now, .before = site };
    struct site *next;

    diag_init(&diag, folder.arena);
    next = site_load(folder.dir, &options, &diag);
    assert_non_null(next);
    return next;
}

static int setup(void **state)
{
    (void)state;
    folder = folder_create();
    folder_make(&folder, "posts");
    write_file("capsule.yaml", "title: A test\nposts: posts\n");
    write_post("posts/a.md", "A");
    write_post("posts/b.md", "B");
    site = NULL;
    site = load_at(LONG_AFTER);
    assert_int_equal(site->post_count, 2);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    site_release(site);
    folder_destroy(&folder);
    return 0;
}

static void write_body(const char *name, const char *body)
{
    write_file(name,
               arena_printf(folder.arena, "---\ntitle: A\ndate: 2026-01-02\n---\n%s\n", body).ptr);
}

/* How many of a site's texts are those of the one before. */
static size_t count_held(const struct site *next)
{
    size_t count = 0;

    for (size_t i = 0; i < next->text_count; i++) {
        for (size_t j = 0; j < site->text_count; j++) {
            count += next->texts[i].manuscript == site->texts[j].manuscript;
        }
    }
    return count;
}

static void check_loaded(int64_t now, size_t posts, size_t held)
{
    struct site *next = load_at(now);

    assert_int_equal(next->post_count, posts);
    assert_int_equal(count_held(next), held);
    site_release(site);
    site = next;
}

static void holds_what_has_not_changed(void **state)
{
    (void)state;
    check_loaded(LONG_AFTER, 2, 2);
    write_post("posts/a.md", "Another title");
    write_post("posts/c.md", "C");
    check_loaded(LONG_AFTER, 3, 1);
    assert_int_equal(unlink(path("posts/b.md")), 0);
    check_loaded(LONG_AFTER, 2, 2);
    assert_int_equal(diag.count, 0);
}

static void reads_all_by_other_settings(void **state)
{
    (void)state;
    write_file("capsule.yaml", "title: A test\nposts: posts\ntimezone: Europe/Berlin\n");
    check_loaded(LONG_AFTER, 2, 0);
    check_loaded(LONG_AFTER, 2, 2);
}

static void does_not_trust_a_fresh_stamp(void **state)
{
    struct stat status;

    (void)state;
    write_post("posts/a.md", "X");
    assert_int_equal(stat(path("posts/a.md"), &status), 0);
    check_loaded(status.st_mtime, 2, 0);
    write_post("posts/a.md", "Y"); /* perhaps within one step of the clock */
    check_loaded(LONG_AFTER, 2, 0);
    check_str(site->texts[0].manuscript->post.title, "Y");
}

static void keeps_the_last_good_version(void **state)
{
    (void)state;
    write_file("posts/a.md", "---\ntitle: [\n---\n");
    check_loaded(LONG_AFTER, 2, 2);
    assert_true(diag.errors == 1 && diag.warnings == 1);
    check_loaded(LONG_AFTER, 2, 2); /* and goes on keeping it */
    write_post("posts/a.md", "Mended");
    check_loaded(LONG_AFTER, 2, 1);
    check_str(site->texts[0].manuscript->post.title, "Mended");
}

static void keeps_the_files_of_a_folder_that_has_gone(void **state)
{
    (void)state;
    assert_int_equal(rename(path("posts"), path("away")), 0);
    check_loaded(LONG_AFTER, 2, 2);
    assert_int_equal(diag.errors, 1);
    assert_int_equal(rename(path("away"), path("posts")), 0);
    assert_int_equal(unlink(path("posts/a.md")), 0);
    check_loaded(LONG_AFTER, 1, 1);
}

/* Forward or back: what is shown is a matter of files and clock, not of what was shown before. */
static void follows_the_clock(void **state)
{
    const int64_t year = 365 * 24 * 3600;

    (void)state;
    write_file("posts/c.md", "---\ntitle: C\ndate: 2097-01-02\n---\nHello.\n");
    check_loaded(LONG_AFTER, 2, 2);
    assert_int_equal(site->scheduled_count, 1);
    check_loaded(LONG_AFTER + year, 3, 3);
    assert_int_equal(site->scheduled_count, 0);
    check_loaded(LONG_AFTER, 2, 3);
    assert_int_equal(site->scheduled_count, 1);
}

/* Eleventy's data of a folder is part of each text in it. */
static void data_beside_texts_is_a_setting(void **state)
{
    (void)state;
    write_file("capsule.yaml", "title: A test\nposts: posts\ndialect: eleventy\n");
    write_file("posts/posts.json", "{ \"author\": \"Ada\" }\n");
    check_loaded(LONG_AFTER, 2, 0);
    check_str(site->posts[0]->authors.items[0], "Ada");
    check_loaded(LONG_AFTER, 2, 2);
    write_file("posts/posts.json", "{ \"author\": \"Somebody else\" }\n");
    check_loaded(LONG_AFTER, 2, 0);
    check_str(site->posts[0]->authors.items[0], "Somebody else");
}

/* Of the next site: whether its addresses are held, and of "posts/a.md", where its links lead. */
static void check_links(bool atlas, bool leads, size_t problems)
{
    struct site *next = load_at(LONG_AFTER);

    assert_int_equal(next->atlas == site->atlas, atlas);
    assert_non_null(next->texts[0].leads);
    assert_int_equal(next->texts[0].leads == site->texts[0].leads, leads);
    assert_int_equal(diag.count, problems);
    site_release(site);
    site = next;
}

static void holds_addresses_and_where_links_lead(void **state)
{
    (void)state;
    write_body("posts/a.md", "[b](b.md) and [c](c.md).");
    check_links(true, false, 1); /* no text is called otherwise; there is no c */
    check_links(true, true, 1);
    write_post("posts/b.md", "A new title");
    check_links(true, true, 1);
    write_body("posts/a.md", "[b](b.md) and [c](c.md) again.");
    check_links(true, false, 1);
    write_post("posts/c.md", "C");
    check_links(false, false, 0);
    check_links(true, true, 0);
    assert_int_equal(rename(path("posts/c.md"), path("posts/d.md")), 0);
    check_links(false, false, 1);
}

static void mentions_what_held_links_lead_to(void **state)
{
    (void)state;
    write_file("posts/note.txt", "A note.\n");
    write_body("posts/a.md", "[Note](note.txt) and [b](b.md).");
    for (int i = 0; i < 3; i++) {
        check_links(i > 0, i > 0, 0);
        assert_int_equal(site->static_count, 1);
        check_str(site->statics[0].path, "/note.txt");
    }
}

static enum run_kind kind_of_line_end(void)
{
    const struct block *paragraph = site->posts[0]->document.first;

    assert_int_equal(paragraph->run_count, 3);
    return paragraph->runs[1].kind;
}

/* Hexo ends a line where its author did, unless it is told not to. */
static void ends_lines_as_the_generator_does(void **state)
{
    (void)state;
    folder_make(&folder, "source");
    folder_make(&folder, "source/_posts");
    write_file("source/_posts/a.md", "---\ntitle: A\ndate: 2026-01-02\n---\nOne\ntwo.\n");
    write_file("_config.yml", "title: Hex\n");
    unlink(path("capsule.yaml"));
    check_loaded(LONG_AFTER, 1, 0);
    assert_string_equal(site->capsule.blog.dialect->name, "hexo");
    assert_int_equal(kind_of_line_end(), RUN_HARD_BREAK);
    write_file("_config.yml", "title: Hex\nmarked: { breaks: false }\n");
    check_loaded(LONG_AFTER, 1, 0);
    assert_int_equal(kind_of_line_end(), RUN_SOFT_BREAK);
}

static void check_dialect(int64_t now, const char *dialect, bool recalled)
{
    const struct str *seen = site->capsule.blog.signs->seen.items;
    struct site *next = load_at(now);

    assert_string_equal(next->capsule.blog.dialect->name, dialect);
    assert_int_equal(next->capsule.blog.signs->stamp == site->capsule.blog.signs->stamp, recalled);
    assert_true(next->capsule.blog.signs->seen.items != seen); /* each has its own */
    site_release(site);
    site = next;
}

/* Who wrote the texts is asked again when one that was looked at has changed, or there are others.
 */
static void recalls_whose_texts_they_are(void **state)
{
    (void)state;
    check_dialect(LONG_AFTER, "plain", true);
    write_file("posts/a.md", "---\ntitle: A\npubDatetime: 2026-01-02T00:00:00Z\n---\nHello.\n");
    check_dialect(LONG_AFTER, "astropaper", false);
    check_dialect(LONG_AFTER, "astropaper", true);
    write_file("posts/c.md", "---\ntitle: C\ndate: 2026-01-02\nabbrlink: 1\n---\nHello.\n");
    write_file("posts/d.md", "---\ntitle: D\ndate: 2026-01-02\nabbrlink: 2\n---\nHello.\n");
    check_dialect(LONG_AFTER, "hexo", false);
    check_dialect(LONG_AFTER, "hexo", true);
}

/* What is told to the web's host is no text and no setting, but redirects depend on it. */
static void follows_the_redirects_of_the_web(void **state)
{
    struct site *next;

    (void)state;
    folder_make(&folder, "source");
    folder_make(&folder, "source/_posts");
    write_file("source/_posts/a.md", "---\ntitle: A\ndate: 2026-01-02\n---\nOne.\n");
    write_file("_config.yml", "title: Hex\n");
    unlink(path("capsule.yaml"));
    check_loaded(LONG_AFTER, 1, 0);
    write_file("_redirects", "/old /posts/a\n");
    next = load_at(LONG_AFTER);
    assert_ptr_not_equal(next->atlas, site->atlas);
    site_release(next);
}

/* Whether a text is a translation depends on another file. */
static void an_original_makes_a_translation(void **state)
{
    (void)state;
    write_file("capsule.yaml", "title: A test\nposts: posts\ndialect: hugo\n");
    write_post("posts/c.es.md", "C");
    check_loaded(LONG_AFTER, 3, 0);
    write_post("posts/c.md", "C");
    check_loaded(LONG_AFTER, 3, 2);
    assert_int_equal(site->translation_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holds_what_has_not_changed),
        TEST(reads_all_by_other_settings),
        TEST(does_not_trust_a_fresh_stamp),
        TEST(keeps_the_last_good_version),
        TEST(keeps_the_files_of_a_folder_that_has_gone),
        TEST(follows_the_clock),
        TEST(data_beside_texts_is_a_setting),
        TEST(holds_addresses_and_where_links_lead),
        TEST(mentions_what_held_links_lead_to),
        TEST(ends_lines_as_the_generator_does),
        TEST(follows_the_redirects_of_the_web),
        TEST(an_original_makes_a_translation),
        TEST(recalls_whose_texts_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
