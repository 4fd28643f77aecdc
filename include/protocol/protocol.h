/* What a protocol is to the rest of the house: one constant with two pure functions, one that says
 * when a request is whole and one that answers it. No sockets, no time. */
#ifndef PROTOCOL_PROTOCOL_H
#define PROTOCOL_PROTOCOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "render/edition.h"

/* What stands behind the status and its space. Source: gemini.md G35. */
#define ANSWER_HEADER_TEXT_MAX 1024
/* Two digits, a space, the text, CR LF. */
#define ANSWER_HEAD_MAX (2 + 1 + ANSWER_HEADER_TEXT_MAX + 2)

/* One capsule, as the network sees it. */
struct served {
    struct str *hosts; /* lower-case ASCII ("xn--"); the first is the canonical one */
    size_t host_count;
    const uint16_t *ports; /* what a URL's port may be */
    size_t port_count;
    struct edition *edition;
    atomic_uint *reads; /* of each page of the edition, by number; NULL: nobody counts */
};

/* Everyone we answer for. */
struct capsules {
    const struct served *each;
    size_t count;
    const struct served *unnamed; /* whom requests mean that name no host, as Gopher's; or NULL */
};

/* What the connection knows of the peer's wishes besides the request line. */
struct request_context {
    struct str sni; /* the TLS server name, lower-case; empty when none was sent, "*" when it was
                     * none of ours */
};

/* What to send. The body points into the edition (or is read from its descriptor), or it was made
 * for this request alone: the sender holds the edition, and what was made, until the last byte has
 * left. */
struct answer {
    int status; /* for the log; a Gopher error counts as one too */
    char head[ANSWER_HEAD_MAX];
    size_t head_len;
    struct str body;
    int fd;                  /* when not -1, the body is `size` bytes of this descriptor */
    uint64_t size;           /* of the body */
    struct edition *edition; /* what body and fd belong to; NULL when there is neither */
    atomic_uint *reads;      /* to be counted up when all of it is sent, or NULL */
    struct arena *made;      /* what the body was made in, for the sender to destroy; else NULL */
};

enum line_state {
    LINE_INCOMPLETE, /* read on */
    LINE_COMPLETE,   /* *length bytes of request, without its line end */
    LINE_TOO_LONG,   /* no request can come of this any more: refuse now */
    LINE_FOREIGN,    /* another protocol, in which nothing can be said: close */
};

struct protocol {
    const char *name;
    uint16_t default_port;
    bool tls;
    size_t line_max; /* bytes to keep room for, line end included */
    /* Look at what has come in so far; *length only on LINE_COMPLETE. */
    enum line_state (*scan)(struct str received, size_t *length);
    /* Answer a whole request line. Never fails: what is wrong becomes an error answer. */
    void (*answer)(const struct capsules *capsules, const struct request_context *context,
                   struct str line, struct answer *answer);
    /* The answer to LINE_TOO_LONG. */
    void (*refuse)(struct answer *answer);
    /* The answer to one who asks too fast, and may ask again in so many seconds. */
    void (*slow_down)(unsigned seconds, struct answer *answer);
};

#endif
