/* Any bytes as a text of Jekyll's: a template first, then kramdown. What comes out is sound
 * gemtext. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../support/properties.h"
#include "base/yaml.h"
#include "content/dialect.h"
#include "fill.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char own[] = "title: A [b](/c) & *d*\nurl_of: https://a.example/x_y\nempty:\n"
                          "deep:\n  key: 7\nlist: [1]\nhtml: \"<b>x</b>\\n\\n- y\"\n";
static const char site[] = "title: \"{{ page.title }}\"\nurl: https://shed.example\n";

static const struct yaml *tree(struct arena *arena, const char *text)
{
    struct diag diag;

    diag_init(&diag, arena);
    return yaml_read(arena, str_from(text), (struct place){ "own.yml", 1 }, "", &diag);
}

static const char *convert(struct arena *arena, struct str text)
{
    static const struct convert_options options;
    struct named_tree values = { STR("site"), tree(arena, site) };
    struct capsule capsule = { .values = &values, .value_count = 1 };
    struct source source = { .file = "nowhere/_posts/2025-01-01-a.md" };
    const struct yaml *trees[] = { tree(arena, own) };
    struct filling filling = {
        .arena = arena, .source = &source, .capsule = &capsule, .trees = trees, .tree_count = 1
    };
    struct markdown_manner manner = { .filling = &filling, .kramdown = true };
    struct document document;
    struct diag diag;
    struct str output;

    diag_init(&diag, arena);
    capsule.blog =
        (struct blog){ dialect_find(STR("jekyll")), "nowhere", "nowhere", STR(""), NULL, true };
    document = markdown_parse(arena, text, (struct place){ source.file, 1 }, manner, &diag);
    links_clean(arena, &document, source.file, &diag);
    output = write_document(arena, &document, &options);
    return broken_line(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    const char *broken = convert(arena, (struct str){ (const char *)data, size });

    if (broken != NULL) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
    arena_destroy(arena);
    return 0;
}
