/* One connection: a table of steps. What is done in each is in steps.c; here is only what comes
 * next, and until when. */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "steps.h"

#define PROGRESS_LEAST ((uint64_t)64 * 1024) /* reached the peer: worth another deadline */

/* The answer is sent, or cut. */
static void count_request(const struct conn *conn)
{
    struct counters *counters = conn->options->counters;
    int status = conn->response.status;

    if (status == 0) {
        return; /* the handshake came to nothing */
    }
    counters->requests[status < COUNTERS_STATUS_MAX ? status : 0]++;
    counters->bytes += conn->response.taken;
    if (conn->response.reads != NULL && conn->step != STEP_RESPONSE) {
        atomic_fetch_add_explicit(conn->response.reads, 1, memory_order_relaxed);
    }
    log_request(&(struct log_request){ .protocol = conn->options->protocol->name,
                                       .from = conn->peer,
                                       .line = { conn->line, conn->request_len },
                                       .status = status,
                                       .bytes = conn->response.taken,
                                       .ms = clock_ms() - conn->born_ms,
                                       .cut = conn->step == STEP_RESPONSE });
}

static const struct step {
    const char *name;
    size_t deadline_ms; /* where in struct conn_deadlines */
    bool renewed;       /* the deadline begins anew while the peer reads on */
    enum conn_step (*run)(struct conn *conn);
} steps[] = {
    [STEP_PROXY] = { "proxy header", offsetof(struct conn_deadlines, handshake_ms), false,
                     run_proxy },
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

static void count_late(const struct conn *conn)
{
    struct counters *counters = conn->options->counters;

    if (conn->step == STEP_HANDSHAKE) {
        counters->handshakes_failed[HANDSHAKE_LATE]++;
    }
    if (conn->step != STEP_LINGER) { /* who lingers was answered */
        counters->late++;
    }
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
        count_late(conn);
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
    arena_destroy(conn->response.made);
    free(conn->line);
    conn_leave(conn);
    TAILQ_REMOVE(&conn->conns->all, conn, siblings);
    conn->conns->count--;
    conn->options->counters->open--;
    free(conn);
}

static void conn_destroy(struct conn *conn)
{
    const struct conns_options *options = conn->options;

    if (conn->step == STEP_RESPONSE) {
        count_request(conn);
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
            count_request(conn);
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
    TAILQ_INIT(&conns->all);
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
    while (!TAILQ_EMPTY(&conns->all)) {
        conn_free(TAILQ_FIRST(&conns->all));
    }
    free(conns);
}

static struct conn *conn_create(struct conns *conns, int fd, const struct ip *peer)
{
    struct conn *conn = calloc(1, sizeof *conn);

    if (conn == NULL) {
        close(fd);
        return NULL;
    }
    conn->conns = conns;
    conn->options = &conns->options;
    conn->step = conns->options.proxies != NULL ? STEP_PROXY : STEP_HANDSHAKE;
    conn->peer = *peer;
    conn->response.fd = -1;
    conn->born_ms = clock_ms();
    conn->arm = true;
    evtimer_assign(&conn->timer, conns->options.base, on_deadline, conn);
    stream_open(&conn->stream, fd, conns->options.tls, &conns->outbox);
    TAILQ_INSERT_HEAD(&conns->all, conn, siblings);
    conns->count++;
    conns->options.counters->accepted++;
    conns->options.counters->open++;
    return conn;
}

void conns_accept(struct conns *conns, int fd, const struct ip *peer)
{
    struct conn *conn = conn_create(conns, fd, peer);

    if (conn == NULL) {
        return;
    }
    if (conn->step == STEP_PROXY ? conn_is_proxy(conn) : conn_admit(conn)) {
        conn_run(conn);
    } else {
        conn_destroy(conn);
    }
}

/* Only those are cut who keep us waiting: not whom we are answering. */
bool conns_crowd_out(struct conns *conns)
{
    struct conn *conn = TAILQ_LAST(&conns->all, siblings);
    char more[LOG_MORE_SIZE];

    while (conn != NULL && conn->step == STEP_RESPONSE) {
        conn = TAILQ_PREV(conn, siblings, siblings);
    }
    if (conn == NULL) {
        return false;
    }
    conns->options.counters->crowded_out++;
    if (log_hush_lifted(&conns->remarks[REMARK_CROWDED], more)) {
        log_warn("all connections are taken: those that wait longest are cut to make room%s", more);
    }
    conn_destroy(conn);
    return true;
}

size_t conns_count(const struct conns *conns)
{
    return conns->count;
}
