/* The crew: worker processes and their slots. A slot is a set of listening sockets that outlives
 * whoever serves there: a new worker comes beside the old one, which leaves once the new one
 * accepts. */
#ifndef SERVER_CREW_H
#define SERVER_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "server/config.h"
#include "server/generation.h"
#include "server/journal.h"

/* In one slot: one that serves, its successor, and those that finish what they began. */
#define CREW_PROCESSES_MAX 5

struct crew;

/*
 * Open the sockets, one for each worker at each address.
 *
 * Returns NULL after reporting. Readers may connect from here on; they are answered once there are
 * workers.
 */
struct crew *crew_create(const struct config *config, struct diag *diag);

/* The sockets close; who has connected and was not accepted is lost. NULL is left alone. */
void crew_destroy(struct crew *crew);

/* Get ready for processes; false with errno set. */
bool crew_muster(struct crew *crew);

/* Where workers count, and where their log goes; the journal outlives them. */
struct seats *crew_seats(const struct crew *crew);
void crew_report_to(struct crew *crew, struct journal *journal);

/* How workers are confined; NULL for not at all. */
const struct confinement *crew_confinement(const struct crew *crew);

/* Keep a descriptor of the master's from workers. */
void crew_withhold(struct crew *crew, int fd);

/* What is readable when a worker begins to accept, or leaves unasked. */
int crew_news(const struct crew *crew);

/* Let workers be born with this generation from now on; it outlives the next call. Each takes over
 * its slot once it accepts; until then the one before it serves. */
void crew_renew(struct crew *crew, const struct generation *generation);

/* Whether every slot is served by the newest generation. */
bool crew_is_settled(const struct crew *crew);

/* Whether a worker was born that does not accept yet: no time for another generation. */
bool crew_expects(const struct crew *crew);

/* Bury the dead, replace them, let successors take over, hurry those who are late. To be called
 * after SIGCHLD, when crew_news is readable, and at crew_due. */
void crew_attend(struct crew *crew);

/* When crew_attend has something to do without being woken, by clock_ms; INT64_MAX for never. */
int64_t crew_due(const struct crew *crew);

/* Tell all workers to finish (SIGTERM) or end them (SIGKILL). None is replaced from here on. */
void crew_dismiss(struct crew *crew, int number);

/* How many worker processes there are, in whatever state. */
size_t crew_count(const struct crew *crew);

/* Serve in this process, until it is told to stop. Returns the exit status of the process. */
int crew_serve_alone(struct crew *crew, const struct generation *generation);

#endif
