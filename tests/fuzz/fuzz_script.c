/* Any bytes as a program in JavaScript, whatever texts it has as templates of addresses, and those
 * as patterns: few pairs, short patterns, and no byte of a path that nobody wrote. */
#include <stdint.h>
#include <stdlib.h>

#include "permalink.h"
#include "permalink_template.h"
#include "script.h"

#define PAIRS_MAX 1000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_address(struct arena *arena, const struct yaml *root, struct str text)
{
    const struct template_facts facts = { STR("walking"), STR("/blog/walking"), &root, 1 };
    const struct permalink permalink = { .slug = STR("s"),
                                         .name = STR("n"),
                                         .folders = STR("a/b") };
    struct str pattern = permalink_from_template(arena, text, &facts);
    struct str path;

    if (pattern.len > PERMALINK_MAX || str_find_str(pattern, STR("{%")) < pattern.len) {
        abort();
    }
    path = permalink_fill(arena, pattern, &permalink);
    if (str_find_str(pattern, STR("//")) == pattern.len &&
        str_find_str(path, STR("///")) < path.len) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    const struct yaml *root = script_read(arena, (struct str){ (const char *)data, size });
    size_t count = 0;

    for (const struct yaml *pair = root->first; pair != NULL; pair = pair->next) {
        if (++count > PAIRS_MAX || pair->kind != YAML_SCALAR || pair->key.len == 0) {
            abort();
        }
        if (count < 20) {
            check_address(arena, root, pair->text);
        }
    }
    arena_destroy(arena);
    return 0;
}
