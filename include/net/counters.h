/* What connections of one kind have done so far. Plain numbers, each written by one process. */
#ifndef NET_COUNTERS_H
#define NET_COUNTERS_H

#include <stdint.h>

#include "net/limits.h"

#define COUNTERS_STATUS_MAX 70 /* a status is less than this */

/* Why a handshake came to nothing. */
enum handshake_failure {
    HANDSHAKE_LEFT,    /* the peer went away */
    HANDSHAKE_LATE,    /* the deadline passed */
    HANDSHAKE_NO_TLS,  /* what came was something else: HTTP, a scan, plain text */
    HANDSHAKE_VERSION, /* only older versions of TLS */
    HANDSHAKE_ALERT,   /* the peer did not like what it saw, for example our certificate */
    HANDSHAKE_OTHER,
    HANDSHAKE_FAILURE_COUNT
};

extern const char *const handshake_failure_names[HANDSHAKE_FAILURE_COUNT];

struct counters {
    uint64_t accepted; /* connections */
    uint64_t open;     /* of these, now */
    uint64_t requests[COUNTERS_STATUS_MAX];
    uint64_t bytes; /* of bodies */
    uint64_t handshakes_failed[HANDSHAKE_FAILURE_COUNT];
    uint64_t proxies_refused; /* no header, a wrong one, or from somebody who may not send one */
    uint64_t late;            /* cut because a deadline passed */
    uint64_t crowded_out;     /* cut to make room, because all were taken */
    uint64_t limited[LIMIT_COUNT];
};

void counters_add(struct counters *to, const struct counters *counters);

#endif
