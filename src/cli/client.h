/* A Gemini client: one connection, one request, one answer. It takes every certificate, as Gemini
 * readers do at first sight; what to think of the one it saw is left to the caller. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"
#include "base/str.h"

struct client;
struct x509_st;

struct client_target {
    const char *host; /* a name in ASCII, or an address without brackets */
    uint16_t port;
    int timeout_s; /* to connect, shake hands and read the header; then for each pause in the body
                    */
};

/* The first line of an answer. */
struct client_header {
    int status;      /* from 10 to 69 */
    struct str line; /* whole, without its CR LF: foreign bytes */
    struct str text; /* what follows the status: a media type, an address, a prompt, a reason */
};

/*
 * Connect to the first address of the target that answers, and shake hands. A name is sent as
 * SNI, an address is not. From here on the process ignores SIGPIPE: a peer that goes away is
 * reported like every other failure.
 *
 * Returns NULL after reporting an error.
 */
struct client *client_open(const struct client_target *target, struct diag *diag);

/* Orderly when the connection still allows it. NULL is left alone. */
void client_close(struct client *client);

/* What the server showed; valid until client_close. NULL if it showed none. */
struct x509_st *client_certificate(const struct client *client);

/*
 * Send the request and read the header of its answer. To be called once.
 *
 * url     without CR LF, at most GEMINI_URL_MAX bytes.
 * header  filled on success; its parts are valid until client_close.
 *
 * Returns false after reporting an error: no header in time, or not a Gemini one.
 * Source: Gemini network protocol 0.24.1, "Requests" and "Responses".
 */
bool client_request(struct client *client, struct str url, struct client_header *header,
                    struct diag *diag);

/*
 * Read what has come of the body, at most size bytes.
 *
 * Returns how many bytes there were; 0 when the server ended the answer in order; -1 after
 * reporting that it did not, so that something may be missing.
 * Source: Gemini network protocol 0.24.1, "Closing connections".
 */
ssize_t client_read(struct client *client, char *buffer, size_t size, struct diag *diag);

#endif
