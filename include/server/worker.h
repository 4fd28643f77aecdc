/* A worker: one event loop over what it was born with. */
#ifndef SERVER_WORKER_H
#define SERVER_WORKER_H

#include <stddef.h>

#include "net/conn.h"
#include "net/listener.h"
#include "net/tls.h"
#include "protocol/protocol.h"
#include "server/config.h"
#include "server/confine.h"
#include "server/seats.h"

/* All that a worker can reach: the boundary that confinement closes behind it. */
struct heritage {
    struct listener *listeners;      /* some may be closed; all are, once it accepts no more */
    const struct listening *listens; /* what is spoken at each of them */
    size_t listener_count;
    struct tls *tls; /* a certificate for each name, chosen by SNI */
    struct capsules capsules;
    struct limits limits;
    size_t connections_max; /* this worker's share of all connections */
    struct conn_deadlines deadlines;
    struct seat *seat;                     /* where it counts what it does */
    const struct confinement *confinement; /* NULL: none */
    int lifeline;                          /* ends when the master does; -1 when there is none */
    int news; /* where it writes its pid once it accepts, and when it is told to stop and accepts
               * no more; -1: nobody waits */
};

/* How long a worker that is told to stop goes on with the answers it is giving. */
#define WORKER_DRAIN_S 10

/*
 * Serve until SIGTERM (without a master: SIGINT as well), then accept nothing more, finish what
 * was begun, and return. What is left is cut by the end of the master, or without one by a second
 * signal. SIGQUIT, for who has a successor, is the same without a hurry; SIGTERM may follow.
 *
 * These signals may be blocked by the caller, so that none is lost; they are taken from here on.
 *
 * Returns the exit status of the process.
 */
int worker_run(const struct heritage *heritage);

#endif
