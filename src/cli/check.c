/* check: the same load as serve's, and every problem in it: for people in groups, for programs as
 * JSON. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/utf8.h"
#include "commands.h"
#include "content/site.h"
#include "render/edition.h"

#define GROUP_MAX 20 /* of one kind are shown, unless all are asked for */

static const char usage[] =
    "usage: splashdown check [OPTIONS] [DIR]\n"
    "\n"
    "Load the capsule in DIR (the current folder if none is given), serve nothing, and print\n"
    "every problem with its file and line, then a count. Problems of one kind stand together.\n"
    "\n"
    "  --format FORMAT  text, or json for programs (default: text)\n"
    "  --all            show all problems of a kind, not only the first 20\n"
    "  --help           show this\n"
    "\n"
    "Exit status: 0 when there is no problem at all, 1 when there is one, 2 for a command line\n"
    "that makes no sense.\n";

struct wishes {
    const char *dir;
    bool json;
    bool all;
};

/* ---- text ------------------------------------------------------------------------------------ */

static void print_count(const char *what, size_t count)
{
    printf("%zu %s%s", count, what, count == 1 ? "" : "s");
}

static bool same_kind(const struct problem *a, const struct problem *b)
{
    return a->severity == b->severity && strcmp(a->kind, b->kind) == 0;
}

/* The kind in words: its format, with a sign for each thing that differs. */
static void print_kind(const char *kind)
{
    while (*kind != '\0') {
        if (*kind == '%' && kind[1] != '%') {
            kind += 1 + strcspn(kind + 1, "sdufxzc");
            kind += *kind == 'z' ? 2 : 1;
            fputs("…", stdout);
        } else {
            putchar(*kind++);
        }
    }
}

/* All problems of a kind, from the first of them on; how many there are. */
static size_t print_group(const struct diag *diag, size_t first, bool all)
{
    size_t count = 0;

    for (size_t i = first; i < diag->count; i++) {
        if (same_kind(&diag->problems[i], &diag->problems[first]) && (count++ < GROUP_MAX || all)) {
            problem_print(&diag->problems[i], stdout);
        }
    }
    if (count > GROUP_MAX && !all) {
        printf("(and %zu more like these; --all shows them)\n", count - GROUP_MAX);
    }
    return count;
}

/* Each kind once, errors first: `firsts` are the indexes of the first problem of each. */
static size_t find_groups(const struct diag *diag, size_t *firsts)
{
    static const enum severity order[] = { DIAG_ERROR, DIAG_WARNING };
    size_t count = 0;

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        size_t from = count;

        for (size_t j = 0; j < diag->count; j++) {
            bool known = diag->problems[j].severity != order[i];

            for (size_t k = from; k < count && !known; k++) {
                known = same_kind(&diag->problems[j], &diag->problems[firsts[k]]);
            }
            if (!known) {
                firsts[count++] = j;
            }
        }
    }
    return count;
}

static void print_groups(const struct diag *diag, bool all)
{
    size_t *firsts = ARENA_ARRAY(diag->arena, size_t, diag->count);
    size_t *counts = ARENA_ARRAY(diag->arena, size_t, diag->count);
    size_t groups = find_groups(diag, firsts);

    for (size_t i = 0; i < groups; i++) {
        counts[i] = print_group(diag, firsts[i], all);
        putchar('\n');
    }
    for (size_t i = 0; i < groups && groups > 1; i++) {
        printf("%6zu  ", counts[i]);
        print_kind(diag->problems[firsts[i]].kind);
        putchar('\n');
    }
    if (groups > 1) {
        putchar('\n');
    }
}

static void print_summary(const struct site *site, const struct diag *diag)
{
    size_t problems = diag->errors + diag->warnings;

    if (site != NULL) {
        struct str dialect = blog_describe(site->arena, &site->capsule.blog);

        printf("read as %.*s\n", STR_ARG(dialect));
        print_count("post", site->post_count);
        fputs(", ", stdout);
        print_count("page", site->page_count);
        fputs(", ", stdout);
        if (site->translation_count > 0) {
            print_count("translation", site->translation_count);
            fputs(", ", stdout);
        }
        print_count("file", site->static_count);
        printf("; %zu drafts, %zu scheduled, %zu left out\n", site->draft_count,
               site->scheduled_count, site->broken_count);
    }
    if (problems == 0) {
        puts("no problems");
    } else {
        print_count("problem", problems);
        printf(": %zu errors, %zu warnings\n", diag->errors, diag->warnings);
    }
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Source: RFC 8259, section 7. */
static void print_string(struct str text)
{
    putchar('"');
    while (text.len > 0) {
        struct str before = text;
        uint32_t character = utf8_next(&text);

        if (character == '"' || character == '\\') {
            printf("\\%c", (char)character);
        } else if (character < ' ' || character == UTF8_REPLACEMENT) {
            printf("\\u%04x", character);
        } else {
            fwrite(before.ptr, 1, before.len - text.len, stdout);
        }
    }
    putchar('"');
}

static void print_member(const char *name, struct str value)
{
    printf("\"%s\": ", name);
    print_string(value);
}

static void print_problem(const struct problem *problem)
{
    fputs("    { ", stdout);
    if (problem->place.file != NULL) {
        print_member("file", str_from(problem->place.file));
        printf(", \"line\": %d, ", problem->place.line);
    }
    print_member("severity", problem->severity == DIAG_ERROR ? STR("error") : STR("warning"));
    fputs(", ", stdout);
    print_member("text", str_from(problem->text));
    fputs(" }", stdout);
}

static void print_json(const struct site *site, const struct diag *diag)
{
    puts("{");
    if (site != NULL) {
        fputs("  ", stdout);
        print_member("dialect", str_from(site->capsule.blog.dialect->name));
        printf(",\n  \"posts\": %zu,\n  \"pages\": %zu,\n  \"translations\": %zu,\n"
               "  \"files\": %zu,\n  \"drafts\": %zu,\n  \"scheduled\": %zu,\n"
               "  \"left_out\": %zu,\n",
               site->post_count, site->page_count, site->translation_count, site->static_count,
               site->draft_count, site->scheduled_count, site->broken_count);
    }
    printf("  \"errors\": %zu,\n  \"warnings\": %zu,\n  \"problems\": [", diag->errors,
           diag->warnings);
    for (size_t i = 0; i < diag->count; i++) {
        fputs(i == 0 ? "\n" : ",\n", stdout);
        print_problem(&diag->problems[i]);
    }
    puts(diag->count > 0 ? "\n  ]\n}" : "]\n}");
}

/* ---- the command ----------------------------------------------------------------------------- */

/* False when the command is done, with *status set. */
static bool read_wishes(int argc, char **argv, struct wishes *wishes, int *status)
{
    static const struct option options[] = {
        { "format", required_argument, NULL, 'f' },
        { "all", no_argument, NULL, 'a' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            *status = STATUS_OK;
            return false;
        }
        if (option == 'f' && (strcmp(optarg, "json") == 0 || strcmp(optarg, "text") == 0)) {
            wishes->json = strcmp(optarg, "json") == 0;
        } else if (option == 'a') {
            wishes->all = true;
        } else {
            if (option == 'f') {
                fprintf(stderr, "splashdown check: --format is text or json, not '%s'\n", optarg);
            }
            fputs("try: splashdown check --help\n", stderr);
            return false;
        }
    }
    if (argc - optind > 1) {
        fputs("check looks at one folder at a time; try: splashdown check --help\n", stderr);
        return false;
    }
    wishes->dir = optind < argc ? argv[optind] : ".";
    return true;
}

int command_check(int argc, char **argv)
{
    struct wishes wishes = { 0 };
    struct site_options options = { .now = (int64_t)time(NULL) };
    struct arena *arena;
    struct diag diag;
    struct site *site;
    int status;

    if (!read_wishes(argc, argv, &wishes, &status)) {
        return status;
    }
    arena = arena_create();
    diag_init(&diag, arena);
    site = site_load(wishes.dir, &options, &diag);
    if (site != NULL) {
        edition_release(edition_create(site, &(struct edition_options){ 0 }, &diag));
    }
    if (wishes.json) {
        print_json(site, &diag);
    } else {
        print_groups(&diag, wishes.all);
        print_summary(site, &diag);
    }
    status = diag.errors + diag.warnings == 0 ? STATUS_OK : STATUS_FAILED;
    site_release(site);
    arena_destroy(arena);
    return status;
}
