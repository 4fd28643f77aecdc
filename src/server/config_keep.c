/* What stays as it was while the server runs, whatever its file says by now. */
#include "server/config.h"

#include <string.h>

static bool same_listens(const struct config *a, const struct config *b)
{
    bool same = a->listen_count == b->listen_count;

    for (size_t i = 0; same && i < a->listen_count; i++) {
        same = a->listens[i].protocol == b->listens[i].protocol &&
               address_equal(&a->listens[i].address, &b->listens[i].address);
    }
    return same;
}

static void keep_listens(struct arena *arena, struct config *config, const struct config *running)
{
    config->listen_count = running->listen_count;
    config->listens = ARENA_ARRAY(arena, struct listening, running->listen_count);
    for (size_t i = 0; i < running->listen_count; i++) {
        struct listening *listening = &config->listens[i];
        struct ip_range *proxies;

        *listening = running->listens[i];
        if (listening->proxies != NULL) {
            proxies = ARENA_ARRAY(arena, struct ip_range, listening->proxy_count);
            memcpy(proxies, listening->proxies, listening->proxy_count * sizeof *proxies);
            listening->proxies = proxies;
        }
    }
}

void config_keep(struct arena *arena, struct config *config, const struct config *running,
                 struct diag *diag)
{
    const struct place nowhere = { NULL, 0 };

    if (!same_listens(config, running)) {
        diag_warn(diag, nowhere, "other addresses to listen on need a restart");
        keep_listens(arena, config, running);
    }
    if (config->workers != running->workers) {
        diag_warn(diag, nowhere, "another number of workers needs a restart");
        config->workers = running->workers;
    }
    if (!str_equal(config->user, running->user) || config->confine != running->confine) {
        diag_warn(diag, nowhere, "another user or confinement needs a restart");
        config->user = arena_copy(arena, running->user);
        config->confine = running->confine;
    }
    if (!str_equal(config->log_to, running->log_to)) {
        diag_warn(diag, nowhere, "another place for the log needs a restart");
        config->log_to = arena_copy(arena, running->log_to);
    }
    if (!str_equal(config->status, running->status)) {
        diag_warn(diag, nowhere, "another file for the status needs a restart");
        config->status = arena_copy(arena, running->status);
    }
    config->single = running->single;
}
