/* Every golden/NAME.md becomes golden/NAME.gmi, to the byte. A first line like
 * "<!-- links: numbered -->" or "<!-- emphasis: marks -->" chooses an option. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "check.h"
#include "gemtext.h"
#include "gopher_properties.h"
#include "properties.h"

static struct str read_pair(struct arena *arena, const char *stem, const char *ending)
{
    struct str text = STR("");
    const char *path = arena_printf(arena, "golden/%s%s", stem, ending).ptr;

    if (!file_read(AT_FDCWD, path, 1 << 20, arena, &text)) {
        print_error("%s: cannot be read\n", path);
        fail();
    }
    return text;
}

static struct convert_options read_options(struct str text)
{
    struct convert_options options = { 0 };
    struct str line;

    if (str_next_line(&text, &line) && str_starts_with(line, STR("<!-- "))) {
        options.links = str_equal(line, STR("<!-- links: numbered -->")) ? LINKS_NUMBERED
                        : str_equal(line, STR("<!-- links: end -->"))    ? LINKS_END
                                                                         : LINKS_AFTER;
        options.emphasis =
            str_equal(line, STR("<!-- emphasis: marks -->")) ? EMPHASIS_MARKS : EMPHASIS_NONE;
    }
    return options;
}

/* NAME.gopher, where there is one. */
static bool check_gopher(struct arena *arena, const char *stem, struct str source,
                         const struct convert_options *options)
{
    const char *path = arena_printf(arena, "golden/%s.gopher", stem).ptr;
    struct str expected;
    struct str actual;
    const char *broken = broken_gopher(arena, source, options);

    if (broken != NULL) {
        print_error("%s: as gopher: %s\n", stem, broken);
        return false;
    }
    if (!file_read(AT_FDCWD, path, 1 << 20, arena, &expected)) {
        return true;
    }
    actual = convert_to_gopher(arena, source, options, &gopher_defaults);
    if (!str_equal(actual, expected)) {
        print_error("%s: expected\n%.*s---- but got\n%.*s----\n", path, STR_ARG(expected),
                    STR_ARG(actual));
    }
    return str_equal(actual, expected);
}

static bool check_pair(const char *stem)
{
    struct arena *arena = arena_create();
    struct str source = read_pair(arena, stem, ".md");
    struct str expected = read_pair(arena, stem, ".gmi");
    struct convert_options options = read_options(source);
    struct str actual = convert_markdown(arena, source, &options);
    const char *broken = broken_property(arena, source, &options);
    bool same = str_equal(actual, expected);

    if (!same) {
        print_error("%s: expected\n%.*s---- but got\n%.*s----\n", stem, STR_ARG(expected),
                    STR_ARG(actual));
    }
    if (broken != NULL) {
        print_error("%s: %s\n", stem, broken);
    }
    same = check_gopher(arena, stem, source, &options) && same;
    arena_destroy(arena);
    return same && broken == NULL;
}

static void every_pair_agrees(void **state)
{
    DIR *folder = opendir("golden");
    struct dirent *entry;
    int count = 0;
    int failed = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct str name = str_from(entry->d_name);
        char stem[256];

        if (str_ends_with(name, STR(".md"))) {
            snprintf(stem, sizeof stem, "%.*s", (int)name.len - 3, name.ptr);
            count++;
            failed += !check_pair(stem);
        }
    }
    closedir(folder);
    print_message("%d pairs, %d failed\n", count, failed);
    assert_int_equal(failed, 0);
    assert_true(count >= 60);
}

/* Every file of a folder keeps the properties; returns how many there are. */
static int check_folder(const char *folder, const char *ending)
{
    DIR *files = opendir(folder);
    struct convert_options options = { 0 };
    struct dirent *entry;
    int count = 0;

    assert_non_null(files);
    while ((entry = readdir(files)) != NULL) {
        struct arena *arena = arena_create();
        const char *path = arena_printf(arena, "%s/%s", folder, entry->d_name).ptr;
        struct str text;

        if (*entry->d_name != '.' && str_ends_with(str_from(entry->d_name), str_from(ending))) {
            const char *broken;

            assert_true(file_read(AT_FDCWD, path, 1 << 20, arena, &text));
            broken = broken_property(arena, text, &options);
            if (broken != NULL) {
                fail_msg("%s: %s", path, broken);
            }
            count++;
        }
        arena_destroy(arena);
    }
    closedir(files);
    return count;
}

static void every_article_keeps_the_properties(void **state)
{
    (void)state;
    assert_true(check_folder("../../capsule/posts", ".md") >= 6);
}

static void every_seed_of_the_fuzzers_keeps_the_properties(void **state)
{
    (void)state;
    assert_true(check_folder("../fuzz/corpus/gemtext", "") >= 10);
    assert_true(check_folder("../fuzz/corpus/gophertext", "") >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_agrees),
        cmocka_unit_test(every_article_keeps_the_properties),
        cmocka_unit_test(every_seed_of_the_fuzzers_keeps_the_properties),
    };

    return check_run(tests);
}
