/* Surveys of folders, and what the kernel tells of them in between. A change is what makes one
 * survey differ from another; what the kernel tells only says when it is worth a look. */
#include "watch.h"

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

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"

#define SETTLE_MS     150   /* of quiet, so that what is saved or pulled together comes together */
#define UNREST_MS     3000  /* but for a folder that is never quiet */
#define POLL_MS       1000  /* between surveys, where the kernel tells nothing */
#define BACKSTOP_MS   60000 /* where it does: for what it cannot tell of */
#define POLL_SHARE    50    /* a survey may take this part of the time between two */
#define RECHECK_MS    10000 /* of a clock that may jump, while a post waits for its hour */
#define SET_BACK_NS   NS_PER_S /* by as much it was; less is a clock being kept right */
#define FIRST_PAUSE   250      /* between generations that follow closely; then twice as long */
#define LAST_PAUSE    1000     /* an author who saves and saves again sees it within a second */
#define DEAR_PAUSE    10000    /* for generations that take seconds to make */
#define CLOSELY_MS    1000     /* after the one before, or within four of its pauses */
#define PAUSE_SHARE   4        /* a pause is at least so much longer than making a generation */
#define STAMP_STEP_NS 4000000  /* stamps of files lag so far behind the clock */
#define DEPTH_MAX     17       /* as deep as a site goes */

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

struct watch {
    int fd; /* inotify's; -1: there is none */
    int mode;
    struct arena *arena; /* of the targets */
    struct target *targets;
    size_t count;
    bool *whole; /* by the kernel's numbers: a folder in which everything counts */
    size_t whole_size;
    bool blind;        /* the kernel does not tell of all there is */
    uint64_t seen;     /* the survey that the last generation was made by */
    int64_t survey_ms; /* what that took */
    int64_t first_ms;  /* when something changed that was not looked at; 0: nothing has */
    int64_t last_ms;
    int64_t poll_ms; /* when to look in any case */
    int64_t rest_ms; /* no generation before that */
    int64_t made_ms;
    int64_t pause_ms;
    int64_t next_scheduled; /* seconds; 0: none, or it was said that its hour has come */
    int64_t read_since_ns;  /* the time of day by which the last generation was made */
};

const char *const watch_mode_names[] = { "auto", "poll", "off", NULL };

struct watch *watch_create(void)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (watch != NULL) {
        watch->mode = WATCH_OFF;
        watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    }
    return watch;
}

void watch_destroy(struct watch *watch)
{
    if (watch == NULL) {
        return;
    }
    if (watch->fd != -1) {
        close(watch->fd);
    }
    arena_destroy(watch->arena);
    free(watch->whole);
    free(watch);
}

int watch_fd(const struct watch *watch)
{
    return watch->fd;
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
static int hear_of(struct watch *watch, const char *folder)
{
    int number;

    if (watch->mode == WATCH_POLL) {
        watch->blind = true;
        return -1;
    }
    number = inotify_add_watch(watch->fd, folder, EVENTS); /* without inotify, EBADF */
    if (number == -1 && errno != ENOENT && errno != ENOTDIR && !watch->blind) {
        log_warn("looking for changes every second: cannot be told of those in %s: %s", folder,
                 strerror(errno));
        watch->blind = true;
    }
    return number;
}

static void hear_of_all(struct watch *watch, const char *folder)
{
    int number = hear_of(watch, folder);

    if (number < 0) {
        return;
    }
    if ((size_t)number >= watch->whole_size) {
        size_t size = (size_t)number * 2 + 64;
        bool *whole = realloc(watch->whole, size * sizeof *whole);

        if (whole == NULL) {
            watch->blind = true;
            return;
        }
        memset(whole + watch->whole_size, 0, (size - watch->whole_size) * sizeof *whole);
        watch->whole = whole;
        watch->whole_size = size;
    }
    watch->whole[number] = true;
}

/* Going by the name alone: a survey looks more closely. */
static bool is_own_name(const struct watch *watch, const char *name)
{
    bool own = false;

    for (size_t i = 0; i < watch->count; i++) {
        own |= watch->targets[i].kind == TARGET_OWN && strcmp(watch->targets[i].name, name) == 0;
    }
    return own;
}

static bool is_of_interest(const struct watch *watch, const struct inotify_event *event)
{
    const char *name = event->len > 0 ? event->name : "";

    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        return true;
    }
    if (event->wd >= 0 && (size_t)event->wd < watch->whole_size && watch->whole[event->wd] &&
        name[0] != '.' && !is_own_name(watch, name)) {
        return true;
    }
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->targets[i].above == event->wd && strcmp(watch->targets[i].name, name) == 0) {
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

static void hear(struct watch *watch)
{
    _Alignas(struct inotify_event) char bytes[16384];
    int64_t now = clock_ms();
    ssize_t len;

    while (watch->fd != -1 && (len = read(watch->fd, bytes, sizeof bytes)) > 0) {
        const struct inotify_event *event;

        for (const char *at = bytes; at < bytes + len; at += sizeof *event + event->len) {
            event = (const struct inotify_event *)(const void *)at;
            if (!is_of_interest(watch, event)) {
                continue;
            }
            watch->last_ms = now;
            if (watch->first_ms == 0 && !is_unfinished(event)) {
                watch->first_ms = now;
            }
        }
    }
}

/* ---- surveys --------------------------------------------------------------------------------- */

struct survey {
    struct watch *watch;
    uint64_t hash;     /* of all names and stamps, in whatever order */
    int64_t newest_ns; /* when the last change was, but for keys */
    bool in_keys;
};

/* Whether we write files of our own into a folder; with a name, whether that is one of them. */
static bool is_own(const struct watch *watch, const struct stat *folder, const char *name)
{
    for (size_t i = 0; i < watch->count; i++) {
        const struct target *target = &watch->targets[i];

        if (target->kind == TARGET_OWN && target->device == folder->st_dev &&
            target->inode == folder->st_ino && (name == NULL || strcmp(target->name, name) == 0)) {
            return true;
        }
    }
    return false;
}

/* A folder is told by what is in it. */
static void add_stamp(struct survey *survey, const char *path, const struct stat *status)
{
    struct file_stamp stamp = file_stamp(status);
    uint64_t hash = hash_bytes(HASH_START, path, strlen(path));
    bool folder = S_ISDIR(status->st_mode);

    survey->hash += folder ? hash : hash_bytes(hash, &stamp, sizeof stamp);
    if (!survey->in_keys && stamp.changed_ns > survey->newest_ns &&
        !(folder && is_own(survey->watch, status, NULL))) {
        survey->newest_ns = stamp.changed_ns;
    }
}

static void survey_folder(struct survey *survey, const char *path, int depth);

static void survey_entry(struct survey *survey, int above, const char *path, const char *name,
                         int depth)
{
    struct stat status;

    if (fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == -1) {
        return;
    }
    add_stamp(survey, path, &status);
    if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX) {
        survey_folder(survey, path, depth + 1);
    }
}

static void survey_folder(struct survey *survey, const char *path, int depth)
{
    char below[PATH_MAX];
    struct dirent *entry;
    struct stat status;
    DIR *folder;

    hear_of_all(survey->watch, path); /* first, so that nothing is missed */
    folder = opendir(path);
    if (folder == NULL) {
        return;
    }
    if (fstat(dirfd(folder), &status) == 0) {
        while ((entry = readdir(folder)) != NULL) {
            int len = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);

            if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof below &&
                !is_own(survey->watch, &status, entry->d_name)) {
                survey_entry(survey, dirfd(folder), below, entry->d_name, depth);
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

static void survey_target(struct survey *survey, struct target *target)
{
    struct watch *watch = survey->watch;
    char above[PATH_MAX];
    struct stat status;

    if (target->kind == TARGET_OWN) {
        return;
    }
    if (folder_above(target, above)) {
        target->above = hear_of(watch, above);
    }
    if (stat(target->path, &status) == -1) {
        return;
    }
    survey->in_keys = target->kind == TARGET_KEY;
    watch->blind |= watch->mode == WATCH_AUTO && is_shared(target->path);
    add_stamp(survey, target->path, &status);
    if (S_ISDIR(status.st_mode)) {
        survey_folder(survey, target->path, 0);
    }
}

static struct survey make_survey(struct watch *watch)
{
    struct survey survey = { .watch = watch };
    int64_t start = clock_ms();
    int64_t pause;

    watch->first_ms = 0;
    for (size_t i = 0; i < watch->count; i++) {
        find_own(&watch->targets[i]);
    }
    for (size_t i = 0; watch->mode != WATCH_OFF && i < watch->count; i++) {
        survey_target(&survey, &watch->targets[i]);
    }
    watch->survey_ms = clock_ms() - start;
    pause = watch->blind ? POLL_MS : BACKSTOP_MS;
    pause = pause < watch->survey_ms * POLL_SHARE ? watch->survey_ms * POLL_SHARE : pause;
    watch->poll_ms = clock_ms() + pause;
    return survey;
}

/* What changed just now may change again without another stamp: that is worth another look. */
void watch_note(struct watch *watch)
{
    struct survey survey = make_survey(watch);

    watch->seen = survey.hash;
    if (survey.newest_ns > clock_of_day_ns() - STAMP_STEP_NS) {
        watch->seen = ~watch->seen;
        watch->first_ms = watch->last_ms = clock_ms();
    }
}

/* ---- aim ------------------------------------------------------------------------------------- */

/* Paths first, then keys, then what is our own. */
static struct str aimed_at(const struct watch_aim *aim, size_t index, enum target_kind *kind)
{
    const struct words *lists[] = {
        [TARGET_PATH] = aim->paths, [TARGET_KEY] = aim->keys, [TARGET_OWN] = aim->own
    };

    *kind = TARGET_PATH;
    while (index >= lists[*kind]->count) {
        index -= lists[(*kind)++]->count;
    }
    return lists[*kind]->items[index];
}

static size_t count_aims(const struct watch_aim *aim)
{
    return aim->paths->count + aim->keys->count + aim->own->count;
}

static bool is_same_aim(const struct watch *watch, const struct watch_aim *aim)
{
    bool same = watch->mode == aim->mode && watch->count == count_aims(aim);

    for (size_t i = 0; same && i < watch->count; i++) {
        enum target_kind kind;

        same = str_equal(str_from(watch->targets[i].path), aimed_at(aim, i, &kind)) &&
               watch->targets[i].kind == kind;
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

void watch_take_aim(struct watch *watch, const struct watch_aim *aim)
{
    struct survey survey;

    watch->next_scheduled = aim->next_scheduled;
    watch->read_since_ns = aim->read_since_ns;
    if (is_same_aim(watch, aim)) {
        return;
    }
    watch->mode = aim->mode;
    watch->blind = false;
    arena_destroy(watch->arena);
    watch->arena = arena_create();
    watch->count = count_aims(aim);
    watch->targets = ARENA_ARRAY(watch->arena, struct target, watch->count);
    for (size_t i = 0; i < watch->count; i++) {
        enum target_kind kind;
        struct str path = aimed_at(aim, i, &kind);

        watch->targets[i] = make_target(watch->arena, path, kind);
    }
    survey = make_survey(watch);
    watch->seen = survey.hash;
    if (survey.newest_ns >= aim->read_since_ns - STAMP_STEP_NS) {
        watch->seen = ~watch->seen;
        watch->first_ms = watch->last_ms = clock_ms();
    }
}

/* ---- reasons --------------------------------------------------------------------------------- */

/* How long until the hour of the next post, by the clock of now. */
static int64_t scheduled_in_ms(const struct watch *watch, int64_t day_ns)
{
    return watch->next_scheduled == 0 ? INT64_MAX
                                      : (watch->next_scheduled * NS_PER_S - day_ns) / NS_PER_MS + 1;
}

/* Once for each occasion: a generation that could not be made for it is made when something has
 * been mended. */
static const char *clock_reason(struct watch *watch, int64_t day_ns)
{
    if (watch->next_scheduled != 0 && day_ns / NS_PER_S >= watch->next_scheduled) {
        watch->next_scheduled = 0;
        return "the hour of a post has come";
    }
    if (day_ns < watch->read_since_ns - SET_BACK_NS) {
        watch->read_since_ns = day_ns;
        return "the clock was set back";
    }
    return NULL;
}

static int64_t settled_ms(const struct watch *watch)
{
    int64_t quiet = watch->last_ms + SETTLE_MS;
    int64_t patience = watch->first_ms + UNREST_MS;

    return quiet < patience ? quiet : patience;
}

static int64_t next_look_ms(const struct watch *watch)
{
    int64_t due = watch->mode != WATCH_OFF && watch->count > 0 ? watch->poll_ms : INT64_MAX;

    return watch->first_ms != 0 ? clock_earlier(due, settled_ms(watch)) : due;
}

int64_t watch_due(const struct watch *watch, int64_t day_ns)
{
    int64_t due = next_look_ms(watch);
    int64_t hour = scheduled_in_ms(watch, day_ns);

    if (hour != INT64_MAX) {
        due = clock_earlier(due, clock_ms() + clock_earlier(hour, RECHECK_MS));
    }
    return due < watch->rest_ms ? watch->rest_ms : due;
}

const char *watch_reason(struct watch *watch, int64_t day_ns)
{
    const char *reason;
    uint64_t seen = watch->seen;

    hear(watch);
    if (clock_ms() < watch->rest_ms) {
        return NULL;
    }
    reason = clock_reason(watch, day_ns);
    if (reason != NULL) {
        watch_note(watch);
        return reason;
    }
    if (clock_ms() < next_look_ms(watch)) {
        return NULL;
    }
    watch_note(watch);
    return watch->seen != seen ? "files have changed" : NULL;
}

void watch_rest(struct watch *watch, int64_t took_ms)
{
    int64_t now = clock_ms();
    int64_t since = now - watch->made_ms;

    if (since > CLOSELY_MS + 4 * watch->pause_ms) {
        watch->pause_ms = 0;
    } else {
        watch->pause_ms = watch->pause_ms == 0 ? FIRST_PAUSE : watch->pause_ms * 2;
    }
    if (watch->pause_ms > LAST_PAUSE) {
        watch->pause_ms = LAST_PAUSE;
    }
    if (watch->pause_ms < took_ms * PAUSE_SHARE) {
        watch->pause_ms = clock_earlier(took_ms * PAUSE_SHARE, DEAR_PAUSE);
    }
    watch->made_ms = now;
    watch->rest_ms = now + watch->pause_ms;
}
