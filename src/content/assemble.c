/* Manuscripts to a site. A manuscript is never written: a site has copies of its posts' heads, with
 * the addresses that only the site as a whole can give them. */
#include "assemble.h"

#include <stdlib.h>

#include "address.h"
#include "base/map.h"
#include "base/strbuf.h"
#include "links.h"
#include "manuscript.h"

struct list {
    struct post **items;
    size_t count;
    size_t capacity;
};

struct assembler {
    struct site *site;
    const struct site_options *options;
    struct diag *diag;
    struct map paths; /* decoded addresses taken so far -> 0 */
    struct list posts;
    struct list pages;
    size_t static_capacity;
    size_t redirect_capacity;
};

/* ---- addresses ------------------------------------------------------------------------------- */

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
static void take_path(struct assembler *assembler, struct post *post, struct str pattern)
{
    struct arena *arena = assembler->site->arena;
    struct str slug = post->slug;

    post->path = post_path(arena, pattern, post);
    for (int number = 2; !map_add(&assembler->paths, post->path, 0); number++) {
        struct str wanted = post->path;

        post->slug = arena_printf(arena, "%.*s-%d", STR_ARG(slug), number);
        post->path = post_path(arena, pattern, post);
        if (number == 2) {
            diag_warn(assembler->diag, (struct place){ post->file, 1 },
                      "its address %.*s is taken by another file; it gets a number",
                      STR_ARG(wanted));
        }
    }
    post->url = address_encode(arena, post->path);
}

/* ---- who is shown ---------------------------------------------------------------------------- */

/* Whether a draft or a post of the future must wait. */
static bool is_held_back(struct assembler *assembler, const struct post *post)
{
    struct site *site = assembler->site;
    bool scheduled = post->has_published && post->published.seconds > assembler->options->now;

    if (post->draft) {
        site->draft_count++;
    } else if (scheduled) {
        site->scheduled_count++;
        if (site->next_scheduled == 0 || post->published.seconds < site->next_scheduled) {
            site->next_scheduled = post->published.seconds;
        }
    }
    return (post->draft || scheduled) && !assembler->options->drafts;
}

static void add_manuscript(struct assembler *assembler, const struct manuscript *manuscript)
{
    struct arena *arena = assembler->site->arena;
    struct list *list =
        manuscript->source.kind == SOURCE_PAGE ? &assembler->pages : &assembler->posts;
    struct post *post;

    if (manuscript->post == NULL) {
        assembler->site->broken_count++;
    } else if (!is_held_back(assembler, manuscript->post)) {
        post = ARENA_NEW(arena, struct post);
        *post = *manuscript->post;
        *ARENA_PUSH(arena, list->items, list->count, &list->capacity) = post;
    }
}

/* ---- static files ---------------------------------------------------------------------------- */

static void add_static(struct assembler *assembler, const struct source *source)
{
    struct site *site = assembler->site;
    struct str path = arena_printf(site->arena, "/%.*s", STR_ARG(source->path));

    if (!map_add(&assembler->paths, path, 0)) {
        diag_warn(assembler->diag, (struct place){ source->file, 0 },
                  "its address %.*s is taken by a post or a page; left out", STR_ARG(path));
        return;
    }
    *ARENA_PUSH(site->arena, site->statics, site->static_count, &assembler->static_capacity) =
        (struct static_file){ path, source->file, source->stamp.size };
}

/* ---- redirects ------------------------------------------------------------------------------- */

static void add_redirect(struct assembler *assembler, struct str from, struct str to)
{
    struct site *site = assembler->site;

    if (map_add(&assembler->paths, from, 0)) {
        *ARENA_PUSH(site->arena, site->redirects, site->redirect_count,
                    &assembler->redirect_capacity) =
            (struct redirect){ from, address_encode(site->arena, to) };
    }
}

static void redirect_post(struct assembler *assembler, const struct post *post)
{
    struct arena *arena = assembler->site->arena;
    struct str stem = post->path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
        add_redirect(assembler, stem, post->path);
        add_redirect(assembler, arena_printf(arena, "%.*s/", STR_ARG(stem)), post->path);
        add_redirect(assembler, arena_printf(arena, "%.*s.html", STR_ARG(stem)), post->path);
    }
    for (size_t i = 0; i < post->aliases.count; i++) {
        struct str alias = address_decode(arena, address_path(post->aliases.items[i]));

        add_redirect(assembler, address_join(arena, STR("/"), alias), post->path);
    }
}

/* `redirects` of capsule.yaml lead to the final place at once, so that nobody walks a chain. */
static void redirect_configured(struct assembler *assembler)
{
    const struct capsule *capsule = &assembler->site->capsule;
    struct arena *arena = assembler->site->arena;
    struct place place = { arena_printf(arena, "%s/%s", assembler->site->dir, CAPSULE_FILE).ptr,
                           0 };

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
            diag_warn(assembler->diag, place, "'%.*s' redirects in a circle; left out",
                      STR_ARG(pair->name));
            continue;
        }
        to = address_decode(arena, address_path(to));
        for (size_t j = 0; j < assembler->site->redirect_count; j++) {
            if (str_equal(assembler->site->redirects[j].from, to)) {
                to = address_decode(arena, assembler->site->redirects[j].to);
                break;
            }
        }
        add_redirect(assembler, address_decode(arena, pair->name), to);
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

static void settle(struct assembler *assembler)
{
    struct site *site = assembler->site;

    site->posts = assembler->posts.items;
    site->post_count = assembler->posts.count;
    site->pages = assembler->pages.items;
    site->page_count = assembler->pages.count;
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
static void take_paths(struct assembler *assembler)
{
    map_init(&assembler->paths, assembler->site->arena);
    map_add(&assembler->paths, STR("/"), 0);
    map_add(&assembler->paths, STR("/atom.xml"), 0);
    for (size_t i = 0; i < assembler->posts.count; i++) {
        take_path(assembler, assembler->posts.items[i], assembler->site->capsule.post_url);
    }
    for (size_t i = 0; i < assembler->pages.count; i++) {
        take_path(assembler, assembler->pages.items[i], STR("/:slug.gmi"));
    }
}

static void redirect_all(struct assembler *assembler)
{
    const struct site *site = assembler->site;

    for (size_t i = 0; i < site->post_count; i++) {
        redirect_post(assembler, site->posts[i]);
    }
    for (size_t i = 0; i < site->page_count; i++) {
        redirect_post(assembler, site->pages[i]);
    }
    redirect_configured(assembler);
}

void site_assemble(struct site *site, const struct plan *plan, const struct site_options *options,
                   struct diag *diag)
{
    struct assembler assembler = { .site = site, .options = options, .diag = diag };
    struct targets targets;

    for (size_t i = 0; i < site->manuscript_count; i++) {
        add_manuscript(&assembler, site->manuscripts[i]);
    }
    take_paths(&assembler);
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->sources[i].kind == SOURCE_STATIC) {
            add_static(&assembler, &plan->sources[i]);
        }
    }
    settle(&assembler);
    redirect_all(&assembler);
    targets_gather(&targets, site);
    links_resolve(site, &targets, diag);
}
