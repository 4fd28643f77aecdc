/* Memory shared between the master and its workers, a seat for each process. */
#include "server/seats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "protocol/gemini.h"
#include "protocol/gopher.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct protocol *const protocols[] = { &gemini, &gopher };

_Static_assert(COUNT(protocols) <= SEAT_PROTOCOLS_MAX, "a protocol has no counters");

struct seats {
    size_t count;
    struct seat *each; /* shared */
    bool *taken;
    struct limits_page *limits;
    struct counters past[SEAT_PROTOCOLS_MAX]; /* of workers that are gone */
};

struct seats *seats_create(size_t count)
{
    struct seats *seats = calloc(1, sizeof *seats);

    if (seats == NULL) {
        return NULL;
    }
    seats->count = count;
    seats->taken = calloc(count, sizeof *seats->taken);
    seats->limits = limits_page_create(count);
    seats->each = mmap(NULL, count * sizeof *seats->each, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seats->taken == NULL || seats->limits == NULL || seats->each == MAP_FAILED) {
        seats_destroy(seats);
        errno = ENOMEM;
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        seats->each[i].number = i;
    }
    return seats;
}

void seats_destroy(struct seats *seats)
{
    if (seats == NULL) {
        return;
    }
    if (seats->each != MAP_FAILED) {
        munmap(seats->each, seats->count * sizeof *seats->each);
    }
    limits_page_destroy(seats->limits);
    free(seats->taken);
    free(seats);
}

struct seat *seats_take(struct seats *seats)
{
    for (size_t i = 0; i < seats->count; i++) {
        if (!seats->taken[i]) {
            seats->taken[i] = true;
            return &seats->each[i];
        }
    }
    return NULL;
}

size_t seats_count(const struct seats *seats)
{
    return seats->count;
}

struct seat *seats_at(struct seats *seats, size_t number)
{
    return &seats->each[number];
}

void seats_leave(struct seats *seats, struct seat *seat)
{
    if (seat == NULL) {
        return;
    }
    for (size_t i = 0; i < COUNT(protocols); i++) {
        seat->counters[i].open = 0; /* they ended with it */
        counters_add(&seats->past[i], &seat->counters[i]);
    }
    memset(seat->counters, 0, sizeof seat->counters);
    ring_reset(&seat->log);
    limits_page_vacate(seats->limits, seat->number);
    seats->taken[seat->number] = false;
}

const struct protocol *seats_protocol(size_t index)
{
    return index < COUNT(protocols) ? protocols[index] : NULL;
}

static size_t index_of(const struct protocol *protocol)
{
    size_t found = 0;

    for (size_t i = 0; i < COUNT(protocols); i++) {
        found = protocols[i] == protocol ? i : found;
    }
    return found;
}

struct counters *seat_counters(struct seat *seat, const struct protocol *protocol)
{
    return &seat->counters[index_of(protocol)];
}

struct counters seats_total(const struct seats *seats, const struct protocol *protocol)
{
    size_t index = index_of(protocol);
    struct counters total = seats->past[index];

    for (size_t i = 0; i < seats->count; i++) {
        counters_add(&total, &seats->each[i].counters[index]);
    }
    return total;
}

struct limits seats_limits(const struct seats *seats, const struct seat *seat,
                           const struct limits_options *options)
{
    return (struct limits){ options, seats->limits, seat->number };
}
