/* Walking folders: openat from the folder above, so that nothing is resolved twice. */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_DEPTH_MAX 16

struct walker {
    struct arena *arena;
    const char *dir;
    const struct str *skip;
    size_t skip_count;
    struct walk *walk;
    struct diag *diag;
};

static const char *full_name(const struct walker *walker, struct str path)
{
    if (path.len == 0) {
        return walker->dir;
    }
    return ARENA_CONCAT(walker->arena, str_from(walker->dir), STR("/"), path).ptr;
}

static bool is_skipped(const struct walker *walker, struct str path)
{
    for (size_t i = 0; i < walker->skip_count; i++) {
        if (str_equal(path, walker->skip[i])) {
            return true;
        }
    }
    return false;
}

static void walk_open(struct walker *walker, int fd, struct str path, int depth);

static void walk_entry(struct walker *walker, int above, const char *name, struct str path,
                       int depth)
{
    struct place place = { full_name(walker, path), 0 };
    struct stat status;

    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == -1) {
        diag_error(walker->diag, place, "cannot be looked at: %s; left out", strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        if (!is_skipped(walker, path)) {
            int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

            walk_open(walker, fd, path, depth + 1);
        }
    } else if (S_ISREG(status.st_mode)) {
        *ARENA_PUSH(walker->arena, walker->walk->files, walker->walk->count,
                    &walker->walk->capacity) =
            (struct walk_file){ place.file, path, file_stamp(&status) };
    } else {
        diag_warn(walker->diag, place, "%s; left out",
                  S_ISLNK(status.st_mode) ? "a link to somewhere else is not followed"
                                          : "neither a file nor a folder");
    }
}

/* Takes over fd, which may be -1 with errno telling why. */
static void walk_open(struct walker *walker, int fd, struct str path, int depth)
{
    struct place place = { full_name(walker, path), 0 };
    DIR *folder = NULL;
    struct dirent *entry;

    if (depth > FOLDER_DEPTH_MAX) {
        diag_error(walker->diag, place, "folders nested more than %d deep; left out",
                   FOLDER_DEPTH_MAX);
    } else if (fd != -1) {
        folder = fdopendir(fd);
    }
    if (folder == NULL) {
        if (depth <= FOLDER_DEPTH_MAX && !(depth == 0 && errno == ENOENT)) {
            diag_error(walker->diag, place, "cannot be read: %s; left out", strerror(errno));
        }
        if (fd != -1) {
            close(fd);
        }
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (!file_name_is_foreign(entry->d_name)) {
            struct str below = ARENA_CONCAT(walker->arena, path, path.len > 0 ? STR("/") : STR(""),
                                            str_from(entry->d_name));

            walk_entry(walker, dirfd(folder), entry->d_name, below, depth);
        }
    }
    closedir(folder);
}

static int by_path(const void *a, const void *b)
{
    const struct walk_file *left = a;
    const struct walk_file *right = b;

    return str_compare(left->path, right->path);
}

void walk_folder(struct arena *arena, const char *dir, const struct str *skip, size_t skip_count,
                 struct walk *walk, struct diag *diag)
{
    struct walker walker = { arena, dir, skip, skip_count, walk, diag };
    size_t before = walk->count;

    walk_open(&walker, open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), STR(""), 0);
    if (walk->count > before) {
        qsort(walk->files + before, walk->count - before, sizeof *walk->files, by_path);
    }
}
