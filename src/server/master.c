/* Sockets, workers and signals. What workers are born with is made elsewhere (generation.c), so
 * that a reload is a second generation on the same sockets. */
#define _GNU_SOURCE /* ppoll */
#include "server/master.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "server/worker.h"

#define OLD_ENOUGH_MS  10000 /* who lived this long died of something new */
#define FIRST_PAUSE_MS 250   /* before the second replacement in a row; then twice as long */
#define LAST_PAUSE_MS  30000
#define DRAIN_MS       ((WORKER_DRAIN_S + 2) * 1000) /* the workers' own time, and a little more */

/* A place for one worker: its sockets stay while workers come and go. */
struct slot {
    struct listener *listeners; /* one for each address */
    pid_t pid;                  /* 0: nobody is here */
    struct seat *seat;          /* the worker's, while there is one */
    int64_t born_ms;
    int64_t due_ms; /* when the next worker is to be born */
    int64_t pause_ms;
};

struct master {
    struct arena *arena;
    const struct config *config;
    const struct generation *generation; /* what the next worker is born with */
    struct slot *slots;
    size_t slot_count;
    struct seats *seats;
    const struct confinement *confinement; /* of workers */
    int lifeline[2];                       /* workers wait for its end; nothing is ever written */
    sigset_t signals;   /* those that wake the master, blocked at all other times */
    sigset_t unblocked; /* what was before */
    int64_t stop_ms;    /* when the last worker has to be gone; 0 while serving */
};

/* ---- signals -------------------------------------------------------------------------------- */

static volatile sig_atomic_t stop_count; /* how often we were told to stop */

static void on_signal(int number)
{
    if (number != SIGCHLD) {
        stop_count++;
    }
}

/* SIGHUP will join them for reloads. They arrive only inside ppoll, so none is missed between a
 * look and a wait. */
static bool take_signals(struct master *master)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGCHLD };
    struct sigaction action = { .sa_handler = on_signal };

    stop_count = 0;
    sigemptyset(&action.sa_mask);
    sigemptyset(&master->signals);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        sigaddset(&master->signals, numbers[i]);
        sigaction(numbers[i], &action, NULL);
    }
    return sigprocmask(SIG_BLOCK, &master->signals, &master->unblocked) == 0;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- sockets -------------------------------------------------------------------------------- */

/* Open one address for all slots. */
static bool open_address(struct master *master, size_t index, struct diag *diag)
{
    struct listener *shared = ARENA_ARRAY(master->arena, struct listener, master->slot_count);
    const struct address *at = &master->config->listens[index].address;
    bool ok = listeners_open(shared, master->slot_count, at, diag);

    for (size_t i = 0; i < master->slot_count; i++) {
        master->slots[i].listeners[index] = shared[i];
    }
    return ok;
}

struct master *master_create(const struct config *config, struct diag *diag)
{
    struct arena *arena = arena_create();
    struct master *master = ARENA_NEW(arena, struct master);
    bool ok = true;

    master->arena = arena;
    master->config = config;
    master->lifeline[0] = master->lifeline[1] = -1;
    master->slot_count = config->single ? 1 : config->workers;
    master->slots = ARENA_ARRAY(arena, struct slot, master->slot_count);
    for (size_t i = 0; i < master->slot_count; i++) {
        master->slots[i].listeners = ARENA_ARRAY(arena, struct listener, config->listen_count);
        for (size_t j = 0; j < config->listen_count; j++) {
            master->slots[i].listeners[j].fd = -1;
        }
    }
    for (size_t i = 0; i < config->listen_count; i++) {
        ok = open_address(master, i, diag) && ok; /* name every problem */
    }
    master->seats = seats_create(master->slot_count);
    if (ok && (master->seats == NULL || !take_signals(master))) {
        diag_errno(diag, "cannot get ready for workers");
        ok = false;
    }
    if (ok && !config->single) {
        ok = confinement_choose((enum confine)config->confine, &master->confinement, diag);
    }
    if (!ok) {
        master_destroy(master);
        return NULL;
    }
    return master;
}

static void close_slot(const struct master *master, struct slot *slot)
{
    for (size_t i = 0; i < master->config->listen_count; i++) {
        listener_close(&slot->listeners[i]);
    }
}

void master_destroy(struct master *master)
{
    if (master == NULL) {
        return;
    }
    for (size_t i = 0; i < master->slot_count; i++) {
        close_slot(master, &master->slots[i]);
    }
    for (int i = 0; i < 2; i++) {
        if (master->lifeline[i] != -1) {
            close(master->lifeline[i]);
        }
    }
    seats_destroy(master->seats);
    arena_destroy(master->arena);
}

/* ---- workers -------------------------------------------------------------------------------- */

/* Of what all workers share out among them. */
static size_t share(const struct master *master, unsigned long all)
{
    return (all + master->slot_count - 1) / master->slot_count;
}

static int run_worker(const struct master *master, const struct slot *slot)
{
    const struct config *config = master->config;
    const struct heritage heritage = {
        .listeners = slot->listeners,
        .listens = config->listens,
        .listener_count = config->listen_count,
        .tls = master->generation->tls,
        .capsules = master->generation->capsules,
        .limits = seats_limits(master->seats, slot->seat, &config->limits),
        .connections_max = share(master, config->limits.connections),
        .deadlines = config->deadlines,
        .seat = slot->seat,
        .confinement = master->confinement,
        .lifeline = master->lifeline[0],
    };

    return worker_run(&heritage);
}

/* The child's side of the fork: let go of what is not its own, then serve. What libraries do when a
 * process exits is more than a confined one may, and nothing here waits for it. */
static _Noreturn void be_worker(struct master *master, struct slot *slot)
{
    struct sigaction usual = { .sa_handler = SIG_DFL };
    sigset_t mask = master->unblocked;
    int status;

    close(master->lifeline[1]);
    master->lifeline[1] = -1;
    for (size_t i = 0; i < master->slot_count; i++) {
        if (&master->slots[i] != slot) {
            close_slot(master, &master->slots[i]);
        }
    }
    sigemptyset(&usual.sa_mask);
    sigaction(SIGCHLD, &usual, NULL);
    sigaction(SIGTERM, &usual, NULL);
    sigaddset(&mask, SIGTERM); /* until the loop takes them */
    sigaddset(&mask, SIGINT);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    status = run_worker(master, slot);
    _exit(status);
}

static void start_worker(struct master *master, struct slot *slot)
{
    pid_t pid;

    slot->born_ms = now_ms();
    slot->seat = seats_take(master->seats);
    pid = slot->seat != NULL ? fork() : -1;
    if (pid == 0) {
        be_worker(master, slot);
    }
    if (pid == -1) {
        log_error("cannot start a worker: %s", strerror(errno));
        seats_leave(master->seats, slot->seat);
        slot->due_ms = slot->born_ms + LAST_PAUSE_MS;
        return;
    }
    slot->pid = pid;
    log_debug("worker started: pid=%ld", (long)pid);
}

static void start_due_workers(struct master *master)
{
    for (size_t i = 0; i < master->slot_count; i++) {
        if (master->slots[i].pid == 0 && master->slots[i].due_ms <= now_ms()) {
            start_worker(master, &master->slots[i]);
        }
    }
}

static void say_farewell(pid_t pid, int status, int64_t pause_ms)
{
    char when[64] = "replaced at once";

    if (pause_ms > 0) {
        snprintf(when, sizeof when, "replaced in %lld ms", (long long)pause_ms);
    }
    if (WIFSIGNALED(status)) {
        log_error("worker %ld was ended by signal %d (%s); %s", (long)pid, WTERMSIG(status),
                  strsignal(WTERMSIG(status)), when);
    } else {
        log_error("worker %ld ended by itself with status %d; %s", (long)pid, WEXITSTATUS(status),
                  when);
    }
}

/* A worker died. The first is replaced at once; one that keeps dying must not keep us busy. */
static void bury(struct master *master, struct slot *slot, int status)
{
    int64_t now = now_ms();
    pid_t pid = slot->pid;

    slot->pid = 0;
    seats_leave(master->seats, slot->seat);
    if (master->stop_ms != 0) {
        return;
    }
    if (now - slot->born_ms >= OLD_ENOUGH_MS) {
        slot->pause_ms = 0;
    }
    slot->due_ms = now + slot->pause_ms;
    say_farewell(pid, status, slot->pause_ms);
    slot->pause_ms = slot->pause_ms == 0 ? FIRST_PAUSE_MS : slot->pause_ms * 2;
    if (slot->pause_ms > LAST_PAUSE_MS) {
        slot->pause_ms = LAST_PAUSE_MS;
    }
}

static void bury_the_dead(struct master *master)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < master->slot_count; i++) {
            if (master->slots[i].pid == pid) {
                bury(master, &master->slots[i], status);
            }
        }
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

static size_t tell_workers(const struct master *master, int number)
{
    size_t alive = 0;

    for (size_t i = 0; i < master->slot_count; i++) {
        if (master->slots[i].pid != 0) {
            alive++;
            if (number != 0) {
                kill(master->slots[i].pid, number);
            }
        }
    }
    return alive;
}

/* When there is something to do without being woken; -1 for never. */
static int64_t next_time(const struct master *master)
{
    int64_t next = master->stop_ms != 0 ? master->stop_ms : -1;

    for (size_t i = 0; master->stop_ms == 0 && i < master->slot_count; i++) {
        const struct slot *slot = &master->slots[i];

        if (slot->pid == 0 && (next == -1 || slot->due_ms < next)) {
            next = slot->due_ms;
        }
    }
    return next;
}

/* The one place where the master waits. A watch over files will be polled here. */
static void wait_for_signals(const struct master *master)
{
    int64_t next = next_time(master);
    int64_t left = next - now_ms();
    struct timespec timeout = { 0, 0 };

    if (left > 0) {
        timeout = (struct timespec){ (time_t)(left / 1000), (long)(left % 1000 * 1000000) };
    }
    ppoll(NULL, 0, next == -1 ? NULL : &timeout, &master->unblocked);
}

static void begin_stop(struct master *master)
{
    log_info("stopping: answers on their way are finished first");
    master->stop_ms = now_ms() + DRAIN_MS;
    tell_workers(master, SIGTERM);
}

static void supervise(struct master *master)
{
    for (;;) {
        bury_the_dead(master);
        if (stop_count > 0 && master->stop_ms == 0) {
            begin_stop(master);
        }
        if (master->stop_ms == 0) {
            start_due_workers(master);
        } else if (tell_workers(master, 0) == 0) {
            return;
        } else if (stop_count > 1 || now_ms() >= master->stop_ms) {
            tell_workers(master, SIGKILL);
            stop_count = 1;
            master->stop_ms = now_ms() + DRAIN_MS;
        }
        wait_for_signals(master);
    }
}

int master_run(struct master *master, const struct generation *generation)
{
    master->generation = generation;
    if (master->config->single) {
        master->slots[0].seat = seats_take(master->seats);
        return run_worker(master, &master->slots[0]);
    }
    if (pipe(master->lifeline) == -1 || fcntl(master->lifeline[1], F_SETFD, FD_CLOEXEC) == -1) {
        log_error("cannot watch over workers: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    signal(SIGPIPE, SIG_IGN);
    fflush(NULL); /* or every worker would write it once more */
    supervise(master);
    return EXIT_SUCCESS;
}
