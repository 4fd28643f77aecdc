/* Reads of pages: from counters without names to names with counts. */
#include "server/reads.h"

#include <sys/mman.h>

#define DAY_S 86400

atomic_uint *reads_share(size_t page_count)
{
    void *reads = mmap(NULL, page_count * sizeof(atomic_uint) + 1, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return reads != MAP_FAILED ? reads : NULL;
}

void reads_unshare(atomic_uint *reads, size_t page_count)
{
    if (reads != NULL) {
        munmap(reads, page_count * sizeof(atomic_uint) + 1);
    }
}

static void begin_day(struct reads_day *day, int64_t number)
{
    *day = (struct reads_day){ .day = number, .arena = arena_create() };
    map_init(&day->pages, day->arena);
}

void reads_init(struct reads *reads)
{
    begin_day(&reads->days[0], 0);
    begin_day(&reads->days[1], 0);
}

void reads_fini(struct reads *reads)
{
    arena_destroy(reads->days[0].arena);
    arena_destroy(reads->days[1].arena);
}

/* A clock that is set right around midnight goes back to the day before and on again; one that
 * jumps further merely begins another day. */
static void turn_to(struct reads *reads, int64_t number)
{
    const struct reads_day before = reads->days[1];

    if (reads->days[0].day == number) {
        return;
    }
    reads->days[1] = reads->days[0];
    if (before.day == number) {
        reads->days[0] = before;
        return;
    }
    arena_destroy(before.arena);
    begin_day(&reads->days[0], number);
}

static void add_reads(struct reads_day *day, struct str host, struct str path, uint64_t count)
{
    struct str name = arena_printf(day->arena, "%.*s %.*s", STR_ARG(host), STR_ARG(path));
    size_t index;

    if (!map_find(&day->pages, name, &index)) {
        index = day->count;
        map_add(&day->pages, name, index);
        *ARENA_PUSH(day->arena, day->each, day->count, &day->capacity) =
            (struct page_reads){ .host = str_first(name, host.len),
                                 .path = str_skip(name, host.len + 1) };
    }
    day->each[index].count += count;
}

static void gather_capsule(struct reads_day *day, const struct served *served)
{
    for (size_t i = 0; i < edition_count(served->edition); i++) {
        unsigned count = atomic_exchange_explicit(&served->reads[i], 0, memory_order_relaxed);

        if (count > 0) {
            add_reads(day, served->hosts[0], edition_page(served->edition, i)->path, count);
        }
    }
}

void reads_gather(struct reads *reads, const struct capsules *capsules, int64_t now)
{
    turn_to(reads, now / DAY_S);
    for (size_t i = 0; i < capsules->count; i++) {
        if (capsules->each[i].reads != NULL) {
            gather_capsule(&reads->days[0], &capsules->each[i]);
        }
    }
}
