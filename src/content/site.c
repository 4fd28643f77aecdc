/* A capsule's folder to a site: every file read, every post in its place, every link resolved. */
#include "content/site.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "address.h"
#include "base/file.h"
#include "base/map.h"
#include "base/strbuf.h"
#include "links.h"
#include "post_read.h"
#include "slug.h"
#include "walk.h"

#define POST_FILE_MAX ((size_t)16 << 20) /* a book's worth of markdown in one file */
#define SKIP_MAX      32

struct list {
    struct post **items;
    size_t count;
    size_t capacity;
};

struct loader {
    struct site *site;
    const struct site_options *options;
    struct diag *diag;
    struct map paths; /* decoded addresses taken so far -> 0 */
    struct list posts;
    struct list pages;
    size_t static_capacity;
    size_t redirect_capacity;
};

/* ---- posts and pages ------------------------------------------------------------------------- */

static struct str markdown_ending(struct str path)
{
    static const struct str endings[] = { STR_INIT(".md"), STR_INIT(".markdown") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(path, endings[i])) {
            return endings[i];
        }
    }
    return STR("");
}

static struct str last_part(struct str path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/') {
            return str_skip(path, i);
        }
    }
    return path;
}

/* Files that are written for somebody else than readers. */
static bool is_passed_over(struct str name)
{
    return str_starts_with(name, STR("_")) || str_equal_nocase(name, STR("README.md"));
}

/* What a post is called for its slug: its file, or the folder of which it is the index. */
static struct str base_name(struct str path, struct str ending)
{
    struct str stem = str_first(path, path.len - ending.len);
    struct str name = last_part(stem);

    if (str_equal(name, STR("index")) && stem.len > name.len) {
        return last_part(str_first(stem, stem.len - name.len - 1));
    }
    return name;
}

/* "/posts/:slug.gmi" for one post. */
static struct str post_path(struct arena *arena, struct str pattern, const struct post *post)
{
    const char *date = date_day(arena, post->published).ptr;
    const struct {
        struct str name;
        struct str value;
    } parts[] = {
        { STR_INIT(":slug"), post->slug },
        { STR_INIT(":year"), { date, 4 } },
        { STR_INIT(":month"), { date + 5, 2 } },
        { STR_INIT(":day"), { date + 8, 2 } },
    };
    struct strbuf path;

    strbuf_init(&path, arena, pattern.len + post->slug.len * pattern.len);
    while (pattern.len > 0) {
        size_t taken = 0;

        for (size_t i = 0; i < sizeof parts / sizeof parts[0] && taken == 0; i++) {
            if (str_starts_with(pattern, parts[i].name)) {
                strbuf_add(&path, parts[i].value);
                taken = parts[i].name.len;
            }
        }
        if (taken == 0) {
            strbuf_add_byte(&path, *pattern.ptr);
            taken = 1;
        }
        pattern = str_skip(pattern, taken);
    }
    return strbuf_str(&path);
}

/* Nothing is unreachable because two files want one address: the later one gets a number. */
static void take_path(struct loader *loader, struct post *post, struct str pattern)
{
    struct arena *arena = loader->site->arena;
    struct str slug = post->slug;

    post->path = post_path(arena, pattern, post);
    for (int number = 2; !map_add(&loader->paths, post->path, 0); number++) {
        struct str wanted = post->path;

        post->slug = arena_printf(arena, "%.*s-%d", STR_ARG(slug), number);
        post->path = post_path(arena, pattern, post);
        if (number == 2) {
            diag_warn(loader->diag, (struct place){ post->file, 1 },
                      "its address %.*s is taken by another file; it gets a number",
                      STR_ARG(wanted));
        }
    }
    post->url = address_encode(arena, post->path);
}

/* Whether a draft or a post of the future must wait. */
static bool is_held_back(struct loader *loader, const struct post *post)
{
    struct site *site = loader->site;
    bool scheduled = post->has_published && post->published.seconds > loader->options->now;

    if (post->draft) {
        site->draft_count++;
    } else if (scheduled) {
        site->scheduled_count++;
        if (site->next_scheduled == 0 || post->published.seconds < site->next_scheduled) {
            site->next_scheduled = post->published.seconds;
        }
    }
    return (post->draft || scheduled) && !loader->options->drafts;
}

static bool read_source(struct loader *loader, const struct walk_file *file, struct str *text)
{
    if (file_read(AT_FDCWD, file->file, POST_FILE_MAX, loader->site->arena, text)) {
        return true;
    }
    diag_error(loader->diag, (struct place){ file->file, 0 }, "cannot be read: %s; left out",
               strerror(errno));
    return false;
}

static void load_post(struct loader *loader, const struct walk_file *file, bool page)
{
    struct site *site = loader->site;
    struct str ending = markdown_ending(file->path);
    struct list *list = page ? &loader->pages : &loader->posts;
    struct str text;
    struct post *post;

    if (ending.len == 0 || is_passed_over(last_part(file->path))) {
        return;
    }
    post = !read_source(loader, file, &text)
               ? NULL
               : post_read(site->arena, file->file, base_name(file->path, ending), text, page,
                           &site->capsule, loader->diag);
    if (post == NULL) {
        site->broken_count++;
    } else if (!is_held_back(loader, post)) {
        *ARENA_PUSH(site->arena, list->items, list->count, &list->capacity) = post;
    }
}

/* ---- folders --------------------------------------------------------------------------------- */

static const char *join(struct arena *arena, const char *dir, struct str name)
{
    if (str_starts_with(name, STR("/"))) {
        return arena_copy(arena, name).ptr;
    }
    if (str_equal(name, STR("."))) {
        return dir;
    }
    return arena_printf(arena, "%s/%.*s", dir, STR_ARG(name)).ptr;
}

/* The other folders of the capsule, which a walk over the whole of it leaves to their own kind. */
static size_t other_folders(const struct capsule *capsule, const struct words *mine,
                            struct str *skip)
{
    const struct words *all[] = { &capsule->posts, &capsule->pages, &capsule->statics };
    size_t count = 0;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (size_t j = 0; all[i] != mine && j < all[i]->count && count < SKIP_MAX; j++) {
            skip[count++] = all[i]->items[j];
        }
    }
    return count;
}

static void walk_folders(struct loader *loader, const struct words *folders, struct walk *walk)
{
    struct site *site = loader->site;
    struct str skip[SKIP_MAX];
    size_t skip_count = other_folders(&site->capsule, folders, skip);

    for (size_t i = 0; i < folders->count; i++) {
        walk_folder(site->arena, join(site->arena, site->dir, folders->items[i]), skip, skip_count,
                    walk, loader->diag);
    }
}

static void load_posts(struct loader *loader, const struct words *folders, bool page)
{
    struct walk walk = { 0 };

    walk_folders(loader, folders, &walk);
    for (size_t i = 0; i < walk.count; i++) {
        load_post(loader, &walk.files[i], page);
    }
}

static void load_statics(struct loader *loader)
{
    struct site *site = loader->site;
    struct walk walk = { 0 };

    walk_folders(loader, &site->capsule.statics, &walk);
    for (size_t i = 0; i < walk.count; i++) {
        const struct walk_file *file = &walk.files[i];
        struct str path = arena_printf(site->arena, "/%.*s", STR_ARG(file->path));

        if (!map_add(&loader->paths, path, 0)) {
            diag_warn(loader->diag, (struct place){ file->file, 0 },
                      "its address %.*s is taken by a post or a page; left out", STR_ARG(path));
            continue;
        }
        *ARENA_PUSH(site->arena, site->statics, site->static_count, &loader->static_capacity) =
            (struct static_file){ path, file->file, file->size };
    }
}

/* ---- redirects ------------------------------------------------------------------------------- */

static void add_redirect(struct loader *loader, struct str from, struct str to)
{
    struct site *site = loader->site;

    if (map_add(&loader->paths, from, 0)) {
        *ARENA_PUSH(site->arena, site->redirects, site->redirect_count,
                    &loader->redirect_capacity) =
            (struct redirect){ from, address_encode(site->arena, to) };
    }
}

static void redirect_post(struct loader *loader, const struct post *post)
{
    struct arena *arena = loader->site->arena;
    struct str stem = post->path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
        add_redirect(loader, stem, post->path);
        add_redirect(loader, arena_printf(arena, "%.*s/", STR_ARG(stem)), post->path);
        add_redirect(loader, arena_printf(arena, "%.*s.html", STR_ARG(stem)), post->path);
    }
    for (size_t i = 0; i < post->aliases.count; i++) {
        struct str alias = address_decode(arena, address_path(post->aliases.items[i]));

        add_redirect(loader, address_join(arena, STR("/"), alias), post->path);
    }
}

/* `redirects` of capsule.yaml lead to the final place at once, so that nobody walks a chain. */
static void redirect_configured(struct loader *loader)
{
    const struct capsule *capsule = &loader->site->capsule;
    struct arena *arena = loader->site->arena;
    struct place place = { arena_printf(arena, "%s/%s", loader->site->dir, CAPSULE_FILE).ptr, 0 };

    for (size_t i = 0; i < capsule->redirect_count; i++) {
        const struct pair *pair = &capsule->redirects[i];
        struct str to = pair->value;
        size_t steps = 0;

        for (size_t j = 0; j < capsule->redirect_count && steps <= capsule->redirect_count; j++) {
            if (str_equal(capsule->redirects[j].name, to)) {
                to = capsule->redirects[j].value;
                j = (size_t)-1; /* look again from the start */
                steps++;
            }
        }
        place.line = pair->line;
        if (steps > capsule->redirect_count) {
            diag_warn(loader->diag, place, "'%.*s' redirects in a circle; left out",
                      STR_ARG(pair->name));
            continue;
        }
        to = address_decode(arena, address_path(to));
        for (size_t j = 0; j < loader->site->redirect_count; j++) {
            if (str_equal(loader->site->redirects[j].from, to)) {
                to = address_decode(arena, loader->site->redirects[j].to);
                break;
            }
        }
        add_redirect(loader, address_decode(arena, pair->name), to);
    }
}

/* ---- order ----------------------------------------------------------------------------------- */

static int64_t sort_time(const struct post *post, int order)
{
    return order == SORT_UPDATED && post->has_updated ? post->updated.seconds
                                                      : post->published.seconds;
}

static int newest_first(const struct post *a, const struct post *b, int order)
{
    int64_t left = sort_time(a, order);
    int64_t right = sort_time(b, order);

    return left != right ? (left < right) - (left > right) : str_compare(a->path, b->path);
}

static int by_published(const void *a, const void *b)
{
    return newest_first(*(struct post *const *)a, *(struct post *const *)b, SORT_PUBLISHED);
}

static int by_updated(const void *a, const void *b)
{
    return newest_first(*(struct post *const *)a, *(struct post *const *)b, SORT_UPDATED);
}

static int by_title(const void *a, const void *b)
{
    return str_compare((*(struct post *const *)a)->title, (*(struct post *const *)b)->title);
}

static void settle(struct loader *loader)
{
    struct site *site = loader->site;

    site->posts = loader->posts.items;
    site->post_count = loader->posts.count;
    site->pages = loader->pages.items;
    site->page_count = loader->pages.count;
    if (site->post_count > 1) {
        qsort(site->posts, site->post_count, sizeof *site->posts,
              site->capsule.sort == SORT_UPDATED ? by_updated : by_published);
    }
    if (site->page_count > 1) {
        qsort(site->pages, site->page_count, sizeof *site->pages, by_title);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Addresses are given in the order of the files' names, so that they do not change with dates. */
static void take_paths(struct loader *loader)
{
    map_init(&loader->paths, loader->site->arena);
    map_add(&loader->paths, STR("/"), 0);
    map_add(&loader->paths, STR("/atom.xml"), 0);
    for (size_t i = 0; i < loader->posts.count; i++) {
        take_path(loader, loader->posts.items[i], loader->site->capsule.post_url);
    }
    for (size_t i = 0; i < loader->pages.count; i++) {
        take_path(loader, loader->pages.items[i], STR("/:slug.gmi"));
    }
}

static void load(struct loader *loader)
{
    struct site *site = loader->site;
    struct targets targets;

    load_posts(loader, &site->capsule.posts, false);
    load_posts(loader, &site->capsule.pages, true);
    take_paths(loader);
    load_statics(loader);
    settle(loader);
    for (size_t i = 0; i < site->post_count; i++) {
        redirect_post(loader, site->posts[i]);
    }
    for (size_t i = 0; i < site->page_count; i++) {
        redirect_post(loader, site->pages[i]);
    }
    redirect_configured(loader);
    targets_gather(&targets, site);
    links_resolve(site, &targets, loader->diag);
}

static bool is_folder(const char *dir, struct diag *diag)
{
    struct stat status;

    if (stat(dir, &status) == -1) {
        diag_error(diag, (struct place){ dir, 0 }, "cannot be opened: %s", strerror(errno));
        return false;
    }
    if (!S_ISDIR(status.st_mode)) {
        diag_error(diag, (struct place){ dir, 0 }, "is not a folder");
        return false;
    }
    return true;
}

struct site *site_load(const char *dir, const struct site_options *options, struct diag *diag)
{
    struct arena *arena;
    struct loader loader = { .options = options, .diag = diag };

    if (!is_folder(dir, diag)) {
        return NULL;
    }
    arena = arena_create();
    loader.site = ARENA_NEW(arena, struct site);
    loader.site->arena = arena;
    loader.site->dir = arena_copy(arena, str_from(dir)).ptr;
    if (!capsule_load(arena, dir, options->hosts, &loader.site->capsule, diag)) {
        site_destroy(loader.site);
        return NULL;
    }
    load(&loader);
    return loader.site;
}

void site_destroy(struct site *site)
{
    if (site != NULL) {
        arena_destroy(site->arena);
    }
}
