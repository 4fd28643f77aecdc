/* What the files of the crew share: who is in it, and where. */
#ifndef SERVER_CREW_PARTS_H
#define SERVER_CREW_PARTS_H

#include <sys/types.h>

#include "crew.h"
#include "net/listener.h"
#include "server/seats.h"

#define WITHHELD_MAX 16
#define NO_BIRTH_MS  30000 /* the longest pause when workers do not even come to serve */

enum state {
    BORN,    /* forked, does not accept yet */
    SERVING, /* accepts, until its successor does */
    RETIRED, /* accepts no more, finishes what it began */
    HURRIED, /* likewise, but not for long */
};

/* A place for workers: its sockets stay while they come and go. */
struct slot {
    struct listener *listeners; /* one for each address */
    int64_t due_ms;             /* when the next worker may be born */
    int64_t pause_ms;           /* what the one after that has to wait */
};

/* One worker. */
struct process {
    struct process *next; /* older */
    pid_t pid;
    struct slot *slot;
    struct seat *seat;
    enum state state;
    unsigned generation;
    int64_t born_ms;
    int64_t due_ms; /* when its state has lasted too long; INT64_MAX for never */
};

struct crew {
    struct arena *arena;
    size_t listen_count;
    struct slot *slots;
    size_t slot_count;
    const struct generation *generation; /* what the next worker is born with */
    struct process *processes;           /* the youngest first */
    struct seats *seats;
    struct journal *journal;
    const struct confinement *confinement; /* of workers */
    bool dismissed;
    int lifeline[2]; /* workers wait for its end; nothing is ever written */
    int news[2];     /* a worker writes its pid once it accepts, and when it does not any more */
    int withheld[WITHHELD_MAX];
    size_t withheld_count;
};

/* ---- sockets, crew_sockets.c ----------------------------------------------------------------- */

/* Make the slots, and open each address for all of them. Returns false after reporting every
 * problem. */
bool slots_open(struct crew *crew, const struct config *config, struct diag *diag);

/* What is closed already is left alone. */
void slot_close(const struct crew *crew, struct slot *slot);

/* ---- births, crew_births.c ------------------------------------------------------------------- */

/* Start a worker in each slot where one is due. */
void start_due_workers(struct crew *crew);

/* Whether nobody of the newest generation is in a slot, or on the way. */
bool slot_is_vacant(const struct crew *crew, const struct slot *slot);

#endif
