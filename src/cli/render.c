/* render: one page of the same load as serve's, as its readers will see it. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/diag.h"
#include "commands.h"
#include "content/site.h"
#include "gopher_text.h"
#include "render/edition.h"

static const char render_help[] =
    "usage: splashdown render [--as PROTOCOL] FILE\n"
    "\n"
    "Print the page that a post or a page becomes, drafts too. The capsule it belongs to is the\n"
    "nearest folder above it with a capsule.yaml, else the blog whose generator's configuration\n"
    "is above it, else the folder it is in. Problems of this file go to standard error. On a\n"
    "terminal the page is coloured, unless NO_COLOR is set.\n"
    "\n"
    "  --as PROTOCOL  as readers see it over gemini (the default) or gopher\n"
    "  --help         show this\n"
    "\n"
    "Exit status: 0, 1 when there is no page, 2 for a command line that makes no sense.\n";

static void cut_last_part(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash != NULL) {
        slash[slash == path] = '\0';
    }
}

/* The top of the blog that a folder is part of, when its generator's configuration says so. */
static void find_blog(char dir[PATH_MAX])
{
    struct arena *arena = arena_create();
    struct blog blog = blog_find(arena, dir, NULL, true, NULL, 0);

    if (blog.configured && blog.below.len > 0) {
        snprintf(dir, PATH_MAX, "%s", blog.top);
    }
    arena_destroy(arena);
}

/* The folder of the capsule a file belongs to. */
static void find_capsule(const char *file, char dir[PATH_MAX])
{
    char above[PATH_MAX];

    snprintf(dir, PATH_MAX, "%s", file);
    cut_last_part(dir);
    snprintf(above, sizeof above, "%s", dir);
    for (;;) {
        char name[PATH_MAX + sizeof CAPSULE_FILE + 1];

        snprintf(name, sizeof name, "%s/%s", above, CAPSULE_FILE);
        if (access(name, F_OK) == 0) {
            snprintf(dir, PATH_MAX, "%s", above);
            return;
        }
        if (strcmp(above, "/") == 0) {
            find_blog(dir);
            return;
        }
        cut_last_part(above);
    }
}

static const struct post *find_among(struct post *const *posts, size_t count, const char *file)
{
    for (size_t i = 0; i < count; i++) {
        char real[PATH_MAX];

        if (realpath(posts[i]->file, real) != NULL && strcmp(real, file) == 0) {
            return posts[i];
        }
    }
    return NULL;
}

static const struct post *find_post(const struct site *site, const char *file)
{
    const struct post *post = find_among(site->posts, site->post_count, file);

    if (post == NULL) {
        post = find_among(site->pages, site->page_count, file);
    }
    return post != NULL ? post : find_among(site->translations, site->translation_count, file);
}

/* The colour of a gemtext line, by its first bytes. */
static const char *line_colour(struct str line)
{
    static const struct {
        struct str start;
        const char *colour;
    } colours[] = {
        { STR_INIT("#"), "\033[1m" },
        { STR_INIT("=>"), "\033[34m" },
        { STR_INIT(">"), "\033[3m" },
        { STR_INIT("* "), "\033[36m" },
    };

    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (str_starts_with(line, colours[i].start)) {
            return colours[i].colour;
        }
    }
    return NULL;
}

static void print_coloured(struct str text)
{
    struct str line;
    bool preformatted = false;

    while (str_next_line(&text, &line)) {
        bool toggle = str_starts_with(line, STR("```"));
        const char *colour = toggle || preformatted ? "\033[2m" : line_colour(line);

        preformatted ^= toggle;
        if (colour == NULL) {
            printf("%.*s\n", STR_ARG(line));
        } else {
            printf("%s%.*s\033[0m\n", colour, STR_ARG(line));
        }
    }
}

static void print_page(struct str body)
{
    const char *no_colour = getenv("NO_COLOR");

    if (isatty(STDOUT_FILENO) && (no_colour == NULL || *no_colour == '\0')) {
        print_coloured(body);
    } else {
        fwrite(body.ptr, 1, body.len, stdout);
    }
}

/* Problems of one file alone: its neighbours' are check's business. */
static void print_own_problems(const struct diag *diag, const char *file)
{
    for (size_t i = 0; i < diag->count; i++) {
        const char *named = diag->problems[i].place.file;
        char real[PATH_MAX];

        if (named != NULL && realpath(named, real) != NULL && strcmp(real, file) == 0) {
            struct diag one = *diag;

            one.problems += i;
            one.count = 1;
            one.errors = one.warnings = 0;
            diag_print(&one, 0, stderr);
        }
    }
}

static void print_line(void *arg, const struct gopher_line *line)
{
    (void)arg;
    fwrite(line->text.ptr, 1, line->text.len, stdout);
    if (line->ends) {
        putchar('\n');
    }
}

/* What is sent, as a client makes text of it again. */
static bool print_gopher(struct str body, struct diag *diag)
{
    struct gopher_text text;

    gopher_text_init(&text, print_line, NULL);
    gopher_text_add(&text, body);
    return gopher_text_end(&text, diag);
}

static int render_file(const char *file, enum edition_table table)
{
    struct arena *arena = arena_create();
    struct diag diag;
    struct site_options options = { .now = (int64_t)time(NULL), .drafts = DRAFTS_KEPT };
    char dir[PATH_MAX];
    struct site *site;
    const struct post *post;
    int status = STATUS_FAILED;

    diag_init(&diag, arena);
    find_capsule(file, dir);
    site = site_load(dir, &options, &diag);
    print_own_problems(&diag, file);
    post = site != NULL ? find_post(site, file) : NULL;
    if (post != NULL) {
        const struct edition_options wanted = { .gopher = table == EDITION_GOPHER };
        struct edition *edition = edition_create(site, &wanted, &diag);
        struct str body = edition_find(edition, table, post->path)->body;
        bool ok = true;

        if (table == EDITION_GOPHER) {
            ok = print_gopher(body, &diag);
        } else {
            print_page(body);
        }
        edition_release(edition);
        status = ok ? STATUS_OK : STATUS_FAILED;
    } else {
        fprintf(stderr, "splashdown: %s has no page in the capsule %s\n", file, dir);
    }
    site_release(site);
    arena_destroy(arena);
    return status;
}

static bool read_table(const char *name, enum edition_table *table)
{
    static const char *const names[] = { [EDITION_GEMINI] = "gemini", [EDITION_GOPHER] = "gopher" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            *table = (enum edition_table)i;
            return true;
        }
    }
    fprintf(stderr, "splashdown render: --as is gemini or gopher, not '%s'\n", name);
    return false;
}

/* False when the command is done, with *status set. */
static bool read_options(int argc, char **argv, enum edition_table *table, int *status)
{
    static const struct option options[] = {
        { "as", required_argument, NULL, 'a' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    optind = 1;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'a' && read_table(optarg, table)) {
            continue;
        }
        if (option == 'h') {
            fputs(render_help, stdout);
            *status = STATUS_OK;
        } else {
            fputs("try: splashdown render --help\n", stderr);
            *status = STATUS_USAGE;
        }
        return false;
    }
    return true;
}

int command_render(int argc, char **argv)
{
    char file[PATH_MAX];
    enum edition_table table = EDITION_GEMINI;
    int status;

    if (!read_options(argc, argv, &table, &status)) {
        return status;
    }
    if (argc - optind != 1) {
        fputs("render wants one file; try: splashdown render --help\n", stderr);
        return STATUS_USAGE;
    }
    if (realpath(argv[optind], file) == NULL) {
        fprintf(stderr, "splashdown: %s: %s\n", argv[optind], strerror(errno));
        return STATUS_FAILED;
    }
    return render_file(file, table);
}
