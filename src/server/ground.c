/* Walks over what is watched, and inotify. */
#include "ground.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

#define DEPTH_MAX 17 /* as deep as a site goes */

enum target_kind {
    TARGET_PATH,
    TARGET_KEY, /* where we may have written */
    TARGET_OWN, /* where we do write: not to be watched */
};

/* A path to watch: in the folder above it by its name, and when it is a folder all below it. */
struct target {
    const char *path;
    const char *name; /* its last part; empty: it has no folder above */
    int above;        /* what the kernel calls that folder; -1 when it does not tell of it */
    enum target_kind kind;
    dev_t device; /* of OWN: which folder is above it, whatever it is called */
    ino_t inode;
};

struct ground {
    int fd; /* inotify's; -1: there is none */
    int mode;
    struct arena *arena; /* of the targets */
    struct target *targets;
    size_t count;
    bool *whole; /* by the kernel's numbers: a folder in which everything counts */
    size_t whole_size;
    bool blind;
};

struct ground *ground_create(void)
{
    struct ground *ground = calloc(1, sizeof *ground);

    if (ground != NULL) {
        ground->mode = WATCH_OFF;
        ground->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    }
    return ground;
}

void ground_destroy(struct ground *ground)
{
    if (ground == NULL) {
        return;
    }
    if (ground->fd != -1) {
        close(ground->fd);
    }
    arena_destroy(ground->arena);
    free(ground->whole);
    free(ground);
}

int ground_fd(const struct ground *ground)
{
    return ground->fd;
}

bool ground_is_watched(const struct ground *ground)
{
    return ground->mode != WATCH_OFF && ground->count > 0;
}

bool ground_is_blind(const struct ground *ground)
{
    return ground->blind;
}

/* ---- targets --------------------------------------------------------------------------------- */

/* Paths first, then keys, then what is our own. */
static struct str aimed_at(const struct watch_aim *aim, size_t index, enum target_kind *kind)
{
    const struct words *lists[] = {
        [TARGET_PATH] = aim->paths, [TARGET_KEY] = aim->keys, [TARGET_OWN] = aim->own
    };

    for (*kind = TARGET_PATH; *kind < TARGET_OWN && index >= lists[*kind]->count; (*kind)++) {
        index -= lists[*kind]->count;
    }
    return lists[*kind]->items[index];
}

static size_t count_aims(const struct watch_aim *aim)
{
    return aim->paths->count + aim->keys->count + aim->own->count;
}

static bool is_same_aim(const struct ground *ground, const struct watch_aim *aim)
{
    bool same = ground->mode == aim->mode && ground->count == count_aims(aim);

    for (size_t i = 0; same && i < ground->count; i++) {
        enum target_kind kind;

        same = str_equal(str_from(ground->targets[i].path), aimed_at(aim, i, &kind)) &&
               ground->targets[i].kind == kind;
    }
    return same;
}

static struct target make_target(struct arena *arena, struct str path, enum target_kind kind)
{
    struct target target = { arena_copy(arena, path).ptr, "", -1, kind };
    const char *slash = strrchr(target.path, '/');
    const char *name = slash != NULL ? slash + 1 : target.path;

    if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
        target.name = name;
    }
    return target;
}

bool ground_take(struct ground *ground, const struct watch_aim *aim)
{
    if (is_same_aim(ground, aim)) {
        return false;
    }
    ground->mode = aim->mode;
    ground->blind = false;
    arena_destroy(ground->arena);
    ground->arena = arena_create();
    ground->count = count_aims(aim);
    ground->targets = ARENA_ARRAY(ground->arena, struct target, ground->count);
    for (size_t i = 0; i < ground->count; i++) {
        enum target_kind kind;
        struct str path = aimed_at(aim, i, &kind);

        ground->targets[i] = make_target(ground->arena, path, kind);
    }
    return true;
}

/* ---- what the kernel tells ------------------------------------------------------------------- */

#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM |              \
     IN_MOVED_TO | IN_EXCL_UNLINK | IN_ONLYDIR)

/* File systems on which others write, of whom this kernel does not know. Source: statfs(2). */
static bool is_shared(const char *path)
{
    static const unsigned long types[] = {
        0x6969,     /* NFS */
        0x517B,     /* SMB */
        0xFE534D42, /* SMB2 */
        0xFF534D42, /* CIFS */
        0x01021997, /* 9P */
        0x65735546, /* FUSE */
        0x00C36400, /* Ceph */
        0x5346414F, /* AFS */
        0x786F4256, /* VirtualBox */
    };
    struct statfs status;
    bool shared = false;

    if (statfs(path, &status) == -1) {
        return false;
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        shared |= (unsigned long)status.f_type == types[i];
    }
    return shared;
}

/* Be told of a folder. Returns the kernel's number for it, or -1. */
static int hear_of(struct ground *ground, const char *folder)
{
    int number;

    if (ground->mode == WATCH_POLL) {
        ground->blind = true;
        return -1;
    }
    number = inotify_add_watch(ground->fd, folder, EVENTS); /* without inotify, EBADF */
    if (number == -1 && errno != ENOENT && errno != ENOTDIR && !ground->blind) {
        log_warn("looking for changes every second: cannot be told of those in %s: %s", folder,
                 strerror(errno));
        ground->blind = true;
    }
    return number;
}

static void hear_of_all(struct ground *ground, const char *folder)
{
    int number = hear_of(ground, folder);

    if (number < 0) {
        return;
    }
    if ((size_t)number >= ground->whole_size) {
        size_t size = (size_t)number * 2 + 64;
        bool *whole = realloc(ground->whole, size * sizeof *whole);

        if (whole == NULL) {
            ground->blind = true;
            return;
        }
        memset(whole + ground->whole_size, 0, (size - ground->whole_size) * sizeof *whole);
        ground->whole = whole;
        ground->whole_size = size;
    }
    ground->whole[number] = true;
}

/* Going by the name alone: a survey looks more closely. */
static bool is_own_name(const struct ground *ground, const char *name)
{
    bool own = false;

    for (size_t i = 0; i < ground->count; i++) {
        own |= ground->targets[i].kind == TARGET_OWN && strcmp(ground->targets[i].name, name) == 0;
    }
    return own;
}

static bool is_of_interest(const struct ground *ground, const struct inotify_event *event)
{
    const char *name = event->len > 0 ? event->name : "";

    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        return true;
    }
    if (event->wd >= 0 && (size_t)event->wd < ground->whole_size && ground->whole[event->wd] &&
        name[0] != '.' && !is_own_name(ground, name)) {
        return true;
    }
    for (size_t i = 0; i < ground->count; i++) {
        if (ground->targets[i].above == event->wd && strcmp(ground->targets[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What is being written counts once it is closed. */
static bool is_unfinished(const struct inotify_event *event)
{
    return (event->mask & IN_MODIFY) != 0 ||
           ((event->mask & IN_CREATE) != 0 && (event->mask & IN_ISDIR) == 0);
}

enum news ground_hear(struct ground *ground)
{
    _Alignas(struct inotify_event) char bytes[16384];
    enum news news = NEWS_NONE;
    ssize_t len;

    while (ground->fd != -1 && (len = read(ground->fd, bytes, sizeof bytes)) > 0) {
        const struct inotify_event *event;

        for (const char *at = bytes; at < bytes + len; at += sizeof *event + event->len) {
            event = (const struct inotify_event *)(const void *)at;
            if (!is_of_interest(ground, event)) {
                continue;
            }
            if (!is_unfinished(event)) {
                news = NEWS_CHANGE;
            } else if (news == NEWS_NONE) {
                news = NEWS_UNFINISHED;
            }
        }
    }
    return news;
}

/* ---- surveys --------------------------------------------------------------------------------- */

struct surveyor {
    struct ground *ground;
    struct survey survey;
    bool in_keys;
};

/* Whether we write files of our own into a folder; with a name, whether that is one of them. */
static bool is_own(const struct ground *ground, const struct stat *folder, const char *name)
{
    for (size_t i = 0; i < ground->count; i++) {
        const struct target *target = &ground->targets[i];

        if (target->kind == TARGET_OWN && target->device == folder->st_dev &&
            target->inode == folder->st_ino && (name == NULL || strcmp(target->name, name) == 0)) {
            return true;
        }
    }
    return false;
}

/* A folder is told by what is in it. */
static void add_stamp(struct surveyor *surveyor, const char *path, const struct stat *status)
{
    struct file_stamp stamp = file_stamp(status);
    uint64_t hash = hash_bytes(HASH_START, path, strlen(path));
    bool folder = S_ISDIR(status->st_mode);

    surveyor->survey.hash += folder ? hash : hash_bytes(hash, &stamp, sizeof stamp);
    if (!surveyor->in_keys && stamp.changed_ns > surveyor->survey.newest_ns &&
        !(folder && is_own(surveyor->ground, status, NULL))) {
        surveyor->survey.newest_ns = stamp.changed_ns;
    }
}

static void survey_folder(struct surveyor *surveyor, const char *path, int depth);

static void survey_entry(struct surveyor *surveyor, int above, const char *path, const char *name,
                         int depth)
{
    struct stat status;

    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == -1) {
        return;
    }
    add_stamp(surveyor, path, &status);
    if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX) {
        survey_folder(surveyor, path, depth + 1);
    }
}

static void survey_folder(struct surveyor *surveyor, const char *path, int depth)
{
    char below[PATH_MAX];
    struct dirent *entry;
    struct stat status;
    DIR *folder;

    hear_of_all(surveyor->ground, path); /* first, so that nothing is missed */
    folder = opendir(path);
    if (folder == NULL) {
        return;
    }
    if (fstat(dirfd(folder), &status) == 0) {
        while ((entry = readdir(folder)) != NULL) {
            int len = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);

            if (!file_name_is_foreign(entry->d_name) && len > 0 && (size_t)len < sizeof below &&
                !is_own(surveyor->ground, &status, entry->d_name)) {
                survey_entry(surveyor, dirfd(folder), below, entry->d_name, depth);
            }
        }
    }
    closedir(folder);
}

/* The folder above a target; "." when its path has none. */
static bool folder_above(const struct target *target, char folder[PATH_MAX])
{
    size_t len = strlen(target->path) - strlen(target->name);

    if (target->name[0] == '\0' || len >= PATH_MAX) {
        return false;
    }
    snprintf(folder, PATH_MAX, "%.*s", len > 0 ? (int)len : 1, len > 0 ? target->path : ".");
    return true;
}

static void find_own(struct target *target)
{
    char above[PATH_MAX];
    struct stat status = { 0 };

    if (target->kind == TARGET_OWN && folder_above(target, above) && stat(above, &status) == 0) {
        target->device = status.st_dev;
        target->inode = status.st_ino;
    }
}

static void survey_target(struct surveyor *surveyor, struct target *target)
{
    struct ground *ground = surveyor->ground;
    char above[PATH_MAX];
    struct stat status;

    if (target->kind == TARGET_OWN) {
        return;
    }
    if (folder_above(target, above)) {
        target->above = hear_of(ground, above);
    }
    if (stat(target->path, &status) == -1) {
        return;
    }
    surveyor->in_keys = target->kind == TARGET_KEY;
    ground->blind |= ground->mode == WATCH_AUTO && is_shared(target->path);
    add_stamp(surveyor, target->path, &status);
    if (S_ISDIR(status.st_mode)) {
        survey_folder(surveyor, target->path, 0);
    }
}

struct survey ground_survey(struct ground *ground)
{
    struct surveyor surveyor = { .ground = ground };

    for (size_t i = 0; i < ground->count; i++) {
        find_own(&ground->targets[i]);
    }
    for (size_t i = 0; ground->mode != WATCH_OFF && i < ground->count; i++) {
        survey_target(&surveyor, &ground->targets[i]);
    }
    return surveyor.survey;
}
