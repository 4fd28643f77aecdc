/* What a process gives up before it listens to strangers. None of it can be taken back. */
#ifndef SERVER_CONFINE_H
#define SERVER_CONFINE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/str.h"

/* What an operator wants. */
enum confine { CONFINE_AUTO, CONFINE_REQUIRE, CONFINE_NONE };

/* Their names in order, NULL at the end, for tables of choices. */
extern const char *const confine_names[];

/*
 * Become a user for good: no group but the user's own, and nothing of root is left.
 *
 * user  a name; empty: stay who we are, which is warned of if that is root.
 *
 * Returns false after reporting: no such user, or who asks is neither root nor that user.
 */
bool confine_to_user(struct str user, struct diag *diag);

/* Nothing of this process reaches a disk or a debugger, and no program it starts gains rights. For
 * the master, and so for all its workers. */
void confine_secrets(void);

/* A way to take from a worker what the kernel would do for it. */
struct confinement;

/*
 * The first way that works here, found out by trying it in a child process: what a kernel has and
 * what a container forbids is known only then. NULL when none does.
 */
const struct confinement *confinement_find(void);

/* What to do with workers, as it is wanted and possible: NULL for nothing. Returns false after
 * reporting that confinement is required and there is none. */
bool confinement_choose(enum confine wanted, const struct confinement **chosen, struct diag *diag);

/* Say in the log what was chosen. */
void confinement_log(enum confine wanted, const struct confinement *chosen);

/* "seccomp and landlock" */
const char *confinement_name(const struct confinement *confinement);

/*
 * Confine this process, for good: from here on it accepts from sockets that it has, reads and
 * writes what is open, and that is all. Every file, program, new socket, process and the memory of
 * others are refused to it with EPERM or EACCES.
 *
 * Returns false when it did not work; then it must not serve.
 */
bool confinement_apply(const struct confinement *confinement);

#endif
