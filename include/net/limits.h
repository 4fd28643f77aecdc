/* How many and how fast: what one reader may take, and all of them together. */
#ifndef NET_LIMITS_H
#define NET_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct limits_options {
    unsigned long connections; /* in all, shared out among the workers */
    /* By one address: an IPv4 address, or the /64 of an IPv6 address. */
    unsigned long connections_per_address;
    unsigned long handshakes_per_second; /* connections begun; LIMITS_SAVED_S of them at once */
    unsigned long requests_per_second;   /* likewise */
    const struct ip_range *exempt;       /* these count as nobody */
    size_t exempt_count;
};

/*
 * Ample for any reader, far from enough to hurt: a thousand idle connections are some 16 MB, and
 * never more than 150, whatever they do; a browser opens a handful, a page with pictures asks for
 * dozens at once and then rests; and twenty handshakes a second are half a hundredth of a
 * processor.
 */
#define LIMITS_DEFAULT                                                                             \
    ((struct limits_options){ .connections = 1024,                                                 \
                              .connections_per_address = 32,                                       \
                              .handshakes_per_second = 20,                                         \
                              .requests_per_second = 10 })

/* How many seconds of a rate may be saved up and spent at once: readers come in bursts. */
#define LIMITS_SAVED_S 10

enum limit {
    LIMIT_NONE,
    LIMIT_CONNECTIONS, /* per address */
    LIMIT_HANDSHAKES,
    LIMIT_REQUESTS,
    LIMIT_COUNT
};

/* As the operator knows them: the keys of limits_options. */
extern const char *const limit_names[LIMIT_COUNT];

/*
 * What all workers count together, in memory they share: a reader's connections are spread over
 * them by the kernel, and would else have as many allowances as there are workers.
 *
 * seats  numbers for processes: each worker alone writes its own connections, so that those of one
 *        that was killed can be forgotten (limits_page_vacate).
 *
 * NULL with errno set when there is no memory.
 */
struct limits_page *limits_page_create(size_t seats);
void limits_page_destroy(struct limits_page *page);
void limits_page_vacate(struct limits_page *page, size_t seat);

/* One worker's view. Everything here outlives it. */
struct limits {
    const struct limits_options *options;
    struct limits_page *page;
    size_t seat;
};

/*
 * A connection is there: may it stay? LIMIT_NONE when it may; then limits_leave must follow, in its
 * time. now_ms is CLOCK_MONOTONIC, here as below.
 */
enum limit limits_admit(const struct limits *limits, const struct ip *ip, int64_t now_ms);
void limits_leave(const struct limits *limits, const struct ip *ip);

/* A request is there: 0 when it may be answered, else how many seconds its reader has to wait. */
unsigned limits_request(const struct limits *limits, const struct ip *ip, int64_t now_ms);

#endif
