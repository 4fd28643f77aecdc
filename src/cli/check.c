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
#include "kinds.h"
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

/* Problems that stand together. */
struct group {
    enum severity severity;
    const struct kind *kind;
    size_t count;
};

/* Errors first; of those the kind there are most of. */
static int worst_first(const void *a, const void *b)
{
    const struct group *left = a;
    const struct group *right = b;

    if (left->severity != right->severity) {
        return left->severity == DIAG_ERROR ? -1 : 1;
    }
    return left->count != right->count ? (left->count < right->count) - (left->count > right->count)
                                       : (left->kind > right->kind) - (left->kind < right->kind);
}

static bool is_of(const struct problem *problem, const struct group *group)
{
    return problem->severity == group->severity && kind_of(problem) == group->kind;
}

/* One group for each kind there is; *groups has room for as many as there are problems. */
static size_t find_groups(const struct diag *diag, struct group *groups)
{
    size_t count = 0;

    for (size_t i = 0; i < diag->count; i++) {
        size_t j = 0;

        while (j < count && !is_of(&diag->problems[i], &groups[j])) {
            j++;
        }
        if (j == count) {
            groups[count++] =
                (struct group){ diag->problems[i].severity, kind_of(&diag->problems[i]), 0 };
        }
        groups[j].count++;
    }
    if (count > 1) {
        qsort(groups, count, sizeof groups[0], worst_first);
    }
    return count;
}

static void print_group(const struct diag *diag, const struct group *group, bool all)
{
    size_t shown = 0;

    for (size_t i = 0; i < diag->count; i++) {
        if (is_of(&diag->problems[i], group) && (shown++ < GROUP_MAX || all)) {
            problem_print(&diag->problems[i], stdout);
        }
    }
    if (shown > GROUP_MAX && !all) {
        printf("(and %zu more like these; --all shows them)\n", shown - GROUP_MAX);
    }
    putchar('\n');
}

static void print_groups(const struct diag *diag, bool all)
{
    struct group *groups = ARENA_ARRAY(diag->arena, struct group, diag->count);
    size_t count = find_groups(diag, groups);

    for (size_t i = 0; i < count; i++) {
        print_group(diag, &groups[i], all);
    }
    for (size_t i = 0; i < count && count > 1; i++) {
        const struct group *group = &groups[i];
        bool same = i > 0 && groups[i - 1].severity == group->severity;

        printf("%-9s%6zu  %s\n",
               same                            ? ""
               : group->severity == DIAG_ERROR ? "errors"
                                               : "warnings",
               group->count, group->count == 1 ? group->kind->one : group->kind->many);
    }
    if (count > 1) {
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
        fputs("; ", stdout);
        print_count("draft", site->draft_count);
        printf(", %zu scheduled, %zu left out\n", site->scheduled_count, site->broken_count);
    }
    if (problems == 0) {
        puts("no problems");
    } else {
        print_count("problem", problems);
        fputs(": ", stdout);
        print_count("error", diag->errors);
        fputs(", ", stdout);
        print_count("warning", diag->warnings);
        putchar('\n');
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
    print_member("kind", str_from(kind_of(problem)->one));
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
        edition_release(edition_create(site, &(struct edition_options){ .gopher = true }, &diag));
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
