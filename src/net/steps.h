/* A connection, and what each step does with it. Moving from step to step is conn.c's alone. */
#ifndef NET_STEPS_H
#define NET_STEPS_H

#include <event2/event_struct.h>

#include "net/conn.h"
#include "stream.h"

enum conn_step {
    STEP_HANDSHAKE, /* a step for the PROXY header will stand before it */
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
    bool ended; /* the stream knows that nothing follows */
};

struct conn {
    struct conns *conns;
    const struct conns_options *options; /* theirs */
    struct conn *next;
    struct conn **from; /* what points to this one */
    struct event socket_event;
    struct event timer;
    short waiting; /* what socket_event waits for; 0 until it first does */
    enum conn_step step;
    bool arm;                /* the deadline has to begin, or to begin anew */
    bool late;               /* the step's deadline has passed */
    uint64_t reached_before; /* bytes that had reached the peer when the deadline began */
    int64_t born_ms;
    struct stream stream;
    struct response response;
    size_t discarded;
    size_t request_len; /* of the line, once it is whole */
    size_t received;
    char line[]; /* protocol->line_max bytes */
};

/* Each returns the next step, or its own to wait for the socket. */
enum conn_step run_handshake(struct conn *conn);
enum conn_step run_request(struct conn *conn);
enum conn_step run_response(struct conn *conn);
enum conn_step run_linger(struct conn *conn);

#endif
