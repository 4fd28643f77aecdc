/* When a clock, which may jump, asks for a new generation. What files have to do with it is tested
 * with the whole program. */
#include "watch.h"

#include "base/clock.h"
#include "check.h"

#define NOON_S  INT64_C(1767268800) /* 2026-01-01T12:00:00Z */
#define NOON_NS (NOON_S * NS_PER_S)

static struct watch *watch;

/* A generation was made at noon, and no file is watched. */
static void aim(int64_t next_scheduled)
{
    static const struct words none;
    const struct watch_aim aim = { .mode = WATCH_OFF,
                                   .paths = &none,
                                   .keys = &none,
                                   .own = &none,
                                   .next_scheduled = next_scheduled,
                                   .read_since_ns = NOON_NS };

    watch_take_aim(watch, &aim);
}

static int setup(void **state)
{
    (void)state;
    watch = watch_create();
    return watch != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    watch_destroy(watch);
    return 0;
}

static void waits_for_the_hour_of_a_post(void **state)
{
    int64_t now_ms = clock_ms();

    (void)state;
    aim(NOON_S + 5);
    assert_null(watch_reason(watch, NOON_NS));
    assert_in_range(watch_due(watch, NOON_NS), now_ms + 5000, clock_ms() + 5001);
    assert_null(watch_reason(watch, NOON_NS + 5 * NS_PER_S - 1));
    assert_non_null(watch_reason(watch, NOON_NS + 5 * NS_PER_S));
}

static void looks_again_at_a_clock_that_may_jump(void **state)
{
    int64_t now_ms = clock_ms();

    (void)state;
    aim(NOON_S + 365 * INT64_C(86400));
    assert_in_range(watch_due(watch, NOON_NS), now_ms, now_ms + 15000);
    assert_non_null(watch_reason(watch, NOON_NS + 366 * 86400 * NS_PER_S));
}

/* Or a generation that cannot be made would be tried, and complained of, without end. */
static void says_once_that_an_hour_has_come(void **state)
{
    (void)state;
    aim(NOON_S + 5);
    assert_non_null(watch_reason(watch, NOON_NS + 6 * NS_PER_S));
    assert_null(watch_reason(watch, NOON_NS + 7 * NS_PER_S));
    assert_int_equal(watch_due(watch, NOON_NS + 7 * NS_PER_S), INT64_MAX);
    aim(NOON_S + 8);
    assert_non_null(watch_reason(watch, NOON_NS + 8 * NS_PER_S));
}

static void notices_a_clock_that_was_set_back(void **state)
{
    (void)state;
    aim(0);
    assert_null(watch_reason(watch, NOON_NS + 3600 * NS_PER_S));
    assert_null(watch_reason(watch, NOON_NS));
    assert_null(watch_reason(watch, NOON_NS - NS_PER_S / 2)); /* kept right, not set back */
    assert_non_null(watch_reason(watch, NOON_NS - 3600 * NS_PER_S));
    assert_null(watch_reason(watch, NOON_NS - 3600 * NS_PER_S));
    assert_non_null(watch_reason(watch, NOON_NS - 7200 * NS_PER_S));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(waits_for_the_hour_of_a_post),
        TEST(looks_again_at_a_clock_that_may_jump),
        TEST(says_once_that_an_hour_has_come),
        TEST(notices_a_clock_that_was_set_back),
    };

    return check_run(tests);
}
