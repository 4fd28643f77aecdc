/* The way of a log line from a worker to the log: into the ring of its seat, and out of it by the
 * master, many at once. A worker makes no system call for it but one to wake the master, and none
 * while that gathers. */
#ifndef SERVER_JOURNAL_H
#define SERVER_JOURNAL_H

#include <stdint.h>

#include "server/logger.h"
#include "server/seats.h"

struct journal;

/*
 * The master's side. From here on its own lines go to the logger, at once.
 *
 * logger  becomes the journal's.
 *
 * NULL with errno set, the logger then closed.
 */
struct journal *journal_create(struct logger *logger, struct seats *seats);

/* All that is there is written. NULL is left alone. */
void journal_destroy(struct journal *journal);

/* A worker's side, after the fork: from here on its lines go into its seat. */
void journal_join(struct journal *journal, struct seat *seat);

/* What the master waits for: a descriptor that becomes readable, and a time by clock_ms, INT64_MAX
 * for never. After either comes journal_tend. */
int journal_fd(const struct journal *journal);
int64_t journal_due(const struct journal *journal);
void journal_tend(struct journal *journal);

/* Write what is there now: before a seat is left, and at the end. */
void journal_gather(struct journal *journal);

void journal_reopen(struct journal *journal);

#endif
