/* One loop: listeners in, connections out, and the three ways in which it ends. */
#include "server/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/log.h"

#define SPARE_DESCRIPTORS 8 /* for the loop, the log, a library's moment */
#define TIDY_S            5 /* after the first of a burst of connections */
#define SIGNALS           3

/* A listener at work. */
struct door {
    struct worker *worker;
    struct conns *conns;
    struct acceptor *acceptor; /* NULL while nobody is let in */
};

struct worker {
    const struct heritage *heritage;
    struct event_base *base;
    struct door *doors; /* one for each listener; empty where that is closed */
    size_t door_count;
    struct event *signals[SIGNALS];
    struct event *lifeline;
    struct event *drained; /* the time for draining is over */
    struct event *tidying;
    size_t connections_max;
    bool full;
    bool draining;
};

/* ---- connections come and go ---------------------------------------------------------------- */

static size_t count_connections(const struct worker *worker)
{
    size_t count = 0;

    for (size_t i = 0; i < worker->door_count; i++) {
        count += worker->doors[i].conns != NULL ? conns_count(worker->doors[i].conns) : 0;
    }
    return count;
}

/* Make room by ending what waits: at this door first, then at the others. */
static bool crowd_out(struct worker *worker, struct door *first)
{
    if (conns_crowd_out(first->conns)) {
        return true;
    }
    for (size_t i = 0; i < worker->door_count; i++) {
        struct conns *conns = worker->doors[i].conns;

        if (conns != NULL && conns_crowd_out(conns)) {
            return true;
        }
    }
    return false;
}

/* Hundreds of handshakes at once take tens of megabytes for a moment, which would be kept for the
 * next time. */
static void on_tidying(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    (void)arg;
    arena_trim();
}

static void tidy_later(struct worker *worker)
{
    static const struct timeval later = { TIDY_S, 0 };

    if (!evtimer_pending(worker->tidying, NULL)) {
        evtimer_add(worker->tidying, &later);
    }
}

/* Whoever is slow gives way to whoever comes; only when all are being answered do others wait. */
static bool on_accepted(int fd, const struct ip *peer, void *arg)
{
    struct door *door = arg;
    struct worker *worker = door->worker;

    tidy_later(worker);
    conns_accept(door->conns, fd, peer);
    worker->full = count_connections(worker) >= worker->connections_max && !crowd_out(worker, door);
    return !worker->full;
}

static void on_closed(void *arg)
{
    struct worker *worker = arg;

    if (worker->draining && count_connections(worker) == 0) {
        event_base_loopbreak(worker->base);
    }
    if (!worker->full || worker->draining) {
        return;
    }
    worker->full = false;
    for (size_t i = 0; i < worker->door_count; i++) {
        if (worker->doors[i].acceptor != NULL) {
            acceptor_resume(worker->doors[i].acceptor);
        }
    }
}

/* As many as descriptors last, of which there may be too few by default: the lowest free one tells
 * how many are in use. */
static size_t make_room(size_t wanted)
{
    struct rlimit limit;
    int used = dup(STDERR_FILENO);
    rlim_t taken = (rlim_t)used + SPARE_DESCRIPTORS;

    if (used == -1 || getrlimit(RLIMIT_NOFILE, &limit) == -1) {
        return 1;
    }
    close(used);
    if (limit.rlim_cur < taken + wanted) {
        limit.rlim_cur = taken + wanted < limit.rlim_max ? taken + wanted : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= taken + wanted) {
        return wanted;
    }
    return limit.rlim_cur > taken ? (size_t)(limit.rlim_cur - taken) : 1;
}

/* ---- the end -------------------------------------------------------------------------------- */

/* The sockets close, or they would go on taking connections that nobody answers. */
static void stop_accepting(struct worker *worker)
{
    for (size_t i = 0; i < worker->door_count; i++) {
        acceptor_destroy(worker->doors[i].acceptor);
        worker->doors[i].acceptor = NULL;
        listener_close(&worker->heritage->listeners[i]);
    }
}

static void take_waiting(struct worker *worker)
{
    for (size_t i = 0; i < worker->door_count; i++) {
        if (worker->doors[i].acceptor != NULL) {
            acceptor_take_waiting(worker->doors[i].acceptor);
        }
    }
}

static void on_retire(evutil_socket_t number, short what, void *arg)
{
    struct worker *worker = arg;

    (void)number;
    (void)what;
    stop_accepting(worker);
    worker->draining = true;
    if (count_connections(worker) == 0) {
        event_base_loopbreak(worker->base);
    }
}

static bool is_alone(const struct worker *worker)
{
    return worker->heritage->lifeline == -1;
}

/* The master hears that this worker comes to serve, and if it leaves unasked, that it does not any
 * more. */
static void announce(const struct heritage *heritage)
{
    pid_t self = getpid();

    if (heritage->news != -1 && write(heritage->news, &self, sizeof self) == -1) {
        log_warn("worker %ld cannot tell the master that it comes or goes", (long)self);
    }
}

/* A second time is impatience only from who means this process: service managers, and pkill, tell
 * all there are, and then the master tells its workers. */
static void on_stop(evutil_socket_t number, short what, void *arg)
{
    static const struct timeval patience = { WORKER_DRAIN_S, 0 };
    struct worker *worker = arg;

    if (evtimer_pending(worker->drained, NULL)) {
        if (is_alone(worker)) {
            event_base_loopbreak(worker->base);
        }
        return;
    }
    evtimer_add(worker->drained, &patience);
    take_waiting(worker); /* no successor may */
    on_retire(number, what, worker);
    announce(worker->heritage);
}

static void on_drained(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    (void)fd;
    (void)what;
    log_warn("connections cut because they took too long to end: %zu", count_connections(worker));
    event_base_loopbreak(worker->base);
}

/* Nobody would stop or replace this worker any more, and its port has to become free. */
static void on_orphaned(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    (void)fd;
    (void)what;
    log_error("the master process is gone: its workers end");
    event_base_loopbreak(worker->base);
}

/* ---- from birth ----------------------------------------------------------------------------- */

static bool watch_signals(struct worker *worker)
{
    const struct {
        int number;
        void (*taken)(evutil_socket_t number, short what, void *arg);
    } signals[SIGNALS] = {
        { SIGTERM, on_stop },
        { SIGQUIT, on_retire },
        { SIGINT, is_alone(worker) ? on_stop : NULL }, /* a terminal sends it to everybody; the
                                               master will tell us */
    };
    sigset_t taken;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&taken);
    for (int i = 0; i < SIGNALS; i++) {
        sigaddset(&taken, signals[i].number);
        if (signals[i].taken == NULL) {
            signal(signals[i].number, SIG_IGN);
            continue;
        }
        worker->signals[i] =
            evsignal_new(worker->base, signals[i].number, signals[i].taken, worker);
        if (worker->signals[i] == NULL || event_add(worker->signals[i], NULL) == -1) {
            return false;
        }
    }
    return sigprocmask(SIG_UNBLOCK, &taken, NULL) == 0;
}

static bool watch_master(struct worker *worker)
{
    if (is_alone(worker)) {
        return true;
    }
    worker->lifeline =
        event_new(worker->base, worker->heritage->lifeline, EV_READ, on_orphaned, worker);
    return worker->lifeline != NULL && event_add(worker->lifeline, NULL) == 0;
}

/* Connections of each listener are of a kind: its protocol, with TLS or without. */
static bool open_door(struct worker *worker, size_t index)
{
    const struct heritage *heritage = worker->heritage;
    const struct protocol *protocol = heritage->listens[index].protocol;
    struct door *door = &worker->doors[index];
    const struct conns_options options = {
        .base = worker->base,
        .protocol = protocol,
        .capsules = &heritage->capsules,
        .tls = protocol->tls ? heritage->tls : NULL,
        .deadlines = heritage->deadlines,
        .limits = &heritage->limits,
        .counters = seat_counters(heritage->seat, protocol),
        .proxies = heritage->listens[index].proxies,
        .proxy_count = heritage->listens[index].proxy_count,
        .closed = on_closed,
        .arg = worker,
    };

    if (heritage->listeners[index].fd == -1) {
        return true;
    }
    door->worker = worker;
    door->conns = conns_create(&options);
    if (door->conns == NULL) {
        return false;
    }
    door->acceptor =
        acceptor_create(worker->base, heritage->listeners[index].fd, on_accepted, door);
    return door->acceptor != NULL;
}

static bool open_doors(struct worker *worker)
{
    bool ok = true;

    worker->doors = calloc(worker->heritage->listener_count, sizeof *worker->doors);
    if (worker->doors == NULL) {
        return false;
    }
    worker->door_count = worker->heritage->listener_count;
    for (size_t i = 0; ok && i < worker->door_count; i++) {
        ok = open_door(worker, i);
    }
    return ok;
}

static bool worker_init(struct worker *worker, const struct heritage *heritage)
{
    *worker = (struct worker){ .heritage = heritage };
    worker->base = event_base_new();
    if (worker->base == NULL) {
        return false;
    }
    worker->drained = evtimer_new(worker->base, on_drained, worker);
    worker->tidying = evtimer_new(worker->base, on_tidying, worker);
    worker->connections_max = make_room(heritage->connections_max);
    return worker->drained != NULL && worker->tidying != NULL && watch_signals(worker) &&
           watch_master(worker) && open_doors(worker);
}

static void free_event(struct event *event)
{
    if (event != NULL) {
        event_free(event);
    }
}

static void worker_fini(struct worker *worker)
{
    stop_accepting(worker);
    for (size_t i = 0; i < worker->door_count; i++) {
        conns_destroy(worker->doors[i].conns);
    }
    free(worker->doors);
    for (int i = 0; i < SIGNALS; i++) {
        free_event(worker->signals[i]);
    }
    free_event(worker->lifeline);
    free_event(worker->drained);
    free_event(worker->tidying);
    if (worker->base != NULL) {
        event_base_free(worker->base);
    }
}

/* What the C library reads when it is first asked must have been read by now. */
static bool confine(const struct heritage *heritage)
{
    tzset();
    return heritage->confinement == NULL || confinement_apply(heritage->confinement);
}

int worker_run(const struct heritage *heritage)
{
    struct worker worker;
    int status = EXIT_FAILURE;

    if (!worker_init(&worker, heritage)) {
        log_error("a worker could not set up its event loop");
    } else if (!confine(heritage)) {
        log_error("a worker could not be confined, and does not serve");
    } else {
        announce(heritage);
        event_base_dispatch(worker.base);
        status = EXIT_SUCCESS;
    }
    worker_fini(&worker);
    return status;
}
