/* Names to addresses. A name that two things have leads to the first. */
#include "targets.h"

#include "atlas.h"
#include "content/address.h"
#include "name.h"

static size_t add_target(struct targets *targets, struct str path, struct str url, size_t file)
{
    size_t index = targets->count;

    *ARENA_PUSH(targets->arena, targets->each, targets->count, &targets->capacity) =
        (struct target){ .path = path, .url = url, .file = file };
    map_add(&targets->addresses, path, index);
    return index;
}

/* A list or a file, whose address is not kept as it is sent. */
static size_t add_path(struct targets *targets, struct str path, size_t file)
{
    return add_target(targets, path, address_encode(targets->arena, path), file);
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

static void add_texts(struct targets *targets, struct post *const *posts, size_t count)
{
    struct arena *arena = targets->arena;

    for (size_t i = 0; i < count; i++) {
        const struct post *post = posts[i];
        struct str place = arena_copy(arena, post->place);
        struct str web = arena_copy(arena, post->web);
        struct str bare = without_ending(place);
        size_t index = add_target(targets, post->path, post->url, TARGET_NO_FILE);

        targets->each[index].web = web;
        map_add(&targets->files, arena_copy(arena, str_from(post->file)), index);
        map_add(&targets->places, place, index);
        map_add(&targets->places, bare, index);
        map_add(&targets->names, name_last(bare), index);
        if (!post->page && web.len > 0) {
            map_add(&targets->folders, folder_of(web), 0);
        }
    }
}

static void add_statics(struct targets *targets, const struct atlas *atlas, const struct plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        struct str path = atlas->files[i];

        if (path.len == 0) {
            continue;
        }
        map_add(&targets->files, arena_copy(targets->arena, str_from(plan->files[i]->file)),
                add_path(targets, path, TARGET_NO_FILE));
        if (str_ends_with(path, STR("/index.gmi"))) {
            add_path(targets, str_first(path, path.len - STR("index.gmi").len), TARGET_NO_FILE);
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
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct source *source = plan->files[i];
        struct str path;
        size_t index;

        if (source->kind != SOURCE_ASSET) {
            continue;
        }
        path = ARENA_CONCAT(targets->arena, STR("/"), source->path);
        if (!map_find(&targets->addresses, path, &index)) {
            index = add_path(targets, path, i);
            map_add(&targets->files, arena_copy(targets->arena, str_from(source->file)), index);
            add_web_shape(targets, source->path, index);
        }
    }
}

static void add_redirects(struct targets *targets, const struct atlas *atlas)
{
    struct arena *scratch = arena_create();

    for (size_t i = 0; i < atlas->redirect_count; i++) {
        const struct redirect *redirect = &atlas->redirects[i];
        size_t index;

        if (map_find(&targets->addresses, address_decode(scratch, redirect->to), &index)) {
            map_add(&targets->addresses, redirect->from, index);
        }
    }
    arena_destroy(scratch);
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

static void start(struct targets *targets, const struct atlas *atlas, size_t texts, size_t files)
{
    *targets = (struct targets){ .arena = atlas->arena };
    map_init(&targets->addresses, atlas->arena);
    map_init(&targets->files, atlas->arena);
    map_init(&targets->places, atlas->arena);
    map_init(&targets->names, atlas->arena);
    map_init(&targets->folders, atlas->arena);
    map_reserve(&targets->addresses, texts + files + atlas->redirect_count);
    map_reserve(&targets->files, texts + files);
    map_reserve(&targets->places, 2 * texts);
    map_reserve(&targets->names, texts);
    targets->capacity = texts + files;
    targets->each = ARENA_ARRAY(atlas->arena, struct target, targets->capacity);
}

void targets_gather(struct targets *targets, const struct atlas *atlas, const struct site *site,
                    const struct plan *plan)
{
    start(targets, atlas, site->post_count + site->page_count + site->translation_count,
          plan->file_count);
    add_path(targets, STR("/"), TARGET_NO_FILE);
    add_path(targets, STR("/atom.xml"), TARGET_NO_FILE);
    for (size_t page = 2; (page - 1) * site->capsule.per_page < site->post_count; page++) {
        add_path(targets, arena_printf(targets->arena, "/page/%zu", page), TARGET_NO_FILE);
    }
    add_texts(targets, site->posts, site->post_count);
    add_texts(targets, site->pages, site->page_count);
    add_texts(targets, site->translations, site->translation_count);
    add_statics(targets, atlas, plan);
    add_redirects(targets, atlas);
    add_assets(targets, plan);
    add_well_known(targets);
}

static const struct target *find(const struct targets *targets, const struct map *map,
                                 struct str key)
{
    size_t index;

    return map_find(map, key, &index) ? &targets->each[index] : NULL;
}

const struct target *targets_find_address(const struct targets *targets, struct str path)
{
    return find(targets, &targets->addresses, path);
}

const struct target *targets_find_file(const struct targets *targets, struct str file)
{
    return find(targets, &targets->files, file);
}

const struct target *targets_find_text(const struct targets *targets, struct str place)
{
    const struct target *found;

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

const struct target *targets_find_name(const struct targets *targets, struct str name)
{
    return find(targets, &targets->names, name);
}
