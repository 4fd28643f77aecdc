/* Every problems/NAME.md, as a post, is told of in the words of problems/NAME.diag; and a folder
 * with all of them still serves its good one. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "check.h"
#include "content/site.h"
#include "post_read.h"

static const struct site_options now = { .now = 1767225600 }; /* 2026-01-01 */

/* What diag_print writes, as a text. */
static struct str printed(struct arena *arena, const struct diag *diag)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *memory = open_memstream(&bytes, &len);
    struct str text;

    assert_non_null(memory);
    diag_print(diag, 0, memory);
    fclose(memory);
    text = arena_copy(arena, (struct str){ bytes, len });
    free(bytes);
    return text;
}

static struct str only_about(struct arena *arena, struct str all, const char *file)
{
    struct strbuf own;
    struct str line;

    strbuf_init(&own, arena, all.len + 1);
    while (str_next_line(&all, &line)) {
        if (str_starts_with(line, str_from(file))) {
            strbuf_add(&own, str_skip(line, strlen("problems/")));
            strbuf_add_byte(&own, '\n');
        }
    }
    return strbuf_str(&own);
}

static void each_problem_is_told_with_its_line(void **state)
{
    struct arena *arena = arena_create();
    struct diag diag;
    struct site *site;
    struct str all;
    DIR *folder = opendir("problems");
    struct dirent *entry;
    int count = 0;
    int failed = 0;

    (void)state;
    assert_non_null(folder);
    diag_init(&diag, arena);
    site = site_load("problems", &now, &diag);
    assert_non_null(site);
    all = printed(arena, &diag);
    while ((entry = readdir(folder)) != NULL) {
        struct str name = str_from(entry->d_name);
        struct str expected = STR("");
        const char *file = arena_printf(arena, "problems/%s", entry->d_name).ptr;
        const char *words;
        struct str actual;

        if (!str_ends_with(name, STR(".md"))) {
            continue;
        }
        words = arena_printf(arena, "%.*s.diag", (int)(strlen(file) - 3), file).ptr;
        file_read(AT_FDCWD, words, 1 << 16, arena, &expected);
        actual = only_about(arena, all, file);
        count++;
        if (!str_equal(actual, expected)) {
            print_error("expected\n%.*sbut got\n%.*s", STR_ARG(expected), STR_ARG(actual));
            failed++;
        }
    }
    closedir(folder);
    site_release(site);
    arena_destroy(arena);
    assert_int_equal(failed, 0);
    assert_true(count > 20);
}

static void what_is_good_is_served(void **state)
{
    struct arena *arena = arena_create();
    struct diag diag;
    struct site *site;
    bool good = false;

    (void)state;
    diag_init(&diag, arena);
    site = site_load("problems", &now, &diag);
    assert_non_null(site);
    for (size_t i = 0; i < site->post_count; i++) {
        good |= str_equal(site->posts[i]->path, STR("/posts/good.gmi"));
    }
    assert_true(good);
    assert_true(site->broken_count > 10);
    site_release(site);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_problem_is_told_with_its_line),
        cmocka_unit_test(what_is_good_is_served),
    };

    return check_run(tests);
}
