/* Any bytes as the path of a text, in every dialect: what it says lies within it. */
#include <stdint.h>
#include <stdlib.h>

#include "content/slug.h"
#include "name.h"

#define SLUG_RULES (SLUG_AS_IS + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_within(struct str part, struct str path)
{
    if (part.len > 0 && (part.ptr < path.ptr || part.ptr + part.len > path.ptr + path.len)) {
        abort();
    }
}

static void check_dialect(struct arena *arena, const struct dialect *dialect, struct str path)
{
    static struct str collections[] = { STR_INIT("docs"), STR_INIT("") };
    static struct str languages[] = { STR_INIT("es"), STR_INIT("pt-BR") };
    struct source source = { .file = "fuzz.md", .path = path };
    struct capsule capsule = { .blog.dialect = dialect,
                               .placing = dialect->placing,
                               .date_in_name = dialect->date_in_name,
                               .collections = { collections, 2 },
                               .languages = { languages, 2 } };

    name_read(&source, &capsule);
    check_within(source.folders, path);
    check_within(source.stem, path);
    check_within(source.name, path);
    check_within(source.language, path);
    if (source.language.len > 0 && name_original(arena, &source).len >= path.len) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct str path = arena_copy(arena, (struct str){ (const char *)data, size });
    struct date date;

    for (size_t i = 0; dialect_names[i] != NULL; i++) {
        const struct dialect *dialect = dialect_find(str_from(dialect_names[i]));

        if (dialect != NULL) {
            check_dialect(arena, dialect, path);
        }
    }
    for (int rule = 0; rule < SLUG_RULES; rule++) {
        struct str slug = slug_path(arena, (enum slug_rule)rule, path);

        if (str_find_str(slug, STR("//")) < slug.len) {
            abort();
        }
    }
    name_path_date(path, &date);
    arena_destroy(arena);
    return 0;
}
