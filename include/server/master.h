/* The master: owns the listening sockets and keeps the workers alive. */
#ifndef SERVER_MASTER_H
#define SERVER_MASTER_H

#include <stdbool.h>

#include "base/diag.h"
#include "server/config.h"
#include "server/generation.h"

struct master;

/*
 * Open the listening sockets, one for each worker at each address.
 *
 * config  complete; it outlives the master.
 *
 * Returns NULL after reporting. Readers may connect from here on; they are answered by master_run.
 * SIGTERM, SIGINT and SIGCHLD wait for it from here on, too: who is told that we serve may tell us
 * to stop in the same moment.
 */
struct master *master_create(const struct config *config, struct diag *diag);

/* The sockets close; who has connected and was not accepted is lost. NULL is left alone. */
void master_destroy(struct master *master);

/*
 * Serve until SIGTERM or SIGINT, then let the workers finish (WORKER_DRAIN_S); a second signal
 * cuts them off. Dead workers are replaced, ever more patiently when they die young.
 *
 * Returns the exit status of the process. A worker process does not come back from here: it exits.
 */
int master_run(struct master *master, const struct generation *generation);

#endif
