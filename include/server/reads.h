/* How often each page was read, by day, without a trace of who read it. Workers count in memory
 * that they share, by a page's number in its edition; the master gathers that under the page's
 * name. */
#ifndef SERVER_READS_H
#define SERVER_READS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "protocol/protocol.h"

/* A counter for each page of an edition, shared with processes that are forked later; NULL when
 * there is no memory for it, which nobody needs to mind. */
atomic_uint *reads_share(size_t page_count);
void reads_unshare(atomic_uint *reads, size_t page_count);

struct page_reads {
    struct str host;
    struct str path;
    uint64_t count;
};

/* One day, in UTC. */
struct reads_day {
    int64_t day; /* since 1970 */
    struct arena *arena;
    struct map pages; /* "host path" -> index */
    struct page_reads *each;
    size_t count;
    size_t capacity;
};

/* Today and the day that was before it. */
struct reads {
    struct reads_day days[2];
};

void reads_init(struct reads *reads);
void reads_fini(struct reads *reads);

/* Take what was counted since the last time; it counts for the day of now (seconds). */
void reads_gather(struct reads *reads, const struct capsules *capsules, int64_t now);

#endif
