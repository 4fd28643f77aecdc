/* What is counted has a name. */
#include "net/counters.h"

#include <stddef.h>

const char *const handshake_failure_names[HANDSHAKE_FAILURE_COUNT] = {
    [HANDSHAKE_LEFT] = "left",       [HANDSHAKE_LATE] = "late",   [HANDSHAKE_NO_TLS] = "no_tls",
    [HANDSHAKE_VERSION] = "version", [HANDSHAKE_ALERT] = "alert", [HANDSHAKE_OTHER] = "other",
};

/* Every member is a number of this type: one loop adds them all. */
_Static_assert(sizeof(struct counters) % sizeof(uint64_t) == 0, "counters are uint64_t");

void counters_add(struct counters *to, const struct counters *counters)
{
    uint64_t *sums = (uint64_t *)to;
    const uint64_t *more = (const uint64_t *)counters;

    for (size_t i = 0; i < sizeof *to / sizeof *sums; i++) {
        sums[i] += more[i];
    }
}
