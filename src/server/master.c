/* Signals, reloads and the end. Who serves, and where, is left to crew.c; what is served to
 * generation.c. */
#define _GNU_SOURCE /* ppoll */
#include "server/master.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/code.h"
#include "base/log.h"
#include "crew.h"
#include "server/confine.h"
#include "server/journal.h"
#include "server/status.h"
#include "systemd.h"
#include "watch.h"

#define DAY_MS   (24 * 3600 * INT64_C(1000))
#define PAUSE_MS 10 /* between two pauses of what takes long */

/* What could not be served, and why. */
struct refusal {
    struct arena *arena;  /* NULL: there is none */
    struct diag problems; /* named in the log */
};

struct master {
    struct crew *crew;
    struct journal *journal;
    struct status *status;
    const struct renewal *renewal;
    struct generation *generation; /* what is served */
    struct refusal refusal;        /* since then, the last one */
    struct watch *watch;
    sigset_t unblocked;  /* what the signal mask was before */
    unsigned told;       /* the generation that the service manager knows to be served */
    int64_t watchdog_ms; /* when it wants to hear of us; INT64_MAX for never */
    int64_t tomorrow_ms; /* when to look whether a certificate expires */
    int64_t looked_ms;   /* when the last pause was */
    bool stopping;
};

/* ---- signals -------------------------------------------------------------------------------- */

static volatile sig_atomic_t heard[NSIG]; /* how often, and not looked at yet */

static void on_signal(int number)
{
    heard[number]++;
}

/* They arrive only inside ppoll, so none is missed between a look and a wait. */
static bool take_signals(struct master *master)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGCHLD, SIGHUP, SIGUSR1, SIGUSR2 };
    struct sigaction action = { .sa_handler = on_signal };
    sigset_t signals;

    sigemptyset(&action.sa_mask);
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        heard[numbers[i]] = 0;
        sigaddset(&signals, numbers[i]);
        sigaction(numbers[i], &action, NULL);
    }
    return sigprocmask(SIG_BLOCK, &signals, &master->unblocked) == 0;
}

/* How often since the last look. */
static int listen_for(int number)
{
    int times = heard[number];

    heard[number] = 0;
    return times;
}

/* ---- the service manager --------------------------------------------------------------------- */

static void count_posts(const struct generation *generation, size_t *posts, size_t *scheduled)
{
    *posts = 0;
    *scheduled = 0;
    for (size_t i = 0; i < generation->capsules.count; i++) {
        *posts += generation->published[i].post_count;
        *scheduled += generation->published[i].scheduled_count;
    }
}

/* That a generation is served, once it is: at the start and after each reload. */
static void tell_readiness(struct master *master)
{
    const struct generation *generation = master->generation;
    size_t posts;
    size_t scheduled;

    if (master->told == generation->number || !crew_is_settled(master->crew)) {
        return;
    }
    count_posts(generation, &posts, &scheduled);
    systemd_tell("READY=1\nSTATUS=Generation %u: %zu posts, %zu scheduled", generation->number,
                 posts, scheduled);
    master->told = generation->number;
}

static void tell_watchdog(struct master *master)
{
    if (clock_ms() >= master->watchdog_ms) {
        systemd_tell("WATCHDOG=1");
        master->watchdog_ms = clock_ms() + systemd_watchdog_ms();
    }
}

/* ---- reloads -------------------------------------------------------------------------------- */

static void log_generation(const struct generation *generation, const char *reason, int64_t took_ms)
{
    size_t posts;
    size_t scheduled;

    count_posts(generation, &posts, &scheduled);
    log_info("reloaded: %s; generation %u, made in %lld ms, has %zu posts and %zu scheduled",
             reason, generation->number, (long long)took_ms, posts, scheduled);
}

static void forget_refusal(struct master *master)
{
    arena_destroy(master->refusal.arena);
    master->refusal = (struct refusal){ 0 };
}

static void refuse(struct master *master, const struct diag *problems, bool known)
{
    forget_refusal(master);
    master->refusal.arena = arena_create();
    diag_init(&master->refusal.problems, master->refusal.arena);
    diag_add(&master->refusal.problems, problems);
    log_error("not reloaded%s: generation %u goes on being served",
              known ? ", for what was named before" : "", master->generation->number);
    systemd_tell("READY=1\nSTATUS=Not reloaded, see the log: generation %u goes on being served",
                 master->generation->number);
}

/* Everything that is served once more, by the wishes of now; NULL when it cannot be served. */
static struct generation *make_generation(struct master *master)
{
    const struct pause pause = master_pause(master);
    const struct generation *current = master->generation;
    struct generation *next = generation_create();
    struct diag *problems = &next->problems;
    bool ok =
        master->renewal->configure(next->arena, &next->config, problems, master->renewal->arg);
    bool news = true;

    if (ok) {
        config_keep(next->arena, &next->config, &current->config, problems);
        ok = generation_load(next, current, &pause);
    }
    if (!master->stopping) {
        news = generation_log_news(next, current, &master->refusal.problems);
    }
    if (ok) {
        return next;
    }
    if (!master->stopping) {
        refuse(master, problems, !news);
    }
    generation_destroy(next);
    return NULL;
}

static void aim(struct master *master)
{
    const struct generation *generation = master->generation;
    const struct config *config = &generation->config;
    struct arena *scratch = arena_create();
    struct str own[] = { config->log_to, config->status,
                         ARENA_CONCAT(scratch, config->status, STR(STATUS_UNFINISHED)) };
    const struct watch_aim aim = { .mode = generation->config.watch,
                                   .paths = &generation->paths,
                                   .keys = &generation->keys,
                                   .own = &(struct words){ own, sizeof own / sizeof own[0] },
                                   .next_scheduled = generation->next_scheduled,
                                   .read_since_ns = generation->began_ns };

    watch_take_aim(master->watch, &aim);
    arena_destroy(scratch);
}

static void serve_from_now_on(struct master *master, struct generation *next)
{
    crew_renew(master->crew, next);
    status_gather(master->status, master->generation); /* what is read of it from now on is not */
    generation_destroy(master->generation);
    arena_trim();
    code_trim();
    master->generation = next;
}

static void reload(struct master *master, const char *reason)
{
    int64_t start_ms = clock_ms();
    struct generation *next;
    int64_t took_ms;

    log_debug("making generation %u: %s", master->generation->number + 1, reason);
    systemd_tell("RELOADING=1\nMONOTONIC_USEC=%lld", (long long)start_ms * 1000);
    next = make_generation(master);
    took_ms = clock_ms() - start_ms;
    if (master->stopping) {
        generation_destroy(next);
        return;
    }
    if (next != NULL) {
        forget_refusal(master);
        log_configure(&next->config.log);
        log_generation(next, reason, took_ms);
        serve_from_now_on(master, next);
        aim(master);
    }
    watch_rest(master->watch, took_ms);
}

/* What is loaded for long is looked at each day. */
static void watch_expiry(struct master *master)
{
    if (clock_ms() >= master->tomorrow_ms) {
        generation_log_expiry(master->generation, clock_of_day_ns() / NS_PER_S);
        master->tomorrow_ms = clock_ms() + DAY_MS;
    }
}

static void reload_if_needed(struct master *master)
{
    const char *reason;

    if (listen_for(SIGHUP) > 0) {
        watch_note(master->watch);
        reload(master, "asked to by SIGHUP");
    } else if ((reason = watch_reason(master->watch, clock_of_day_ns())) != NULL) {
        reload(master, reason);
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* Whether another generation may be made. */
static bool is_ready(const struct master *master)
{
    return !master->stopping && !crew_expects(master->crew);
}

static int64_t next_due(const struct master *master)
{
    const int64_t due[] = {
        crew_due(master->crew),
        is_ready(master) ? watch_due(master->watch, clock_of_day_ns()) : INT64_MAX,
        journal_due(master->journal),
        status_due(master->status),
        master->watchdog_ms,
        master->tomorrow_ms,
    };
    int64_t next = INT64_MAX;

    for (size_t i = 0; i < sizeof due / sizeof due[0]; i++) {
        next = clock_earlier(next, due[i]);
    }
    return next;
}

/* The one place where signals arrive. */
static void take_events(const struct master *master, const struct timespec *timeout)
{
    struct pollfd events[] = {
        { .fd = crew_news(master->crew), .events = POLLIN },
        { .fd = journal_fd(master->journal), .events = POLLIN },
        { .fd = is_ready(master) ? watch_fd(master->watch) : -1, .events = POLLIN },
    };

    ppoll(events, sizeof events / sizeof events[0], timeout, &master->unblocked);
}

/* The one place where the master waits. */
static void wait_for_events(const struct master *master)
{
    int64_t due = next_due(master);
    int64_t left = due - clock_ms();
    struct timespec timeout = { 0, 0 };

    if (left > 0) {
        timeout = (struct timespec){ (time_t)(left / 1000), (long)(left % 1000 * 1000000) };
    }
    take_events(master, due == INT64_MAX ? NULL : &timeout);
}

static void stop(struct master *master)
{
    if (!master->stopping) {
        log_info("stopping: answers on their way are finished first");
        systemd_tell("STOPPING=1");
    }
    crew_dismiss(master->crew, master->stopping ? SIGKILL : SIGTERM);
    master->stopping = true;
}

/* All there is to do but for making generations. */
static void tend(struct master *master)
{
    for (int times = listen_for(SIGTERM) + listen_for(SIGINT); times > 0; times--) {
        stop(master);
    }
    crew_attend(master->crew);
    journal_tend(master->journal);
    if (listen_for(SIGUSR1) > 0) {
        journal_reopen(master->journal);
    }
    status_tend(master->status, master->generation);
    if (listen_for(SIGUSR2) > 0) {
        status_tell(master->status, master->generation);
    }
    watch_expiry(master);
    tell_readiness(master);
    tell_watchdog(master);
}

static void supervise(struct master *master)
{
    for (;;) {
        tend(master);
        if (master->stopping && crew_count(master->crew) == 0) {
            return;
        }
        if (is_ready(master)) {
            reload_if_needed(master);
            crew_attend(master->crew);
        }
        wait_for_events(master);
    }
}

/* ---- pauses ---------------------------------------------------------------------------------- */

/* What is asked for meanwhile, another reload among it, has its turn afterwards. A worker that is
 * born here never comes back into what pauses. */
static bool look(void *arg)
{
    static const struct timespec at_once = { 0, 0 };
    struct master *master = arg;

    if (clock_ms() - master->looked_ms < PAUSE_MS) {
        return !master_is_stopping(master);
    }
    take_events(master, &at_once);
    if (master->generation != NULL) {
        tend(master);
    }
    master->looked_ms = clock_ms();
    return !master_is_stopping(master);
}

struct pause master_pause(struct master *master)
{
    return (struct pause){ look, master };
}

/* Before anything is served, a signal is all there is of it. */
bool master_is_stopping(const struct master *master)
{
    return master->stopping || heard[SIGTERM] > 0 || heard[SIGINT] > 0;
}

/* ---- from beginning to end ------------------------------------------------------------------- */

struct master *master_create(const struct config *config, struct diag *diag)
{
    struct master *master = calloc(1, sizeof *master);
    bool ok = master != NULL;

    if (ok && !take_signals(master)) {
        diag_errno(diag, "cannot block signals");
        ok = false;
    }
    if (ok) {
        master->crew = crew_create(config, diag);
        master->watch = watch_create();
        ok = master->crew != NULL && master->watch != NULL;
    }
    if (!ok) {
        master_destroy(master);
        return NULL;
    }
    return master;
}

void master_destroy(struct master *master)
{
    if (master == NULL) {
        return;
    }
    status_destroy(master->status);
    journal_destroy(master->journal);
    crew_destroy(master->crew);
    watch_destroy(master->watch);
    generation_destroy(master->generation);
    forget_refusal(master);
    free(master);
}

bool master_open_log(struct master *master, const struct config *config, struct diag *diag)
{
    struct logger *logger = logger_open(config->log_to, diag);

    if (logger == NULL) {
        return false;
    }
    master->journal = journal_create(logger, crew_seats(master->crew));
    if (master->journal == NULL) {
        diag_errno(diag, "cannot get ready for the log");
        return false;
    }
    crew_report_to(master->crew, master->journal);
    return true;
}

/* What an operator looks for first, in a log of weeks. */
static void log_start(const struct master *master)
{
    const struct config *config = &master->generation->config;
    size_t posts;
    size_t scheduled;

    count_posts(master->generation, &posts, &scheduled);
    log_info("started: splashdown %s, %lu workers, %zu posts and %zu scheduled", SPLASHDOWN_VERSION,
             config->workers, posts, scheduled);
    for (size_t i = 0; i < config->listen_count; i++) {
        const struct listening *listening = &config->listens[i];
        char address[ADDRESS_TEXT_SIZE];

        log_info("listening: %s at %s%s", listening->protocol->name,
                 address_print(&listening->address, address),
                 listening->proxies != NULL ? ", for proxies only" : "");
    }
    confinement_log((enum confine)config->confine, crew_confinement(master->crew));
    if (!str_equal(config->log_to, STR("stderr"))) { /* which has them already */
        generation_log_news(master->generation, NULL, NULL);
    }
}

int master_run(struct master *master, struct generation *generation, const struct renewal *renewal)
{
    master->generation = generation;
    master->renewal = renewal;
    arena_trim();
    if (generation->config.single) { /* for debuggers, whose breakpoints are in the code */
        return crew_serve_alone(master->crew, generation);
    }
    code_trim();
    master->status = status_create(generation->config.status, crew_seats(master->crew));
    if (master->status == NULL || !crew_muster(master->crew)) {
        log_error("cannot watch over workers: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    log_start(master);
    crew_withhold(master->crew, watch_fd(master->watch));
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a log that reaches a limit of the system is like a full disk */
    fflush(NULL);             /* or every worker would write it once more */
    crew_renew(master->crew, generation);
    aim(master);
    master->tomorrow_ms = clock_ms() + DAY_MS;
    master->watchdog_ms = systemd_watchdog_ms() > 0 ? clock_ms() : INT64_MAX;
    supervise(master);
    return EXIT_SUCCESS;
}
