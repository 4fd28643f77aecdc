/* A capsule's folder to a site: a plan of its files, each read to a manuscript, all put together.
 */
#include "content/site.h"

#include <errno.h>
#include <sys/stat.h>

#include "assemble.h"
#include "manuscript.h"
#include "plan.h"
#include "settings.h"

static void read_manuscripts(struct site *site, const struct plan *plan, struct diag *diag)
{
    site->manuscripts = ARENA_ARRAY(site->arena, struct manuscript *, plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        if (source_is_text(&plan->sources[i])) {
            site->manuscripts[site->manuscript_count++] =
                manuscript_read(&plan->sources[i], &site->capsule, diag);
        }
    }
}

static void add_path(struct site *site, struct str path, size_t *capacity)
{
    *ARENA_PUSH(site->arena, site->paths.items, site->paths.count, capacity) = path;
}

static void list_paths(struct site *site, const struct plan *plan)
{
    struct words settings = settings_files(site->arena, &site->capsule.blog);
    size_t capacity = 0;

    add_path(site, arena_printf(site->arena, "%s/" CAPSULE_FILE, site->dir), &capacity);
    for (size_t i = 0; i < settings.count; i++) {
        add_path(site, settings.items[i], &capacity);
    }
    for (size_t i = 0; i < plan->folders.count; i++) {
        add_path(site, plan->folders.items[i], &capacity);
    }
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
    struct site *site;
    struct plan plan;

    if (!is_folder(dir, diag)) {
        return NULL;
    }
    arena = arena_create();
    site = ARENA_NEW(arena, struct site);
    site->arena = arena;
    site->dir = arena_copy(arena, str_from(dir)).ptr;
    if (!capsule_load(arena, dir, options->hosts, &site->capsule, diag)) {
        site_destroy(site);
        return NULL;
    }
    plan_make(&plan, arena, site->dir, &site->capsule, diag);
    list_paths(site, &plan);
    read_manuscripts(site, &plan, diag);
    site_assemble(site, &plan, options, diag);
    return site;
}

void site_destroy(struct site *site)
{
    if (site == NULL) {
        return;
    }
    for (size_t i = 0; i < site->manuscript_count; i++) {
        manuscript_release(site->manuscripts[i]);
    }
    arena_destroy(site->arena);
}
