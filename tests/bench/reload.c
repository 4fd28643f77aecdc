/* Loading and rendering a folder of posts again, beside looking whether anything has changed in it,
 * which nobody can do without: processor time, the least of some rounds.
 *
 * usage: reload FOLDER [ROUNDS]
 *
 * The folder is written to: one of its files is touched before each round of "one changed", and
 * before each of "one more or less" it has another name. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "content/site.h"
#include "render/edition.h"

struct served {
    struct site *site;
    struct edition *edition;
};

enum change { NOTHING, TOUCHED, COME_OR_GONE };

static const char *folder;
static struct str touched; /* one of its files */

static double processor_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Every name and stamp below a folder. */
static void look_at(struct arena *arena, const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    struct stat status;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct str below = ARENA_CONCAT(arena, str_from(path), STR("/"), str_from(entry->d_name));

        if (entry->d_name[0] == '.' || lstat(below.ptr, &status) == -1) {
            continue;
        }
        if (S_ISDIR(status.st_mode)) {
            look_at(arena, below.ptr);
        } else if (str_ends_with(below, STR(".md"))) {
            touched = below;
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

/* In place of what was there before, and so late that every stamp is to be trusted. */
static void load(struct served *served, bool gopher)
{
    struct arena *arena = arena_create();
    struct site_options wanted = { .now = INT64_MAX / 2000000000, .before = served->site };
    struct edition_options options = { .gopher = gopher, .before = served->edition };
    struct served next;
    struct diag diag;

    diag_init(&diag, arena);
    next.site = site_load(folder, &wanted, &diag);
    if (next.site == NULL) {
        diag_print(&diag, 0, stderr);
        exit(EXIT_FAILURE);
    }
    next.edition = edition_create(next.site, &options, &diag);
    edition_release(served->edition);
    site_release(served->site);
    arena_destroy(arena);
    *served = next;
}

/* One file less, or one more: hidden files are nobody's. */
static void come_or_go(struct arena *arena, bool come)
{
    size_t name = touched.len;
    struct str hidden;

    while (touched.ptr[name - 1] != '/') {
        name--;
    }
    hidden = ARENA_CONCAT(arena, str_first(touched, name), STR("."), str_skip(touched, name));
    rename(come ? hidden.ptr : touched.ptr, come ? touched.ptr : hidden.ptr);
}

static double again(struct served *served, bool gopher, enum change change, int rounds)
{
    struct arena *arena = arena_create();
    double least = 1e9;

    for (int i = 0; i < rounds; i++) {
        double start;
        double took;

        if (change == TOUCHED) {
            utimensat(AT_FDCWD, touched.ptr, NULL, 0);
        } else if (change == COME_OR_GONE) {
            come_or_go(arena, i % 2 == 1);
        }
        start = processor_ms();
        load(served, gopher);
        took = processor_ms() - start;
        least = took < least ? took : least;
    }
    if (change == COME_OR_GONE && rounds % 2 == 1) {
        come_or_go(arena, true);
    }
    arena_destroy(arena);
    return least;
}

static void print_row(const char *name, double ms, double floor)
{
    printf("%-28s %8.1f ms  %6.2f\n", name, ms, ms / floor);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 10;
    struct arena *arena = arena_create();
    double floor = 1e9;

    if (argc < 2) {
        fputs("usage: reload FOLDER [ROUNDS]\n", stderr);
        return 2;
    }
    folder = argv[1];
    for (int i = 0; i < rounds; i++) {
        double start = processor_ms();

        look_at(arena, folder);
        floor = processor_ms() - start < floor ? processor_ms() - start : floor;
    }
    puts("                            processor   ratio");
    print_row("looking at every file", floor, floor);
    for (int gopher = 0; gopher <= 1; gopher++) {
        struct served served = { 0 };

        puts(gopher ? "gemini and gopher" : "gemini");
        print_row("  first", again(&served, gopher, NOTHING, 1), floor);
        print_row("  again, nothing changed", again(&served, gopher, NOTHING, rounds), floor);
        print_row("  again, one file changed", again(&served, gopher, TOUCHED, rounds), floor);
        print_row("  again, one more or less", again(&served, gopher, COME_OR_GONE, rounds), floor);
        edition_release(served.edition);
        site_release(served.site);
    }
    arena_destroy(arena);
    return 0;
}
