/* Generators' settings. YAML, TOML and JSON are read; a program in JavaScript is only looked at,
 * for texts that stand in it as they are. A mistake in these files is their generator's to report.
 */
#include "settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "base/zone.h"
#include "language.h"
#include "script.h"

#define SETTINGS_MAX ((size_t)1 << 20)

struct reader {
    struct arena *arena;
    const struct blog *blog;
    struct capsule *capsule;
    struct diag *nobody; /* whom mistakes in these files are told */
};

/* ---- files ----------------------------------------------------------------------------------- */

/* Where each kind of blog says what it is. Of several files the first that says a thing counts. */
static const struct {
    const char *dialect; /* the start of its name */
    const char *file;
} files[] = {
    { "hugo", "hugo.toml" },
    { "hugo", "hugo.yaml" },
    { "hugo", "hugo.yml" },
    { "hugo", "hugo.json" },
    { "hugo", "config.toml" },
    { "hugo", "config.yaml" },
    { "hugo", "config.yml" },
    { "hugo", "config.json" },
    { "hugo", "config/_default/hugo.toml" },
    { "hugo", "config/_default/hugo.yaml" },
    { "hugo", "config/_default/config.toml" },
    { "hugo", "config/_default/config.yaml" },
    { "hugo", "config/_default/params.toml" },
    { "hugo", "config/_default/permalinks.toml" },
    { "zola", "zola.toml" },
    { "zola", "config.toml" },
    { "jekyll", "_config.yml" },
    { "jekyll", "_config.yaml" },
    { "jekyll", "_config.toml" },
    { "hexo", "_config.yml" },
    { "eleventy", ".eleventy.js" },
    { "eleventy", "eleventy.config.js" },
    { "eleventy", "eleventy.config.cjs" },
    { "eleventy", "eleventy.config.mjs" },
    { "eleventy", "eleventy.config.ts" },
    { "eleventy", "_data/metadata.json" },
    { "eleventy", "_data/metadata.js" },
    { "eleventy", "_data/site.json" },
    { "eleventy", "_data/site.js" },
    { "eleventy", "src/_data/metadata.json" },
    { "eleventy", "src/_data/metadata.js" },
    { "eleventy", "src/_data/site.json" },
    { "eleventy", "src/_data/site.js" },
    { "astro", "astro-paper.config.ts" },
    { "astro", "src/config.ts" },
    { "astro", "src/site.config.ts" },
    { "astro", "src/consts.ts" },
    { "astro", "src/constants.ts" },
    { "astro", "astro.config.mjs" },
    { "astro", "astro.config.ts" },
    { "astro", "astro.config.js" },
    { "astro", "src/content.config.ts" },
    { "astro", "src/content/config.ts" },
};

/* The file as a tree, or NULL when there is none or it cannot be read. */
static const struct yaml *read_tree(struct reader *reader, const char *name)
{
    const char *path = arena_printf(reader->arena, "%s/%s", reader->blog->top, name).ptr;
    struct place place = { path, 1 };
    struct str file = str_from(name);
    struct str text;

    if (!file_read(AT_FDCWD, path, SETTINGS_MAX, reader->arena, &text)) {
        return NULL;
    }
    text = utf8_clean(reader->arena, text, NULL);
    if (str_ends_with(file, STR(".toml"))) {
        return toml_read(reader->arena, text, place, "", reader->nobody);
    }
    if (str_ends_with(file, STR("js")) || str_ends_with(file, STR("ts"))) {
        return script_read(reader->arena, text);
    }
    return yaml_read(reader->arena, text, place, "", reader->nobody);
}

/* The value at "params.author.name", whatever the keys' case; NULL when there is none. */
static const struct yaml *find(const struct yaml *node, const char *path)
{
    struct str rest = str_from(path);

    for (bool more = true; more && node != NULL;) {
        struct str key;

        more = str_cut(rest, '.', &key, &rest);
        node = node->kind == YAML_MAP ? node->first : NULL;
        while (node != NULL && !str_equal_nocase(node->key, key)) {
            node = node->next;
        }
    }
    return node != NULL && !yaml_is_null(node) ? node : NULL;
}

/* A text there, or the first of a list of texts; empty when it is neither. */
static struct str find_text(const struct yaml *tree, const char *path)
{
    const struct yaml *node = find(tree, path);

    if (node != NULL && node->kind == YAML_LIST && node->first != NULL) {
        node = node->first;
    }
    return node != NULL && node->kind == YAML_SCALAR ? str_trim(node->text) : STR("");
}

/* ---- texts ----------------------------------------------------------------------------------- */

static bool is_line(struct str text)
{
    return text.len > 0 && text.len <= 500 && str_find(text, '\n') == text.len &&
           str_find(text, '{') == text.len;
}

static bool is_web_address(struct str text)
{
    return is_line(text) &&
           (str_starts_with(text, STR("https://")) || str_starts_with(text, STR("http://"))) &&
           str_find_str(text, STR("//localhost")) == text.len;
}

static bool is_language(struct str text)
{
    struct arena *scratch = arena_create();
    bool ok = language_tag(scratch, text).len > 0;

    arena_destroy(scratch);
    return ok;
}

static bool is_zone(struct str text)
{
    return text.len > 0 && zone_exists(text);
}

/* What is taken, and from which keys, the likeliest first. */
static const struct {
    size_t offset; /* of a struct str in struct capsule */
    bool (*fits)(struct str text);
    const char *keys[10];
} texts[] = {
    { offsetof(struct capsule, title), is_line, { "title", "SITE_TITLE" } },
    { offsetof(struct capsule, description),
      is_line,
      { "description", "params.description", "desc", "SITE_DESCRIPTION", "subtitle" } },
    { offsetof(struct capsule, author),
      is_line,
      { "author", "author.name", "params.author", "params.author.name", "extra.author" } },
    { offsetof(struct capsule, language),
      is_language,
      { "languageCode", "defaultContentLanguage", "default_language", "language", "lang",
        "locale" } },
    { offsetof(struct capsule, timezone), is_zone, { "timezone" } },
    { offsetof(struct capsule, web),
      is_web_address,
      { "baseURL", "base_url", "url", "website", "site", "SITE_URL" } },
};

#define TEXT_COUNT (sizeof texts / sizeof texts[0])

static void read_texts(struct reader *reader, const struct yaml *tree, bool taken[TEXT_COUNT])
{
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        for (size_t j = 0; texts[i].keys[j] != NULL && !taken[i]; j++) {
            struct str text = find_text(tree, texts[i].keys[j]);

            if (texts[i].fits(text)) {
                *(struct str *)((char *)reader->capsule + texts[i].offset) = text;
                taken[i] = true;
            }
        }
    }
}

/* ---- addresses ------------------------------------------------------------------------------- */

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

static void add_permalink(struct reader *reader, size_t *capacity, struct str section,
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

static void read_permalinks(struct reader *reader, const struct yaml *tree)
{
    static const char *const maps[] = { "permalinks.page", "permalinks" };
    size_t capacity = 0;

    if (reader->capsule->permalink_count > 0) {
        return;
    }
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        const struct yaml *map = find(tree, maps[i]);

        for (map = map != NULL ? map->first : NULL; map != NULL; map = map->next) {
            if (map->kind == YAML_SCALAR) {
                add_permalink(reader, &capacity, map->key, map->text);
            }
        }
    }
    add_permalink(reader, &capacity, STR(""),
                  jekyll_pattern(find_text(tree, "collections.posts.permalink")));
    add_permalink(reader, &capacity, STR(""), jekyll_pattern(find_text(tree, "permalink")));
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
static void read_jekyll_collections(struct reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    const struct yaml *node = find(tree, "collections");
    size_t capacity = capsule->permalink_count;
    size_t word_capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        struct str pattern = find_text(node, "permalink");

        if (!str_equal(find_text(node, "output"), STR("true")) ||
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

/* Jekyll's `defaults`. */
static void read_defaults(struct reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    const struct yaml *node = find(tree, "defaults");
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        const struct yaml *values = find(node, "values");

        if (values != NULL && values->kind == YAML_MAP) {
            *ARENA_PUSH(reader->arena, capsule->defaults, capsule->default_count, &capacity) =
                (struct front_default){ find_text(node, "scope.path"),
                                        find_text(node, "scope.type"), values };
        }
    }
}

/* ---- folders --------------------------------------------------------------------------------- */

static bool is_folder(struct reader *reader, struct str name)
{
    struct stat status;

    return lstat(arena_printf(reader->arena, "%s/%.*s", reader->blog->top, STR_ARG(name)).ptr,
                 &status) == 0 &&
           S_ISDIR(status.st_mode);
}

/* "./content/posts/" to "content/posts"; empty for what is no folder below the top. */
static struct str folder_name(struct reader *reader, struct str name)
{
    while (str_starts_with(name, STR("./"))) {
        name = str_skip(name, 2);
    }
    while (str_ends_with(name, STR("/"))) {
        name.len--;
    }
    if (name.len == 0 || *name.ptr == '/' || str_find_str(name, STR("..")) < name.len ||
        !is_folder(reader, name)) {
        return STR("");
    }
    return name;
}

/* Where the texts are, when the settings say it. */
static void read_folders(struct reader *reader, const struct yaml *tree)
{
    static const char *const keys[] = { "contentDir", "source", "source_dir", "input" };
    struct capsule *capsule = reader->capsule;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct str folder = folder_name(reader, find_text(tree, keys[i]));

        if (folder.len > 0) {
            capsule->posts = (struct words){ ARENA_NEW(reader->arena, struct str), 1 };
            capsule->posts.items[0] = folder;
        }
    }
}

/* The folders of Astro's collections: each `base` of its content configuration. AstroPaper has only
 * one of posts, and calls it by a name. */
static void read_collections(struct reader *reader, const struct yaml *tree)
{
    const char *key = strcmp(reader->blog->dialect->name, "astro") == 0 ? "base" : "BLOG_PATH";
    struct words found = { 0 };
    size_t capacity = 0;

    for (const struct yaml *pair = tree->first; pair != NULL; pair = pair->next) {
        struct str folder =
            str_equal(pair->key, str_from(key)) ? folder_name(reader, pair->text) : STR("");

        if (folder.len > 0) {
            *ARENA_PUSH(reader->arena, found.items, found.count, &capacity) = folder;
        }
    }
    if (found.count > 0) {
        reader->capsule->posts = found;
    }
}

/* Eleventy copies folders to other places: `addPassthroughCopy({ "assets/img": "img" })`. */
static void read_moves(struct reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    size_t capacity = capsule->move_count;

    for (const struct yaml *pair = tree->first; pair != NULL; pair = pair->next) {
        struct str from =
            str_find(pair->key, '/') < pair->key.len ? folder_name(reader, pair->key) : STR("");
        struct str to = pair->text;

        while (str_starts_with(to, STR("/"))) {
            to = str_skip(to, 1);
        }
        while (str_ends_with(to, STR("/"))) {
            to.len--;
        }
        if (from.len > 0 && pair->kind == YAML_SCALAR) {
            *ARENA_PUSH(reader->arena, capsule->moves, capsule->move_count, &capacity) =
                (struct pair){ from, to, 0 };
        }
    }
}

static void add_ignored(struct reader *reader, size_t *capacity, struct str name)
{
    struct capsule *capsule = reader->capsule;

    name = str_trim(name);
    while (str_starts_with(name, STR("./")) || str_starts_with(name, STR("/"))) {
        name = str_skip(name, *name.ptr == '.' ? 2 : 1);
    }
    while (name.len > 0 && strchr("*/", name.ptr[name.len - 1]) != NULL) {
        name.len--;
    }
    if (name.len > 0 && *name.ptr != '#' && str_find(name, '*') == name.len) {
        *ARENA_PUSH(reader->arena, capsule->ignored.items, capsule->ignored.count, capacity) = name;
    }
}

/* What generators are told to leave alone: Jekyll by `exclude`, Eleventy, as to texts, by a file.
 * Patterns within names are not worked out. */
static void read_ignored(struct reader *reader, const struct yaml *tree)
{
    const struct yaml *node = find(tree, "exclude");
    size_t capacity = reader->capsule->ignored.count;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        add_ignored(reader, &capacity, node->text);
    }
}

static void read_eleventyignore(struct reader *reader)
{
    const char *path = arena_printf(reader->arena, "%s/.eleventyignore", reader->blog->top).ptr;
    size_t capacity = reader->capsule->ignored.count;
    struct str text;
    struct str line;

    if (strcmp(reader->blog->dialect->name, "eleventy") == 0 &&
        file_read(AT_FDCWD, path, SETTINGS_MAX, reader->arena, &text)) {
        while (str_next_line(&text, &line)) {
            add_ignored(reader, &capacity, line);
        }
    }
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* The languages a multilingual blog names. */
static void read_languages(struct reader *reader, const struct yaml *tree)
{
    const struct yaml *node = find(tree, "languages");
    struct words *languages = &reader->capsule->languages;
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        struct str name = node->key.len > 0 ? node->key : node->text;

        if (is_language(name)) {
            *ARENA_PUSH(reader->arena, languages->items, languages->count, &capacity) = name;
        }
    }
}

static void read_manners(struct reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str paths = find_text(tree, "slugify.paths");

    if (str_equal_nocase(find_text(tree, "future"), STR("true")) ||
        str_equal_nocase(find_text(tree, "buildFuture"), STR("true"))) {
        capsule->future = true;
    }
    if (str_equal(paths, STR("off")) || str_equal(paths, STR("safe"))) {
        capsule->slug = SLUG_AS_IS;
    }
    if (strcmp(reader->blog->dialect->name, "hexo") == 0) {
        struct str name = find_text(tree, "new_post_name");

        capsule->date_in_name = str_find_str(name, STR(":year")) < name.len;
    }
}

/* Jekyll's blog begins below its host at `baseurl`. */
static void settle_web(struct reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str base = find_text(tree, "baseurl");

    if (strcmp(reader->blog->dialect->name, "jekyll") == 0 && capsule->web.len > 0 &&
        base.len > 1) {
        capsule->web =
            arena_printf(reader->arena, "%.*s%.*s", STR_ARG(capsule->web), STR_ARG(base));
    }
}

static bool concerns(const struct blog *blog, size_t file)
{
    return str_starts_with(str_from(blog->dialect->name), str_from(files[file].dialect));
}

struct words settings_files(struct arena *arena, const struct blog *blog)
{
    size_t count = sizeof files / sizeof files[0];
    struct words found = { ARENA_ARRAY(arena, struct str, count), 0 };

    for (size_t i = 0; i < count; i++) {
        if (concerns(blog, i)) {
            found.items[found.count++] = arena_printf(arena, "%s/%s", blog->top, files[i].file);
        }
    }
    return found;
}

void settings_read(struct arena *arena, const struct blog *blog, struct capsule *capsule)
{
    struct diag *nobody = ARENA_NEW(arena, struct diag);
    struct reader reader = { arena, blog, capsule, nobody };
    bool taken[TEXT_COUNT] = { false };

    diag_init(nobody, arena);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct yaml *tree = concerns(blog, i) ? read_tree(&reader, files[i].file) : NULL;

        if (tree == NULL) {
            continue;
        }
        read_texts(&reader, tree, taken);
        read_permalinks(&reader, tree);
        read_languages(&reader, tree);
        read_manners(&reader, tree);
        read_folders(&reader, tree);
        if (strcmp(files[i].dialect, "astro") == 0) {
            read_collections(&reader, tree);
        }
        if (strcmp(files[i].dialect, "eleventy") == 0) {
            read_moves(&reader, tree);
        }
        if (strcmp(files[i].dialect, "jekyll") == 0) {
            read_jekyll_collections(&reader, tree);
            read_defaults(&reader, tree);
            read_ignored(&reader, tree);
        }
        settle_web(&reader, tree);
    }
    read_eleventyignore(&reader);
    capsule->language = language_tag(arena, capsule->language);
}
