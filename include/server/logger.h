/* Where the log is written: standard error, a file, or syslog. Only the master and a single process
 * have one; workers write into their seats (journal.h). */
#ifndef SERVER_LOGGER_H
#define SERVER_LOGGER_H

#include "base/diag.h"
#include "base/log.h"
#include "base/str.h"

struct logger;

/*
 * Open the log.
 *
 * to  "stderr", "syslog", or the path of a file, which is made when it is missing.
 *
 * Returns NULL after reporting.
 */
struct logger *logger_open(struct str to, struct diag *diag);

/* What was gathered is written. NULL is left alone. */
void logger_close(struct logger *logger);

/*
 * Gather a line; logger_flush writes what was gathered. Neither ever waits: what a full disk, a
 * pipe that nobody reads, or a dead syslog does not take is lost, and how much is said once it can
 * be.
 */
void logger_write(struct logger *logger, const struct log_line *line);
void logger_flush(struct logger *logger);

/* Lines that were lost elsewhere, to be said as well. */
void logger_add_lost(struct logger *logger, uint64_t lines);

/* A file that was moved away is begun anew under its name. When that fails, the old one goes on. */
void logger_reopen(struct logger *logger);

#endif
