/* Records from one process to another, through memory they share. Neither ever waits for the other:
 * when there is no room, the record is lost and counted. */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_SIZE ((size_t)128 * 1024) /* a power of two */

/* All zero is an empty ring. One process puts, one takes. */
struct ring {
    _Atomic uint64_t put; /* bytes ever put, and taken: their difference is what is there */
    _Atomic uint64_t taken;
    _Atomic uint64_t lost; /* records */
    char bytes[RING_SIZE];
};

/* A record made of two pieces, for a head and its text. Returns false when it is lost. */
bool ring_put(struct ring *ring, const void *head, size_t head_size, const void *body,
              size_t body_size);

/*
 * Take the next record, whole.
 *
 * Returns its size, 0 when there is none. Who puts is not trusted: whatever it did to the ring, no
 * more than `size` bytes come out and none from elsewhere; what makes no sense is thrown away.
 */
size_t ring_take(struct ring *ring, void *out, size_t size);

/* How many records were lost since this was last asked. */
uint64_t ring_take_lost(struct ring *ring);

/* Empty again; nobody may be using it. */
void ring_reset(struct ring *ring);

#endif
