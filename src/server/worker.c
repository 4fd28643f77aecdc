/* One loop: listeners in, connections out, and the three ways in which it ends. */
#include "server/worker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/log.h"
#include "protocol/gemini.h"

#define SPARE_DESCRIPTORS 8 /* for the loop, the log, a library's moment */
#define STOP_SIGNALS      2

struct worker {
    const struct heritage *heritage;
    struct event_base *base;
    struct conns *conns;
    struct acceptor **acceptors; /* one for each listener; NULL where that is closed */
    struct event *stops[STOP_SIGNALS];
    struct event *lifeline;
    struct event *drained; /* the time for draining is over */
    size_t connections_max;
    bool full;
    bool draining;
};

/* ---- connections come and go ---------------------------------------------------------------- */

static bool on_accepted(int fd, void *arg)
{
    struct worker *worker = arg;

    conns_accept(worker->conns, fd);
    worker->full = conns_count(worker->conns) >= worker->connections_max;
    return !worker->full;
}

static void on_closed(void *arg)
{
    struct worker *worker = arg;

    if (worker->draining && conns_count(worker->conns) == 0) {
        event_base_loopbreak(worker->base);
    }
    if (!worker->full || worker->draining) {
        return;
    }
    worker->full = false;
    for (size_t i = 0; i < worker->heritage->listener_count; i++) {
        if (worker->acceptors[i] != NULL) {
            acceptor_resume(worker->acceptors[i]);
        }
    }
}

/* As many as descriptors last: the lowest free one tells how many are in use. */
static size_t count_room(void)
{
    struct rlimit limit;
    int used = dup(STDERR_FILENO);

    if (used == -1 || getrlimit(RLIMIT_NOFILE, &limit) == -1) {
        return 1;
    }
    close(used);
    if (limit.rlim_cur <= (rlim_t)used + SPARE_DESCRIPTORS) {
        return 1;
    }
    return (size_t)(limit.rlim_cur - (rlim_t)used - SPARE_DESCRIPTORS);
}

/* ---- the end -------------------------------------------------------------------------------- */

static void stop_accepting(struct worker *worker)
{
    for (size_t i = 0; worker->acceptors != NULL && i < worker->heritage->listener_count; i++) {
        acceptor_destroy(worker->acceptors[i]);
        worker->acceptors[i] = NULL;
    }
}

static void on_stop(evutil_socket_t number, short what, void *arg)
{
    static const struct timeval patience = { WORKER_DRAIN_S, 0 };
    struct worker *worker = arg;

    (void)number;
    (void)what;
    if (worker->draining || conns_count(worker->conns) == 0) {
        event_base_loopbreak(worker->base);
        return;
    }
    worker->draining = true;
    stop_accepting(worker);
    evtimer_add(worker->drained, &patience);
}

static void on_drained(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;

    (void)fd;
    (void)what;
    log_warn("connections cut because they took too long to end: %zu", conns_count(worker->conns));
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
    bool alone = worker->heritage->lifeline == -1;
    const int numbers[STOP_SIGNALS] = { SIGTERM, SIGINT };
    sigset_t taken;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&taken);
    for (int i = 0; i < STOP_SIGNALS; i++) {
        sigaddset(&taken, numbers[i]);
        if (numbers[i] == SIGINT && !alone) {
            signal(SIGINT, SIG_IGN); /* a terminal sends it to everybody; the master will tell us */
            continue;
        }
        worker->stops[i] = evsignal_new(worker->base, numbers[i], on_stop, worker);
        if (worker->stops[i] == NULL || event_add(worker->stops[i], NULL) == -1) {
            return false;
        }
    }
    return sigprocmask(SIG_UNBLOCK, &taken, NULL) == 0;
}

static bool watch_master(struct worker *worker)
{
    if (worker->heritage->lifeline == -1) {
        return true;
    }
    worker->lifeline =
        event_new(worker->base, worker->heritage->lifeline, EV_READ, on_orphaned, worker);
    return worker->lifeline != NULL && event_add(worker->lifeline, NULL) == 0;
}

static bool watch_listeners(struct worker *worker)
{
    const struct heritage *heritage = worker->heritage;

    worker->acceptors = calloc(heritage->listener_count, sizeof(struct acceptor *));
    for (size_t i = 0; worker->acceptors != NULL && i < heritage->listener_count; i++) {
        if (heritage->listeners[i].fd != -1) {
            worker->acceptors[i] =
                acceptor_create(worker->base, heritage->listeners[i].fd, on_accepted, worker);
            if (worker->acceptors[i] == NULL) {
                return false;
            }
        }
    }
    return worker->acceptors != NULL;
}

static bool worker_init(struct worker *worker, const struct heritage *heritage)
{
    struct conns_options options = {
        .protocol = &gemini,
        .capsules = &heritage->capsules,
        .tls = heritage->tls,
        .deadlines = heritage->deadlines,
        .closed = on_closed,
        .arg = worker,
    };

    *worker = (struct worker){ .heritage = heritage };
    worker->base = event_base_new();
    if (worker->base == NULL) {
        return false;
    }
    options.base = worker->base;
    worker->conns = conns_create(&options);
    worker->drained = evtimer_new(worker->base, on_drained, worker);
    worker->connections_max = count_room();
    return worker->conns != NULL && worker->drained != NULL && watch_signals(worker) &&
           watch_master(worker) && watch_listeners(worker);
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
    free(worker->acceptors);
    conns_destroy(worker->conns);
    for (int i = 0; i < STOP_SIGNALS; i++) {
        free_event(worker->stops[i]);
    }
    free_event(worker->lifeline);
    free_event(worker->drained);
    if (worker->base != NULL) {
        event_base_free(worker->base);
    }
}

int worker_run(const struct heritage *heritage)
{
    struct worker worker;
    int status = EXIT_FAILURE;

    if (worker_init(&worker, heritage)) {
        event_base_dispatch(worker.base);
        status = EXIT_SUCCESS;
    } else {
        log_error("a worker could not set up its event loop");
    }
    worker_fini(&worker);
    return status;
}
