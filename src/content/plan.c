/* Folders to a list of what is in them. */
#include "plan.h"

#include "walk.h"

#define SKIP_MAX 32

struct planner {
    struct plan *plan;
    struct arena *arena;
    const char *dir;
    const struct capsule *capsule;
    struct diag *diag;
};

/* ---- names ----------------------------------------------------------------------------------- */

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

/* What a text is called: its file, or the folder of which it is the index. */
static struct str stem_of(struct str path, struct str ending)
{
    struct str stem = str_first(path, path.len - ending.len);
    struct str name = last_part(stem);

    if (str_equal(name, STR("index")) && stem.len > name.len) {
        return last_part(str_first(stem, stem.len - name.len - 1));
    }
    return name;
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

static void add_source(struct planner *planner, enum source_kind kind, const struct walk_file *file)
{
    struct plan *plan = planner->plan;
    struct str ending = markdown_ending(file->path);
    struct source source = {
        .kind = kind, .file = file->file, .path = file->path, .stamp = file->stamp
    };

    if (kind != SOURCE_STATIC) {
        if (ending.len == 0 || is_passed_over(last_part(file->path))) {
            return;
        }
        source.stem = stem_of(file->path, ending);
    }
    *ARENA_PUSH(planner->arena, plan->sources, plan->count, &plan->capacity) = source;
}

static void plan_folders(struct planner *planner, enum source_kind kind,
                         const struct words *folders)
{
    struct str skip[SKIP_MAX];
    size_t skip_count = other_folders(planner->capsule, folders, skip);
    struct walk walk = { 0 };

    for (size_t i = 0; i < folders->count; i++) {
        walk_folder(planner->arena, join(planner->arena, planner->dir, folders->items[i]), skip,
                    skip_count, &walk, planner->diag);
    }
    for (size_t i = 0; i < walk.count; i++) {
        add_source(planner, kind, &walk.files[i]);
    }
}

void plan_make(struct plan *plan, struct arena *arena, const char *dir,
               const struct capsule *capsule, struct diag *diag)
{
    struct planner planner = { plan, arena, dir, capsule, diag };

    *plan = (struct plan){ 0 };
    plan_folders(&planner, SOURCE_POST, &capsule->posts);
    plan_folders(&planner, SOURCE_PAGE, &capsule->pages);
    plan_folders(&planner, SOURCE_STATIC, &capsule->statics);
}
