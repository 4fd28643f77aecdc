/* Manuscripts to a site. A manuscript is never written: a site has copies of its posts' heads, with
 * the addresses that only the site as a whole can give them. */
#include "assemble.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "content/address.h"
#include "links.h"
#include "manuscript.h"
#include "permalink.h"

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
    struct list translations;
    size_t passed_over; /* texts that the blog's generator would not take either */
    size_t static_capacity;
    size_t redirect_capacity;
};

/* ---- addresses ------------------------------------------------------------------------------- */

/* "/posts/:slug.gmi" for one post. */
static struct str post_path(struct arena *arena, struct str pattern, const struct post *post)
{
    struct permalink facts = {
        .slug = post->slug, .title = post->slug, .name = post->slug, .date = post->published
    };

    return permalink_fill(arena, pattern, &facts);
}

static const struct str page_url = STR_INIT("/:slug.gmi");

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

/* Why a post is not to be seen; NULL when it is. */
static const char *reason_to_wait(const struct assembler *assembler, const struct post *post)
{
    int64_t now = assembler->options->now;

    if (post->draft) {
        return "draft";
    }
    if (post->expires_s != 0 && post->expires_s <= now) {
        return "expired";
    }
    return post->has_published && post->due_s > now && !assembler->site->capsule.future
               ? "scheduled"
               : NULL;
}

static void count_waiting(struct site *site, const struct post *post, bool scheduled)
{
    if (!scheduled) {
        site->draft_count++;
        return;
    }
    site->scheduled_count++;
    if (site->next_scheduled == 0 || post->due_s < site->next_scheduled) {
        site->next_scheduled = post->due_s;
    }
}

/* The site's own copy of a post, whose words say why it is not published yet. */
static void mark(struct assembler *assembler, struct post *post, const char *reason)
{
    if (assembler->options->drafts == DRAFTS_MARKED) {
        post->title =
            arena_printf(assembler->site->arena, "[%s] %.*s", reason, STR_ARG(post->title));
    }
    if (!post->has_published) {
        post->published = (struct date){ .seconds = assembler->options->now };
    }
}

static void add_manuscript(struct assembler *assembler, const struct manuscript *manuscript)
{
    struct arena *arena = assembler->site->arena;
    const struct post *read = &manuscript->post;
    struct list *list = read->original.len > 0 ? &assembler->translations
                        : read->page           ? &assembler->pages
                                               : &assembler->posts;
    const char *reason;
    struct post *post;

    if (manuscript->reading != READ_POST) {
        assembler->site->broken_count += manuscript->reading == READ_BROKEN;
        assembler->passed_over += manuscript->reading == READ_PASSED_OVER;
        return;
    }
    reason = reason_to_wait(assembler, read);
    if (reason != NULL) {
        count_waiting(assembler->site, read, strcmp(reason, "scheduled") == 0);
        if (assembler->options->drafts == DRAFTS_HELD_BACK) {
            return;
        }
    }
    post = ARENA_NEW(arena, struct post);
    *post = *read;
    if (reason != NULL) {
        mark(assembler, post, reason);
    }
    *ARENA_PUSH(arena, list->items, list->count, &list->capacity) = post;
}

/* ---- static files ---------------------------------------------------------------------------- */

static void serve_file(struct assembler *assembler, struct str path, const struct source *source)
{
    struct site *site = assembler->site;
    bool fresh = file_stamp_is_fresh(&source->stamp, assembler->options->now);
    uint64_t version = fresh ? 0 : hash_bytes(HASH_START, &source->stamp, sizeof source->stamp);

    *ARENA_PUSH(site->arena, site->statics, site->static_count, &assembler->static_capacity) =
        (struct static_file){ path, source->file, source->stamp.size, version };
}

static void add_statics(struct assembler *assembler, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct source *source = &plan->sources[i];
        struct str path;

        if (source->kind != SOURCE_STATIC) {
            continue;
        }
        path = ARENA_CONCAT(assembler->site->arena, STR("/"), source->path);
        if (map_add(&assembler->paths, path, 0)) {
            serve_file(assembler, path, source);
        } else {
            diag_warn(assembler->diag, (struct place){ source->file, 0 },
                      "its address %.*s is taken by a post or a page; left out", STR_ARG(path));
        }
    }
}

static int by_static_path(const void *a, const void *b)
{
    return str_compare(((const struct static_file *)a)->path,
                       ((const struct static_file *)b)->path);
}

/* What a text mentions is published with it. */
static void add_mentioned(struct assembler *assembler, const struct targets *targets)
{
    struct site *site = assembler->site;

    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->each[i];

        if (target->asset != NULL && target->mentioned &&
            map_add(&assembler->paths, target->path, 0)) {
            serve_file(assembler, target->path, target->asset);
        }
    }
    if (site->static_count > 1) {
        qsort(site->statics, site->static_count, sizeof *site->statics, by_static_path);
    }
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

/* The shapes a page's address has on the web: /posts/x, /posts/x/, /posts/x.html. */
static void redirect_shapes(struct assembler *assembler, struct str stem, struct str to)
{
    static const struct str endings[] = { STR_INIT(""), STR_INIT("/"), STR_INIT(".html") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        add_redirect(assembler, ARENA_CONCAT(assembler->site->arena, stem, endings[i]), to);
    }
}

/* Without what a web server or a generator puts at the end. */
static struct str stem_of(struct str path)
{
    static const struct str endings[] = { STR_INIT(".gmi"), STR_INIT("/index.html"),
                                          STR_INIT(".html"), STR_INIT("/") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(path, endings[i])) {
            return str_first(path, path.len - endings[i].len);
        }
    }
    return path;
}

static void redirect_post(struct assembler *assembler, const struct post *post)
{
    struct arena *arena = assembler->site->arena;
    struct str stem = stem_of(post->path);
    struct str web = stem_of(post->web);

    if (stem.len < post->path.len) {
        redirect_shapes(assembler, stem, post->path);
    }
    if (web.len > 1 && !str_equal(web, stem)) {
        redirect_shapes(assembler, web, post->path);
    }
    for (size_t i = 0; i < post->aliases.count; i++) {
        struct str alias = address_decode(arena, address_path(post->aliases.items[i]));

        alias = address_join(arena, STR("/"), alias);
        add_redirect(assembler, alias, post->path);
        if (stem_of(alias).len > 1) {
            redirect_shapes(assembler, stem_of(alias), post->path);
        }
    }
}

/* Where following the configured redirects from a path ends; false when they go in a circle. */
static bool follow_redirects(const struct capsule *capsule, const struct map *names,
                             struct str *path)
{
    size_t next;

    for (size_t steps = 0; map_find(names, *path, &next); steps++) {
        if (steps > capsule->redirect_count) {
            return false;
        }
        *path = capsule->redirects[next].value;
    }
    return true;
}

static void report_circle(struct assembler *assembler, const struct pair *pair)
{
    const struct site *site = assembler->site;

    if (pair->line > 0) {
        diag_warn(assembler->diag,
                  (struct place){ arena_printf(site->arena, "%s/%s", site->dir, CAPSULE_FILE).ptr,
                                  pair->line },
                  "'%.*s' redirects in a circle; left out", STR_ARG(pair->name));
    }
}

/* `redirects` of capsule.yaml lead to the final place at once, so that nobody walks a chain. Of
 * those that are told to the web's host, the ones that lead to something here count. */
static void redirect_configured(struct assembler *assembler)
{
    const struct site *site = assembler->site;
    const struct capsule *capsule = &site->capsule;
    struct arena *arena = site->arena;
    struct map names;
    struct map taken;

    map_init(&names, arena);
    map_init(&taken, arena);
    for (size_t i = 0; i < capsule->redirect_count; i++) {
        map_add(&names, capsule->redirects[i].name, i);
    }
    for (size_t i = 0; i < site->redirect_count && capsule->redirect_count > 0; i++) {
        map_add(&taken, site->redirects[i].from, i);
    }
    for (size_t i = 0; i < capsule->redirect_count; i++) {
        const struct pair *pair = &capsule->redirects[i];
        struct str to = pair->value;
        size_t further;

        if (!follow_redirects(capsule, &names, &to)) {
            report_circle(assembler, pair);
            continue;
        }
        to = address_decode(arena, address_path(to));
        if (map_find(&taken, to, &further)) {
            to = address_decode(arena, site->redirects[further].to);
        }
        if (pair->line > 0 || map_find(&assembler->paths, to, &further)) {
            add_redirect(assembler, address_decode(arena, pair->name), to);
        }
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
    site->translations = assembler->translations.items;
    site->translation_count = assembler->translations.count;
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
    struct str post_url = assembler->site->capsule.post_url;

    map_init(&assembler->paths, assembler->site->arena);
    map_add(&assembler->paths, STR("/"), 0);
    map_add(&assembler->paths, STR("/atom.xml"), 0);
    for (size_t i = 0; i < assembler->posts.count; i++) {
        take_path(assembler, assembler->posts.items[i], post_url);
    }
    for (size_t i = 0; i < assembler->pages.count; i++) {
        take_path(assembler, assembler->pages.items[i], page_url);
    }
    for (size_t i = 0; i < assembler->translations.count; i++) {
        struct post *post = assembler->translations.items[i];

        post->slug = arena_printf(assembler->site->arena, "%.*s.%.*s", STR_ARG(post->slug),
                                  STR_ARG(post->language));
        take_path(assembler, post, post->page ? page_url : post_url);
    }
}

static void redirect_all(struct assembler *assembler)
{
    const struct list *lists[] = { &assembler->posts, &assembler->pages, &assembler->translations };

    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            redirect_post(assembler, lists[i]->items[j]);
        }
    }
    redirect_configured(assembler);
}

/* An original knows its translations. One whose original is not shown stands alone. */
static void join_translations(struct assembler *assembler)
{
    const struct list *lists[] = { &assembler->posts, &assembler->pages };
    struct map places;

    map_init(&places, assembler->site->arena);
    for (size_t i = 0; i < 2 && assembler->translations.count > 0; i++) {
        for (size_t j = 0; j < lists[i]->count; j++) {
            map_add(&places, lists[i]->items[j]->place, j * 2 + i);
        }
    }
    for (size_t i = assembler->translations.count; i > 0; i--) {
        struct post *translation = assembler->translations.items[i - 1];
        size_t found;

        if (map_find(&places, translation->original, &found)) {
            struct post *original = lists[found % 2]->items[found / 2];

            translation->next = original->translations;
            original->translations = translation;
        }
    }
}

/* A blog of which nothing is left was probably taken for something it is not. */
static void report_nothing(struct assembler *assembler)
{
    const struct site *site = assembler->site;

    if (assembler->passed_over > 0 && site->post_count + site->page_count == 0) {
        diag_warn(assembler->diag, (struct place){ site->dir, 0 },
                  "nothing to show: %zu text%s passed over, which %s would not take for posts or "
                  "pages; 'dialect' in %s says whose conventions hold",
                  assembler->passed_over, assembler->passed_over == 1 ? " was" : "s were",
                  site->capsule.blog.dialect->title, CAPSULE_FILE);
    }
}

/* The dates that we and the web blog read alike, and their author perhaps otherwise. */
static void report_guessed_dates(struct assembler *assembler)
{
    const struct capsule *capsule = &assembler->site->capsule;
    const struct post *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < assembler->posts.count; i++) {
        if (assembler->posts.items[i]->guessed_utc) {
            first = first == NULL ? assembler->posts.items[i] : first;
            count++;
        }
    }
    if (first != NULL) {
        diag_warn(
            assembler->diag, (struct place){ first->file, 1 },
            "a time without a zone is UTC to %s, though the blog's zone is %.*s (%zu post%s); "
            "'naive_dates: local' in %s would read it there, 'utc' silences this",
            capsule->blog.dialect->title, STR_ARG(capsule->timezone), count, count == 1 ? "" : "s",
            CAPSULE_FILE);
    }
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
    add_statics(&assembler, plan);
    join_translations(&assembler);
    settle(&assembler);
    redirect_all(&assembler);
    targets_gather(&targets, site, plan);
    links_resolve(site, &targets, diag);
    add_mentioned(&assembler, &targets);
    report_guessed_dates(&assembler);
    report_nothing(&assembler);
}
