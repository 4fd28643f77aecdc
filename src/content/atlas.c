/* Addresses, given out once for all texts that are called the same. */
#include "atlas.h"

#include "base/hash.h"
#include "base/map.h"
#include "content/address.h"
#include "order.h"
#include "permalink.h"
#include "redirects.h"

struct surveyor {
    struct atlas *atlas;
    const struct site *site;
    struct map paths; /* decoded addresses taken so far -> 0 */
};

/* ---- what it is made from -------------------------------------------------------------------- */

static uint64_t add_text(uint64_t origin, struct str text)
{
    return hash_bytes(origin, text.ptr, text.len);
}

static uint64_t add_names(uint64_t origin, struct post *const *posts, size_t count)
{
    origin = hash_number(origin, count);
    for (size_t i = 0; i < count; i++) {
        origin = hash_number(origin, posts[i]->names);
    }
    return origin;
}

static uint64_t origin_of(const struct site *site, const struct plan *plan)
{
    const struct capsule *capsule = &site->capsule;
    uint64_t origin = hash_number(HASH_START, site->settings);

    origin = add_names(origin, site->posts, site->post_count);
    origin = add_names(origin, site->pages, site->page_count);
    origin = add_names(origin, site->translations, site->translation_count);
    for (size_t i = 0; i < capsule->redirect_count; i++) {
        origin = add_text(origin, capsule->redirects[i].name);
        origin = add_text(origin, capsule->redirects[i].value);
    }
    for (size_t i = 0; i < plan->file_count; i++) {
        origin = hash_number(origin, (uint64_t)plan->files[i]->kind);
        origin = add_text(origin, plan->files[i]->path);
        origin = add_text(origin, str_from(plan->files[i]->file));
    }
    return site->settings != 0 ? origin : 0;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static const struct str page_url = STR_INIT("/:slug.gmi");

/* "/posts/:slug.gmi" for one post. */
static struct str text_path(struct arena *arena, struct str pattern, struct str slug,
                            const struct post *post)
{
    struct permalink facts = { .slug = slug, .title = slug, .name = slug, .date = post->published };

    return permalink_fill(arena, pattern, &facts);
}

/* Nothing is unreachable because two files want one address: the later one gets a number. */
static void place_text(struct surveyor *surveyor, struct spot *spot, const struct post *post,
                       struct str slug, struct str pattern)
{
    struct atlas *atlas = surveyor->atlas;

    spot->slug = arena_copy(atlas->arena, slug);
    spot->path = text_path(atlas->arena, pattern, slug, post);
    for (int number = 2; !map_add(&surveyor->paths, spot->path, 0); number++) {
        if (number == 2) {
            diag_warn(&atlas->problems, (struct place){ post->file, 1 },
                      "its address %.*s is taken by another file; it gets a number",
                      STR_ARG(spot->path));
        }
        spot->slug = arena_printf(atlas->arena, "%.*s-%d", STR_ARG(slug), number);
        spot->path = text_path(atlas->arena, pattern, spot->slug, post);
    }
    spot->url = address_encode(atlas->arena, spot->path);
}

/* In the order of the files' names, so that addresses do not change with dates; the capsule's own
 * language comes before others. */
static void place_in_order(struct surveyor *surveyor, struct spot *spots, struct post *const *posts,
                           size_t count, struct str pattern)
{
    for (int others = 0; others < 2; others++) {
        for (size_t i = 0; i < count; i++) {
            if ((posts[i]->language.len > 0) == others) {
                place_text(surveyor, &spots[i], posts[i], posts[i]->slug, pattern);
            }
        }
    }
}

static void place_texts(struct surveyor *surveyor)
{
    const struct site *site = surveyor->site;
    struct str post_url = site->capsule.post_url;
    struct spot *spots = surveyor->atlas->spots;

    place_in_order(surveyor, spots, site->posts, site->post_count, post_url);
    place_in_order(surveyor, spots += site->post_count, site->pages, site->page_count, page_url);
    spots += site->page_count;
    for (size_t i = 0; i < site->translation_count; i++) {
        const struct post *post = site->translations[i];

        place_text(surveyor, &spots[i], post,
                   arena_printf(surveyor->paths.arena, "%.*s.%.*s", STR_ARG(post->slug),
                                STR_ARG(post->language)),
                   post->page ? page_url : post_url);
    }
}

static void give_spots(const struct spot *spots, struct post **posts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        posts[i]->slug = spots[i].slug;
        posts[i]->path = spots[i].path;
        posts[i]->url = spots[i].url;
    }
}

static void give_addresses(const struct atlas *atlas, struct site *site)
{
    const struct spot *spots = atlas->spots;

    give_spots(spots, site->posts, site->post_count);
    give_spots(spots += site->post_count, site->pages, site->page_count);
    give_spots(spots + site->page_count, site->translations, site->translation_count);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void place_statics(struct surveyor *surveyor, const struct plan *plan)
{
    struct atlas *atlas = surveyor->atlas;

    for (size_t i = 0; i < plan->file_count; i++) {
        const struct source *source = plan->files[i];
        struct str path;

        if (source->kind != SOURCE_STATIC) {
            continue;
        }
        path = ARENA_CONCAT(atlas->arena, STR("/"), source->path);
        if (map_add(&surveyor->paths, path, 0)) {
            atlas->files[i] = path;
        } else {
            diag_warn(&atlas->problems, (struct place){ source->file, 0 },
                      "its address %.*s is taken by a post or a page; left out", STR_ARG(path));
        }
    }
}

/* Assets are left what nothing else has taken. */
static void place_assets(struct surveyor *surveyor)
{
    struct atlas *atlas = surveyor->atlas;

    for (size_t i = 0; i < atlas->targets.count; i++) {
        const struct target *target = &atlas->targets.each[i];

        if (target->file != TARGET_NO_FILE && map_add(&surveyor->paths, target->path, 0)) {
            atlas->files[target->file] = target->path;
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static struct atlas *create(const struct site *site, const struct plan *plan, uint64_t origin)
{
    struct arena *arena = arena_create();
    struct atlas *atlas = ARENA_NEW(arena, struct atlas);
    size_t texts = site->post_count + site->page_count + site->translation_count;

    *atlas = (struct atlas){ .holds = 1, .origin = origin, .arena = arena };
    atlas->spots = ARENA_ARRAY(arena, struct spot, texts);
    atlas->files = ARENA_ARRAY(arena, struct str, plan->file_count);
    diag_init(&atlas->problems, arena);
    return atlas;
}

static struct atlas *survey(struct site *site, const struct plan *plan, uint64_t origin)
{
    struct arena *scratch = arena_create();
    struct surveyor surveyor = { .atlas = create(site, plan, origin), .site = site };
    struct atlas *atlas = surveyor.atlas;

    map_init(&surveyor.paths, scratch);
    map_reserve(&surveyor.paths, 4 * site->post_count); /* each with three redirects */
    map_add(&surveyor.paths, STR("/"), 0);
    map_add(&surveyor.paths, STR("/atom.xml"), 0);
    place_texts(&surveyor);
    place_statics(&surveyor, plan);
    give_addresses(atlas, site);
    site_order(site);
    redirects_gather(atlas, site, &surveyor.paths);
    targets_gather(&atlas->targets, atlas, site, plan);
    place_assets(&surveyor);
    arena_destroy(scratch);
    return atlas;
}

struct atlas *atlas_settle(struct site *site, const struct plan *plan, struct atlas *before)
{
    uint64_t origin = origin_of(site, plan);

    if (before == NULL || origin == 0 || before->origin != origin) {
        return survey(site, plan, origin);
    }
    give_addresses(before, site);
    site_order(site);
    return atlas_hold(before);
}

struct atlas *atlas_hold(struct atlas *atlas)
{
    atlas->holds++;
    return atlas;
}

void atlas_release(struct atlas *atlas)
{
    if (atlas != NULL && --atlas->holds == 0) {
        arena_destroy(atlas->arena);
    }
}
