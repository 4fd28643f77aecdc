/* Front matter, sampled: words that one generator's authors write, and others hardly ever. */
#include "signs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fields.h"
#include "base/file.h"
#include "base/hash.h"
#include "name.h"

#define FILES_MAX    4000 /* texts whose names are looked at */
#define FOLDERS_MAX  1000 /* and the folders they are in */
#define SAMPLES_MAX  40   /* of these are read, evenly spread: a folder is not like the next one */
#define SAMPLE_DEPTH 6
#define SAMPLE_SIZE  ((size_t)4096)

/* Words at the start of a line of front matter that speak for a dialect, and how loudly. Zola
 * refuses what it does not know, so `tags` at the top of TOML cannot be its. */
static const struct sign {
    const char *word;
    const char *dialect;
    int points;
} signs[] = {
    { "pubDatetime", "astropaper", 5 },
    { "postSlug", "astropaper-1", 9 },
    { "datetime", "astropaper-1", 2 },
    { "pubDate", "astro", 3 },
    { "heroImage", "astro", 2 },
    { "[taxonomies]", "zola", 5 },
    { "[extra]", "zola", 5 },
    { "template =", "zola", 5 },
    { "path =", "zola", 5 },
    { "sort_by =", "zola", 5 },
    { "+++", "hugo", 2 },
    { "tags =", "hugo", 2 },
    { "categories =", "hugo", 2 },
    { "{", "hugo", 2 },
    { "lastmod", "hugo", 1 },
    { "publishDate", "hugo", 1 },
    { "layout: post", "jekyll", 2 },
    { "redirect_from", "jekyll", 2 },
    { "eleventyNavigation", "eleventy", 4 },
    { "eleventyExcludeFromCollections", "eleventy", 4 },
    { "abbrlink", "hexo", 4 },
};

#define SIGN_COUNT (sizeof signs / sizeof signs[0])

struct sampler {
    struct arena *arena; /* freed once all is known */
    struct words files;
    size_t capacity;
    struct words folders;
    size_t folder_capacity;
    int points[SIGN_COUNT]; /* by the first sign that speaks for the same dialect */
    size_t silent;          /* samples that say nothing of themselves */
};

struct str signs_read_start(struct arena *arena, const char *path, size_t size)
{
    struct stat status;
    int fd = file_open(AT_FDCWD, path, &status);
    char *bytes = arena_alloc(arena, size);
    ssize_t got = fd != -1 ? read(fd, bytes, size) : 0;

    if (fd != -1) {
        close(fd);
    }
    return (struct str){ bytes, got > 0 ? (size_t)got : 0 };
}

bool signs_has_line(struct str text, const char *word)
{
    struct str wanted = str_from(word);
    struct str line;

    while (str_next_line(&text, &line)) {
        struct str rest = str_skip(line, wanted.len);

        if (str_starts_with(line, wanted) &&
            (rest.len == 0 || (!byte_is_alpha(*rest.ptr) && !byte_is_digit(*rest.ptr)))) {
            return true;
        }
    }
    return false;
}

/* ---- files ----------------------------------------------------------------------------------- */

static int no_foreign(const struct dirent *entry)
{
    return !file_name_is_foreign(entry->d_name);
}

static void gather_files(struct sampler *sampler, const char *dir, int depth);

/* What a folder says of its entries saves asking for each; not every file system does. */
static unsigned char type_of(const struct dirent *entry, const char *path)
{
    struct stat status;

    if (entry->d_type != DT_UNKNOWN || lstat(path, &status) == -1) {
        return entry->d_type;
    }
    return S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
}

static void gather_entry(struct sampler *sampler, const char *dir, const struct dirent *entry,
                         int depth)
{
    struct str path =
        ARENA_CONCAT(sampler->arena, str_from(dir), STR("/"), str_from(entry->d_name));
    unsigned char type = type_of(entry, path.ptr);

    if (type == DT_DIR && depth < SAMPLE_DEPTH) {
        gather_files(sampler, path.ptr, depth + 1);
    } else if (type == DT_REG && name_ending(path).len > 0 && !name_is_of_repository(path)) {
        *ARENA_PUSH(sampler->arena, sampler->files.items, sampler->files.count,
                    &sampler->capacity) = path;
    }
}

static void gather_files(struct sampler *sampler, const char *dir, int depth)
{
    struct dirent **entries;
    int count =
        sampler->folders.count < FOLDERS_MAX ? scandir(dir, &entries, no_foreign, alphasort) : -1;

    if (count >= 0) {
        *ARENA_PUSH(sampler->arena, sampler->folders.items, sampler->folders.count,
                    &sampler->folder_capacity) = str_from(dir);
    }
    for (int i = 0; i < count; i++) {
        if (sampler->files.count < FILES_MAX) {
            gather_entry(sampler, dir, entries[i], depth);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

/* Of a text's start, as much as may be front matter. */
static struct str head_of(struct str text)
{
    static const struct str fences[] = { STR_INIT("---"), STR_INIT("+++") };

    for (size_t i = 0; i < sizeof fences / sizeof fences[0]; i++) {
        if (str_starts_with(text, fences[i])) {
            struct str end = i == 0 ? STR("\n---") : STR("\n+++");

            return str_first(text, 3 + str_find_str(str_skip(text, 3), end));
        }
    }
    return str_first(text, str_starts_with(text, STR("{")) ? text.len : 0);
}

static size_t first_sign_of(const char *dialect)
{
    size_t i = 0;

    while (strcmp(signs[i].dialect, dialect) != 0) {
        i++;
    }
    return i;
}

static void sample_file(struct sampler *sampler, const char *dir, struct str path)
{
    struct str head = head_of(signs_read_start(sampler->arena, path.ptr, SAMPLE_SIZE));
    struct date date;

    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (signs_has_line(head, signs[i].word)) {
            sampler->points[first_sign_of(signs[i].dialect)] += signs[i].points;
        }
    }
    sampler->silent += head.len == 0 && !name_path_date(str_skip(path, strlen(dir)), &date);
}

static size_t sample_count(const struct sampler *sampler)
{
    return sampler->files.count < SAMPLES_MAX ? sampler->files.count : SAMPLES_MAX;
}

static struct str sample(const struct sampler *sampler, size_t index)
{
    return sampler->files.items[index * sampler->files.count / sample_count(sampler)];
}

static const struct dialect *loudest(const struct sampler *sampler)
{
    const char *best = NULL;
    int most = 1; /* one point is a coincidence */

    for (size_t i = 0; i < SIGN_COUNT; i++) {
        if (sampler->points[i] > most) {
            most = sampler->points[i];
            best = signs[i].dialect;
        }
    }
    return best != NULL ? dialect_find(str_from(best)) : NULL;
}

/* ---- what was looked at ---------------------------------------------------------------------- */

/* The folders tell of names, the samples of what is in them. */
static struct words list_seen(struct arena *arena, const struct sampler *sampler)
{
    size_t samples = sample_count(sampler);
    struct words seen = { ARENA_ARRAY(arena, struct str, sampler->folders.count + samples), 0 };

    for (size_t i = 0; i < sampler->folders.count; i++) {
        seen.items[seen.count++] = arena_copy(arena, sampler->folders.items[i]);
    }
    for (size_t i = 0; i < samples; i++) {
        seen.items[seen.count++] = arena_copy(arena, sample(sampler, i));
    }
    return seen;
}

static uint64_t stamp_seen(const struct words *seen, int64_t now)
{
    uint64_t hash = HASH_START;

    for (size_t i = 0; i < seen->count; i++) {
        struct file_stamp stamp;
        struct stat status;

        if (lstat(seen->items[i].ptr, &status) == -1) {
            return 0;
        }
        stamp = file_stamp(&status);
        if (file_stamp_is_fresh(&stamp, now)) {
            return 0;
        }
        hash = hash_bytes(hash, &stamp, sizeof stamp);
    }
    return hash;
}

static const struct signs *find(const struct signs *list, const char *dir)
{
    while (list != NULL && strcmp(list->dir, dir) != 0) {
        list = list->next;
    }
    return list;
}

/* The signs of an earlier time, if they are what would be found now; else NULL. */
static const struct signs *recall(const struct scout *scout, const char *dir)
{
    const struct signs *before = find(scout->before, dir);

    return before != NULL && before->stamp != 0 &&
                   stamp_seen(&before->seen, scout->now) == before->stamp
               ? before
               : NULL;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static struct signs look(const struct scout *scout, const char *dir)
{
    struct sampler sampler = { .arena = arena_create() };
    struct signs found = { 0 };

    gather_files(&sampler, dir, 0);
    found.texts = sampler.files.count;
    found.seen = list_seen(scout->arena, &sampler);
    found.stamp = stamp_seen(&found.seen, scout->now); /* before anything is read */
    for (size_t i = 0; i < sample_count(&sampler); i++) {
        sample_file(&sampler, dir, sample(&sampler, i));
    }
    found.dialect = loudest(&sampler);
    found.notes = sampler.silent * 2 > sample_count(&sampler);
    arena_destroy(sampler.arena);
    return found;
}

/* As it was found, wherever that lives. */
static struct signs own(struct arena *arena, const struct signs *found)
{
    struct signs copy = *found;

    copy.seen = words_copy(arena, &found->seen);
    return copy;
}

const struct signs *signs_of(struct scout *scout, const char *dir)
{
    const struct signs *known = find(scout->found, dir);
    const struct signs *before;
    struct signs *found;

    if (known != NULL) {
        return known;
    }
    before = recall(scout, dir);
    found = ARENA_NEW(scout->arena, struct signs);
    *found = before != NULL ? own(scout->arena, before) : look(scout, dir);
    found->dir = arena_copy(scout->arena, str_from(dir)).ptr;
    found->next = scout->found;
    scout->found = found;
    return found;
}
