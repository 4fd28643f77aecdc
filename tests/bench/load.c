/* Loading a folder of posts, beside what libcmark alone needs to parse the same files: processor
 * time and peak memory, each in a process of its own, in turn.
 *
 * usage: load FOLDER [ROUNDS] */
#include <cmark.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "content/site.h"

static const char *folder;

/* Every tree is kept, as every document of a site is. */
static void parse_alone(void)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        struct arena *scratch = arena_create();
        struct str text;
        const char *path = arena_printf(scratch, "%s/%s", folder, entries[i]->d_name).ptr;

        if (file_read(AT_FDCWD, path, (size_t)16 << 20, scratch, &text)) {
            cmark_parse_document(text.ptr, text.len, CMARK_OPT_DEFAULT);
        }
        arena_destroy(scratch);
    }
}

/* The same, and each tree is freed. */
static void parse_and_free(void)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        struct arena *scratch = arena_create();
        struct str text;
        const char *path = arena_printf(scratch, "%s/%s", folder, entries[i]->d_name).ptr;

        if (file_read(AT_FDCWD, path, (size_t)16 << 20, scratch, &text)) {
            cmark_node_free(cmark_parse_document(text.ptr, text.len, CMARK_OPT_DEFAULT));
        }
        arena_destroy(scratch);
    }
}

static void load(void)
{
    struct arena *arena = arena_create();
    struct site_options options = { .now = INT64_MAX / 2 };
    struct diag diag;

    diag_init(&diag, arena);
    site_load(folder, &options, &diag);
}

static struct rusage measure(void (*run)(void))
{
    struct rusage usage = { 0 };
    pid_t child = fork();
    int status;

    if (child == 0) {
        run();
        _exit(EXIT_SUCCESS);
    }
    wait4(child, &status, 0, &usage);
    return usage;
}

static double seconds(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static void print_row(const char *name, const struct rusage *usage, const struct rusage *floor)
{
    printf("%-28s %6.2f s  %7ld KiB   %5.2f  %5.2f\n", name, seconds(usage), usage->ru_maxrss,
           seconds(usage) / seconds(floor), (double)usage->ru_maxrss / (double)floor->ru_maxrss);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 3;

    if (argc < 2) {
        fputs("usage: load FOLDER [ROUNDS]\n", stderr);
        return 2;
    }
    folder = argv[1];
    measure(parse_and_free); /* so that nobody waits for the disk */
    puts("                             processor    memory    ratios");
    for (int i = 0; i < rounds; i++) {
        struct rusage floor = measure(parse_alone);
        struct rusage freed = measure(parse_and_free);
        struct rusage loaded = measure(load);

        print_row("libcmark, trees kept", &floor, &floor);
        print_row("libcmark, trees freed", &freed, &floor);
        print_row("site_load", &loaded, &floor);
        fflush(stdout);
    }
    return 0;
}
