/* How generators are told to make addresses, in the words that patterns have here. */
#include "base/strbuf.h"
#include "settings_read.h"

/* Jekyll's styles, by name. */
static struct str jekyll_pattern(struct str style)
{
    static const struct {
        struct str name;
        struct str pattern;
    } styles[] = {
        { STR_INIT("date"), STR_INIT("/:categories/:year/:month/:day/:title.html") },
        { STR_INIT("pretty"), STR_INIT("/:categories/:year/:month/:day/:title/") },
        { STR_INIT("ordinal"), STR_INIT("/:categories/:year/:y_day/:title.html") },
        { STR_INIT("none"), STR_INIT("/:categories/:title.html") },
    };

    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        if (str_equal(style, styles[i].name)) {
            return styles[i].pattern;
        }
    }
    return style;
}

static void add_permalink(struct settings_reader *reader, size_t *capacity, struct str section,
                          struct str pattern)
{
    struct capsule *capsule = reader->capsule;

    if (pattern.len == 0) {
        return;
    }
    if (*pattern.ptr != '/') {
        pattern = arena_printf(reader->arena, "/%.*s", STR_ARG(pattern));
    }
    *ARENA_PUSH(reader->arena, capsule->permalinks, capsule->permalink_count, capacity) =
        (struct pair){ section, pattern, 0 };
}

void settings_permalinks(struct settings_reader *reader, const struct yaml *tree)
{
    static const char *const maps[] = { "permalinks.page", "permalinks" };
    size_t capacity = 0;

    if (reader->capsule->permalink_count > 0) {
        return;
    }
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        const struct yaml *map = settings_find(tree, maps[i]);

        for (map = map != NULL ? map->first : NULL; map != NULL; map = map->next) {
            if (map->kind == YAML_SCALAR) {
                add_permalink(reader, &capacity, map->key, map->text);
            }
        }
    }
    add_permalink(reader, &capacity, STR(""),
                  jekyll_pattern(settings_text(tree, "collections.posts.permalink")));
    add_permalink(reader, &capacity, STR(""), jekyll_pattern(settings_text(tree, "permalink")));
}

/* A collection's pattern in the words that all patterns here have. */
static struct str collection_pattern(struct arena *arena, struct str name, struct str pattern)
{
    struct strbuf out;

    strbuf_init(&out, arena, SETTINGS_MAX);
    while (pattern.len > 0) {
        bool is_name = str_starts_with(pattern, STR(":collection"));
        bool is_path = str_starts_with(pattern, STR(":path"));

        strbuf_add(&out, is_name ? name : is_path ? STR(":below/:name") : str_first(pattern, 1));
        pattern = str_skip(pattern, is_name   ? STR(":collection").len
                                    : is_path ? STR(":path").len
                                              : 1);
    }
    return strbuf_str(&out);
}

/* Jekyll's collections, as far as they have pages. */
static void read_collections(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    const struct yaml *node = settings_find(tree, "collections");
    size_t capacity = capsule->permalink_count;
    size_t word_capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        struct str pattern = settings_text(node, "permalink");

        if (!str_equal(settings_text(node, "output"), STR("true")) ||
            str_equal(node->key, STR("posts"))) {
            continue;
        }
        pattern = pattern.len > 0 ? pattern : STR("/:collection/:path:output_ext");
        *ARENA_PUSH(reader->arena, capsule->collections.items, capsule->collections.count,
                    &word_capacity) = node->key;
        add_permalink(reader, &capacity, node->key,
                      collection_pattern(reader->arena, node->key, pattern));
    }
}

/* Folders with an underscore that Jekyll is to read for all that: "_pages", as a rule. */
static void read_included(struct settings_reader *reader, const struct yaml *tree)
{
    struct words *included = &reader->capsule->included;
    const struct yaml *node = settings_find(tree, "include");
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        if (str_starts_with(node->text, STR("_"))) {
            *ARENA_PUSH(reader->arena, included->items, included->count, &capacity) = node->text;
        }
    }
}

/* Jekyll's `defaults`. */
static void read_defaults(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    const struct yaml *node = settings_find(tree, "defaults");
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        const struct yaml *values = settings_find(node, "values");

        if (values != NULL && values->kind == YAML_MAP) {
            *ARENA_PUSH(reader->arena, capsule->defaults, capsule->default_count, &capacity) =
                (struct front_default){ settings_text(node, "scope.path"),
                                        settings_text(node, "scope.type"), values };
        }
    }
}

void settings_jekyll(struct settings_reader *reader, const struct yaml *tree)
{
    read_collections(reader, tree);
    read_included(reader, tree);
    read_defaults(reader, tree);
}
