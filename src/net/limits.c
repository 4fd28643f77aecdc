/*
 * Counting readers without keeping their addresses: two rows of cells, and an address owns the cell
 * in each that a secret function sends it to (a count-min sketch). The lower of its two cells is
 * never less than its due. The memory is fixed, nothing is looked for, evicted or locked, and who
 * shares one cell with a flooder has the other; sharing both takes a chance of one in millions for
 * each address that floods.
 */
#include "net/limits.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "base/hash.h"

#define ROWS        2
#define COLUMN_BITS 12
#define COLUMNS     ((size_t)1 << COLUMN_BITS)
#define US_PER_MS   1000
#define US_PER_S    1000000
#define SAVED_US    ((int64_t)LIMITS_SAVED_S * US_PER_S)

enum rate { RATE_HANDSHAKES, RATE_REQUESTS, RATE_COUNT };

/* Relaxed throughout: a count that is read a moment too early lets one too many in. */
struct limits_page {
    size_t size;
    size_t seats;
    uint64_t keys[ROWS];
    /* When the address will have used up nothing, in microseconds: GCRA, a bucket in one number. */
    _Atomic int64_t due_us[RATE_COUNT][ROWS][COLUMNS];
    _Atomic uint16_t connections[]; /* [ROWS][COLUMNS][seats]: a cell's seats lie together */
};

const char *const limit_names[LIMIT_COUNT] = {
    [LIMIT_NONE] = "none",
    [LIMIT_CONNECTIONS] = "connections_per_address",
    [LIMIT_HANDSHAKES] = "handshakes_per_second",
    [LIMIT_REQUESTS] = "requests_per_second",
};

/* ---- the page ------------------------------------------------------------------------------- */

static bool draw_keys(uint64_t keys[ROWS])
{
    if (getrandom(keys, ROWS * sizeof *keys, 0) != (ssize_t)(ROWS * sizeof *keys)) {
        return false;
    }
    for (size_t row = 0; row < ROWS; row++) {
        keys[row] |= 1; /* multiplying by an odd number loses nothing */
    }
    return true;
}

struct limits_page *limits_page_create(size_t seats)
{
    size_t size = sizeof(struct limits_page) + ROWS * COLUMNS * seats * sizeof(uint16_t);
    struct limits_page *page =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED) {
        return NULL;
    }
    page->size = size;
    page->seats = seats;
    if (!draw_keys(page->keys)) {
        limits_page_destroy(page);
        return NULL;
    }
    return page;
}

void limits_page_destroy(struct limits_page *page)
{
    if (page != NULL) {
        munmap(page, page->size);
    }
}

void limits_page_vacate(struct limits_page *page, size_t seat)
{
    for (size_t cell = 0; cell < ROWS * COLUMNS; cell++) {
        _Atomic uint16_t *count = &page->connections[cell * page->seats + seat];

        if (atomic_load_explicit(count, memory_order_relaxed) != 0) {
            atomic_store_explicit(count, 0, memory_order_relaxed);
        }
    }
}

/* Any two addresses meet in a row with a chance of at most 2 / COLUMNS, whoever chose them, as long
 * as the key is not known (multiply-shift hashing). They are mixed before, or rows of neighbours
 * would meet rows of neighbours. */
static size_t column_of(const struct limits_page *page, size_t row, const struct ip *ip)
{
    return (size_t)(hash_number(HASH_START, ip_group(ip)) * page->keys[row] >> (64 - COLUMN_BITS));
}

/* ---- rates ---------------------------------------------------------------------------------- */

/* Spend one of the address's allowance. Returns 0, or how many microseconds are missing to it. */
static int64_t spend(struct limits_page *page, enum rate rate, unsigned long per_second,
                     const struct ip *ip, int64_t now_ms)
{
    int64_t now_us = now_ms * US_PER_MS;
    int64_t price_us = US_PER_S / (int64_t)per_second;
    _Atomic int64_t *cells[ROWS];
    int64_t due_us = INT64_MAX;
    int64_t seen_us[ROWS];

    for (size_t row = 0; row < ROWS; row++) {
        cells[row] = &page->due_us[rate][row][column_of(page, row, ip)];
        seen_us[row] = atomic_load_explicit(cells[row], memory_order_relaxed);
        due_us = seen_us[row] < due_us ? seen_us[row] : due_us;
    }
    due_us = (due_us > now_us ? due_us : now_us) + price_us;
    if (due_us > now_us + SAVED_US) {
        return due_us - now_us - SAVED_US;
    }
    for (size_t row = 0; row < ROWS; row++) {
        if (seen_us[row] < due_us) {
            atomic_store_explicit(cells[row], due_us, memory_order_relaxed);
        }
    }
    return 0;
}

/* ---- connections ---------------------------------------------------------------------------- */

static _Atomic uint16_t *cell_of(struct limits_page *page, size_t row, const struct ip *ip)
{
    return &page->connections[(row * COLUMNS + column_of(page, row, ip)) * page->seats];
}

static unsigned long count_connections(struct limits_page *page, const struct ip *ip)
{
    unsigned long least = (unsigned long)-1;

    for (size_t row = 0; row < ROWS; row++) {
        const _Atomic uint16_t *cell = cell_of(page, row, ip);
        unsigned long count = 0;

        for (size_t seat = 0; seat < page->seats; seat++) {
            count += atomic_load_explicit(&cell[seat], memory_order_relaxed);
        }
        least = count < least ? count : least;
    }
    return least;
}

/* Only this process writes in its seat: reading and writing need not be one. */
static void change_connections(const struct limits *limits, const struct ip *ip, int by)
{
    for (size_t row = 0; row < ROWS; row++) {
        _Atomic uint16_t *count = &cell_of(limits->page, row, ip)[limits->seat];
        int now = atomic_load_explicit(count, memory_order_relaxed) + by;

        atomic_store_explicit(count, (uint16_t)now, memory_order_relaxed);
    }
}

/* ---- what is asked of them ------------------------------------------------------------------ */

static bool is_exempt(const struct limits *limits, const struct ip *ip)
{
    return ip_ranges_hold(limits->options->exempt, limits->options->exempt_count, ip);
}

enum limit limits_admit(const struct limits *limits, const struct ip *ip, int64_t now_ms)
{
    const struct limits_options *options = limits->options;

    if (is_exempt(limits, ip)) {
        return LIMIT_NONE;
    }
    if (count_connections(limits->page, ip) >= options->connections_per_address) {
        return LIMIT_CONNECTIONS;
    }
    if (spend(limits->page, RATE_HANDSHAKES, options->handshakes_per_second, ip, now_ms) > 0) {
        return LIMIT_HANDSHAKES;
    }
    change_connections(limits, ip, 1);
    return LIMIT_NONE;
}

void limits_leave(const struct limits *limits, const struct ip *ip)
{
    if (!is_exempt(limits, ip)) {
        change_connections(limits, ip, -1);
    }
}

unsigned limits_request(const struct limits *limits, const struct ip *ip, int64_t now_ms)
{
    int64_t missing_us = 0;

    if (!is_exempt(limits, ip)) {
        missing_us =
            spend(limits->page, RATE_REQUESTS, limits->options->requests_per_second, ip, now_ms);
    }
    return (unsigned)((missing_us + US_PER_S - 1) / US_PER_S);
}
