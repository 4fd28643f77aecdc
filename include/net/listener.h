/* Listening sockets: opened once, by the master; accepted from by the loop of each worker. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/ip.h"
#include "net/address.h"

struct event_base;

/* A socket that listens. Closed is { .fd = -1 }. */
struct listener {
    int fd;
    struct address address; /* where it really listens */
};

/*
 * Open sockets that share one port; the kernel spreads connections over them.
 *
 * each   `count` listeners, one for each worker; what they were before does not matter.
 * at     [::] takes IPv4 as well, and means 0.0.0.0 on a host without IPv6. An address marked
 *        if_possible whose family the host does not have leaves all of them closed.
 *
 * Returns false after reporting an error, with all of them closed. That somebody else listens
 * here is an error, even if they would share.
 */
bool listeners_open(struct listener *each, size_t count, const struct address *at,
                    struct diag *diag);

/*
 * The same for a socket that somebody else has opened and bound: all share it. It stays the
 * caller's.
 */
bool listeners_adopt(struct listener *each, size_t count, int fd, const struct address *at,
                     struct diag *diag);

/* A closed one is left alone. */
void listener_close(struct listener *listener);

struct acceptor;

/*
 * Accept connections in a loop.
 *
 * fd        a listening socket, which stays the caller's.
 * accepted  takes over each connection, non-blocking; returns false when it can take no more:
 *           then nothing is accepted until acceptor_resume.
 *
 * Returns NULL when the loop cannot watch the socket. When descriptors run out, those who connect
 * are sent away at once; other shortages are waited out.
 */
struct acceptor *acceptor_create(struct event_base *base, int fd,
                                 bool (*accepted)(int fd, const struct ip *peer, void *arg),
                                 void *arg);

void acceptor_resume(struct acceptor *acceptor);

/* Accept whoever has connected by now: before the socket closes, which would reset them. */
void acceptor_take_waiting(struct acceptor *acceptor);

/* Stops accepting. NULL is left alone. */
void acceptor_destroy(struct acceptor *acceptor);

#endif
