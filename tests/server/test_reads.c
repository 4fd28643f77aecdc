/* Reads of pages by day, as the clock turns from one to the next, and when it jumps. */
#include "server/reads.h"

#include "check.h"
#include "render/edition.h"

#define DAY_S INT64_C(86400)
#define NOON  (20454 * DAY_S + DAY_S / 2)

/* ---- an edition of two pages, linked in place of the render room's ---- */

static const struct page pages[] = { { .path = STR_INIT("/") }, { .path = STR_INIT("/a b.gmi") } };

size_t edition_count(const struct edition *edition)
{
    (void)edition;
    return 2;
}

const struct page *edition_page(const struct edition *edition, size_t index)
{
    (void)edition;
    return &pages[index];
}

/* ---- what is read of it ---- */

static struct str host = STR_INIT("ex.org");
static struct served served = { .hosts = &host, .host_count = 1 };
static const struct capsules capsules = { .each = &served, .count = 1 };
static struct reads reads;

static int setup(void **state)
{
    (void)state;
    served.reads = reads_share(2);
    reads_init(&reads);
    return served.reads != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    reads_fini(&reads);
    reads_unshare(served.reads, 2);
    return 0;
}

/* A page is read so often, and the master hears of it at a time. */
static void read_page(size_t page, unsigned times, int64_t now)
{
    atomic_fetch_add(&served.reads[page], times);
    reads_gather(&reads, &capsules, now);
}

static void check_day(const struct reads_day *day, int64_t number, uint64_t first)
{
    assert_int_equal(day->day, number);
    assert_int_equal(day->count, first > 0);
    if (first > 0) {
        assert_int_equal(day->each[0].count, first);
        check_str(day->each[0].host, "ex.org");
    }
}

static void adds_up_the_reads_of_a_page(void **state)
{
    (void)state;
    read_page(0, 2, NOON);
    read_page(1, 1, NOON + 1);
    read_page(0, 3, NOON + 2);
    reads_gather(&reads, &capsules, NOON + 3); /* nothing is counted twice */
    assert_int_equal(reads.days[0].count, 2);
    check_str(reads.days[0].each[0].path, "/");
    assert_int_equal(reads.days[0].each[0].count, 5);
    check_str(reads.days[0].each[1].path, "/a b.gmi");
    assert_int_equal(reads.days[0].each[1].count, 1);
}

static void keeps_a_day_for_another_when_it_turns(void **state)
{
    (void)state;
    read_page(0, 2, NOON);
    read_page(0, 3, NOON + DAY_S);
    check_day(&reads.days[0], 20455, 3);
    check_day(&reads.days[1], 20454, 2);
    reads_gather(&reads, &capsules, NOON + 2 * DAY_S);
    check_day(&reads.days[0], 20456, 0);
    check_day(&reads.days[1], 20455, 3);
}

static void loses_nothing_to_a_clock_set_right_at_midnight(void **state)
{
    const int64_t midnight = 20455 * DAY_S;

    (void)state;
    read_page(0, 2, midnight - 1);
    read_page(0, 3, midnight);
    read_page(0, 4, midnight - 1);
    check_day(&reads.days[0], 20454, 6);
    read_page(0, 5, midnight);
    check_day(&reads.days[0], 20455, 8);
    check_day(&reads.days[1], 20454, 6);
}

static void goes_on_when_the_clock_jumps_far(void **state)
{
    (void)state;
    read_page(0, 2, NOON);
    read_page(0, 3, NOON + 3650 * DAY_S);
    check_day(&reads.days[1], 20454, 2);
    read_page(0, 4, NOON);
    check_day(&reads.days[0], 20454, 6);
    read_page(0, 1, NOON - 3650 * DAY_S);
    check_day(&reads.days[0], 20454 - 3650, 1);
    check_day(&reads.days[1], 20454, 6);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(adds_up_the_reads_of_a_page),
        TEST(keeps_a_day_for_another_when_it_turns),
        TEST(loses_nothing_to_a_clock_set_right_at_midnight),
        TEST(goes_on_when_the_clock_jumps_far),
    };

    return check_run(tests);
}
