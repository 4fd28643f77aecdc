/* A folder of its own for a test, to be written into and read from. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "check.h"

/* When no stamp of a file that a test has written is fresh any more. */
#define LONG_AFTER INT64_C(4000000000)

struct folder {
    struct arena *arena; /* what is made for the test lives in it */
    const char *dir;
};

static inline struct folder folder_create(void)
{
    struct folder folder = { .arena = arena_create() };
    char name[] = "/tmp/splashdown-test-XXXXXX";

    assert_non_null(mkdtemp(name));
    folder.dir = arena_copy(folder.arena, str_from(name)).ptr;
    return folder;
}

static inline void folder_destroy(struct folder *folder)
{
    assert_int_equal(system(arena_printf(folder->arena, "rm -rf '%s'", folder->dir).ptr), 0);
    arena_destroy(folder->arena);
}

static inline const char *folder_path(const struct folder *folder, const char *name)
{
    return arena_printf(folder->arena, "%s/%s", folder->dir, name).ptr;
}

static inline void folder_make(const struct folder *folder, const char *name)
{
    assert_int_equal(mkdir(folder_path(folder, name), 0700), 0);
}

static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
    FILE *out = fopen(folder_path(folder, name), "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

#endif
