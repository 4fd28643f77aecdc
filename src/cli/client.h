/* A client's connection, plain or with TLS, one set of verbs. Nothing here waits without a deadline
 * but the resolver, which has its own (resolv.conf). Every certificate is taken, as Gemini readers
 * do at first sight; what to think of the one it saw is left to the caller. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/hostname.h"
#include "base/str.h"
#include "net/address.h"
#include "protocol/url.h"

struct client;

struct client_target {
    char host[HOSTNAME_SIZE]; /* a name in ASCII, or an address without brackets */
    uint16_t port;
    bool tls;
    int timeout_s; /* to connect, and for all that follows until the deadline is restarted */
};

/* SHA-256 in hexadecimal, with colons, and a NUL. */
#define CLIENT_FINGERPRINT_SIZE (3 * 32)

/*
 * Fill in the host a URL names, and its port if it names one.
 *
 * Returns NULL, or in words why nothing can be asked of it.
 */
const char *client_aim(struct client_target *target, const struct url *url);

/*
 * Connect to the first address of the target that answers, and shake hands. A name is sent as
 * SNI, an address is not; localhost and the names below it are always this host. From here on the
 * process ignores SIGPIPE: a peer that goes away is reported like every other failure.
 *
 * Returns NULL after reporting an error.
 */
struct client *client_open(const struct client_target *target, struct diag *diag);

/* Orderly when the connection still allows it. NULL is left alone. */
void client_close(struct client *client);

/* Where the server was found, in numbers: "[::1]:70". Returns out. */
const char *client_address(const struct client *client, char out[ADDRESS_TEXT_SIZE]);

/* What the server's certificate is known by; false if it showed none. */
bool client_fingerprint(const struct client *client, char out[CLIENT_FINGERPRINT_SIZE]);

/* Returns false after reporting that not all of it could be sent in time. */
bool client_send(struct client *client, struct str bytes, struct diag *diag);

/* What happens from here on has the target's whole timeout again. */
void client_restart_deadline(struct client *client);

/*
 * Wait for bytes and read what has come, at most size of them.
 *
 * missing  what it means if none come: "the answer is truncated".
 *
 * Returns how many bytes there were; 0 when the server ended in order: by its close_notify, or
 * without TLS by closing, which says little; -1 after reporting an error, or when an earlier
 * call has.
 * Source: Gemini network protocol 0.24.1, "Closing connections"; RFC 1436, section 2.
 */
ssize_t client_receive(struct client *client, char *buffer, size_t size, const char *missing,
                       struct diag *diag);

#endif
