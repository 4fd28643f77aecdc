/* Any bytes as TOML: a tree or a problem, with lines inside the text. */
#include <stdint.h>
#include <stdlib.h>

#include "base/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const struct yaml *node, int last)
{
    for (; node != NULL; node = node->next) {
        if (node->line < 1 || node->line > last) {
            abort();
        }
        check_lines(node->first, last);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct str text = { (const char *)data, size };
    struct diag diag;
    const struct yaml *root;

    diag_init(&diag, arena);
    root = toml_read(arena, text, (struct place){ "fuzz.toml", 1 }, "left out", &diag);
    if ((root == NULL) != (diag.errors > 0)) {
        abort(); /* a failure without a word, or words without a failure */
    }
    if (root != NULL) {
        check_lines(root, (int)size + 1);
    }
    arena_destroy(arena);
    return 0;
}
