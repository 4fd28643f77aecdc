/* Connections: each a table of steps, from the first byte of a request to the last of its answer,
 * with a deadline for every step. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stddef.h>

#include "net/tls.h"
#include "protocol/protocol.h"

struct event_base;
struct conns;

/* How long a peer may take, in milliseconds: for a whole step, not for each byte. */
struct conn_deadlines {
    int handshake_ms;
    int request_ms;
    int response_ms; /* for each 64 KiB, so that a long answer ends only when nobody reads it */
    int linger_ms;
};

/* Source: gemini.md G6, G21. */
#define CONN_DEADLINES ((struct conn_deadlines){ 10000, 10000, 30000, 2000 })

/* What connections of one kind share. Everything here outlives them. */
struct conns_options {
    struct event_base *base;
    const struct protocol *protocol;
    const struct capsules *capsules;
    struct tls *tls; /* NULL for protocols without */
    struct conn_deadlines deadlines;
    void (*closed)(void *arg); /* one connection less than before; may be NULL */
    void *arg;
};

/* NULL when there is no memory for it. */
struct conns *conns_create(const struct conns_options *options);

/* Cuts what is still connected, without a word to `closed`. NULL is left alone. */
void conns_destroy(struct conns *conns);

/* Take over a connected, non-blocking socket, and read at once what has come on it. */
void conns_accept(struct conns *conns, int fd);

size_t conns_count(const struct conns *conns);

#endif
