/* splashdown.yaml: what an operator says about how it runs. The command line fills the same struct,
 * so that no setting needs a file. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/fields.h"
#include "base/log.h"
#include "net/address.h"
#include "net/conn.h"
#include "protocol/protocol.h"

#define CONFIG_WORKERS_MAX 256

/* How changed files are found: told by the kernel where it can, by looking, or not at all. */
enum watch_mode { WATCH_AUTO, WATCH_POLL, WATCH_OFF };

/* Their names in order, NULL at the end, for tables of choices. */
extern const char *const watch_mode_names[];

/* An address to listen on, and what is spoken there. */
struct listening {
    struct address address;
    const struct protocol *protocol;
    const struct ip_range
        *proxies; /* who alone connects here, with a PROXY header; NULL: anybody */
    size_t proxy_count;
};

struct config {
    const char *file;      /* what was read; NULL: none */
    struct words capsules; /* folders */
    struct words hosts;    /* instead of the names that the capsule has; only for one capsule */
    struct listening *listens;
    size_t listen_count;
    size_t listen_capacity;
    unsigned long gemini_port; /* what URLs carry when a forward stands between; 0: the listening
                                * one */
    unsigned long gopher_port; /* likewise, in menus */
    struct str gopher_host;    /* the name in menus; empty: the capsule's first */
    struct str gopher_capsule; /* which of the folders is served over Gopher, whose requests name
                                * none; empty: the first */
    struct str certs;          /* the folder; empty: config_complete chooses one */
    unsigned long workers;     /* 0: config_complete counts the cores */
    struct log_options log;
    struct str log_to; /* "stderr", "syslog", or a file */
    int watch;         /* enum watch_mode */
    bool drafts;       /* show drafts and scheduled posts; on loopback alone */
    bool single;       /* the worker is the process itself */
    struct str user;   /* whom to become; empty: who we are */
    int confine;       /* enum confine */
    struct str status; /* a file; empty: none */
    struct limits_options limits;
    struct conn_deadlines deadlines;
};

/* With nothing said yet. */
#define CONFIG_INIT                                                                                \
    ((struct config){ .log = LOG_DEFAULT,                                                          \
                      .log_to = STR("stderr"),                                                     \
                      .limits = LIMITS_DEFAULT,                                                    \
                      .deadlines = CONN_DEADLINES })

/*
 * Read the operator's file; its folders are relative to it.
 *
 * Returns false after reporting; what is right is filled all the same.
 */
bool config_load(struct arena *arena, const char *file, struct config *config, struct diag *diag);

/* Listen, as is said but for the address, at what a text means. Returns false after reporting that
 * it means nothing. */
bool config_listen(struct arena *arena, struct config *config, const struct listening *listening,
                   struct str text, struct place place, struct diag *diag);

/* Forget where a protocol was to listen. */
void config_unlisten(struct config *config, const struct protocol *protocol);

/* The first address at which a protocol listens, or NULL when it does not. */
const struct listening *config_listening(const struct config *config,
                                         const struct protocol *protocol);

/* The port that readers are told, or 0 when the protocol listens nowhere. */
unsigned long config_port(const struct config *config, const struct protocol *protocol);

/*
 * Put defaults where nothing was said: the current folder, sockets that systemd has opened by a
 * protocol's name, else all addresses at port 1965, two workers or one for each core, loopback free
 * of what is counted by address, and for certificates $STATE_DIRECTORY/certs (a systemd unit has
 * it), $XDG_STATE_HOME/splashdown/certs, or ~/.local/state/splashdown/certs.
 *
 * Returns false after reporting what cannot be guessed.
 */
bool config_complete(struct arena *arena, struct config *config, struct diag *diag);

/*
 * Leave as it was what only a restart can change: listen addresses, how many workers, whom they run
 * as and how confined. What was to change is reported as a warning.
 *
 * config   complete, newly read; gets copies, in its arena, of what it cannot have.
 * running  the one before.
 */
void config_keep(struct arena *arena, struct config *config, const struct config *running,
                 struct diag *diag);

#endif
