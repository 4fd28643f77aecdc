/* How workers come to be: a fork, and what each has to let go of before it serves. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "crew_parts.h"
#include "server/worker.h"

#define CROWDED_MS 100   /* until a full slot is looked at again */
#define BIRTH_MS   60000 /* from the fork to the first accept, on whatever machine */

/* Of what all slots share out among them. */
static size_t share(const struct crew *crew, unsigned long all)
{
    return (all + crew->slot_count - 1) / crew->slot_count;
}

static int run_worker(const struct crew *crew, const struct slot *slot, struct seat *seat)
{
    const struct generation *generation = crew->generation;
    const struct config *config = &generation->config;
    const struct heritage heritage = {
        .listeners = slot->listeners,
        .listens = config->listens,
        .listener_count = crew->listen_count,
        .tls = generation->tls,
        .capsules = generation->capsules,
        .limits = seats_limits(crew->seats, seat, &config->limits),
        .connections_max = share(crew, config->limits.connections),
        .deadlines = config->deadlines,
        .seat = seat,
        .confinement = crew->confinement,
        .lifeline = crew->lifeline[0],
        .news = crew->news[1],
    };

    return worker_run(&heritage);
}

int crew_serve_alone(struct crew *crew, const struct generation *generation)
{
    crew->generation = generation;
    return run_worker(crew, &crew->slots[0], seats_take(crew->seats));
}

/* What came to the master is nothing to a worker, even if an operator sends it to all. */
static void take_signals(void)
{
    static const int ignored[] = { SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };
    sigset_t mask;

    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        signal(ignored[i], SIG_IGN);
    }
    signal(SIGCHLD, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    sigemptyset(&mask); /* blocked until the loop takes them */
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGQUIT);
    sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* The child's side of the fork: let go of what is not its own, then serve. What libraries do when a
 * process exits is more than a confined one may, and nothing here waits for it. */
static _Noreturn void be_worker(struct crew *crew, struct slot *slot, struct seat *seat)
{
    journal_join(crew->journal, seat);
    close(crew->lifeline[1]);
    close(crew->news[0]);
    for (size_t i = 0; i < crew->withheld_count; i++) {
        close(crew->withheld[i]);
    }
    for (size_t i = 0; i < crew->slot_count; i++) {
        if (&crew->slots[i] != slot) {
            slot_close(crew, &crew->slots[i]);
        }
    }
    take_signals();
    _exit(run_worker(crew, slot, seat));
}

static void start_worker(struct crew *crew, struct slot *slot)
{
    struct process *process = calloc(1, sizeof *process);
    struct seat *seat = seats_take(crew->seats);
    int64_t now = clock_ms();
    pid_t pid = process != NULL && seat != NULL ? fork() : -1;

    if (pid == 0) {
        be_worker(crew, slot, seat);
    }
    if (pid == -1) {
        log_error("cannot start a worker: %s", strerror(errno));
        seats_leave(crew->seats, seat);
        slot->due_ms = now + NO_BIRTH_MS;
        free(process);
        return;
    }
    *process = (struct process){ .next = crew->processes,
                                 .pid = pid,
                                 .slot = slot,
                                 .seat = seat,
                                 .generation = crew->generation->number,
                                 .born_ms = now,
                                 .due_ms = now + BIRTH_MS };
    crew->processes = process;
    log_debug("worker started: pid=%ld generation=%u", (long)pid, process->generation);
}

/* Whether nobody of the newest generation is here, or on the way. */
bool slot_is_vacant(const struct crew *crew, const struct slot *slot)
{
    for (const struct process *process = crew->processes; process; process = process->next) {
        if (process->slot == slot && process->state <= SERVING &&
            process->generation == crew->generation->number) {
            return false;
        }
    }
    return true;
}

static size_t count_in(const struct crew *crew, const struct slot *slot)
{
    size_t count = 0;

    for (const struct process *process = crew->processes; process; process = process->next) {
        count += process->slot == slot;
    }
    return count;
}

void start_due_workers(struct crew *crew)
{
    int64_t now = clock_ms();

    for (size_t i = 0; i < crew->slot_count; i++) {
        struct slot *slot = &crew->slots[i];

        if (slot->due_ms > now || !slot_is_vacant(crew, slot)) {
            continue;
        }
        if (count_in(crew, slot) < CREW_PROCESSES_MAX) {
            start_worker(crew, slot);
        } else {
            slot->due_ms = now + CROWDED_MS;
        }
    }
}
