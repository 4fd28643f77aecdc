/* A capsule's folder to a site: a plan of its files, each read to a manuscript, all put together.
 */
#include "content/site.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assemble.h"
#include "atlas.h"
#include "base/hash.h"
#include "base/map.h"
#include "leads.h"
#include "manuscript.h"
#include "plan.h"
#include "settings.h"

/* ---- what was read before -------------------------------------------------------------------- */

struct loader {
    struct site *site;
    const struct site_options *options;
    struct arena *scratch; /* freed once the site is loaded */
    struct map before;     /* file -> index into options->before->texts */
    bool same_settings;
    struct diag *diag;
};

static void remember(struct loader *loader)
{
    const struct site *before = loader->options->before;

    map_init(&loader->before, loader->scratch);
    loader->site->readings = before != NULL ? before->readings : 0;
    map_reserve(&loader->before, before != NULL ? before->text_count : 0);
    for (size_t i = 0; before != NULL && i < before->text_count; i++) {
        map_add(&loader->before, str_from(before->texts[i].manuscript->source.file), i);
    }
    loader->same_settings =
        before != NULL && before->settings != 0 && before->settings == loader->site->settings;
}

/* NULL when there was none. */
static const struct text *find_before(const struct loader *loader, const char *file)
{
    const struct site *before = loader->options->before;
    size_t index;

    return before != NULL && map_find(&loader->before, str_from(file), &index)
               ? &before->texts[index]
               : NULL;
}

static struct text hold(const struct text *before)
{
    return (struct text){ .manuscript = manuscript_hold(before->manuscript),
                          .leads = before->leads != NULL ? leads_hold(before->leads) : NULL };
}

static struct text take_text(const struct loader *loader, const struct source *source)
{
    const struct text *before = find_before(loader, source->file);
    struct manuscript *next;

    if (before != NULL && loader->same_settings &&
        manuscript_is_current(before->manuscript, source)) {
        return hold(before);
    }
    next = manuscript_read(source, &loader->site->capsule, loader->options->now, loader->diag);
    next->post.version = ++loader->site->readings;
    if (next->reading == READ_BROKEN && before != NULL &&
        before->manuscript->reading == READ_POST) {
        manuscript_release(next);
        diag_warn(loader->diag, (struct place){ source->file, 0 },
                  "its last good version goes on being served");
        return hold(before);
    }
    return (struct text){ .manuscript = next };
}

/* Somebody who deletes a whole folder, or whose disk is not there, may not have meant its posts. */
static void keep_folder(const struct loader *loader, struct str folder)
{
    const struct site *before = loader->options->before;
    struct site *site = loader->site;
    size_t kept = 0;

    for (size_t i = 0; i < before->text_count; i++) {
        struct str file = str_from(before->texts[i].manuscript->source.file);

        if (str_starts_with(file, folder) && str_skip(file, folder.len).ptr[0] == '/') {
            site->texts[site->text_count++] = hold(&before->texts[i]);
            kept++;
        }
    }
    if (kept > 0) {
        diag_error(loader->diag, (struct place){ folder.ptr, 0 },
                   "this folder has gone; what was read from it goes on being served");
    }
}

static void take_texts(const struct loader *loader, const struct plan *plan)
{
    const struct site *before = loader->options->before;
    struct site *site = loader->site;
    size_t most = plan->count + (before != NULL ? before->text_count : 0);

    site->texts = ARENA_ARRAY(site->arena, struct text, most);
    for (size_t i = 0; i < plan->count && pause_to_look(loader->options->pause); i++) {
        if (source_is_text(&plan->sources[i])) {
            site->texts[site->text_count++] = take_text(loader, &plan->sources[i]);
        }
    }
    for (size_t i = 0; before != NULL && i < plan->folders.count; i++) {
        if (access(plan->folders.items[i].ptr, F_OK) == -1 && errno == ENOENT) {
            keep_folder(loader, plan->folders.items[i]);
        }
    }
}

/* ---- settings -------------------------------------------------------------------------------- */

/* What no file of settings says: the operator, or the folder itself. */
static uint64_t hash_circumstances(const struct capsule *capsule)
{
    const struct str texts[] = { str_from(capsule->blog.dialect->name), capsule->blog.below,
                                 capsule->title };
    uint64_t hash = hash_number(HASH_START, capsule->blog.configured);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        hash = hash_bytes(hash, texts[i].ptr, texts[i].len);
    }
    for (size_t i = 0; i < capsule->hosts.count; i++) {
        hash = hash_bytes(hash, capsule->hosts.items[i].ptr, capsule->hosts.items[i].len);
    }
    return hash;
}

/* What tells the settings by which files are read from others; 0 when they are too fresh to tell.
 */
static uint64_t stamp_settings(const struct site *site, size_t files, int64_t now)
{
    uint64_t hash = hash_circumstances(&site->capsule);

    for (size_t i = 0; i < files; i++) {
        struct str path = site->paths.items[i];
        struct file_stamp stamp;
        struct stat status;

        if (stat(path.ptr, &status) == -1) {
            continue;
        }
        stamp = file_stamp(&status);
        if (file_stamp_is_fresh(&stamp, now)) {
            return 0;
        }
        hash = hash_bytes(hash, path.ptr, path.len);
        hash = hash_bytes(hash, &stamp, sizeof stamp);
    }
    return hash;
}

static void add_path(struct site *site, struct str path, size_t *capacity)
{
    *ARENA_PUSH(site->arena, site->paths.items, site->paths.count, capacity) = path;
}

/* Settings first, then folders. */
static void list_paths(struct site *site, const struct plan *plan, int64_t now)
{
    struct words settings = settings_files(site->arena, &site->capsule.blog);
    size_t capacity = 0;

    add_path(site, arena_printf(site->arena, "%s/" CAPSULE_FILE, site->dir), &capacity);
    for (size_t i = 0; i < settings.count; i++) {
        add_path(site, settings.items[i], &capacity);
    }
    for (size_t i = 0; i < plan->data.count; i++) {
        add_path(site, arena_copy(site->arena, plan->data.items[i]), &capacity);
    }
    site->settings = stamp_settings(site, site->paths.count, now);
    for (size_t i = 0; i < plan->folders.count; i++) {
        add_path(site, arena_copy(site->arena, plan->folders.items[i]), &capacity);
    }
    if (site->capsule.liquid) {
        add_path(site, arena_printf(site->arena, "%s/_includes", site->capsule.blog.top),
                 &capacity);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

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

/* Everything but the capsule. */
static void load_texts(struct site *site, const struct site_options *options, struct diag *diag)
{
    struct loader loader = {
        .site = site, .options = options, .scratch = arena_create(), .diag = diag
    };
    struct plan plan;

    plan_make(&plan, loader.scratch, &site->capsule, diag);
    list_paths(site, &plan, options->now);
    remember(&loader);
    take_texts(&loader, &plan);
    site_assemble(site, &plan, options, diag);
    arena_destroy(loader.scratch);
}

struct site *site_load(const char *dir, const struct site_options *options, struct diag *diag)
{
    const struct capsule_options wanted = {
        .hosts = options->hosts,
        .before = options->before != NULL ? &options->before->capsule : NULL,
        .now = options->now,
    };
    struct arena *arena;
    struct site *site;

    if (!is_folder(dir, diag)) {
        return NULL;
    }
    arena = arena_create();
    site = ARENA_NEW(arena, struct site);
    *site = (struct site){ .holds = 1, .arena = arena };
    site->dir = arena_copy(arena, str_from(dir)).ptr;
    if (!capsule_load(arena, dir, &wanted, &site->capsule, diag)) {
        site_release(site);
        return NULL;
    }
    load_texts(site, options, diag);
    return site;
}

struct site *site_hold(struct site *site)
{
    site->holds++;
    return site;
}

void site_release(struct site *site)
{
    if (site == NULL || --site->holds > 0) {
        return;
    }
    for (size_t i = 0; i < site->text_count; i++) {
        leads_release(site->texts[i].leads);
        manuscript_release(site->texts[i].manuscript);
    }
    atlas_release(site->atlas);
    arena_destroy(site->arena);
}
