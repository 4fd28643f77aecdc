/* serve: wishes from the command line and a file, everything they need, one page for a person, and
 * then the master until it is told to stop. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "commands.h"
#include "protocol/gemini.h"
#include "protocol/gopher.h"
#include "server/config.h"
#include "server/confine.h"
#include "server/generation.h"
#include "server/master.h"

static const char usage[] =
    "usage: splashdown serve [OPTIONS] [DIR...]\n"
    "\n"
    "Serve capsules over Gemini, and over Gopher if wanted: folders of posts, with or without a "
    "capsule.yaml. Without DIR, "
    "the\n"
    "current folder.\n"
    "\n"
    "  --config FILE   read settings from FILE (splashdown.yaml); options here count more\n"
    "  --listen ADDR   ADDR:PORT, [ADDR]:PORT, :PORT for all addresses, PORT for loopback only;\n"
    "                  may be repeated (default: [::]:1965, which is all addresses)\n"
    "  --gopher[=ADDR] serve over Gopher, too; ADDR as for --listen (default: :70), may be "
    "repeated\n"
    "  --host NAME     a name the capsule answers to, instead of those in capsule.yaml; may be\n"
    "                  repeated, the first is the canonical one\n"
    "  --certs DIR     keep certificates and keys in DIR (default: $STATE_DIRECTORY/certs,\n"
    "                  $XDG_STATE_HOME/splashdown/certs or ~/.local/state/splashdown/certs)\n"
    "  --workers N     how many processes serve (default: one for each core, at least two)\n"
    "  --drafts        show drafts and scheduled posts too, marked; on loopback only\n"
    "  --single        serve in this process alone, for debuggers and tests\n"
    "  --log LEVEL     the least urgent messages to log: error, warning, info, debug\n"
    "                  (default: info)\n"
    "  --help          show this\n"
    "\n"
    "SIGHUP reloads. SIGTERM and SIGINT stop it once the answers on their way are finished; a "
    "second\n"
    "one at once. SIGUSR1 begins a log file anew that was moved away; SIGUSR2 has the status\n"
    "logged.\n"
    "Exit status: 0 when it was stopped, 1 when it could not serve, 2 for a command line that\n"
    "makes no sense.\n";

static const struct place command_line = { NULL, 0 };

/* ---- the command line ----------------------------------------------------------------------- */

/* What was said there. It counts more than the file, wherever it stands. */
struct wishes {
    const char *config_file;
    struct words dirs;
    struct words hosts;
    struct words listens;
    struct words gophers; /* likewise */
    struct str certs;
    unsigned long workers;
    int log;
    bool drafts;
    bool single;
};

enum {
    OPTION_CONFIG = 256,
    OPTION_LISTEN,
    OPTION_GOPHER,
    OPTION_HOST,
    OPTION_CERTS,
    OPTION_WORKERS,
    OPTION_DRAFTS,
    OPTION_SINGLE,
    OPTION_LOG
};

static void add_word(struct words *words, const char *text)
{
    words->items[words->count++] = str_from(text); /* there is room for every argument */
}

static bool read_level(const char *text, int *level)
{
    for (int i = 0; log_level_names[i] != NULL; i++) {
        if (strcmp(text, log_level_names[i]) == 0) {
            *level = i;
            return true;
        }
    }
    fprintf(stderr, "splashdown serve: --log is error, warning, info or debug, not '%s'\n", text);
    return false;
}

static bool read_workers(const char *text, unsigned long *workers)
{
    if (str_parse_number(str_from(text), CONFIG_WORKERS_MAX, workers) && *workers > 0) {
        return true;
    }
    fprintf(stderr, "splashdown serve: --workers is a number from 1 to %d, not '%s'\n",
            CONFIG_WORKERS_MAX, text);
    return false;
}

/* One option; false when it makes no sense. */
static bool read_option(int option, struct wishes *wishes)
{
    switch (option) {
    case OPTION_CONFIG:
        wishes->config_file = optarg;
        return true;
    case OPTION_LISTEN:
        add_word(&wishes->listens, optarg);
        return true;
    case OPTION_GOPHER:
        add_word(&wishes->gophers, optarg);
        return true;
    case OPTION_HOST:
        add_word(&wishes->hosts, optarg);
        return true;
    case OPTION_CERTS:
        wishes->certs = str_from(optarg);
        return true;
    case OPTION_WORKERS:
        return read_workers(optarg, &wishes->workers);
    case OPTION_DRAFTS:
        wishes->drafts = true;
        return true;
    case OPTION_SINGLE:
        wishes->single = true;
        return true;
    case OPTION_LOG:
        return read_level(optarg, &wishes->log);
    default:
        return false; /* getopt has said what is wrong */
    }
}

/* --gopher may stand alone, or before an address: what follows it may also be a folder or the next
 * option. Who has a folder named like an address writes ./70. */
static char *gopher_address(int argc, char **argv)
{
    static char usual[] = ":70";
    struct str text = optind < argc ? str_from(argv[optind]) : STR("");
    size_t digits = 0;

    while (digits < text.len && byte_is_digit(text.ptr[text.len - 1 - digits])) {
        digits++;
    }
    if (digits > 0 && (digits == text.len || text.ptr[text.len - 1 - digits] == ':')) {
        return argv[optind++];
    }
    return usual;
}

/* Returns false when there is nothing to serve, with *status set. */
static bool read_wishes(int argc, char **argv, struct wishes *wishes, int *status)
{
    static const struct option options[] = {
        { "config", required_argument, NULL, OPTION_CONFIG },
        { "listen", required_argument, NULL, OPTION_LISTEN },
        { "gopher", optional_argument, NULL, OPTION_GOPHER },
        { "host", required_argument, NULL, OPTION_HOST },
        { "certs", required_argument, NULL, OPTION_CERTS },
        { "workers", required_argument, NULL, OPTION_WORKERS },
        { "drafts", no_argument, NULL, OPTION_DRAFTS },
        { "single", no_argument, NULL, OPTION_SINGLE },
        { "log", required_argument, NULL, OPTION_LOG },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            *status = STATUS_OK;
            return false;
        }
        if (option == OPTION_GOPHER && optarg == NULL) {
            optarg = gopher_address(argc, argv);
        }
        if (!read_option(option, wishes)) {
            fputs("splashdown serve --help lists the options\n", stderr);
            *status = STATUS_USAGE;
            return false;
        }
    }
    for (int i = optind; i < argc; i++) {
        add_word(&wishes->dirs, argv[i]);
    }
    return true;
}

/* What is wished for counts instead of what the file says. */
static bool listen_at(struct arena *arena, struct config *config, const struct protocol *protocol,
                      const struct words *wishes, struct diag *diag)
{
    const struct listening wished = { .protocol = protocol };
    bool ok = true;

    if (wishes->count > 0) {
        config_unlisten(config, protocol);
    }
    for (size_t i = 0; i < wishes->count; i++) {
        ok = config_listen(arena, config, &wished, wishes->items[i], command_line, diag) && ok;
    }
    return ok;
}

/* The file first, then what was said besides: `arg` are the wishes. */
static bool make_config(struct arena *arena, struct config *config, struct diag *diag,
                        const void *arg)
{
    const struct wishes *wishes = arg;
    bool ok = wishes->config_file == NULL || config_load(arena, wishes->config_file, config, diag);

    if (wishes->dirs.count > 0) {
        config->capsules = wishes->dirs;
    }
    ok = listen_at(arena, config, &gemini, &wishes->listens, diag) && ok;
    ok = listen_at(arena, config, &gopher, &wishes->gophers, diag) && ok;
    config->hosts = wishes->hosts;
    config->certs = wishes->certs.len > 0 ? wishes->certs : config->certs;
    config->workers = wishes->workers > 0 ? wishes->workers : config->workers;
    config->log.level = wishes->log >= 0 ? wishes->log : config->log.level;
    config->drafts = wishes->drafts;
    config->single = wishes->single;
    return ok && config_complete(arena, config, diag);
}

/* ---- the page ------------------------------------------------------------------------------- */

static void print_url(const struct protocol *protocol, struct str host, unsigned long port)
{
    bool literal = str_find(host, ':') < host.len;

    printf("%s://%s%.*s%s", protocol->name, literal ? "[" : "", STR_ARG(host), literal ? "]" : "");
    if (port != protocol->default_port) {
        printf(":%lu", port);
    }
    puts("/");
}

static void print_counts(const struct published *published)
{
    printf("  %zu post%s, %zu draft%s, %zu scheduled", published->post_count,
           published->post_count == 1 ? "" : "s", published->draft_count,
           published->draft_count == 1 ? "" : "s", published->scheduled_count);
    if (published->broken_count > 0) {
        printf("; %zu file%s left out for errors", published->broken_count,
               published->broken_count == 1 ? "" : "s");
    }
    putchar('\n');
}

static void print_page(const struct config *config, const struct generation *generation)
{
    for (size_t i = 0; i < generation->capsules.count; i++) {
        const struct published *published = &generation->published[i];

        for (size_t j = 0; j < published->hosts.count; j++) {
            print_url(&gemini, published->hosts.items[j], config_port(config, &gemini));
        }
        if (generation->capsules.unnamed == &generation->capsules.each[i]) {
            struct str host = config->gopher_host;

            print_url(&gopher, host.len > 0 ? host : published->hosts.items[0],
                      config_port(config, &gopher));
        }
        printf("  from %s\n", published->dir);
        printf("  read as %.*s\n", STR_ARG(published->dialect));
        print_counts(published);
        for (size_t j = 0; j < published->certificates.count; j++) {
            certificate_print(&published->certificates.each[j], stdout);
        }
    }
    printf("certificates are kept in %.*s\n", STR_ARG(config->certs));
    fflush(stdout);
}

/* ---- the command ---------------------------------------------------------------------------- */

/* For a person as compilers write it; the journal is told how grave each of them is. A log that
 * goes elsewhere has them besides. */
static void print_problems(const struct generation *generation)
{
    if (log_is_for_journal() && str_equal(generation->config.log_to, STR("stderr"))) {
        generation_log_news(generation, NULL, NULL);
    } else {
        diag_print(&generation->problems, 0, stderr);
    }
}

/* All is read as the user we stay: what a reload could not read must fail now. */
static int serve(const struct wishes *wishes)
{
    const struct renewal renewal = { make_config, wishes };
    struct generation *generation = generation_create();
    struct diag *problems = &generation->problems;
    struct config *config = &generation->config;
    struct master *master = NULL;
    bool ok = make_config(generation->arena, config, problems, wishes);
    int status = STATUS_FAILED;

    if (ok) {
        log_configure(&config->log);
        master = master_create(config, problems);
        ok = master != NULL && confine_to_user(config->user, problems) &&
             master_open_log(master, config, problems);
    }
    if (ok) {
        const struct pause pause = master_pause(master);

        confine_secrets();
        ok = generation_load(generation, NULL, &pause);
    }
    print_problems(generation);
    if (ok) {
        print_page(config, generation);
        status =
            master_run(master, generation, &renewal) == EXIT_SUCCESS ? STATUS_OK : STATUS_FAILED;
    } else {
        generation_destroy(generation);
        status = master != NULL && master_is_stopping(master) ? STATUS_OK : STATUS_FAILED;
    }
    master_destroy(master);
    return status;
}

int command_serve(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct wishes wishes = { .log = -1 };
    int status;

    wishes.dirs.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    wishes.hosts.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    wishes.listens.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    wishes.gophers.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    if (read_wishes(argc, argv, &wishes, &status)) {
        status = serve(&wishes);
    }
    arena_destroy(arena);
    return status;
}
