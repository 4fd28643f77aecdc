/* Any bytes as markdown: a text that keeps every property comes out. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct convert_options options = { 0 };
    const char *broken;

    if (size > 0) { /* the last byte chooses options, so that seeds are plain markdown */
        options.links = data[size - 1] % 3;
        options.emphasis = data[size - 1] / 3 % 2;
    }
    broken = broken_property(arena, (struct str){ (const char *)data, size }, &options);
    if (broken != NULL) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
    arena_destroy(arena);
    return 0;
}
