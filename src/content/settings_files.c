/* The files that generators' settings stand in. YAML, TOML and JSON are read; a program in
 * JavaScript is only looked at, for texts that stand in it as they are. A mistake in these files is
 * their generator's to report. */
#include <fcntl.h>

#include "base/file.h"
#include "base/toml.h"
#include "base/utf8.h"
#include "front_matter.h"
#include "script.h"
#include "settings.h"
#include "settings_read.h"

#define HUGO_FOLDER "config/_default/"

/* Where each kind of blog says what it is. Of several files the first that says a thing counts. */
static const struct {
    const char *dialect; /* the start of its name */
    const char *file;
} files[] = {
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
    { "hugo", "hugo.toml" },
    { "hugo", "hugo.yaml" },
    { "hugo", "hugo.yml" },
    { "hugo", "hugo.json" },
    { "hugo", "config.toml" },
    { "hugo", "config.yaml" },
    { "hugo", "config.yml" },
    { "hugo", "config.json" },
    { "hugo", "content/_index.md" },
    { "zola", "zola.toml" },
    { "zola", "config.toml" },
    { "zola", "content/_index.md" },
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
    { "gatsby", "gatsby-config.js" },
    { "gatsby", "gatsby-config.ts" },
    { "gatsby", "gatsby-config.mjs" },
    { "vitepress", ".vitepress/config.mts" },
    { "vitepress", ".vitepress/config.ts" },
    { "vitepress", ".vitepress/config.mjs" },
    { "vitepress", ".vitepress/config.js" },
    { "vitepress", ".vuepress/config.ts" },
    { "vitepress", ".vuepress/config.js" },
};

/* What a text's front matter says; NULL when it is in no language of settings. */
static const struct yaml *read_head(struct settings_reader *reader, struct str text,
                                    struct place place)
{
    struct str head;
    struct str body;

    switch (front_matter_split(text, &head, &place.line, &body, &(int){ 0 })) {
    case FRONT_MATTER_TOML:
        return toml_read(reader->arena, head, place, "", reader->nobody);
    case FRONT_MATTER_YAML:
    case FRONT_MATTER_JSON:
        return yaml_read(reader->arena, head, place, "", reader->nobody);
    default:
        return NULL;
    }
}

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
    if (str_ends_with(file, STR(".md"))) {
        return read_head(reader, text, place);
    }
    if (str_ends_with(file, STR("js")) || str_ends_with(file, STR("ts"))) {
        return script_read(reader->arena, text);
    }
    return yaml_read(reader->arena, text, place, "", reader->nobody);
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

static struct settings_tree *add_tree(struct settings_reader *reader, struct settings_tree ***end,
                                      const char *dialect, const char *file)
{
    struct settings_tree *each = ARENA_NEW(reader->arena, struct settings_tree);

    each->dialect = dialect;
    each->file = file;
    **end = each;
    *end = &each->next;
    return each;
}

const struct settings_tree *settings_trees(struct settings_reader *reader)
{
    struct settings_tree *first = NULL;
    struct settings_tree **end = &first;
    struct yaml *parts = NULL;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct yaml *tree =
            concerns(reader->blog, i) ? read_tree(reader, files[i].file) : NULL;

        if (tree == NULL) {
            continue;
        }
        if (!is_part(str_from(files[i].file))) {
            add_tree(reader, &end, files[i].dialect, files[i].file)->tree = tree;
            continue;
        }
        if (parts == NULL) {
            parts = ARENA_NEW(reader->arena, struct yaml);
            parts->kind = YAML_MAP;
            add_tree(reader, &end, files[i].dialect, HUGO_FOLDER)->tree = parts;
        }
        add_part(reader, parts, str_from(files[i].file), tree);
    }
    return first;
}

/* ---- in a tree ------------------------------------------------------------------------------- */

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
