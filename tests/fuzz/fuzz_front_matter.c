/* Any bytes as a post's file, in every dialect: a post that can be served, or a problem. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>

#include "content/capsule.h"
#include "content/slug.h"
#include "name.h"
#include "post_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All there are but "auto". */
static size_t count_dialects(void)
{
    size_t count = 0;

    while (dialect_names[1 + count] != NULL) {
        count++;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct str text = { (const char *)data, size };
    struct manuscript read = {
        .arena = arena,
        .source = { .file = "fuzz.md", .path = STR("blog/2025-01-02-fuzz.md") },
    };
    struct capsule capsule = { .timezone = STR(""),
                               .blog = { .dir = "/dev/null", .top = "/dev/null" } };
    struct diag diag;

    diag_init(&diag, arena);
    if (size > 0) { /* the last byte chooses, so that seeds are plain files */
        const char *name = dialect_names[1 + data[size - 1] % count_dialects()];

        capsule.blog.dialect = dialect_find(str_from(name));
    }
    if (capsule.blog.dialect == NULL) {
        capsule.blog.dialect = dialect_find(STR("plain"));
    }
    capsule.slug = capsule.blog.dialect->slug;
    capsule.date_in_name = capsule.blog.dialect->date_in_name;
    capsule.liquid = capsule.blog.dialect->own_values != NULL;
    name_read(&read.source, &capsule);
    post_read(&read, text, &capsule, &diag);
    if (read.reading == READ_BROKEN
            ? diag.errors == 0
            : read.reading == READ_POST &&
                  (!slug_is_sound(read.post.slug) || read.post.title.len == 0)) {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
