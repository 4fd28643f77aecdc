/* Names to addresses. A name that two things have leads to the first. */
#include "targets.h"

#include "content/address.h"
#include "name.h"

static size_t add_target(struct targets *targets, struct str path, const struct source *asset)
{
    size_t index = targets->count;

    *ARENA_PUSH(targets->arena, targets->each, targets->count, &targets->capacity) =
        (struct target){ .path = path, .asset = asset };
    map_add(&targets->addresses, path, index);
    return index;
}

/* The folder a page is in on the web: "/blog/" for "/blog/walking/". */
static struct str folder_of(struct str path)
{
    path.len -= str_ends_with(path, STR("/"));
    return str_first(path, path.len - name_last(path).len);
}

/* A place without its ending; a bundle's is its folder's. */
static struct str without_ending(struct str place)
{
    place.len -= name_ending(place).len;
    if (str_ends_with(place, STR("/index"))) {
        place.len -= STR("/index").len;
    }
    return place;
}

static void add_posts(struct targets *targets, struct post *const *posts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct post *post = posts[i];
        struct str bare = without_ending(post->place);
        size_t index = add_target(targets, post->path, NULL);

        targets->each[index].web = post->web;
        map_add(&targets->files, str_from(post->file), index);
        map_add(&targets->places, post->place, index);
        map_add(&targets->places, bare, index);
        map_add(&targets->names, name_last(bare), index);
        if (!post->page && post->web.len > 0) {
            map_add(&targets->folders, folder_of(post->web), 0);
        }
    }
}

static void add_statics(struct targets *targets, const struct site *site)
{
    for (size_t i = 0; i < site->static_count; i++) {
        struct str path = site->statics[i].path;

        map_add(&targets->files, str_from(site->statics[i].file), add_target(targets, path, NULL));
        if (str_ends_with(path, STR("/index.gmi"))) {
            add_target(targets, str_first(path, path.len - STR("index.gmi").len), NULL);
        }
    }
}

/* On the web a bundle's files stand below the address of its text. */
static void add_web_shape(struct targets *targets, struct str place, size_t asset)
{
    struct str name = name_last(place);
    struct str web;
    size_t bundle;

    if (name.len == place.len ||
        !map_find(&targets->places, str_first(place, place.len - name.len - 1), &bundle)) {
        return;
    }
    web = targets->each[bundle].web;
    if (web.len > 0) {
        map_add(&targets->addresses,
                arena_printf(targets->arena, "%.*s%s%.*s", STR_ARG(web),
                             str_ends_with(web, STR("/")) ? "" : "/", STR_ARG(name)),
                asset);
    }
}

static void add_assets(struct targets *targets, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct source *source = &plan->sources[i];
        struct str path;
        size_t index;

        if (source->kind != SOURCE_ASSET) {
            continue;
        }
        path = ARENA_CONCAT(targets->arena, STR("/"), source->path);
        if (!map_find(&targets->addresses, path, &index)) {
            index = add_target(targets, path, source);
            map_add(&targets->files, str_from(source->file), index);
            add_web_shape(targets, source->path, index);
        }
    }
}

static void add_redirects(struct targets *targets, const struct site *site)
{
    for (size_t i = 0; i < site->redirect_count; i++) {
        size_t index;

        if (map_find(&targets->addresses, address_decode(targets->arena, site->redirects[i].to),
                     &index)) {
            map_add(&targets->addresses, site->redirects[i].from, index);
        }
    }
}

/* Lists and feeds that web blogs have and we have elsewhere. */
static void add_well_known(struct targets *targets)
{
    static const struct {
        struct str from;
        struct str to;
    } rows[] = {
        { STR_INIT("/posts/"), STR_INIT("/") },
        { STR_INIT("/blog/"), STR_INIT("/") },
        { STR_INIT("/posts"), STR_INIT("/") },
        { STR_INIT("/blog"), STR_INIT("/") },
        { STR_INIT("/index.html"), STR_INIT("/") },
        { STR_INIT("/rss.xml"), STR_INIT("/atom.xml") },
        { STR_INIT("/feed.xml"), STR_INIT("/atom.xml") },
        { STR_INIT("/index.xml"), STR_INIT("/atom.xml") },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t index;

        if (map_find(&targets->addresses, rows[i].to, &index)) {
            map_add(&targets->addresses, rows[i].from, index);
        }
    }
}

void targets_gather(struct targets *targets, const struct site *site, const struct plan *plan)
{
    struct arena *arena = site->arena;

    *targets = (struct targets){ .arena = arena };
    map_init(&targets->addresses, arena);
    map_init(&targets->files, arena);
    map_init(&targets->places, arena);
    map_init(&targets->names, arena);
    map_init(&targets->folders, arena);
    map_reserve(&targets->addresses, site->post_count + site->redirect_count);
    map_reserve(&targets->files, site->post_count + site->static_count);
    map_reserve(&targets->places, 2 * site->post_count);
    map_reserve(&targets->names, site->post_count);
    add_target(targets, STR("/"), NULL);
    add_target(targets, STR("/atom.xml"), NULL);
    for (size_t page = 2; (page - 1) * site->capsule.per_page < site->post_count; page++) {
        add_target(targets, arena_printf(arena, "/page/%zu", page), NULL);
    }
    add_posts(targets, site->posts, site->post_count);
    add_posts(targets, site->pages, site->page_count);
    add_posts(targets, site->translations, site->translation_count);
    add_statics(targets, site);
    add_redirects(targets, site);
    add_assets(targets, plan);
    add_well_known(targets);
}

static struct target *find(const struct targets *targets, const struct map *map, struct str key)
{
    size_t index;

    return map_find(map, key, &index) ? &targets->each[index] : NULL;
}

struct target *targets_find_address(const struct targets *targets, struct str path)
{
    return find(targets, &targets->addresses, path);
}

struct target *targets_find_file(const struct targets *targets, struct str file)
{
    return find(targets, &targets->files, file);
}

struct target *targets_find_text(const struct targets *targets, struct str place)
{
    struct target *found;

    if (str_starts_with(place, STR("/"))) {
        place = str_skip(place, 1);
    }
    if (str_equal(name_last(without_ending(place)), STR("_index"))) {
        return find(targets, &targets->addresses, STR("/")); /* a section's page is a list */
    }
    found = find(targets, &targets->places, place);
    if (found == NULL) {
        found = find(targets, &targets->places, without_ending(place));
    }
    return found != NULL ? found : targets_find_name(targets, name_last(without_ending(place)));
}

struct target *targets_find_name(const struct targets *targets, struct str name)
{
    return find(targets, &targets->names, name);
}
