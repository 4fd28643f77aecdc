/* The master: owns the listening sockets, keeps the workers alive, and makes the next generation
 * when something has changed. */
#ifndef SERVER_MASTER_H
#define SERVER_MASTER_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/pause.h"
#include "server/config.h"
#include "server/generation.h"

struct master;

/* How a reload learns what the operator wishes by then: command line and file, all over again. */
struct renewal {
    /* Complete a config whose texts live in the arena; false after reporting. */
    bool (*configure)(struct arena *arena, struct config *config, struct diag *diag,
                      const void *arg);
    const void *arg;
};

/*
 * Open the listening sockets, one for each worker at each address.
 *
 * config  complete.
 *
 * Returns NULL after reporting. Readers may connect from here on; they are answered by master_run.
 * Signals wait for it from here on, too: who is told that we serve may tell us to stop in the same
 * moment.
 */
struct master *master_create(const struct config *config, struct diag *diag);

/* From here on the log goes where config says; before, to standard error. Returns false after
 * reporting. */
bool master_open_log(struct master *master, const struct config *config, struct diag *diag);

/* For what takes long in the master's process: it goes on looking after workers, signals and the
 * service manager, and ends what takes long when it is told to stop. */
struct pause master_pause(struct master *master);

/* Whether it was told to stop. */
bool master_is_stopping(const struct master *master);

/* The sockets close; who has connected and was not accepted is lost. NULL is left alone. */
void master_destroy(struct master *master);

/*
 * Serve until SIGTERM or SIGINT, then let the workers finish (WORKER_DRAIN_S); a second signal
 * cuts them off. Dead workers are replaced, ever more patiently when they die young. On SIGHUP a
 * new generation is made, whose workers take over while those of the one before finish; one that
 * cannot be served changes nothing.
 *
 * generation  loaded; becomes the master's.
 *
 * Returns the exit status of the process. A worker process does not come back from here: it exits.
 */
int master_run(struct master *master, struct generation *generation, const struct renewal *renewal);

#endif
