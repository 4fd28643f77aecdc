/* What counts where nothing was said, and whether all that was said goes together. */
#include "server/config.h"

#include <stdlib.h>
#include <unistd.h>

#include "protocol/gemini.h"
#include "protocol/gopher.h"
#include "systemd.h"

#define WORKERS_LEAST 2 /* one serves while the other is replaced */
#define COUNT(table)  (sizeof(table) / sizeof(table)[0])

static const struct place nowhere = { NULL, 0 };

/* Who connects from this host forwards for many others (an onion service, ssh, stunnel), or is the
 * operator. */
static const struct ip_range loopback[] = {
    { { { [10] = 0xFF, [11] = 0xFF, [12] = 127 } }, 104 },
    { { { [15] = 1 } }, 128 },
};

/* Where a program keeps what it must not lose. Sources: systemd.exec(5), StateDirectory=; XDG Base
 * Directory Specification, XDG_STATE_HOME. */
static struct str default_certs(struct arena *arena)
{
    const char *systemd = getenv("STATE_DIRECTORY");
    const char *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (systemd != NULL && systemd[0] == '/') {
        struct str first;

        str_cut(str_from(systemd), ':', &first, NULL);
        return arena_printf(arena, "%.*s/certs", STR_ARG(first));
    }
    if (xdg != NULL && xdg[0] == '/') { /* a relative one is to be ignored */
        return arena_printf(arena, "%s/splashdown/certs", xdg);
    }
    if (home != NULL && home[0] == '/') {
        return arena_printf(arena, "%s/.local/state/splashdown/certs", home);
    }
    return STR("");
}

static unsigned long default_workers(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (cores < WORKERS_LEAST) {
        return WORKERS_LEAST;
    }
    return cores > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned long)cores;
}

/* What is not published is for its author: nobody else may be able to connect. */
static bool drafts_are_private(const struct config *config, struct diag *diag)
{
    for (size_t i = 0; config->drafts && i < config->listen_count; i++) {
        char text[ADDRESS_TEXT_SIZE];

        if (!address_is_loopback(&config->listens[i].address) ||
            config->listens[i].proxies != NULL) {
            diag_error(diag, (struct place){ NULL, 0 },
                       "drafts are shown on loopback only, and %s is for others too; "
                       "--listen PORT alone is loopback",
                       address_print(&config->listens[i].address, text));
            return false;
        }
    }
    return true;
}

/* Without a word on where a protocol is spoken, it is where the service manager has opened a socket
 * of its name. */
static void listen_where_opened(struct arena *arena, struct config *config,
                                const struct protocol *protocol)
{
    size_t count;
    const struct systemd_socket *sockets = systemd_sockets(&count);

    if (config_listening(config, protocol) != NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_equal(sockets[i].name, str_from(protocol->name))) {
            *ARENA_PUSH(arena, config->listens, config->listen_count, &config->listen_capacity) =
                (struct listening){ .address = sockets[i].address, .protocol = protocol };
        }
    }
}

/* Gopher has no names for several capsules, so one of them is it. */
static bool complete_gopher(struct config *config, struct diag *diag)
{
    if (config_listening(config, &gopher) == NULL) {
        return true;
    }
    if (config->gopher_capsule.len == 0) {
        config->gopher_capsule = config->capsules.items[0];
    }
    for (size_t i = 0; i < config->capsules.count; i++) {
        if (str_equal(config->capsules.items[i], config->gopher_capsule)) {
            return true;
        }
    }
    diag_error(diag, (struct place){ config->file, 0 },
               "'gopher': the capsule '%.*s' is none of those in 'capsules'",
               STR_ARG(config->gopher_capsule));
    return false;
}

/* Where nothing is said: this folder. */
static bool complete_capsules(struct arena *arena, struct config *config, struct diag *diag)
{
    if (config->capsules.count == 0) {
        config->capsules = (struct words){ ARENA_NEW(arena, struct str), 1 };
        config->capsules.items[0] = STR(".");
    }
    if (config->hosts.count > 0 && config->capsules.count > 1) {
        diag_error(diag, nowhere,
                   "host names on the command line are for one capsule; with "
                   "several, each says its own in capsule.yaml");
        return false;
    }
    return true;
}

static bool complete_listens(struct arena *arena, struct config *config, struct diag *diag)
{
    const struct listening usual = { .protocol = &gemini };

    listen_where_opened(arena, config, &gemini);
    listen_where_opened(arena, config, &gopher);
    return config_listening(config, &gemini) != NULL ||
           config_listen(arena, config, &usual, config->drafts ? STR("1965") : STR("[::]:1965"),
                         nowhere, diag);
}

static bool complete_certs(struct arena *arena, struct config *config, struct diag *diag)
{
    if (config->certs.len == 0) {
        config->certs = default_certs(arena);
    }
    if (config->certs.len == 0) {
        diag_error(diag, nowhere,
                   "no place to keep certificates: HOME is not set; name a folder "
                   "with --certs");
    }
    return config->certs.len > 0;
}

bool config_complete(struct arena *arena, struct config *config, struct diag *diag)
{
    if (config->workers == 0) {
        config->workers = default_workers();
    }
    if (config->limits.exempt == NULL) {
        config->limits.exempt = loopback;
        config->limits.exempt_count = COUNT(loopback);
    }
    return complete_capsules(arena, config, diag) && complete_listens(arena, config, diag) &&
           drafts_are_private(config, diag) && complete_gopher(config, diag) &&
           complete_certs(arena, config, diag);
}
