/* Where a generator finds things, what it leaves alone, and where things have gone. */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/utf8.h"
#include "name.h"
#include "settings_read.h"

/* ---- folders --------------------------------------------------------------------------------- */

static bool is_folder(struct settings_reader *reader, struct str name)
{
    struct stat status;

    return lstat(arena_printf(reader->arena, "%s/%.*s", reader->blog->top, STR_ARG(name)).ptr,
                 &status) == 0 &&
           S_ISDIR(status.st_mode);
}

/* "./content/posts/" to "content/posts"; empty for what is no folder below the top. */
static struct str folder_name(struct settings_reader *reader, struct str name)
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
static void read_folders(struct settings_reader *reader, const struct yaml *tree)
{
    static const char *const keys[] = { "contentDir", "source", "source_dir", "input" };
    struct capsule *capsule = reader->capsule;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct str value = settings_text(tree, keys[i]);
        struct str folder = folder_name(reader, value);

        if (folder.len == 0) { /* ".tmp/src", to which other tools copy "src" */
            folder = folder_name(reader, name_last(value));
        }
        if (folder.len > 0) {
            capsule->posts = (struct words){ ARENA_NEW(reader->arena, struct str), 1 };
            capsule->posts.items[0] = folder;
        }
    }
}

/* The folders of Astro's collections: each `base` of its content configuration. AstroPaper has only
 * one of posts, and calls it by a name. */
static void read_collections(struct settings_reader *reader, const struct yaml *tree)
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
static void read_moves(struct settings_reader *reader, const struct yaml *tree)
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

static void add_ignored(struct settings_reader *reader, size_t *capacity, struct str name)
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
static void read_ignored(struct settings_reader *reader, const struct yaml *tree)
{
    const struct yaml *node = settings_find(tree, "exclude");
    size_t capacity = reader->capsule->ignored.count;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        add_ignored(reader, &capacity, node->text);
    }
}

static void read_eleventyignore(struct settings_reader *reader)
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

/* ---- redirects ------------------------------------------------------------------------------- */

/* `/old /new 301`; lines with patterns, conditions or other servers are for the web alone. */
static bool is_redirect(struct str line, struct str *from, struct str *to)
{
    struct str rest;

    line = str_trim(line);
    str_cut(line, ' ', from, &rest);
    str_cut(str_trim(rest), ' ', to, NULL);
    return str_starts_with(*from, STR("/")) && str_starts_with(*to, STR("/")) &&
           str_find(line, '*') == line.len && str_find(line, ':') == line.len;
}

/* What the web's host is told of moved pages. Source: the pages on redirects of Netlify and
 * Cloudflare Pages. */
static void read_redirects(struct settings_reader *reader)
{
    static const char *const files[] = { "_redirects", "public/_redirects", "static/_redirects",
                                         "src/_redirects" };
    struct capsule *capsule = reader->capsule;
    size_t capacity = capsule->redirect_count;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const char *path = arena_printf(reader->arena, "%s/%s", reader->blog->top, files[i]).ptr;
        struct str text;
        struct str line;

        if (!file_read(AT_FDCWD, path, SETTINGS_MAX, reader->arena, &text)) {
            continue;
        }
        for (text = utf8_clean(reader->arena, text, NULL); str_next_line(&text, &line);) {
            struct pair pair = { 0 };

            if (is_redirect(line, &pair.name, &pair.value)) {
                *ARENA_PUSH(reader->arena, capsule->redirects, capsule->redirect_count, &capacity) =
                    pair;
            }
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

void settings_folders(struct settings_reader *reader, const struct yaml *tree, const char *dialect)
{
    read_folders(reader, tree);
    if (strcmp(dialect, "astro") == 0) {
        read_collections(reader, tree);
    }
    if (strcmp(dialect, "eleventy") == 0) {
        read_moves(reader, tree);
    }
    if (strcmp(dialect, "jekyll") == 0) {
        read_ignored(reader, tree);
    }
}

void settings_beside(struct settings_reader *reader)
{
    read_eleventyignore(reader);
    read_redirects(reader);
}
