/* Old paths to new ones. */
#include "redirects.h"

#include "content/address.h"

struct gatherer {
    struct atlas *atlas;
    const struct site *site;
    struct map *paths;
    size_t capacity;
};

static void add_redirect(struct gatherer *gatherer, struct str from, struct str to)
{
    struct atlas *atlas = gatherer->atlas;

    if (map_add(gatherer->paths, from, 0)) {
        *ARENA_PUSH(atlas->arena, atlas->redirects, atlas->redirect_count, &gatherer->capacity) =
            (struct redirect){ from, to };
    }
}

/* ---- of texts -------------------------------------------------------------------------------- */

/* The shapes a page's address has on the web: /posts/x, /posts/x/, /posts/x.html. */
static void redirect_shapes(struct gatherer *gatherer, struct str stem, struct str url)
{
    static const struct str endings[] = { STR_INIT(""), STR_INIT("/"), STR_INIT(".html") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        add_redirect(gatherer, ARENA_CONCAT(gatherer->atlas->arena, stem, endings[i]), url);
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

static void redirect_text(struct gatherer *gatherer, const struct post *post)
{
    struct arena *arena = gatherer->atlas->arena;
    struct str stem = stem_of(post->path);
    struct str web = stem_of(post->web);

    if (stem.len < post->path.len) {
        redirect_shapes(gatherer, stem, post->url);
    }
    if (web.len > 1 && !str_equal(web, stem)) {
        redirect_shapes(gatherer, web, post->url);
    }
    for (size_t i = 0; i < post->aliases.count; i++) {
        struct str alias = address_decode(arena, address_path(post->aliases.items[i]));

        alias = address_join(arena, STR("/"), alias);
        add_redirect(gatherer, alias, post->url);
        if (stem_of(alias).len > 1) {
            redirect_shapes(gatherer, stem_of(alias), post->url);
        }
    }
}

static void redirect_texts(struct gatherer *gatherer)
{
    const struct site *site = gatherer->site;

    for (size_t i = 0; i < site->post_count; i++) {
        redirect_text(gatherer, site->posts[i]);
    }
    for (size_t i = 0; i < site->page_count; i++) {
        redirect_text(gatherer, site->pages[i]);
    }
    for (size_t i = 0; i < site->translation_count; i++) {
        redirect_text(gatherer, site->translations[i]);
    }
}

/* ---- of the author's wishes ------------------------------------------------------------------ */

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

static void report_circle(struct gatherer *gatherer, const struct pair *pair)
{
    struct atlas *atlas = gatherer->atlas;

    if (pair->line > 0) {
        const char *file =
            arena_printf(atlas->arena, "%s/%s", gatherer->site->dir, CAPSULE_FILE).ptr;

        diag_warn(&atlas->problems, (struct place){ file, pair->line },
                  "'%.*s' redirects in a circle; left out", STR_ARG(pair->name));
    }
}

/* `redirects` of capsule.yaml lead to the final place at once, so that nobody walks a chain. Of
 * those that are told to the web's host, the ones that lead to something here count. */
static void redirect_configured(struct gatherer *gatherer)
{
    const struct capsule *capsule = &gatherer->site->capsule;
    struct atlas *atlas = gatherer->atlas;
    struct arena *arena = atlas->arena;
    struct map names;
    struct map taken;

    map_init(&names, gatherer->paths->arena);
    map_init(&taken, gatherer->paths->arena);
    for (size_t i = 0; i < capsule->redirect_count; i++) {
        map_add(&names, capsule->redirects[i].name, i);
    }
    for (size_t i = 0; i < atlas->redirect_count && capsule->redirect_count > 0; i++) {
        map_add(&taken, atlas->redirects[i].from, i);
    }
    for (size_t i = 0; i < capsule->redirect_count; i++) {
        const struct pair *pair = &capsule->redirects[i];
        struct str to = pair->value;
        size_t further;

        if (!follow_redirects(capsule, &names, &to)) {
            report_circle(gatherer, pair);
            continue;
        }
        to = address_decode(arena, address_path(to));
        if (map_find(&taken, to, &further)) {
            to = address_decode(arena, atlas->redirects[further].to);
        }
        if (pair->line > 0 || map_find(gatherer->paths, to, &further)) {
            add_redirect(gatherer, address_decode(arena, pair->name), address_encode(arena, to));
        }
    }
}

void redirects_gather(struct atlas *atlas, const struct site *site, struct map *paths)
{
    struct gatherer gatherer = { .atlas = atlas, .site = site, .paths = paths };

    redirect_texts(&gatherer);
    redirect_configured(&gatherer);
}
