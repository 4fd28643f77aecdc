/* Any bytes as markdown: a text for Gopher that keeps every property comes out. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/gopher_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    const struct convert_options options = { .emphasis = size % 2 };
    const char *broken = broken_gopher(arena, (struct str){ (const char *)data, size }, &options);

    if (broken != NULL) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
    arena_destroy(arena);
    return 0;
}
