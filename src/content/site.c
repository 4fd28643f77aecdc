/* A capsule's folder to a site: a plan of its files, each read to a manuscript, all put together.
 */
#include "content/site.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assemble.h"
#include "base/hash.h"
#include "base/map.h"
#include "manuscript.h"
#include "plan.h"
#include "settings.h"

/* ---- what was read before -------------------------------------------------------------------- */

struct loader {
    struct site *site;
    const struct site_options *options;
    struct map before; /* file -> index into options->before->manuscripts */
    bool same_settings;
    struct diag *diag;
};

static void remember(struct loader *loader)
{
    const struct site *before = loader->options->before;

    map_init(&loader->before, loader->site->arena);
    loader->site->readings = before != NULL ? before->readings : 0;
    map_reserve(&loader->before, before != NULL ? before->manuscript_count : 0);
    for (size_t i = 0; before != NULL && i < before->manuscript_count; i++) {
        map_add(&loader->before, str_from(before->manuscripts[i]->source.file), i);
    }
    loader->same_settings =
        before != NULL && before->settings != 0 && before->settings == loader->site->settings;
}

/* NULL when there was none. */
static struct manuscript *find_before(const struct loader *loader, const char *file)
{
    const struct site *before = loader->options->before;
    size_t index;

    return before != NULL && map_find(&loader->before, str_from(file), &index)
               ? before->manuscripts[index]
               : NULL;
}

static struct manuscript *take_manuscript(const struct loader *loader, const struct source *source)
{
    struct manuscript *before = find_before(loader, source->file);
    struct manuscript *next;

    if (before != NULL && loader->same_settings && manuscript_is_current(before, source)) {
        return manuscript_hold(before);
    }
    next = manuscript_read(source, &loader->site->capsule, loader->options->now, loader->diag);
    next->post.version = ++loader->site->readings;
    if (next->reading == READ_BROKEN && before != NULL && before->reading == READ_POST) {
        manuscript_release(next);
        diag_warn(loader->diag, (struct place){ source->file, 0 },
                  "its last good version goes on being served");
        return manuscript_hold(before);
    }
    return next;
}

/* Somebody who deletes a whole folder, or whose disk is not there, may not have meant its posts. */
static void keep_folder(const struct loader *loader, struct str folder)
{
    const struct site *before = loader->options->before;
    struct site *site = loader->site;
    size_t kept = 0;

    for (size_t i = 0; i < before->manuscript_count; i++) {
        struct str file = str_from(before->manuscripts[i]->source.file);

        if (str_starts_with(file, folder) && str_skip(file, folder.len).ptr[0] == '/') {
            site->manuscripts[site->manuscript_count++] = manuscript_hold(before->manuscripts[i]);
            kept++;
        }
    }
    if (kept > 0) {
        diag_error(loader->diag, (struct place){ folder.ptr, 0 },
                   "this folder has gone; what was read from it goes on being served");
    }
}

static void take_manuscripts(const struct loader *loader, const struct plan *plan)
{
    const struct site *before = loader->options->before;
    struct site *site = loader->site;
    size_t most = plan->count + (before != NULL ? before->manuscript_count : 0);

    site->manuscripts = ARENA_ARRAY(site->arena, struct manuscript *, most);
    for (size_t i = 0; i < plan->count && pause_to_look(loader->options->pause); i++) {
        if (source_is_text(&plan->sources[i])) {
            site->manuscripts[site->manuscript_count++] =
                take_manuscript(loader, &plan->sources[i]);
        }
    }
    for (size_t i = 0; before != NULL && i < plan->folders.count; i++) {
        if (access(plan->folders.items[i].ptr, F_OK) == -1 && errno == ENOENT) {
            keep_folder(loader, plan->folders.items[i]);
        }
    }
}

/* ---- settings -------------------------------------------------------------------------------- */

/* What tells the settings by which files are read from others; 0 when they are too fresh to tell.
 */
static uint64_t stamp_settings(const struct site *site, size_t files, int64_t now)
{
    uint64_t hash = hash_bytes(HASH_START, site->capsule.blog.dialect->name,
                               strlen(site->capsule.blog.dialect->name));

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
        add_path(site, plan->data.items[i], &capacity);
    }
    site->settings = stamp_settings(site, site->paths.count, now);
    for (size_t i = 0; i < plan->folders.count; i++) {
        add_path(site, plan->folders.items[i], &capacity);
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

struct site *site_load(const char *dir, const struct site_options *options, struct diag *diag)
{
    struct loader loader = { .options = options, .diag = diag };
    struct arena *arena;
    struct site *site;
    struct plan plan;

    if (!is_folder(dir, diag)) {
        return NULL;
    }
    arena = arena_create();
    site = ARENA_NEW(arena, struct site);
    *site = (struct site){ .holds = 1, .arena = arena };
    loader.site = site;
    site->dir = arena_copy(arena, str_from(dir)).ptr;
    if (!capsule_load(arena, dir, options->hosts, &site->capsule, diag)) {
        site_release(site);
        return NULL;
    }
    plan_make(&plan, arena, &site->capsule, diag);
    list_paths(site, &plan, options->now);
    remember(&loader);
    take_manuscripts(&loader, &plan);
    site_assemble(site, &plan, options, diag);
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
    for (size_t i = 0; i < site->manuscript_count; i++) {
        manuscript_release(site->manuscripts[i]);
    }
    arena_destroy(site->arena);
}
