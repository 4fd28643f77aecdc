/* Connections: each a table of steps, from the first byte of a request to the last of its answer,
 * with a deadline for every step. */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ip.h"
#include "net/counters.h"
#include "net/limits.h"
#include "net/tls.h"
#include "protocol/protocol.h"

struct event_base;
struct conns;

/* How long a peer may take, in milliseconds: for a whole step, not for each byte. */
struct conn_deadlines {
    int handshake_ms; /* a PROXY header before it may take as long again */
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
    const struct limits *limits; /* NULL for none */
    struct counters *counters;
    const struct ip_range *proxies; /* who sends a PROXY header first; NULL: nobody does */
    size_t proxy_count;
    void (*closed)(void *arg); /* one connection less than before; may be NULL */
    void *arg;
};

/* NULL when there is no memory for it. */
struct conns *conns_create(const struct conns_options *options);

/* Cuts what is still connected, without a word to `closed`. NULL is left alone. */
void conns_destroy(struct conns *conns);

/* Take over a connected, non-blocking socket, and read at once what has come on it; or end it at
 * once, if the limits do not admit this peer. */
void conns_accept(struct conns *conns, int fd, const struct ip *peer);

/* Cut the connection that has kept us waiting longest. Returns false when none does: all are taking
 * their answers. */
bool conns_crowd_out(struct conns *conns);

size_t conns_count(const struct conns *conns);

#endif
