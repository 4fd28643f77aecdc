/* fetch: one address as a reader would ask for it, for people and for scripts. What they may say;
 * how to ask is each protocol's. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "fetch.h"

#define TIMEOUT_DEFAULT_S 10
#define TIMEOUT_MAX_S     3600

static const char usage[] =
    "usage: splashdown fetch [OPTIONS] URL\n"
    "\n"
    "Writes the header of the answer to standard error and its body to standard output.\n"
    "gemini:// may be left out. At a gopher:// address, which has no headers, the item type "
    "stands\n"
    "for one; texts and menus come without what Gopher puts to them, and on a terminal a menu is\n"
    "shown as gemtext.\n"
    "\n"
    "  --no-redirects     show a redirect instead of following it\n"
    "  --timeout SECONDS  give up after so long a silence (10)\n"
    "  --verbose          show the address connected to, and the certificate's fingerprint\n"
    "  --help             show this\n"
    "\n"
    "Exit status: 0 success, 10 input wanted, 30 a redirect that was not followed, 40 temporary\n"
    "failure, 50 permanent failure or a Gopher error, 60 certificate wanted; 1 no whole answer,\n"
    "2 wrong usage.\n";

static const struct scheme {
    struct str name;
    int (*fetch)(struct fetch *fetch, const struct url *url, const char **problem);
} schemes[] = {
    { STR_INIT("gemini"), fetch_gemini },
    { STR_INIT("gopher"), fetch_gopher },
};

static const struct place nowhere = { NULL, 0 };

void fetch_introduce(const struct fetch *fetch, const struct client *client)
{
    char fingerprint[CLIENT_FINGERPRINT_SIZE];
    char address[ADDRESS_TEXT_SIZE];

    if (fetch->verbose && client_fingerprint(client, fingerprint)) {
        fprintf(stderr, "certificate SHA-256 %s\n", fingerprint);
    }
    if (fetch->verbose) {
        fprintf(stderr, "connected to %s\n", client_address(client, address));
    }
}

static int fetch_url(struct fetch *fetch, struct str text, const char **problem)
{
    struct url url;

    if (!url_split(text, &url)) {
        *problem = "it is no address";
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (url_has_scheme(&url, schemes[i].name)) {
            return schemes[i].fetch(fetch, &url, problem);
        }
    }
    *problem = "only gemini:// and gopher:// addresses can be fetched";
    return STATUS_USAGE;
}

static int fetch_address(struct fetch *fetch, const char *address)
{
    struct str url = str_from(address);
    const char *problem = NULL;
    int status;

    if (str_find_str(url, STR("://")) == url.len) {
        url = arena_printf(fetch->arena, "gemini://%s", address);
    }
    status = fetch_url(fetch, url, &problem);
    if (problem != NULL) {
        diag_error(fetch->diag, nowhere, "cannot fetch '%.200s': %s", address, problem);
    }
    return status;
}

static bool read_timeout(const char *text, int *timeout_s)
{
    unsigned long seconds;

    if (!str_parse_number(str_from(text), TIMEOUT_MAX_S, &seconds) || seconds == 0) {
        fprintf(stderr, "fetch: --timeout takes seconds, from 1 to %d, not '%s'\n", TIMEOUT_MAX_S,
                text);
        return false;
    }
    *timeout_s = (int)seconds;
    return true;
}

/* Returns whether to go on; if not, *status is what to end with. */
static bool read_options(int argc, char **argv, struct fetch *fetch, int *status)
{
    static const struct option options[] = {
        { "no-redirects", no_argument, NULL, 'n' },
        { "timeout", required_argument, NULL, 't' },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "vh", options, NULL)) != -1) {
        switch (option) {
        case 'n':
            fetch->follow = false;
            break;
        case 'v':
            fetch->verbose = true;
            break;
        case 't':
            if (!read_timeout(optarg, &fetch->timeout_s)) {
                return false;
            }
            break;
        case 'h':
            fputs(usage, stdout);
            *status = STATUS_OK;
            return false;
        default:
            fputs("splashdown fetch --help lists the options\n", stderr);
            return false;
        }
    }
    if (argc - optind != 1) {
        fputs(usage, stderr);
        return false;
    }
    return true;
}

int command_fetch(int argc, char **argv)
{
    struct fetch fetch = { .follow = true, .timeout_s = TIMEOUT_DEFAULT_S };
    struct diag diag;
    int status;

    if (!read_options(argc, argv, &fetch, &status)) {
        return status;
    }
    fetch.arena = arena_create();
    fetch.diag = &diag;
    diag_init(&diag, fetch.arena);
    status = fetch_address(&fetch, argv[optind]);
    diag_print(&diag, 0, stderr);
    arena_destroy(fetch.arena);
    return status;
}
