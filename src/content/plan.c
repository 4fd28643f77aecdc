/* Folders to a list of what is in them. */
#include "plan.h"

#include "base/map.h"
#include "data.h"
#include "language.h"
#include "name.h"
#include "walk.h"

#define SKIP_MAX 32
#define TOP_MAX  10 /* texts at the top of a blog that may all be pages */

struct planner {
    struct plan *plan;
    struct arena *arena;
    const struct capsule *capsule;
    struct diag *diag;
    struct str folder; /* that is walked, as the capsule names it */
    struct map data;   /* of a data file's path, without its endings, to its index in the plan's */
};

/* ---- kinds ----------------------------------------------------------------------------------- */

/* What the web shows where there is nothing; Gemini and Gopher have words of their own for it. */
static bool is_error_page(struct str path)
{
    return str_equal(str_first(path, path.len - name_ending(path).len), STR("404")) ||
           str_starts_with(path, STR("_pages/404."));
}

static bool is_passed_over(const struct capsule *capsule, struct str path)
{
    return str_starts_with(name_last(path), STR("_")) || is_error_page(path) ||
           (name_is_of_repository(path) && !name_is_index(path, capsule->blog.dialect));
}

/* Whether a part of the path is this folder. */
static bool is_below(struct str path, struct str folder)
{
    struct str part;

    while (str_cut(path, '/', &part, &path)) {
        if (str_equal(part, folder)) {
            return true;
        }
    }
    return false;
}

/* Whether a part of the path is a folder whose name begins with an underscore. */
static bool is_below_underscore(struct str path)
{
    struct str part;

    while (str_cut(path, '/', &part, &path)) {
        if (str_starts_with(part, STR("_"))) {
            return true;
        }
    }
    return false;
}

/* What a text is by its place; false when it is not for readers. */
static bool place_text(const struct capsule *capsule, struct str path, enum source_kind *kind)
{
    bool home = str_starts_with(path, STR("index."));

    switch (capsule->placing) {
    case PLACE_POSTS:
        *kind = is_below(path, STR("pages")) ? SOURCE_EITHER : SOURCE_POST;
        return true;
    case PLACE_BY_DATE:
        *kind = SOURCE_EITHER;
        return !home && !is_below(path, STR("_includes")) && !is_below(path, STR("_data"));
    case PLACE_NOTES:
        *kind = SOURCE_EITHER;
        return true;
    case PLACE_ENTRIES:
        *kind = SOURCE_ENTRY;
        return true;
    case PLACE_BY_FOLDER:
        *kind = is_below(path, STR("_posts")) || is_below(path, STR("_drafts")) ? SOURCE_POST
                                                                                : SOURCE_PAGE;
        return !home && (*kind == SOURCE_POST || !is_below_underscore(path) ||
                         name_in_collection(path, capsule) > 0);
    }
    return false;
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

/* Where a folder is below another one; empty when it is not. */
static struct str below_folder(struct str folder, struct str above)
{
    if (str_equal(above, STR("."))) {
        return folder;
    }
    return str_starts_with(folder, above) && str_starts_with(str_skip(folder, above.len), STR("/"))
               ? str_skip(folder, above.len + 1)
               : STR("");
}

/* The other folders of the capsule, which a walk over one that they are in leaves to their own
 * kind.
 */
static size_t other_folders(const struct capsule *capsule, const struct words *mine,
                            struct str folder, struct str *skip)
{
    const struct words *all[] = { &capsule->posts, &capsule->pages, &capsule->statics,
                                  &capsule->assets };
    size_t count = 0;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (size_t j = 0; all[i] != mine && j < all[i]->count && count < SKIP_MAX; j++) {
            struct str below = below_folder(all[i]->items[j], folder);

            if (below.len > 0) {
                skip[count++] = below;
            }
        }
    }
    return count;
}

/* Where one of the capsule's folders of texts is in the dialect's: "content/blog" is "blog". */
static struct str place_of_folder(const struct capsule *capsule, struct str folder)
{
    for (const char *const *texts = capsule->blog.dialect->texts; *texts != NULL; texts++) {
        struct str top = str_from(*texts);

        if (str_equal(folder, top)) {
            return capsule->above;
        }
        if (str_starts_with(folder, top) && folder.ptr[top.len] == '/') {
            return str_skip(folder, top.len + 1);
        }
    }
    return capsule->blog.configured && capsule->placing == PLACE_ENTRIES && capsule->above.len == 0
               ? name_last(folder)
               : capsule->above;
}

/* Where a file beside texts would be found; empty when it is not for readers either. */
static struct str asset_path(struct arena *arena, const struct capsule *capsule, struct str path)
{
    bool posts = str_starts_with(path, STR("_posts/"));

    if (name_ending(path).len > 0 ||
        (capsule->placing == PLACE_BY_FOLDER && is_below_underscore(path) && !posts)) {
        return STR("");
    }
    for (size_t i = 0; i < capsule->move_count; i++) {
        const struct pair *move = &capsule->moves[i];

        if (str_starts_with(path, move->name) &&
            str_starts_with(str_skip(path, move->name.len), STR("/"))) {
            path = str_skip(path, move->name.len + 1);
            return move->value.len == 0
                       ? path
                       : arena_printf(arena, "%.*s/%.*s", STR_ARG(move->value), STR_ARG(path));
        }
    }
    return str_skip(path, posts ? STR("_posts/").len : 0);
}

/* "posts.json" at the top of the folder "posts" is for all of it. */
static void add_data(struct planner *planner, const struct source *source)
{
    struct plan *plan = planner->plan;
    struct str stem = data_stem(source->path);

    if (str_equal(stem, name_last(planner->folder))) {
        stem = STR("");
    }
    if (map_add(&planner->data, stem, plan->data.count)) {
        *ARENA_PUSH(planner->arena, plan->data.items, plan->data.count, &plan->data_capacity) =
            str_from(source->file);
    }
}

/* What the web's host is told: no page there, and none here. */
static bool is_for_host(struct str path)
{
    return str_equal(path, STR("_redirects")) || str_equal(path, STR("_headers"));
}

static bool is_ignored(const struct capsule *capsule, struct str path)
{
    for (size_t i = 0; i < capsule->ignored.count; i++) {
        struct str rest = str_skip(path, capsule->ignored.items[i].len);

        if (str_starts_with(path, capsule->ignored.items[i]) &&
            (rest.len == 0 || *rest.ptr == '/')) {
            return true;
        }
    }
    return false;
}

static void add_source(struct planner *planner, struct source source)
{
    struct plan *plan = planner->plan;
    struct str ending = name_ending(source.path);

    if ((ending.len > 0 || planner->capsule->placing == PLACE_BY_FOLDER) &&
        is_ignored(planner->capsule, source.path)) {
        return;
    }
    if (!source_is_text(&source) && is_for_host(source.path)) {
        return;
    }
    if (source_is_text(&source)) {
        if (planner->capsule->blog.dialect->data_files && data_is_file(source.path)) {
            add_data(planner, &source);
            return;
        }
        if (ending.len == 0) {
            source.kind = SOURCE_ASSET;
        } else if (is_passed_over(planner->capsule, source.path) ||
                   (source.kind != SOURCE_PAGE &&
                    !place_text(planner->capsule, source.path, &source.kind))) {
            return;
        }
    }
    if (source.kind == SOURCE_ASSET) {
        source.path = asset_path(planner->arena, planner->capsule, source.path);
        if (source.path.len == 0) {
            return;
        }
    }
    if (source_is_text(&source)) {
        name_read(&source, planner->capsule);
    }
    *ARENA_PUSH(planner->arena, plan->sources, plan->count, &plan->capacity) = source;
}

static void plan_folder(struct planner *planner, enum source_kind kind, const struct words *folders,
                        struct str folder)
{
    struct str skip[SKIP_MAX];
    size_t skip_count = other_folders(planner->capsule, folders, folder, skip);
    struct walk walk = { 0 };
    const char *dir = join(planner->arena, planner->capsule->blog.dir, folder);
    struct str above = STR("");

    if (kind <= SOURCE_ENTRY && kind != SOURCE_PAGE) {
        above = place_of_folder(planner->capsule, folder);
    } else if (kind == SOURCE_ASSET) {
        above = name_last(folder);
    }
    *ARENA_PUSH(planner->arena, planner->plan->folders.items, planner->plan->folders.count,
                &planner->plan->folder_capacity) = str_from(dir);
    planner->folder = folder;
    walk_folder(planner->arena, dir, skip, skip_count, &walk, planner->diag);
    for (size_t i = 0; i < walk.count; i++) {
        struct str path = walk.files[i].path;

        if (above.len > 0) {
            path = ARENA_CONCAT(planner->arena, above, STR("/"), path);
        }
        add_source(planner, (struct source){ .kind = kind,
                                             .file = walk.files[i].file,
                                             .path = path,
                                             .stamp = walk.files[i].stamp });
    }
}

static void plan_folders(struct planner *planner, enum source_kind kind,
                         const struct words *folders)
{
    for (size_t i = 0; i < folders->count; i++) {
        plan_folder(planner, kind, folders, folders->items[i]);
    }
}

/* ---- translations ---------------------------------------------------------------------------- */

static bool is_configured(const struct capsule *capsule, struct str language)
{
    for (size_t i = 0; i < capsule->languages.count; i++) {
        if (str_equal_nocase(capsule->languages.items[i], language)) {
            return true;
        }
    }
    return false;
}

/* "vue.js.md" is no text in a language called "js". */
static void undo_language(struct source *source)
{
    if (str_ends_with(str_first(source->path, source->path.len - name_ending(source->path).len),
                      source->language)) {
        source->name.len += source->language.len + 1;
        source->stem.len += source->language.len + 1;
    }
    source->language = STR("");
}

/* Under which path translations of a text look for it: the folder of the capsule's own language
 * does not count. */
static struct str original_path(const struct planner *planner, const struct source *source)
{
    return source->language.len > 0 && language_same(source->language, planner->capsule->language)
               ? name_original(planner->arena, source)
               : source->path;
}

/* A text in the capsule's own language is no translation; one that has an original is; one that has
 * none is a post in another language, if the blog knows that language. */
static void settle_languages(struct planner *planner)
{
    const struct capsule *capsule = planner->capsule;
    struct plan *plan = planner->plan;
    struct map paths;

    map_init(&paths, planner->arena);
    for (size_t i = 0; i < plan->count; i++) {
        map_add(&paths, original_path(planner, &plan->sources[i]), i);
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct source *source = &plan->sources[i];
        size_t original;

        if (source->language.len == 0) {
            continue;
        }
        if (map_find(&paths, name_original(planner->arena, source), &original) && original != i) {
            source->original = plan->sources[original].path;
        }
        if (language_same(source->language, capsule->language)) {
            source->language = STR("");
            source->original = STR("");
        } else if (source->original.len == 0 && !is_configured(capsule, source->language)) {
            undo_language(source);
        }
    }
}

/* Of a blog whose posts are in folders, the few texts beside those are pages, dated or not:
 * programs that make new files date them all. */
static void settle_top(struct planner *planner)
{
    struct plan *plan = planner->plan;
    size_t top = 0;
    size_t deeper = 0;

    for (size_t i = 0; i < plan->count; i++) {
        const struct source *source = &plan->sources[i];

        if (source->kind == SOURCE_EITHER) {
            top += source->folders.len == 0;
            deeper += source->folders.len > 0;
        }
    }
    if (planner->capsule->placing != PLACE_BY_DATE || top > TOP_MAX || top * 3 > deeper) {
        return;
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct source *source = &plan->sources[i];

        if (source->kind == SOURCE_EITHER && source->folders.len == 0 && !source->has_date) {
            source->kind = SOURCE_PAGE;
        }
    }
}

static void settle_data(struct planner *planner)
{
    struct plan *plan = planner->plan;

    for (size_t i = 0; i < plan->count && plan->data.count > 0; i++) {
        if (source_is_text(&plan->sources[i])) {
            data_find(planner->arena, &planner->data, plan->data.items, &plan->sources[i]);
        }
    }
}

static void list_files(struct planner *planner)
{
    struct plan *plan = planner->plan;
    size_t capacity = 0;

    for (size_t i = 0; i < plan->count; i++) {
        if (!source_is_text(&plan->sources[i])) {
            *ARENA_PUSH(planner->arena, plan->files, plan->file_count, &capacity) =
                &plan->sources[i];
        }
    }
}

void plan_make(struct plan *plan, struct arena *arena, const struct capsule *capsule,
               struct diag *diag)
{
    struct planner planner = { .plan = plan, .arena = arena, .capsule = capsule, .diag = diag };

    *plan = (struct plan){ 0 };
    map_init(&planner.data, arena);
    plan_folders(&planner, SOURCE_POST, &capsule->posts);
    plan_folders(&planner, SOURCE_PAGE, &capsule->pages);
    plan_folders(&planner, SOURCE_STATIC, &capsule->statics);
    plan_folders(&planner, SOURCE_ASSET, &capsule->assets);
    settle_languages(&planner);
    settle_top(&planner);
    settle_data(&planner);
    list_files(&planner);
}
