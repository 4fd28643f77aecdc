/* Whose folder this is: by the configuration generators leave at a blog's top, else by the words
 * that stand in its files. Nothing is decided by one weak sign. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "content/dialect.h"

#define LEVELS_MAX   6  /* how far above the folder its blog may begin */
#define SAMPLES_MAX  40 /* files whose front matter is looked at */
#define SAMPLE_DEPTH 4
#define SAMPLE_SIZE  ((size_t)4096)

/* ---- configuration --------------------------------------------------------------------------- */

/* A file or folder that only one generator's blogs have at their top, perhaps together with another
 * one, or with a word in it. */
static const struct marker {
    const char *file;
    const char *dialect;
    const char *also; /* another file or folder beside it; NULL: none needed */
    const char *word; /* at the start of one of its lines; NULL: none needed */
} markers[] = {
    { "hugo.toml", "hugo" },
    { "hugo.yaml", "hugo" },
    { "hugo.yml", "hugo" },
    { "hugo.json", "hugo" },
    { "config/_default/hugo.toml", "hugo" },
    { "config/_default/hugo.yaml", "hugo" },
    { "config/_default/config.toml", "hugo" },
    { "config/_default/config.yaml", "hugo" },
    { "zola.toml", "zola" },
    { "config.toml", "zola", NULL, "base_url" },
    { "config.toml", "hugo", "content" },
    { "config.toml", "hugo", "archetypes" },
    { "config.yaml", "hugo", "content" },
    { "config.yml", "hugo", "content" },
    { "config.json", "hugo", "content" },
    { ".eleventy.js", "eleventy" },
    { ".eleventy.cjs", "eleventy" },
    { "eleventy.config.js", "eleventy" },
    { "eleventy.config.cjs", "eleventy" },
    { "eleventy.config.mjs", "eleventy" },
    { "eleventy.config.ts", "eleventy" },
    { "astro.config.mjs", "astro" },
    { "astro.config.ts", "astro" },
    { "astro.config.js", "astro" },
    { "astro.config.cjs", "astro" },
    { "astro.config.mts", "astro" },
    { "_config.yml", "hexo", "source" },
    { "_config.yml", "hexo", "scaffolds" },
    { "_config.yml", "jekyll" },
    { "_config.yaml", "jekyll" },
    { "_config.toml", "jekyll" },
};

static bool exists(const char *dir, const char *name)
{
    char path[4096];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return stat(path, &status) == 0;
}

/* Whether a line of the text starts with a word that ends there. */
static bool has_line(struct str text, const char *word)
{
    struct str wanted = str_from(word);
    struct str line;

    while (str_next_line(&text, &line)) {
        struct str rest = str_skip(line, wanted.len);

        if (str_starts_with(line, wanted) &&
            (rest.len == 0 || (!byte_is_alpha(*rest.ptr) && !byte_is_digit(*rest.ptr)))) {
            return true;
        }
    }
    return false;
}

/* The start of a file. */
static struct str read_start(struct arena *arena, const char *path, size_t size)
{
    struct stat status;
    int fd = file_open(AT_FDCWD, path, &status);
    char *bytes = arena_alloc(arena, size);
    ssize_t got = fd != -1 ? read(fd, bytes, size) : 0;

    if (fd != -1) {
        close(fd);
    }
    return (struct str){ bytes, got > 0 ? (size_t)got : 0 };
}

static bool is_marked(struct arena *arena, const char *dir, const struct marker *marker)
{
    return exists(dir, marker->file) && (marker->also == NULL || exists(dir, marker->also)) &&
           (marker->word == NULL ||
            has_line(read_start(arena, arena_printf(arena, "%s/%s", dir, marker->file).ptr, 65536),
                     marker->word));
}

static const struct marker *find_marker(struct arena *arena, const char *dir)
{
    for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++) {
        if (is_marked(arena, dir, &markers[i])) {
            return &markers[i];
        }
    }
    return NULL;
}

/* ---- front matter ---------------------------------------------------------------------------- */

/* Words at the start of a line that speak for a dialect, and how loudly. */
static const struct sign {
    const char *word;
    const char *dialect;
    int points;
} signs[] = {
    { "pubDatetime", "astropaper", 5 },
    { "postSlug", "astropaper-1", 9 },
    { "datetime", "astropaper-1", 2 },
    { "pubDate", "astro", 3 },
    { "heroImage", "astro", 2 },
    { "[taxonomies]", "zola", 4 },
    { "[extra]", "zola", 3 },
    { "+++", "hugo", 2 },
    { "{", "hugo", 2 },
    { "lastmod", "hugo", 1 },
    { "publishDate", "hugo", 1 },
    { "layout: post", "jekyll", 2 },
    { "redirect_from", "jekyll", 2 },
    { "eleventyNavigation", "eleventy", 4 },
    { "eleventyExcludeFromCollections", "eleventy", 4 },
    { "abbrlink", "hexo", 4 },
};

#define SIGN_COUNT (sizeof signs / sizeof signs[0])

struct sampler {
    struct arena *arena;
    size_t files;
    int points[SIGN_COUNT]; /* by the first sign that speaks for the same dialect */
};

static bool is_text(const char *name)
{
    struct str text = str_from(name);

    return str_ends_with(text, STR(".md")) || str_ends_with(text, STR(".mdx")) ||
           str_ends_with(text, STR(".markdown"));
}

static size_t first_sign_of(const char *dialect)
{
    size_t i = 0;

    while (strcmp(signs[i].dialect, dialect) != 0) {
        i++;
    }
    return i;
}

static void sample_file(struct sampler *sampler, const char *path)
{
    struct str text = read_start(sampler->arena, path, SAMPLE_SIZE);
    struct str head = str_first(text, str_starts_with(text, STR("---"))
                                          ? 3 + str_find_str(str_skip(text, 3), STR("\n---"))
                                          : text.len);

    sampler->files++;
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (has_line(head, signs[i].word)) {
            sampler->points[first_sign_of(signs[i].dialect)] += signs[i].points;
        }
    }
}

static int no_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "node_modules") != 0;
}

static void sample_folder(struct sampler *sampler, const char *dir, int depth)
{
    struct dirent **entries;
    int count = scandir(dir, &entries, no_hidden, alphasort);

    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(sampler->arena, "%s/%s", dir, entries[i]->d_name).ptr;
        struct stat status;

        if (sampler->files < SAMPLES_MAX && lstat(path, &status) == 0) {
            if (S_ISDIR(status.st_mode) && depth < SAMPLE_DEPTH) {
                sample_folder(sampler, path, depth + 1);
            } else if (S_ISREG(status.st_mode) && is_text(path)) {
                sample_file(sampler, path);
            }
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

/* The dialect that the front matter below a folder speaks; NULL: none of them. */
static const struct dialect *sample(const char *dir)
{
    struct sampler sampler = { .arena = arena_create() };
    const char *best = NULL;
    int most = 1; /* one point is a coincidence */

    sample_folder(&sampler, dir, 0);
    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (sampler.points[i] > most) {
            most = sampler.points[i];
            best = signs[i].dialect;
        }
    }
    arena_destroy(sampler.arena);
    return best != NULL ? dialect_find(str_from(best)) : NULL;
}

/* ---- which year of AstroPaper ---------------------------------------------------------------- */

/* The version in package.json, when the blog still calls itself by the theme's name. */
static int package_major(struct arena *arena, const char *top, int *minor)
{
    const char *path = arena_printf(arena, "%s/package.json", top).ptr;
    struct str text = read_start(arena, path, SAMPLE_SIZE);
    struct str version = str_skip(text, str_find_str(text, STR("\"version\": \"")) + 12);
    unsigned long major = 0;
    unsigned long second = 0;
    struct str part;

    if (str_find_str(text, STR("\"name\": \"astro-paper\"")) < text.len) {
        str_cut(version, '.', &part, &version);
        str_parse_number(part, 1000, &major);
        str_cut(version, '.', &part, NULL);
        str_parse_number(part, 1000, &second);
    }
    *minor = (int)second;
    return (int)major;
}

static const char *astro_texts(struct arena *arena, const char *top)
{
    static const char *const folders[] = { "src/content", "src/data", "content" };

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (exists(top, folders[i])) {
            return arena_printf(arena, "%s/%s", top, folders[i]).ptr;
        }
    }
    return top;
}

/* An Astro blog may be AstroPaper, whose rules changed over the years. */
static const struct dialect *refine_astro(struct arena *arena, const char *top)
{
    const struct dialect *spoken = sample(astro_texts(arena, top));
    struct str name = spoken != NULL ? str_from(spoken->name) : STR("");
    const char *slugify = arena_printf(arena, "%s/src/utils/slugify.ts", top).ptr;
    struct str own_rule = read_start(arena, slugify, SAMPLE_SIZE);
    bool by_title = own_rule.len == 0 ? str_equal(name, STR("astropaper-1"))
                                      : str_find_str(own_rule, STR("postSlug")) < own_rule.len;
    bool early = exists(top, "src/content/blog") && !exists(top, "src/content/posts");
    int minor;
    int major = package_major(arena, top, &minor);

    if (major == 0 && !str_starts_with(name, STR("astropaper"))) {
        return dialect_find(STR("astro"));
    }
    if (by_title || major == 1 || major == 2) {
        return dialect_find(STR("astropaper-1"));
    }
    return dialect_find(major > 5 || (major == 5 && minor > 0) || !early ? STR("astropaper")
                                                                         : STR("astropaper-3"));
}

/* ---- the blog -------------------------------------------------------------------------------- */

static bool is_configured(struct arena *arena, const char *dir, const struct dialect *wanted,
                          struct blog *blog)
{
    const struct marker *marker = find_marker(arena, dir);
    const struct dialect *dialect;

    if (marker == NULL) {
        return false;
    }
    dialect = strcmp(marker->dialect, "astro") == 0 ? refine_astro(arena, dir)
                                                    : dialect_find(str_from(marker->dialect));
    if (wanted != NULL && wanted != dialect && strcmp(marker->dialect, "astro") != 0) {
        return false;
    }
    blog->dialect = wanted != NULL ? wanted : dialect;
    blog->found = marker->file;
    blog->configured = true;
    return true;
}

/* Whether a folder is one of the dialect's folders of texts, or below one; elsewhere in a
 * repository a folder may be anything. */
static bool holds_texts(const struct dialect *dialect, const char *dir, struct str below)
{
    if (dialect->placing == PLACE_BY_FOLDER) {
        return exists(dir, "_posts") || str_find_str(below, STR("_posts")) < below.len;
    }
    for (const char *const *folder = dialect->texts; *folder != NULL; folder++) {
        struct str texts = str_from(*folder);
        struct str rest = str_skip(below, texts.len);

        if (str_equal(texts, STR(".")) ||
            (str_starts_with(below, texts) && (rest.len == 0 || *rest.ptr == '/'))) {
            return true;
        }
    }
    return false;
}

/* "/a/b" to "/a", "/a" to an empty text. */
static struct str folder_above(struct str path)
{
    while (path.len > 0 && path.ptr[path.len - 1] != '/') {
        path.len--;
    }
    return str_first(path, path.len > 0 ? path.len - 1 : 0);
}

/* Go up from a folder to the top of its blog, at most to the top of the repository it is in. */
static bool find_above(struct arena *arena, const char *dir, const struct dialect *wanted,
                       struct blog *blog)
{
    char *real = realpath(dir, NULL);
    struct str whole = arena_copy(arena, str_from(real != NULL ? real : ""));
    struct str top = whole;

    free(real);
    for (int level = 0; level < LEVELS_MAX && top.len > 0; level++) {
        struct blog found = { .top = level == 0 ? dir : arena_copy(arena, top).ptr,
                              .below = str_skip(whole, top.len + 1) };

        if (is_configured(arena, found.top, wanted, &found) &&
            (level == 0 || holds_texts(found.dialect, dir, found.below))) {
            *blog = found;
            return true;
        }
        top = exists(found.top, ".git") ? STR("") : folder_above(top);
    }
    return false;
}

struct blog blog_find(struct arena *arena, const char *dir, const struct dialect *dialect,
                      bool above)
{
    struct blog blog = { .dialect = dialect, .top = dir };

    if (above ? find_above(arena, dir, dialect, &blog)
              : is_configured(arena, dir, dialect, &blog)) {
        return blog;
    }
    if (dialect == NULL && exists(dir, "_posts")) {
        blog.dialect = dialect_find(STR("jekyll"));
        blog.found = "_posts";
    } else if (dialect == NULL) {
        blog.dialect = sample(dir);
        blog.found = blog.dialect != NULL ? "its front matter" : NULL;
    }
    if (blog.dialect == NULL) {
        blog.dialect = dialect_find(STR("plain"));
    }
    return blog;
}

struct str blog_describe(struct arena *arena, const struct blog *blog)
{
    return blog->found == NULL
               ? arena_copy(arena, str_from(blog->dialect->title))
               : arena_printf(arena, "%s, by %s", blog->dialect->title, blog->found);
}
