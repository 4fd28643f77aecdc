/* What goes on, in numbers: a file that Prometheus' textfile collector reads, and the log when the
 * operator asks. */
#ifndef SERVER_STATUS_H
#define SERVER_STATUS_H

#include <stdint.h>

#include "base/str.h"
#include "server/generation.h"
#include "server/seats.h"

struct status;

/*
 * file   where to write it, every STATUS_EVERY_S seconds, whole each time; empty: nowhere.
 * seats  where workers count; they outlive this.
 */
struct status *status_create(struct str file, const struct seats *seats);

/* NULL is left alone. */
void status_destroy(struct status *status);

#define STATUS_EVERY_S 15

/* What is put behind the file's name while it is written. */
#define STATUS_UNFINISHED ".new"

/* When status_tend has something to do, by clock_ms. */
int64_t status_due(const struct status *status);

/* Gather what was counted, and write the file, if it is time. */
void status_tend(struct status *status, const struct generation *generation);

/* Gather now, before the generation goes. */
void status_gather(struct status *status, const struct generation *generation);

/* All of it into the log, and into the file. */
void status_tell(struct status *status, const struct generation *generation);

#endif
