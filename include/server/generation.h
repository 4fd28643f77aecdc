/* A generation: everything workers are born with, made from the operator's wishes and the authors'
 * folders, and never changed once it is served. */
#ifndef SERVER_GENERATION_H
#define SERVER_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/pause.h"
#include "net/tls.h"
#include "protocol/protocol.h"
#include "server/certificate.h"
#include "server/config.h"

struct site;

/* A capsule as it was loaded. */
struct published {
    const char *dir;
    struct site *site; /* what was read, held: the next generation takes over what is unchanged */
    struct words hosts;
    struct str dialect; /* "Hugo, by hugo.toml" */
    size_t post_count;
    size_t draft_count;
    size_t scheduled_count;
    size_t broken_count; /* files left out for an error */
    struct certificates certificates;
};

struct generation {
    struct arena *arena;
    struct config config;   /* its texts live in the arena */
    struct diag problems;   /* what was wrong */
    unsigned number;        /* the first is 1 */
    int64_t began_ns;       /* the time of day when it was begun to be read */
    int64_t born;           /* the same in seconds: by this hour posts are there or not */
    int64_t next_scheduled; /* when the first post comes that was held back; 0: there is none */
    struct capsules capsules;
    struct words paths;          /* all it was made from, there or not: files, and folders with
                                  * what is below them */
    struct words keys;           /* likewise, of certificates */
    struct published *published; /* as many as there are capsules, in their order */
    struct tls *tls;
};

/* An empty one, for the caller to fill in its config. */
struct generation *generation_create(void);

/*
 * Load every capsule, find or make its certificates, and get both ready to be served. The config
 * is complete.
 *
 * previous  the one that is served now; NULL for the first.
 * pause     for what is served meanwhile; NULL for nothing.
 *
 * Returns false after reporting, to its own problems, what keeps it from being served, or when a
 * pause has ended it.
 */
bool generation_load(struct generation *generation, const struct generation *previous,
                     const struct pause *pause);

/* Log what is wrong with a generation and was not wrong, word for word, with the one before, nor
 * named elsewhere, and which certificates are others. Either may be NULL. Returns whether anything
 * was wrong that was not known. */
bool generation_log_news(const struct generation *generation, const struct generation *previous,
                         const struct diag *named);

/* Warn in the log of certificates that expire, by the time of day in seconds. */
void generation_log_expiry(const struct generation *generation, int64_t now);

/* NULL is left alone. */
void generation_destroy(struct generation *generation);

#endif
