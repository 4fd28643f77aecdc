/* One connection: a table of steps. What bytes mean is left to the protocol, how they travel to the
 * stream; here is only what comes next, and until when. */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "base/log.h"
#include "stream.h"

#define TURN_MAX       ((size_t)64 * 1024)   /* of an answer in one turn of the loop, then others */
#define PIECE_MAX      ((size_t)16 * 1024)   /* read from a file at once: a TLS record */
#define PROGRESS_LEAST ((uint64_t)64 * 1024) /* reached the peer: worth another deadline */
#define DISCARD_MAX    ((size_t)64 * 1024)   /* of what a peer sends after its request (G6) */
#define LOGGED_MAX     256                   /* bytes of a request in the log, escaped */

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

struct conns {
    struct conns_options options;
    struct conn *first;
    size_t count;
    const struct timeval *deadlines[STEP_END]; /* all timers of one length are one queue */
    struct outbox outbox;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the log -------------------------------------------------------------------------------- */

static void log_request(const struct conn *conn)
{
    const struct response *response = &conn->response;
    char request[LOGGED_MAX];

    if (response->status == 0 || !log_wants(LOG_INFO)) {
        return;
    }
    log_escape((struct str){ conn->line, conn->request_len }, request, sizeof request);
    log_info("request protocol=%s status=%d bytes=%llu ms=%lld path=\"%s\"%s",
             conn->conns->options.protocol->name, response->status,
             (unsigned long long)response->taken, (long long)(now_ms() - conn->born_ms), request,
             conn->step == STEP_RESPONSE ? " cut=yes" : "");
}

/* ---- steps: each returns the next one, or itself to wait ------------------------------------ */

/* Fails for every scanner that comes by: nothing an operator could mend. The peer gets its alert,
 * and time to read it. */
static enum conn_step run_handshake(struct conn *conn)
{
    switch (stream_handshake(&conn->stream)) {
    case STREAM_DONE:
        return STEP_REQUEST;
    case STREAM_AGAIN:
        return STEP_HANDSHAKE;
    case STREAM_CLOSED:
        return STEP_END;
    default:
        log_debug("TLS handshake failed");
        if (stream_flush(&conn->stream) != STREAM_DONE) {
            return STEP_END;
        }
        stream_half_close(&conn->stream);
        return STEP_LINGER;
    }
}

static enum conn_step begin_response(struct conn *conn, const struct answer *answer)
{
    struct response *response = &conn->response;
    size_t taken = 0;

    response->status = answer->status;
    response->body = answer->body;
    response->fd = answer->fd;
    response->size = answer->size;
    if (answer->edition != NULL) {
        response->edition = edition_hold(answer->edition);
    }
    if (stream_write(&conn->stream, answer->head, answer->head_len, &taken) != STREAM_DONE ||
        taken < answer->head_len) {
        return STEP_END; /* the outbox is never that full by our doing */
    }
    return STEP_RESPONSE;
}

static enum conn_step answer_request(struct conn *conn, size_t length)
{
    const struct conns_options *options = &conn->conns->options;
    struct request_context context = { .sni = conn->stream.name };
    struct answer answer = { .fd = -1 };

    conn->request_len = length;
    options->protocol->answer(options->capsules, &context, (struct str){ conn->line, length },
                              &answer);
    return begin_response(conn, &answer);
}

static enum conn_step refuse_request(struct conn *conn)
{
    struct answer answer = { .fd = -1 };

    conn->request_len = conn->received;
    conn->conns->options.protocol->refuse(&answer);
    return begin_response(conn, &answer);
}

static enum conn_step run_request(struct conn *conn)
{
    const struct protocol *protocol = conn->conns->options.protocol;

    for (;;) {
        size_t room = protocol->line_max - conn->received;
        size_t got;
        size_t length;
        enum stream_state state;

        if (room == 0) {
            return refuse_request(conn);
        }
        state = stream_read(&conn->stream, conn->line + conn->received, room, &got);
        if (state != STREAM_DONE) {
            return state == STREAM_AGAIN ? STEP_REQUEST : STEP_END;
        }
        conn->received += got;
        switch (protocol->scan((struct str){ conn->line, conn->received }, &length)) {
        case LINE_COMPLETE:
            return answer_request(conn, length);
        case LINE_TOO_LONG:
            return refuse_request(conn);
        case LINE_INCOMPLETE:
            break;
        }
    }
}

/* Give the stream the next bytes of the body: from memory all that the turn allows, from a file a
 * piece of them. */
static enum stream_state write_body(struct conn *conn, size_t allowed, size_t *taken)
{
    struct response *response = &conn->response;
    uint64_t left = response->size - response->taken;
    size_t size = left < allowed ? (size_t)left : allowed;
    char piece[PIECE_MAX];
    ssize_t len;

    if (response->fd == -1) {
        return stream_write(&conn->stream, response->body.ptr + response->taken, size, taken);
    }
    len = pread(response->fd, piece, size < PIECE_MAX ? size : PIECE_MAX, (off_t)response->taken);
    if (len <= 0) {
        log_warn("a file that is being sent became unreadable or shorter; the answer is cut");
        return STREAM_BROKEN;
    }
    return stream_write(&conn->stream, piece, (size_t)len, taken);
}

/* A turn's share of the body, then the end; all of it flushed. */
static enum conn_step run_response(struct conn *conn)
{
    struct response *response = &conn->response;
    enum stream_state state = STREAM_DONE;
    size_t share = TURN_MAX;
    size_t taken;

    while (state == STREAM_DONE && share > 0 && response->taken < response->size) {
        state = write_body(conn, share, &taken);
        if (state == STREAM_DONE) {
            response->taken += taken;
            share -= taken;
        }
    }
    if (state == STREAM_DONE && response->taken == response->size && !response->ended) {
        state = stream_end(&conn->stream);
        response->ended = state == STREAM_DONE;
    }
    if (state == STREAM_DONE || state == STREAM_AGAIN) {
        state = stream_flush(&conn->stream);
    }
    if (state == STREAM_AGAIN || (state == STREAM_DONE && !response->ended)) {
        return STEP_RESPONSE;
    }
    if (state == STREAM_DONE) {
        stream_half_close(&conn->stream);
        return STEP_LINGER;
    }
    return STEP_END;
}

/* A socket that is closed with input unread resets, and may take the answer with it (G6). */
static enum conn_step run_linger(struct conn *conn)
{
    while (conn->discarded < DISCARD_MAX) {
        size_t got;
        enum stream_state state =
            stream_discard(&conn->stream, DISCARD_MAX - conn->discarded, &got);

        if (state != STREAM_DONE) {
            return state == STREAM_AGAIN ? STEP_LINGER : STEP_END;
        }
        conn->discarded += got;
    }
    return STEP_END;
}

static const struct step {
    const char *name;
    size_t deadline_ms; /* where in struct conn_deadlines */
    bool renewed;       /* the deadline begins anew while the peer reads on */
    enum conn_step (*run)(struct conn *conn);
} steps[] = {
    [STEP_HANDSHAKE] = { "handshake", offsetof(struct conn_deadlines, handshake_ms), false,
                         run_handshake },
    [STEP_REQUEST] = { "request", offsetof(struct conn_deadlines, request_ms), false, run_request },
    [STEP_RESPONSE] = { "response", offsetof(struct conn_deadlines, response_ms), true,
                        run_response },
    [STEP_LINGER] = { "linger", offsetof(struct conn_deadlines, linger_ms), false, run_linger },
};

/* ---- moving, timing, freeing ---------------------------------------------------------------- */

static void conn_run(struct conn *conn);

static void on_socket(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    conn_run(arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
    struct conn *conn = arg;
    const struct step *step = &steps[conn->step];

    (void)fd;
    (void)what;
    if (step->renewed && stream_delivered(&conn->stream) >= conn->reached_before + PROGRESS_LEAST) {
        conn->arm = true;
    } else {
        log_debug("a peer was too slow: step=%s", step->name);
        conn->late = true;
    }
    conn_run(conn);
}

static void conn_free(struct conn *conn)
{
    if (conn->waiting != 0) {
        event_del(&conn->socket_event);
    }
    event_del(&conn->timer);
    if (conn->step == STEP_RESPONSE) {
        stream_forsake(&conn->stream);
    }
    stream_close(&conn->stream);
    edition_release(conn->response.edition);
    if (conn->next != NULL) {
        conn->next->from = conn->from;
    }
    *conn->from = conn->next;
    conn->conns->count--;
    free(conn);
}

static void conn_destroy(struct conn *conn)
{
    const struct conns_options *options = &conn->conns->options;

    if (conn->step == STEP_RESPONSE) {
        log_request(conn);
    }
    conn_free(conn);
    if (options->closed != NULL) {
        options->closed(options->arg);
    }
}

/* Take as many steps as can be taken now. */
static enum stream_state take_steps(struct conn *conn)
{
    enum stream_state state = stream_flush(&conn->stream); /* what a full socket left goes first */

    while (state == STREAM_DONE) {
        enum conn_step next = steps[conn->step].run(conn);

        if (next == conn->step) {
            return stream_flush(&conn->stream);
        }
        if (next == STEP_END) {
            return STREAM_CLOSED;
        }
        conn->step = next;
        conn->arm = true;
        if (next == STEP_LINGER) {
            log_request(conn);
        }
    }
    return state;
}

/* Returns false when the loop cannot watch the connection. */
static bool wait_for(struct conn *conn, short what)
{
    if (conn->arm) {
        conn->arm = false;
        if (steps[conn->step].renewed) {
            conn->reached_before = stream_delivered(&conn->stream);
        }
        if (evtimer_add(&conn->timer, conn->conns->deadlines[conn->step]) == -1) {
            return false;
        }
    }
    if (conn->waiting == what) {
        return true;
    }
    if (conn->waiting != 0) {
        event_del(&conn->socket_event);
    }
    conn->waiting = what;
    event_assign(&conn->socket_event, conn->conns->options.base, conn->stream.fd, what | EV_PERSIST,
                 on_socket, conn);
    return event_add(&conn->socket_event, NULL) == 0;
}

/* The only function that moves a connection on, arms its deadline, or ends it. */
static void conn_run(struct conn *conn)
{
    enum stream_state state = conn->late ? STREAM_CLOSED : take_steps(conn);
    bool writes = state == STREAM_AGAIN || conn->step == STEP_RESPONSE;

    if ((state != STREAM_DONE && state != STREAM_AGAIN) ||
        !wait_for(conn, writes ? EV_WRITE : EV_READ)) {
        conn_destroy(conn);
    }
}

/* ---- all of them ---------------------------------------------------------------------------- */

struct conns *conns_create(const struct conns_options *options)
{
    struct conns *conns = calloc(1, sizeof *conns);

    if (conns == NULL) {
        return NULL;
    }
    conns->options = *options;
    for (int step = 0; step < STEP_END; step++) {
        const char *deadlines = (const char *)&options->deadlines;
        int ms = *(const int *)(const void *)(deadlines + steps[step].deadline_ms);
        struct timeval deadline = { ms / 1000, ms % 1000 * 1000 };

        conns->deadlines[step] = event_base_init_common_timeout(options->base, &deadline);
        if (conns->deadlines[step] == NULL) {
            free(conns);
            return NULL;
        }
    }
    return conns;
}

void conns_destroy(struct conns *conns)
{
    if (conns == NULL) {
        return;
    }
    for (struct conn *conn = conns->first, *next; conn != NULL; conn = next) {
        next = conn->next;
        conn_free(conn);
    }
    free(conns);
}

void conns_accept(struct conns *conns, int fd)
{
    struct conn *conn = calloc(1, sizeof *conn + conns->options.protocol->line_max);

    if (conn == NULL) {
        close(fd);
        return;
    }
    conn->conns = conns;
    conn->response.fd = -1;
    conn->born_ms = now_ms();
    conn->arm = true;
    evtimer_assign(&conn->timer, conns->options.base, on_deadline, conn);
    stream_open(&conn->stream, fd, conns->options.tls, &conns->outbox);
    conn->from = &conns->first;
    conn->next = conns->first;
    if (conn->next != NULL) {
        conn->next->from = &conn->next;
    }
    conns->first = conn;
    conns->count++;
    conn_run(conn);
}

size_t conns_count(const struct conns *conns)
{
    return conns->count;
}
