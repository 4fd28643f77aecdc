/* Any bytes as a post's file: a post that can be served, or a problem. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>

#include "content/capsule.h"
#include "content/slug.h"
#include "post_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct str text = { (const char *)data, size };
    struct source source = { .file = "fuzz.md", .stem = STR("fuzz") };
    struct capsule capsule = { .timezone = STR("") };
    struct diag diag;
    enum reading reading;
    struct post post;

    diag_init(&diag, arena);
    capsule.blog.dialect = dialect_find(STR("plain"));
    reading = post_read(arena, &source, text, &capsule, &post, &diag);
    if (reading == READ_BROKEN ? diag.errors == 0
                               : reading == READ_POST && !slug_is_sound(post.slug)) {
        abort();
    }
    arena_destroy(arena);
    return 0;
}
