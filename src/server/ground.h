/* The ground that is watched: files and folders, of which a survey tells whether anything has
 * changed, and what the kernel tells of them in between. */
#ifndef SERVER_GROUND_H
#define SERVER_GROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "watch.h"

struct ground;

/* What there is. */
struct survey {
    uint64_t hash;     /* of all names and stamps, in whatever order */
    int64_t newest_ns; /* when the last change was, but for keys and what is our own */
};

/* What the kernel tells. */
enum news {
    NEWS_NONE,
    NEWS_UNFINISHED, /* something is being written, and counts once it is closed */
    NEWS_CHANGE,
};

/* Nothing is watched yet. */
struct ground *ground_create(void);

/* NULL is left alone. */
void ground_destroy(struct ground *ground);

/* A descriptor that is readable when there is news; -1 when there is none. */
int ground_fd(const struct ground *ground);

/* Watch what an aim says from now on; false, and nothing happens, when it says the same as before.
 */
bool ground_take(struct ground *ground, const struct watch_aim *aim);

/* Whether there is anything to look at. */
bool ground_is_watched(const struct ground *ground);

/* Whether the kernel does not tell of all that there is, as the last survey has found. */
bool ground_is_blind(const struct ground *ground);

/* Look at everything, and be told of it from now on. */
struct survey ground_survey(struct ground *ground);

/* What has been told since the last time. */
enum news ground_hear(struct ground *ground);

#endif
