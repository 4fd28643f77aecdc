/* One connection: a table of steps. What is done in each is in steps.c; here is only what comes
 * next, and until when. */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/log.h"
#include "steps.h"

#define PROGRESS_LEAST ((uint64_t)64 * 1024) /* reached the peer: worth another deadline */
#define LOGGED_MAX     256                   /* bytes of a request in the log, escaped */

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
             conn->options->protocol->name, response->status, (unsigned long long)response->taken,
             (long long)(now_ms() - conn->born_ms), request,
             conn->step == STEP_RESPONSE ? " cut=yes" : "");
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
    const struct conns_options *options = conn->options;

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
    event_assign(&conn->socket_event, conn->options->base, conn->stream.fd, what | EV_PERSIST,
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
    conn->options = &conns->options;
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
