/* Pauses in what takes long: whoever asked for it looks after other things meanwhile, and may have
 * changed its mind. */
#ifndef BASE_PAUSE_H
#define BASE_PAUSE_H

#include <stdbool.h>
#include <stddef.h>

struct pause {
    bool (*look)(void *arg); /* whether to go on; once it was not, it never is again */
    void *arg;
};

/* To be called often, where nothing is half done. NULL never ends anything. */
static inline bool pause_to_look(const struct pause *pause)
{
    return pause == NULL || pause->look(pause->arg);
}

#endif
