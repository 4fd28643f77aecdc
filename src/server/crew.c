/* Who serves: the processes of each slot, from one to its successor. When there is a new generation
 * is decided in master.c. */
#include "crew.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "crew_parts.h"
#include "server/worker.h"

#define OLD_ENOUGH_MS  500    /* who lived this long died of something new */
#define FIRST_PAUSE_MS 250    /* before the second replacement in a row; then twice as long */
#define LAST_PAUSE_MS  1000   /* while it lasts, who connects there has to wait */
#define RETIREMENT_MS  600000 /* for answers under way: a large file to a reader far away */
#define HURRY_MS       ((WORKER_DRAIN_S + 2) * 1000) /* the worker's own time, and a little more */
#define RETIRED_MAX    (CREW_PROCESSES_MAX - 2)      /* in one slot; then the oldest has to hurry */

/* ---- making one ------------------------------------------------------------------------------ */

struct crew *crew_create(const struct config *config, struct diag *diag)
{
    struct arena *arena = arena_create();
    struct crew *crew = ARENA_NEW(arena, struct crew);
    bool ok;

    *crew = (struct crew){ .arena = arena, .lifeline = { -1, -1 }, .news = { -1, -1 } };
    crew->listen_count = config->listen_count;
    crew->slot_count = config->single ? 1 : config->workers;
    ok = slots_open(crew, config, diag);
    crew->seats = seats_create(crew->slot_count * CREW_PROCESSES_MAX);
    if (crew->seats == NULL) {
        diag_errno(diag, "cannot share memory with workers");
        ok = false;
    }
    if (ok && !config->single) {
        ok = confinement_choose((enum confine)config->confine, &crew->confinement, diag);
    }
    if (!ok) {
        crew_destroy(crew);
        return NULL;
    }
    return crew;
}

static void close_pipe(int ends[2])
{
    for (int i = 0; i < 2; i++) {
        if (ends[i] != -1) {
            close(ends[i]);
            ends[i] = -1;
        }
    }
}

void crew_destroy(struct crew *crew)
{
    if (crew == NULL) {
        return;
    }
    for (size_t i = 0; i < crew->slot_count; i++) {
        slot_close(crew, &crew->slots[i]);
    }
    for (struct process *process = crew->processes; process != NULL;) {
        struct process *next = process->next;

        free(process);
        process = next;
    }
    close_pipe(crew->lifeline);
    close_pipe(crew->news);
    seats_destroy(crew->seats);
    arena_destroy(crew->arena);
}

bool crew_muster(struct crew *crew)
{
    return pipe(crew->lifeline) == 0 && pipe(crew->news) == 0 &&
           fcntl(crew->news[0], F_SETFL, O_NONBLOCK) == 0;
}

struct seats *crew_seats(const struct crew *crew)
{
    return crew->seats;
}

void crew_report_to(struct crew *crew, struct journal *journal)
{
    crew->journal = journal;
}

const struct confinement *crew_confinement(const struct crew *crew)
{
    return crew->confinement;
}

void crew_withhold(struct crew *crew, int fd)
{
    if (fd != -1 && crew->withheld_count < WITHHELD_MAX) {
        crew->withheld[crew->withheld_count++] = fd;
    }
}

int crew_news(const struct crew *crew)
{
    return crew->news[0];
}

/* ---- succession ----------------------------------------------------------------------------- */

static void hurry(struct process *process)
{
    process->state = HURRIED;
    process->due_ms = clock_ms() + HURRY_MS;
    kill(process->pid, SIGTERM);
}

static void retire(struct process *process)
{
    process->state = RETIRED;
    process->due_ms = clock_ms() + RETIREMENT_MS;
    kill(process->pid, SIGQUIT);
}

/* Those who finish may be only so many. */
static void hurry_the_oldest(struct crew *crew, const struct slot *slot)
{
    size_t left = RETIRED_MAX;

    for (struct process *process = crew->processes; process; process = process->next) {
        if (process->slot == slot && process->state >= RETIRED && left-- == 0) {
            left = 0;
            if (process->state == RETIRED) {
                hurry(process);
            }
        }
    }
}

static void take_over(struct crew *crew, struct process *successor)
{
    successor->state = SERVING;
    successor->due_ms = INT64_MAX;
    for (struct process *process = successor->next; process; process = process->next) {
        if (process->slot == successor->slot && process->state <= SERVING) {
            retire(process);
        }
    }
    hurry_the_oldest(crew, successor->slot);
}

static void hurry_the_late(struct crew *crew)
{
    int64_t now = clock_ms();

    for (struct process *process = crew->processes; process; process = process->next) {
        if (process->due_ms > now) {
            continue;
        }
        if (process->state == RETIRED) {
            hurry(process);
        } else {
            process->due_ms = now + HURRY_MS;
            kill(process->pid, SIGKILL);
        }
    }
}

/* ---- deaths --------------------------------------------------------------------------------- */

static void say_farewell(const struct process *process, int status, const char *what_next)
{
    if (WIFSIGNALED(status)) {
        log_error("worker %ld was ended by signal %d (%s); %s", (long)process->pid,
                  WTERMSIG(status), strsignal(WTERMSIG(status)), what_next);
    } else {
        log_error("worker %ld ended by itself with status %d; %s", (long)process->pid,
                  WEXITSTATUS(status), what_next);
    }
}

/* The first to die is replaced at once; one that keeps dying must not keep us busy. Returns how
 * long its successor has to wait. */
static int64_t vacate(const struct process *process)
{
    int64_t longest = process->state == BORN ? NO_BIRTH_MS : LAST_PAUSE_MS;
    struct slot *slot = process->slot;
    int64_t now = clock_ms();
    int64_t pause;

    if (now - process->born_ms >= OLD_ENOUGH_MS) {
        slot->pause_ms = 0;
    }
    pause = slot->pause_ms;
    slot->due_ms = now + pause;
    slot->pause_ms = clock_earlier(pause == 0 ? FIRST_PAUSE_MS : pause * 2, longest);
    return pause;
}

/* Somebody has told a worker to stop, and it was not us: nobody has to wait for its last answer. */
static void let_go(struct process *process)
{
    int64_t pause = vacate(process);

    process->state = HURRIED;
    process->due_ms = clock_ms() + HURRY_MS;
    log_warn("worker %ld was told to stop by somebody else; replaced in %lld ms",
             (long)process->pid, (long long)pause);
}

static void hear_from(struct crew *crew, struct process *process)
{
    if (process->state == BORN) {
        take_over(crew, process);
    } else if (process->state == SERVING) {
        let_go(process);
    }
}

static void hear_news(struct crew *crew)
{
    pid_t pid;

    while (read(crew->news[0], &pid, sizeof pid) == sizeof pid) {
        for (struct process *process = crew->processes; process; process = process->next) {
            if (process->pid == pid) {
                hear_from(crew, process);
            }
        }
    }
}

static void mourn(const struct crew *crew, const struct process *process, int status)
{
    char when[64] = "its successor serves";

    if (process->state >= RETIRED && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) {
        log_debug("worker %ld of generation %u has finished", (long)process->pid,
                  process->generation);
        return;
    }
    if (process->state <= SERVING && process->generation == crew->generation->number) {
        int64_t pause = vacate(process);

        if (pause == 0) {
            snprintf(when, sizeof when, "replaced at once");
        } else {
            snprintf(when, sizeof when, "replaced in %lld ms", (long long)pause);
        }
    }
    say_farewell(process, status, when);
}

static void bury(struct crew *crew, struct process *process, int status)
{
    if (!crew->dismissed) {
        mourn(crew, process, status);
    }
    journal_gather(crew->journal); /* its last words */
    seats_leave(crew->seats, process->seat);
    free(process);
}

static void bury_the_dead(struct crew *crew)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (struct process **link = &crew->processes; *link != NULL; link = &(*link)->next) {
            struct process *process = *link;

            if (process->pid == pid) {
                *link = process->next;
                bury(crew, process, status);
                break;
            }
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

void crew_renew(struct crew *crew, const struct generation *generation)
{
    crew->generation = generation;
    for (size_t i = 0; i < crew->slot_count; i++) {
        crew->slots[i].due_ms = clock_ms();
        crew->slots[i].pause_ms = 0;
    }
}

bool crew_is_settled(const struct crew *crew)
{
    size_t serving = 0;

    for (const struct process *process = crew->processes; process; process = process->next) {
        serving += process->state == SERVING && process->generation == crew->generation->number;
    }
    return serving == crew->slot_count;
}

bool crew_expects(const struct crew *crew)
{
    bool expects = false;

    for (const struct process *process = crew->processes; process; process = process->next) {
        expects |= process->state == BORN;
    }
    return expects;
}

void crew_attend(struct crew *crew)
{
    hear_news(crew);
    bury_the_dead(crew);
    hurry_the_late(crew);
    if (!crew->dismissed) {
        start_due_workers(crew);
    }
}

int64_t crew_due(const struct crew *crew)
{
    int64_t due = INT64_MAX;

    for (const struct process *process = crew->processes; process; process = process->next) {
        due = process->due_ms < due ? process->due_ms : due;
    }
    for (size_t i = 0; !crew->dismissed && i < crew->slot_count; i++) {
        const struct slot *slot = &crew->slots[i];

        if (slot->due_ms < due && slot_is_vacant(crew, slot)) {
            due = slot->due_ms;
        }
    }
    return due;
}

void crew_dismiss(struct crew *crew, int number)
{
    crew->dismissed = true;
    for (size_t i = 0; i < crew->slot_count; i++) {
        slot_close(crew,
                   &crew->slots[i]); /* each worker closes its own, once it has taken who waits */
    }
    for (struct process *process = crew->processes; process; process = process->next) {
        process->state = HURRIED;
        process->due_ms = clock_ms() + HURRY_MS;
        kill(process->pid, number);
    }
}

size_t crew_count(const struct crew *crew)
{
    size_t count = 0;

    for (const struct process *process = crew->processes; process; process = process->next) {
        count++;
    }
    return count;
}
