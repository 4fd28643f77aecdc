/* A connection, and what each step does with it. Moving from step to step is conn.c's alone. */
#ifndef NET_STEPS_H
#define NET_STEPS_H

#include <sys/queue.h> /* before event_struct.h, which would make do with pieces of it */

#include <event2/event_struct.h>

#include "base/log.h"
#include "net/conn.h"
#include "stream.h"

enum conn_step {
    STEP_PROXY, /* only where proxies connect */
    STEP_HANDSHAKE,
    STEP_REQUEST,
    STEP_RESPONSE,
    STEP_LINGER,
    STEP_END,
};

/* An answer on its way. */
struct response {
    int status; /* 0: there is none yet */
    struct str body;
    int fd; /* the body, if not -1 */
    uint64_t size;
    uint64_t taken; /* bytes of the body that the stream has taken */
    struct edition *edition;
    atomic_uint *reads; /* of the page */
    struct arena *made; /* what the body was made in, or NULL */
    bool ended;         /* the stream knows that nothing follows */
};

struct conn {
    struct conns *conns;
    const struct conns_options *options; /* theirs */
    TAILQ_ENTRY(conn) siblings;
    struct event socket_event;
    struct event timer;
    short waiting; /* what socket_event waits for; 0 until it first does */
    enum conn_step step;
    bool arm;                /* the deadline has to begin, or to begin anew */
    bool late;               /* the step's deadline has passed */
    uint64_t reached_before; /* bytes that had reached the peer when the deadline began */
    bool admitted;           /* counted by the limits */
    struct ip peer;          /* the reader, once the proxy's header is read */
    int64_t born_ms;
    struct stream stream;
    struct response response;
    size_t discarded;
    size_t request_len; /* of the line, once it is whole */
    size_t received;
    char *line; /* what is received: a request, before it perhaps a PROXY header; or NULL */
};

/* What is said at most once a minute. */
enum remark { REMARK_LIMIT, REMARK_STRANGER = LIMIT_COUNT, REMARK_CROWDED, REMARK_COUNT };

struct conns {
    struct conns_options options;
    TAILQ_HEAD(siblings, conn) all; /* the youngest first */
    size_t count;
    const struct timeval *deadlines[STEP_END]; /* all timers of one length are one queue */
    struct log_hush remarks[REMARK_COUNT];     /* the limits' own first */
    struct outbox outbox;
};

/* ---- admission.c: who may come in, and what is said of those who may not ---- */

/* Whether the peer may be a proxy. */
bool conn_is_proxy(struct conn *conn);

/* Whether the reader may have this connection; counts it, once. */
bool conn_admit(struct conn *conn);

/* After conn_admit, whatever it said. */
void conn_leave(struct conn *conn);

/* How many seconds the reader has to wait with this request; 0: not at all. */
unsigned conn_wait_s(struct conn *conn);

/* ---- steps.c ---- */

/* Each returns the next step, or its own to wait for the socket. */
enum conn_step run_proxy(struct conn *conn);
enum conn_step run_handshake(struct conn *conn);
enum conn_step run_request(struct conn *conn);
enum conn_step run_response(struct conn *conn);
enum conn_step run_linger(struct conn *conn);

#endif
