/* Every blogs/NAME/ is read as blogs/NAME.site says: which texts are posts, their addresses here
 * and on the web, their dates, where their links lead, and what is reported. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "check.h"
#include "content/site.h"

static const struct site_options now = { .now = 1767225600 }; /* 2026-01-01 */

static void dump_words(struct strbuf *out, const char *name, const struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        strbuf_addf(out, "%s%.*s", i == 0 ? name : ", ", STR_ARG(words->items[i]));
    }
    strbuf_add(out, words->count > 0 ? STR("\n") : STR(""));
}

static void dump_post(struct strbuf *out, const char *kind, const struct post *post)
{
    struct str day = date_day(out->arena, post->published);

    strbuf_addf(out, "\n%s %.*s\n  %.*s\n", kind, STR_ARG(post->path), STR_ARG(post->title));
    if (post->has_published) {
        strbuf_addf(out, "  %.*s, %.*s\n", STR_ARG(day),
                    STR_ARG(date_rfc3339(out->arena, post->published.seconds)));
    }
    if (post->has_updated) {
        strbuf_addf(out, "  updated %.*s\n",
                    STR_ARG(date_rfc3339(out->arena, post->updated.seconds)));
    }
    if (post->web.len > 0) {
        strbuf_addf(out, "  web %.*s\n", STR_ARG(post->web));
    }
    if (post->language.len > 0) {
        strbuf_addf(out, "  in %.*s\n", STR_ARG(post->language));
    }
    dump_words(out, "  tags ", &post->tags);
    dump_words(out, post->byline ? "  byline " : "  by ", &post->authors);
    for (size_t i = 0; i < post->document.link_count; i++) {
        strbuf_addf(out, "  => %.*s\n", STR_ARG(document_urls(out->arena, &post->document)[i]));
    }
    for (const struct post *one = post->translations; one != NULL; one = one->next) {
        strbuf_addf(out, "  also %.*s\n", STR_ARG(one->path));
    }
}

static void dump_posts(struct strbuf *out, const char *kind, struct post *const *posts,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dump_post(out, kind, posts[i]);
    }
}

/* As diag_print writes them, without the folder they are all in. */
static void dump_problems(struct strbuf *out, const struct diag *diag, const char *dir)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct problem *problem = &diag->problems[i];
        struct str file = str_from(problem->place.file);

        file = str_skip(file, str_starts_with(file, str_from(dir)) ? strlen(dir) + 1 : 0);
        strbuf_addf(out, "%.*s:%d: %s: %s\n", STR_ARG(file), problem->place.line,
                    problem->severity == DIAG_ERROR ? "error" : "warning", problem->text);
    }
}

/* Where a path that is moved by the blog's own settings leads, if anywhere. */
static void dump_redirect(struct strbuf *out, const struct site *site, struct str from)
{
    for (size_t i = 0; i < site->redirect_count; i++) {
        if (str_equal(site->redirects[i].from, from)) {
            strbuf_addf(out, "from %.*s to %.*s\n", STR_ARG(from), STR_ARG(site->redirects[i].to));
        }
    }
}

static struct str dump(struct arena *arena, const char *dir)
{
    struct strbuf out;
    struct diag diag;
    struct site *site;
    const struct capsule *capsule;

    diag_init(&diag, arena);
    strbuf_init(&out, arena, 1 << 20);
    site = site_load(dir, &now, &diag);
    assert_non_null(site);
    capsule = &site->capsule;
    strbuf_addf(&out, "read as %.*s\n", STR_ARG(blog_describe(arena, &capsule->blog)));
    strbuf_addf(&out, "title %.*s\ndescription %.*s\nauthor %.*s\nweb %.*s\n",
                STR_ARG(capsule->title), STR_ARG(capsule->description), STR_ARG(capsule->author),
                STR_ARG(capsule->web));
    strbuf_addf(&out, "language %.*s\ntimezone %.*s\n", STR_ARG(capsule->language),
                STR_ARG(capsule->timezone));
    dump_posts(&out, "post", site->posts, site->post_count);
    dump_posts(&out, "page", site->pages, site->page_count);
    dump_posts(&out, "translation", site->translations, site->translation_count);
    strbuf_add(&out, STR("\n"));
    for (size_t i = 0; i < site->static_count; i++) {
        strbuf_addf(&out, "file %.*s\n", STR_ARG(site->statics[i].path));
    }
    for (size_t i = 0; i < site->capsule.redirect_count; i++) {
        dump_redirect(&out, site, site->capsule.redirects[i].name);
    }
    strbuf_addf(&out, "%zu drafts, %zu scheduled, %zu left out\n", site->draft_count,
                site->scheduled_count, site->broken_count);
    dump_problems(&out, &diag, dir);
    site_release(site);
    return strbuf_str(&out);
}

static bool agrees(const char *name)
{
    struct arena *arena = arena_create();
    struct str expected = STR("");
    struct str actual = dump(arena, arena_printf(arena, "blogs/%s", name).ptr);
    const char *file = arena_printf(arena, "blogs/%s.site", name).ptr;
    bool same;

    file_read(AT_FDCWD, file, 1 << 20, arena, &expected);
    same = str_equal(actual, expected);
    if (!same) {
        fprintf(stderr, "%s must say\n%.*s---- but the blog is\n%.*s----\n", file,
                STR_ARG(expected), STR_ARG(actual));
    }
    arena_destroy(arena);
    return same;
}

static void every_blog_is_read_as_its_generator_does(void **state)
{
    DIR *folder = opendir("blogs");
    struct dirent *entry;
    int count = 0;
    int failed = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strchr(entry->d_name, '.') == NULL) {
            count++;
            failed += !agrees(entry->d_name);
        }
    }
    closedir(folder);
    assert_int_equal(failed, 0);
    assert_true(count >= 9);
}

/* The folder of texts alone gives its posts the same addresses as the whole repository. */
static void a_folder_inside_a_blog_is_part_of_it(void **state)
{
    static const char *const pairs[][2] = {
        { "blogs/hugo", "blogs/hugo/content" },
        { "blogs/zola", "blogs/zola/content" },
        { "blogs/jekyll", "blogs/jekyll/_posts" },
        { "blogs/hexo", "blogs/hexo/source/_posts" },
        { "blogs/astropaper", "blogs/astropaper/src/data/blog" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct arena *arena = arena_create();
        struct diag diag;
        struct site *whole;
        struct site *part;

        diag_init(&diag, arena);
        whole = site_load(pairs[i][0], &now, &diag);
        part = site_load(pairs[i][1], &now, &diag);
        assert_non_null(whole);
        assert_non_null(part);
        check_str(part->capsule.title, whole->capsule.title.ptr);
        assert_int_equal(part->post_count, whole->post_count);
        for (size_t j = 0; j < whole->post_count; j++) {
            check_str(part->posts[j]->path, arena_copy(arena, whole->posts[j]->path).ptr);
            check_str(part->posts[j]->web, arena_copy(arena, whole->posts[j]->web).ptr);
        }
        site_release(whole);
        site_release(part);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_blog_is_read_as_its_generator_does),
        cmocka_unit_test(a_folder_inside_a_blog_is_part_of_it),
    };

    return check_run(tests);
}
