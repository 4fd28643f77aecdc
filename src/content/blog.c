/* Whose folder this is: by the configuration generators leave at a blog's top, else by folders only
 * one of them has, else by the words that stand in its files. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/date.h"
#include "base/file.h"
#include "content/dialect.h"
#include "name.h"
#include "signs.h"

#define LEVELS_MAX  16 /* how far above the folder its blog may begin */
#define BELOW_MAX   2  /* how far below it, when it holds a blog among other things */
#define SAMPLE_SIZE ((size_t)4096)

/* ---- configuration --------------------------------------------------------------------------- */

/* A file or folder that only one generator's blogs have at their top, perhaps together with another
 * one, or with a word in it. */
struct marker {
    const char *file;
    const char *dialect;
    const char *also; /* another file or folder beside it; NULL: none needed */
    const char *word; /* at the start of one of its lines; NULL: none needed */
};

static const struct marker configurations[] = {
    { "hugo.toml", "hugo" },
    { "hugo.yaml", "hugo" },
    { "hugo.yml", "hugo" },
    { "hugo.json", "hugo" },
    { "config/_default/hugo.toml", "hugo" },
    { "config/_default/hugo.yaml", "hugo" },
    { "config/_default/hugo.yml", "hugo" },
    { "config/_default/config.toml", "hugo" },
    { "config/_default/config.yaml", "hugo" },
    { "config/_default/config.yml", "hugo" },
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
    { "astro.config.mjs", "astro-starlight", "src/content/docs" },
    { "astro.config.ts", "astro-starlight", "src/content/docs" },
    { "astro.config.mjs", "astro" },
    { "astro.config.ts", "astro" },
    { "astro.config.js", "astro" },
    { "astro.config.cjs", "astro" },
    { "astro.config.mts", "astro" },
    { ".vitepress", "vitepress" },
    { ".vuepress", "vitepress" },
    { "gatsby-config.js", "gatsby" },
    { "gatsby-config.ts", "gatsby" },
    { "gatsby-config.mjs", "gatsby" },
    { "_config.yml", "jekyll", "Gemfile" },
    { "_config.yml", "hexo", "source" },
    { "_config.yml", "hexo", "scaffolds" },
    { "_config.yml", "jekyll" },
    { "_config.yaml", "jekyll" },
    { "_config.toml", "jekyll" },
    { NULL },
};

/* Where nobody has brought the configuration along. */
static const struct marker layouts[] = {
    { "source/_posts", "hexo" },
    { "_posts", "jekyll" },
    { "src/content/docs", "astro-starlight" },
    { "src/content", "astro" },
    { "src/collections", "astro" },
    { NULL },
};

static bool exists(const char *dir, const char *name)
{
    char path[4096];
    struct stat status;

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return stat(path, &status) == 0;
}

static bool is_marked(struct arena *arena, const char *dir, const struct marker *marker)
{
    return exists(dir, marker->file) && (marker->also == NULL || exists(dir, marker->also)) &&
           (marker->word == NULL ||
            signs_has_line(
                signs_read_start(arena, arena_printf(arena, "%s/%s", dir, marker->file).ptr, 65536),
                marker->word));
}

static const struct marker *find_marker(struct arena *arena, const char *dir,
                                        const struct marker *marker)
{
    while (marker->file != NULL && !is_marked(arena, dir, marker)) {
        marker++;
    }
    return marker->file != NULL ? marker : NULL;
}

/* ---- which one of several -------------------------------------------------------------------- */

/* The version in package.json, when the blog still calls itself by the theme's name. */
static int package_major(struct arena *arena, const char *top, int *minor)
{
    const char *path = arena_printf(arena, "%s/package.json", top).ptr;
    struct str text = signs_read_start(arena, path, SAMPLE_SIZE);
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
    static const char *const folders[] = { "src/content", "src/collections", "src/data",
                                           "content" };

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (exists(top, folders[i])) {
            return arena_printf(arena, "%s/%s", top, folders[i]).ptr;
        }
    }
    return top;
}

/* An Astro blog may be AstroPaper, whose rules changed over the years. */
static const struct dialect *refine_astro(struct scout *scout, const char *top)
{
    struct arena *arena = scout->arena;
    const struct dialect *spoken = signs_of(scout, astro_texts(arena, top))->dialect;
    struct str name = spoken != NULL ? str_from(spoken->name) : STR("");
    const char *slugify = arena_printf(arena, "%s/src/utils/slugify.ts", top).ptr;
    struct str own_rule = signs_read_start(arena, slugify, SAMPLE_SIZE);
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

/* Jekyll wants a date in the name of each of its posts, Hexo does not care for one. */
static const struct dialect *refine_posts(struct arena *arena, const char *top)
{
    DIR *folder = opendir(arena_printf(arena, "%s/_posts", top).ptr);
    struct dirent *entry;
    int names = 0;
    int dated = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        struct str name = str_from(entry->d_name);
        struct date date;

        if (name_ending(name).len > 0) {
            names++;
            dated += name_path_date(name, &date);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return dialect_find(dated * 2 >= names ? STR("jekyll") : STR("hexo"));
}

static const struct dialect *refine(struct scout *scout, const char *top,
                                    const struct marker *marker)
{
    if (strcmp(marker->dialect, "astro") == 0) {
        return refine_astro(scout, top);
    }
    return strcmp(marker->file, "_posts") == 0 ? refine_posts(scout->arena, top)
                                               : dialect_find(str_from(marker->dialect));
}

/* ---- the blog -------------------------------------------------------------------------------- */

static bool is_known(struct scout *scout, const char *dir, const struct dialect *wanted,
                     const struct marker *markers, struct blog *blog)
{
    const struct marker *marker = find_marker(scout->arena, dir, markers);
    const struct dialect *dialect = marker != NULL ? refine(scout, dir, marker) : NULL;

    if (marker == NULL ||
        (wanted != NULL && wanted != dialect && strcmp(marker->dialect, "astro") != 0)) {
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
static bool find_above(struct scout *scout, const char *dir, const struct dialect *wanted,
                       const struct marker *markers, struct blog *blog)
{
    struct arena *arena = scout->arena;
    char *real = realpath(dir, NULL);
    struct str whole = arena_copy(arena, str_from(real != NULL ? real : ""));
    struct str top = whole;

    free(real);
    for (int level = 0; level < LEVELS_MAX && top.len > 0; level++) {
        struct blog found = { .dir = dir,
                              .top = level == 0 ? dir : arena_copy(arena, top).ptr,
                              .below = str_skip(whole, top.len + 1) };

        if (is_known(scout, found.top, wanted, markers, &found) &&
            (level == 0 || holds_texts(found.dialect, dir, found.below))) {
            *blog = found;
            return true;
        }
        top = exists(found.top, ".git") ? STR("") : folder_above(top);
    }
    return false;
}

static int visible_folders(const struct dirent *entry)
{
    return !file_name_is_foreign(entry->d_name) && strchr(entry->d_name, '.') == NULL;
}

/* How many blogs there are so far below a folder; *blog is the last of them. */
static int count_below(struct scout *scout, const char *dir, const struct dialect *wanted,
                       const struct marker *markers, int depth, struct blog *blog)
{
    struct dirent **entries;
    int count = scandir(dir, &entries, visible_folders, alphasort);
    int blogs = 0;

    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(scout->arena, "%s/%s", dir, entries[i]->d_name).ptr;
        struct blog found = { .dir = path, .top = path };
        struct stat status;

        if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            if (depth > 1) {
                blogs += count_below(scout, path, wanted, markers, depth - 1, blog);
            } else if (is_known(scout, path, wanted, markers, &found)) {
                *blog = found;
                blogs++;
            }
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    return blogs;
}

/* A repository that holds one blog among other things, and hardly any texts besides. */
static bool find_below(struct scout *scout, const char *dir, const struct dialect *wanted,
                       const struct marker *markers, struct blog *blog)
{
    struct blog found;

    for (int depth = 1; depth <= BELOW_MAX; depth++) {
        int blogs = count_below(scout, dir, wanted, markers, depth, &found);

        if (blogs == 1 && signs_of(scout, found.dir)->texts * 2 >= signs_of(scout, dir)->texts) {
            *blog = found;
            blog->found =
                arena_printf(scout->arena, "%s/%s", found.dir + strlen(dir) + 1, found.found).ptr;
        }
        if (blogs > 0) {
            return blog->configured;
        }
    }
    return false;
}

static struct blog find(struct scout *scout, const char *dir, const struct dialect *dialect,
                        bool anywhere)
{
    static const struct marker *const tables[] = { configurations, layouts };
    struct blog blog = { .dialect = dialect, .dir = dir, .top = dir };

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (anywhere ? find_above(scout, dir, dialect, tables[i], &blog) ||
                           find_below(scout, dir, dialect, tables[i], &blog)
                     : is_known(scout, dir, dialect, tables[i], &blog)) {
            return blog;
        }
    }
    if (dialect == NULL) {
        blog.dialect = signs_of(scout, dir)->dialect;
        blog.found = blog.dialect != NULL ? "its front matter" : NULL;
    }
    if (blog.dialect == NULL) {
        blog.dialect =
            dialect_find(anywhere && signs_of(scout, dir)->notes ? STR("notes") : STR("plain"));
    }
    return blog;
}

struct blog blog_find(struct arena *arena, const char *dir, const struct dialect *dialect,
                      bool anywhere, const struct blog *before, int64_t now)
{
    struct scout scout = { .arena = arena,
                           .now = now,
                           .before = before != NULL ? before->signs : NULL };
    struct blog blog = find(&scout, dir, dialect, anywhere);

    blog.signs = scout.found;
    return blog;
}

struct str blog_describe(struct arena *arena, const struct blog *blog)
{
    return blog->found == NULL
               ? arena_copy(arena, str_from(blog->dialect->title))
               : arena_printf(arena, "%s, by %s", blog->dialect->title, blog->found);
}
