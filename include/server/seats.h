/* Seats: one for each worker process, in memory that the master shares with all of them. What a
 * worker counts there outlives it, however it ends. */
#ifndef SERVER_SEATS_H
#define SERVER_SEATS_H

#include <stddef.h>

#include "base/ring.h"
#include "net/counters.h"
#include "net/limits.h"
#include "protocol/protocol.h"

#define SEAT_PROTOCOLS_MAX 4

struct seats;

/* Written by its worker, read by the master. */
struct seat {
    size_t number;
    struct ring log; /* see journal.h, here and below */
    atomic_bool woke_master;
    struct counters counters[SEAT_PROTOCOLS_MAX]; /* see seat_counters */
};

/* NULL with errno set when there is no memory. */
struct seats *seats_create(size_t count);
void seats_destroy(struct seats *seats);

/* A seat for a worker that is about to be born; NULL when all are taken. */
struct seat *seats_take(struct seats *seats);

/* The worker is gone: what it had counted is added to the totals, its connections are forgotten,
 * and so is what is left of its log. NULL is left alone. */
void seats_leave(struct seats *seats, struct seat *seat);

/* Each of them, taken or not. */
size_t seats_count(const struct seats *seats);
struct seat *seats_at(struct seats *seats, size_t number);

/* Each protocol that is counted; NULL behind the last. */
const struct protocol *seats_protocol(size_t index);

/* Where a worker counts what it does in a protocol. */
struct counters *seat_counters(struct seat *seat, const struct protocol *protocol);

/* What all workers have done in a protocol, those of the past included. */
struct counters seats_total(const struct seats *seats, const struct protocol *protocol);

/* What a worker in this seat may let its readers do; the seats outlive it. */
struct limits seats_limits(const struct seats *seats, const struct seat *seat,
                           const struct limits_options *options);

#endif
