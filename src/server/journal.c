/* Rings in, lines out. */
#include "server/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

#define GATHER_MS  50 /* after the first line, for others to come: one write for all of them */
#define RECORD_MAX ((size_t)4096)

/* What stands before the text in a ring. */
struct entry {
    int64_t seconds;
    int32_t level;
    int32_t bare;
};

struct journal {
    struct logger *logger;
    struct seats *seats;
    int wake[2];
    int64_t due_ms;    /* INT64_MAX: nothing is there */
    struct seat *seat; /* in a worker: its own */
};

/* ---- the worker's side ----------------------------------------------------------------------- */

static void put_line(void *arg, const struct log_line *line)
{
    struct journal *journal = arg;
    const struct entry entry = { line->seconds, (int32_t)line->level, line->bare };

    (void)ring_put(&journal->seat->log, &entry, sizeof entry, line->text.ptr, line->text.len);
    if (!atomic_exchange(&journal->seat->woke_master, true) && write(journal->wake[1], "", 1) < 0) {
        return; /* the pipe is full of wakes: it will wake */
    }
}

void journal_join(struct journal *journal, struct seat *seat)
{
    logger_close(journal->logger); /* which is empty: the master gathers and writes in one go */
    journal->logger = NULL;
    close(journal->wake[0]);
    journal->wake[0] = -1;
    journal->seat = seat;
    log_send_to(put_line, journal);
}

/* ---- the master's side ----------------------------------------------------------------------- */

static void write_line(void *arg, const struct log_line *line)
{
    struct journal *journal = arg;

    logger_write(journal->logger, line);
    logger_flush(journal->logger);
}

struct journal *journal_create(struct logger *logger, struct seats *seats)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL || pipe(journal->wake) == -1) {
        logger_close(logger);
        free(journal);
        return NULL;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(journal->wake[i], F_SETFL, O_NONBLOCK);
        (void)fcntl(journal->wake[i], F_SETFD, FD_CLOEXEC);
    }
    journal->logger = logger;
    journal->seats = seats;
    journal->due_ms = INT64_MAX;
    log_send_to(write_line, journal);
    return journal;
}

void journal_destroy(struct journal *journal)
{
    if (journal == NULL) {
        return;
    }
    journal_gather(journal);
    log_send_to(NULL, NULL);
    logger_close(journal->logger);
    close(journal->wake[0]);
    close(journal->wake[1]);
    free(journal);
}

int journal_fd(const struct journal *journal)
{
    return journal->wake[0];
}

int64_t journal_due(const struct journal *journal)
{
    return journal->due_ms;
}

/* Workers are not trusted with more than their own lines: none may look like another, or play with
 * a terminal. */
static void disarm(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F) {
            text[i] = '?';
        }
    }
}

static void take_lines(struct logger *logger, struct ring *ring)
{
    char record[RECORD_MAX];
    struct entry entry;
    size_t size;

    while ((size = ring_take(ring, record, sizeof record)) >= sizeof entry) {
        struct log_line line = { .text = { record + sizeof entry, size - sizeof entry } };

        memcpy(&entry, record, sizeof entry);
        line.seconds = entry.seconds;
        line.level = entry.level >= LOG_ERROR && entry.level <= LOG_DEBUG
                         ? (enum log_level)entry.level
                         : LOG_ERROR;
        line.bare = entry.bare != 0;
        disarm(record + sizeof entry, line.text.len);
        logger_write(logger, &line);
    }
    logger_add_lost(logger, ring_take_lost(ring));
}

void journal_gather(struct journal *journal)
{
    for (size_t i = 0; i < seats_count(journal->seats); i++) {
        struct seat *seat = seats_at(journal->seats, i);

        /* First, so that a line that comes too late for this time wakes us again. */
        atomic_store(&seat->woke_master, false);
        take_lines(journal->logger, &seat->log);
    }
    logger_flush(journal->logger);
    journal->due_ms = INT64_MAX;
}

void journal_tend(struct journal *journal)
{
    char wakes[64];
    int64_t now_ms = clock_ms();

    if (read(journal->wake[0], wakes, sizeof wakes) > 0 && journal->due_ms == INT64_MAX) {
        journal->due_ms = now_ms + GATHER_MS;
    }
    if (now_ms >= journal->due_ms) {
        journal_gather(journal);
    }
}

void journal_reopen(struct journal *journal)
{
    logger_reopen(journal->logger);
}
