/* Any bytes as a post's file, in every dialect: a post that can be served, or a problem. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>

#include "content/capsule.h"
#include "content/slug.h"
#include "name.h"
#include "post_read.h"

#define DIALECTS 11 /* names but "auto" */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct str text = { (const char *)data, size };
    struct source source = { .file = "fuzz.md", .path = STR("blog/2025-01-02-fuzz.md") };
    struct capsule capsule = { .timezone = STR(""), .blog.top = "/dev/null" };
    struct diag diag;
    enum reading reading;
    struct post post;

    diag_init(&diag, arena);
    if (size > 0) { /* the last byte chooses, so that seeds are plain files */
        const char *name = dialect_names[1 + data[size - 1] % DIALECTS];

        capsule.blog.dialect = dialect_find(str_from(name));
    }
    if (capsule.blog.dialect == NULL) {
        capsule.blog.dialect = dialect_find(STR("plain"));
    }
    capsule.slug = capsule.blog.dialect->slug;
    capsule.date_in_name = capsule.blog.dialect->date_in_name;
    name_read(&source, &capsule);
    reading = post_read(arena, &source, text, &capsule, &post, &diag);
    if (reading == READ_BROKEN
            ? diag.errors == 0
            : reading == READ_POST && (!slug_is_sound(post.slug) || post.title.len == 0)) {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
