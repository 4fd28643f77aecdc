/* What kinds of connection have in common, for client.c and those who implement a kind. */
#ifndef CLI_CLIENT_KIND_H
#define CLI_CLIENT_KIND_H

#include "client.h"

struct ssl_st;
struct client_kind;

enum client_state {
    CLIENT_DONE,
    CLIENT_WAITS_TO_READ, /* not yet: ask again when the socket can be read */
    CLIENT_WAITS_TO_WRITE,
    CLIENT_ENDED,  /* by the server, in order */
    CLIENT_BROKEN, /* `reason` says why */
};

struct client {
    struct client_target target;
    const struct client_kind *kind;
    int fd;
    struct ssl_st *ssl;
    int64_t deadline_ms; /* CLOCK_MONOTONIC */
    bool failed;         /* to receive: reported already */
    const char *reason;  /* why the last operation failed, in words */
};

/* The verbs. None of them waits. */
struct client_kind {
    enum client_state (*handshake)(struct client *client);
    /* *sent counts on CLIENT_DONE, as *got does. */
    enum client_state (*send)(struct client *client, struct str bytes, size_t *sent);
    enum client_state (*receive)(struct client *client, char *buffer, size_t size, size_t *got);
    /* Say goodbye, and wait for no answer. */
    void (*end)(struct client *client);
};

extern const struct client_kind client_tls; /* client_tls.c */

#endif
