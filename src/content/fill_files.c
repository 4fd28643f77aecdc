/* The files that {% include %} names: the nearest of that name in a folder "_includes" at or above
 * the post's, never by a link or a way out of the blog. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clean.h"
#include "filler.h"
#include "name.h"

#define INCLUDE_MAX ((size_t)256 << 10) /* bytes of such a file; more is no part of a text */
#define PARTS_MAX   16                  /* of one name */

/* ---- stamps ---------------------------------------------------------------------------------- */

static struct file_stamp stamp_of(const char *file)
{
    struct stat status;

    return lstat(file, &status) == 0 ? file_stamp(&status) : (struct file_stamp){ 0 };
}

bool seen_file_is_same(const struct seen_file *seen)
{
    struct file_stamp stamp = stamp_of(seen->file);

    return file_stamp_equal(&stamp, &seen->stamp);
}

static void see(struct filling *filling, struct str file)
{
    const char *own = arena_copy(filling->arena, file).ptr;

    *ARENA_PUSH(filling->arena, filling->seen, filling->seen_count, &filling->seen_capacity) =
        (struct seen_file){ own, stamp_of(own) };
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool is_sound(struct str name)
{
    struct str part;
    int parts = 0;

    for (bool more = true; more;) {
        more = str_cut(name, '/', &part, &name);
        if (part.len == 0 || *part.ptr == '.' || ++parts > PARTS_MAX) {
            return false;
        }
    }
    return true;
}

/* Read "a/b.md" below a folder, without following links. */
static bool read_below(struct arena *arena, struct str folder, struct str name, struct str *text)
{
    int fd = open(folder.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct str part = name;
    bool ok;

    while (fd != -1 && str_cut(name, '/', &part, &name)) {
        int next = openat(fd, arena_copy(arena, part).ptr,
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        close(fd);
        fd = next;
    }
    if (fd == -1) {
        return false;
    }
    ok = file_read(fd, arena_copy(arena, part).ptr, INCLUDE_MAX, arena, text);
    close(fd);
    return ok;
}

static bool take_file(struct filler *filler, struct str folder, struct str name, struct str *text)
{
    struct filling *filling = filler->filling;

    folder = folder.len > 0 ? arena_copy(filler->arena, folder) : STR(".");
    see(filling, ARENA_CONCAT(filler->arena, folder, STR("/"), name));
    if (!read_below(filler->arena, folder, name, text)) {
        return false;
    }
    *text = text_clean(filler->arena, *text, NULL);
    return true;
}

/* The same, with the endings that Eleventy adds by itself. */
static bool take_named(struct filler *filler, struct str folder, struct str name, struct str *text)
{
    static const struct str endings[] = { STR_INIT(".liquid"), STR_INIT(".njk"),
                                          STR_INIT(".html") };
    bool plain = *filler->filling->capsule->blog.dialect->own_values == '\0';

    if (take_file(filler, folder, name, text)) {
        return true;
    }
    for (size_t i = 0; plain && i < sizeof endings / sizeof endings[0]; i++) {
        if (take_file(filler, folder, ARENA_CONCAT(filler->arena, name, endings[i]), text)) {
            return true;
        }
    }
    return false;
}

/* "/a/b" to "/a", "a" to an empty text. */
static struct str folder_above(struct str path)
{
    size_t last = name_last(path).len;

    return str_first(path, path.len > last ? path.len - last - 1 : 0);
}

/* From the post's folder up to the top of the blog, which may be above the folder that is served.
 */
static bool take_nearest(struct filler *filler, struct str name, struct str *text)
{
    const struct filling *filling = filler->filling;
    const struct blog *blog = &filling->capsule->blog;
    struct str dir = str_from(blog->dir);
    struct str folder = folder_above(str_from(filling->source->file));
    struct str below = blog->below;

    name = ARENA_CONCAT(filler->arena, STR("_includes/"), name);
    for (; folder.len > dir.len && str_starts_with(folder, dir); folder = folder_above(folder)) {
        if (take_named(filler, folder, name, text)) {
            return true;
        }
    }
    for (; below.len > 0; below = folder_above(below)) {
        folder = ARENA_CONCAT(filler->arena, str_from(blog->top), STR("/"), below);
        if (take_named(filler, folder, name, text)) {
            return true;
        }
    }
    return take_named(filler, str_from(blog->top), name, text);
}

bool filler_file(struct filler *filler, struct str name, bool beside, struct str *text)
{
    struct str folder = folder_above(str_from(filler->filling->source->file));
    struct str key;
    size_t index;

    if (str_starts_with(name, STR("./"))) {
        beside = true;
        name = str_skip(name, 2);
    }
    key = ARENA_CONCAT(filler->arena, beside ? STR("./") : STR(""), name);
    if (map_find(&filler->names, key, &index)) {
        *text = filler->texts[index];
        return text->ptr != NULL;
    }
    index = filler->names.count;
    if (!is_sound(name) || index >= NAMES_MAX ||
        !(beside ? take_named(filler, folder, name, text) : take_nearest(filler, name, text))) {
        *text = (struct str){ NULL, 0 };
    }
    if (index < NAMES_MAX) {
        map_add(&filler->names, key, index);
        filler->texts[index] = *text;
    }
    return text->ptr != NULL;
}
