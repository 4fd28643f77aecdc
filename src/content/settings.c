/* Generators' settings. YAML, TOML and JSON are read; a program in JavaScript is only looked at,
 * for texts that stand in it as they are. A mistake in these files is their generator's to report.
 */
#include "settings.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "base/zone.h"
#include "language.h"
#include "name.h"
#include "script.h"
#include "settings_read.h"

/* ---- files ----------------------------------------------------------------------------------- */

#define HUGO_FOLDER "config/_default/"

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
    { "hugo", "config/_default/hugo.yml" },
    { "hugo", "config/_default/config.toml" },
    { "hugo", "config/_default/config.yaml" },
    { "hugo", "config/_default/config.yml" },
    { "hugo", "config/_default/languages.toml" },
    { "hugo", "config/_default/languages.yaml" },
    { "hugo", "config/_default/languages.yml" },
    { "hugo", "config/_default/params.toml" },
    { "hugo", "config/_default/params.yaml" },
    { "hugo", "config/_default/params.yml" },
    { "hugo", "config/_default/permalinks.toml" },
    { "hugo", "config/_default/permalinks.yaml" },
    { "hugo", "config/_default/permalinks.yml" },
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
static const struct yaml *read_tree(struct settings_reader *reader, const char *name)
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

const struct yaml *settings_find(const struct yaml *node, const char *path)
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

struct str settings_text(const struct yaml *tree, const char *path)
{
    const struct yaml *node = settings_find(tree, path);

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

static void read_texts(struct settings_reader *reader, const struct yaml *tree,
                       bool taken[TEXT_COUNT])
{
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        for (size_t j = 0; texts[i].keys[j] != NULL && !taken[i]; j++) {
            struct str text = settings_text(tree, texts[i].keys[j]);

            if (texts[i].fits(text)) {
                *(struct str *)((char *)reader->capsule + texts[i].offset) = text;
                taken[i] = true;
            }
        }
    }
}

/* What a multilingual Hugo blog says of itself in its main language, which counts more. */
static const struct yaml *main_language(struct settings_reader *reader, const struct yaml *tree)
{
    struct str language = settings_text(tree, "defaultContentLanguage");

    return language.len == 0
               ? NULL
               : settings_find(
                     tree, arena_printf(reader->arena, "languages.%.*s", STR_ARG(language)).ptr);
}

/* Whether a file is one of those that a folder of Hugo's configuration consists of. */
static bool is_part(struct str file)
{
    return str_starts_with(file, STR(HUGO_FOLDER));
}

/* What stands in params.toml is `params` of the whole, and so on; hugo.toml is the whole itself. */
static void add_part(struct settings_reader *reader, struct yaml *whole, struct str file,
                     const struct yaml *tree)
{
    struct str stem = str_skip(file, STR(HUGO_FOLDER).len);
    struct yaml **end = &whole->first;

    stem.len = str_find(stem, '.');
    while (*end != NULL) {
        end = &(*end)->next;
    }
    if (str_equal(stem, STR("hugo")) || str_equal(stem, STR("config"))) {
        *end = tree->first;
        return;
    }
    *end = ARENA_NEW(reader->arena, struct yaml);
    **end = *tree;
    (*end)->key = stem;
    (*end)->next = NULL;
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* The languages a multilingual blog names. */
static void read_languages(struct settings_reader *reader, const struct yaml *tree)
{
    const struct yaml *node = settings_find(tree, "languages");
    struct words *languages = &reader->capsule->languages;
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        struct str name = node->key.len > 0 ? node->key : node->text;

        if (is_language(name)) {
            *ARENA_PUSH(reader->arena, languages->items, languages->count, &capacity) = name;
        }
    }
}

/* Whether the ends of lines are to be seen: Hexo's renderers, Hugo's and Jekyll's each have a key.
 */
static void read_breaks(struct settings_reader *reader, const struct yaml *tree)
{
    static const char *const keys[] = { "marked.breaks", "markdown.breaks",
                                        "markdown.render.breaks",
                                        "markup.goldmark.renderer.hardWraps",
                                        "kramdown.hard_wrap" };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct str value = settings_text(tree, keys[i]);

        if (value.len > 0) {
            reader->capsule->breaks = str_equal_nocase(value, STR("true"));
        }
    }
}

static void read_manners(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str paths = settings_text(tree, "slugify.paths");

    if (str_equal_nocase(settings_text(tree, "future"), STR("true")) ||
        str_equal_nocase(settings_text(tree, "buildFuture"), STR("true"))) {
        capsule->future = true;
    }
    if (str_equal(paths, STR("off")) || str_equal(paths, STR("safe"))) {
        capsule->slug = SLUG_AS_IS;
    }
    if (strcmp(reader->blog->dialect->name, "hexo") == 0) {
        struct str name = settings_text(tree, "new_post_name");

        capsule->date_in_name = str_find_str(name, STR(":year")) < name.len;
    }
}

/* Jekyll's blog begins below its host at `baseurl`. */
static void settle_web(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str base = settings_text(tree, "baseurl");

    if (strcmp(reader->blog->dialect->name, "jekyll") == 0 && capsule->web.len > 0 &&
        base.len > 1) {
        capsule->web =
            arena_printf(reader->arena, "%.*s%.*s", STR_ARG(capsule->web), STR_ARG(base));
    }
}

/* What texts can refer to: Jekyll's settings as "site", Eleventy's "_data/metadata.json" as
 * "metadata", where no program has a say in it. */
static void keep_values(struct settings_reader *reader, const struct yaml *tree, const char *file,
                        size_t *capacity)
{
    struct capsule *capsule = reader->capsule;
    struct str name = name_last(str_from(file));

    if (reader->blog->dialect->own_values == NULL) {
        return;
    }
    if (str_equal_nocase(settings_text(tree, "markdownTemplateEngine"), STR("false"))) {
        capsule->liquid = false;
    }
    if (*reader->blog->dialect->own_values != '\0') {
        name = STR("site");
    } else if (str_ends_with(name, STR(".json"))) {
        name = str_first(name, str_find(name, '.'));
    } else {
        return;
    }
    *ARENA_PUSH(reader->arena, capsule->values, capsule->value_count, capacity) =
        (struct named_tree){ name, tree };
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

static void read_settings(struct settings_reader *reader, const struct yaml *tree,
                          const char *dialect, bool taken[TEXT_COUNT])
{
    read_texts(reader, main_language(reader, tree), taken);
    read_texts(reader, tree, taken);
    settings_permalinks(reader, tree);
    read_languages(reader, tree);
    read_manners(reader, tree);
    read_breaks(reader, tree);
    settings_folders(reader, tree, dialect);
    if (strcmp(dialect, "jekyll") == 0) {
        settings_jekyll(reader, tree);
    }
    settle_web(reader, tree);
}

void settings_read(struct arena *arena, const struct blog *blog, struct capsule *capsule)
{
    struct diag *nobody = ARENA_NEW(arena, struct diag);
    struct settings_reader reader = { arena, blog, capsule, nobody };
    struct yaml parts = { .kind = YAML_MAP };
    bool taken[TEXT_COUNT] = { false };
    size_t capacity = 0;

    diag_init(nobody, arena);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct yaml *tree = concerns(blog, i) ? read_tree(&reader, files[i].file) : NULL;

        if (tree != NULL && is_part(str_from(files[i].file))) {
            add_part(&reader, &parts, str_from(files[i].file), tree);
        } else if (tree != NULL) {
            read_settings(&reader, tree, files[i].dialect, taken);
            keep_values(&reader, tree, files[i].file, &capacity);
        }
    }
    read_settings(&reader, &parts, blog->dialect->name, taken);
    settings_beside(&reader);
    capsule->language = language_tag(arena, capsule->language);
}
