/* When to make the next generation: when a file has changed and all has been quiet for a moment, or
 * when the hour of a post has come. */
#ifndef SERVER_WATCH_H
#define SERVER_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fields.h"
#include "server/config.h"

struct watch;

/* What is to be watched. */
struct watch_aim {
    int mode;                  /* enum watch_mode */
    const struct words *paths; /* files, and folders with all that is below them */
    const struct words *keys;  /* likewise; but here we may have written ourselves */
    const struct words *own;   /* files that we write all the time, and that are no news; names
                                * of no file do no harm */
    int64_t next_scheduled;    /* seconds; 0: no post waits for its hour */
    int64_t read_since_ns;     /* the time of day; what changed later may not have been read */
};

/* Nothing is watched yet. */
struct watch *watch_create(void);

/* NULL is left alone. */
void watch_destroy(struct watch *watch);

/* A descriptor that is readable when something happens; -1 when there is none. */
int watch_fd(const struct watch *watch);

/* Watch these from now on; the paths are copied. */
void watch_take_aim(struct watch *watch, const struct watch_aim *aim);

/* When watch_reason has to be asked without being woken, by clock_ms; INT64_MAX for never. day_ns
 * is the time of day, here and below: it may jump. */
int64_t watch_due(const struct watch *watch, int64_t day_ns);

/* Why a new generation is to be made now, in words for the log; NULL: for no reason. To be asked
 * when watch_fd is readable, at watch_due, and now and then for a clock that was set back: then
 * posts are there whose hour has not come. */
const char *watch_reason(struct watch *watch, int64_t day_ns);

/* A new generation is about to be made for another reason: it will know all there is by now. */
void watch_note(struct watch *watch);

/* One was made, or could not be, and it took so long: the more there are in a row, and the longer
 * they take, the longer the pause before the next. */
void watch_rest(struct watch *watch, int64_t took_ms);

#endif
