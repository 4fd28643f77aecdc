/* A generation: everything workers are born with, made from the operator's wishes and the authors'
 * folders. What was wrong with it is in the caller's list of problems. */
#ifndef SERVER_GENERATION_H
#define SERVER_GENERATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "net/tls.h"
#include "protocol/protocol.h"
#include "server/certificate.h"
#include "server/config.h"

/* A capsule as it was loaded, for people. */
struct published {
    const char *dir;
    struct words hosts;
    size_t post_count;
    size_t draft_count;
    size_t scheduled_count;
    size_t broken_count; /* files left out for an error */
    struct certificates certificates;
};

struct generation {
    struct arena *arena;
    struct capsules capsules;
    struct published *published; /* as many as there are capsules, in their order */
    struct tls *tls;
};

/*
 * Load every capsule, find or make its certificates, and get both ready to be served.
 *
 * config  complete; it may go away afterwards.
 * now     seconds: posts dated later are held back.
 *
 * Returns NULL after reporting what keeps it from being served.
 */
struct generation *generation_create(const struct config *config, int64_t now, struct diag *diag);

/* NULL is left alone. */
void generation_destroy(struct generation *generation);

#endif
