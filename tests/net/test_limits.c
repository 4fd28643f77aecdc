/* What src/net/limits.c promises. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "net/limits.h"

#define SEATS    4
#define START_MS 1000000

static struct limits_page *page;
static struct ip_range exempt;
static struct limits_options options;
static struct limits limits; /* of seat 0 */

static int setup(void **state)
{
    (void)state;
    page = limits_page_create(SEATS);
    assert_non_null(page);
    assert_true(ip_range_parse(STR("127.0.0.0/8"), &exempt));
    options = (struct limits_options){ .connections = 1000,
                                       .connections_per_address = 3,
                                       .handshakes_per_second = 5,
                                       .requests_per_second = 2,
                                       .exempt = &exempt,
                                       .exempt_count = 1 };
    limits = (struct limits){ &options, page, 0 };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    limits_page_destroy(page);
    return 0;
}

static struct ip ip_of(const char *text)
{
    struct ip ip;

    assert_true(ip_parse(str_from(text), &ip));
    return ip;
}

static void counts_the_connections_of_an_address(void **state)
{
    struct ip a = ip_of("192.0.2.1");
    struct ip b = ip_of("192.0.2.2");

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
    }
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_CONNECTIONS);
    assert_int_equal(limits_admit(&limits, &b, START_MS), LIMIT_NONE);
    limits_leave(&limits, &a);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_CONNECTIONS);
}

static void takes_a_64_for_one_address(void **state)
{
    struct ip one = ip_of("2001:db8:1:2::1");
    struct ip two = ip_of("2001:db8:1:2:ffff::9");
    struct ip other = ip_of("2001:db8:1:3::1");

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(limits_admit(&limits, i == 1 ? &one : &two, START_MS), LIMIT_NONE);
    }
    assert_int_equal(limits_admit(&limits, &one, START_MS), LIMIT_CONNECTIONS);
    assert_int_equal(limits_admit(&limits, &other, START_MS), LIMIT_NONE);
}

static void counts_over_all_workers_and_forgets_the_dead(void **state)
{
    struct limits other = { &options, page, SEATS - 1 };
    struct ip a = ip_of("192.0.2.1");
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) { /* a worker that takes two, and dies without a word */
        _exit((int)(limits_admit(&other, &a, START_MS) + limits_admit(&other, &a, START_MS)));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_CONNECTIONS);
    limits_page_vacate(page, SEATS - 1);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_CONNECTIONS);
}

static void lets_bursts_through_and_holds_the_rate(void **state)
{
    struct ip a = ip_of("192.0.2.1");
    int64_t now = START_MS;

    (void)state;
    for (unsigned long i = 0; i < options.requests_per_second * LIMITS_SAVED_S; i++) {
        assert_int_equal(limits_request(&limits, &a, now), 0);
    }
    assert_int_equal(limits_request(&limits, &a, now), 1);
    for (int i = 0; i < 20; i++) { /* two a second from here on, and asking in between is free */
        assert_int_equal(limits_request(&limits, &a, now + 499), 1);
        now += 500;
        assert_int_equal(limits_request(&limits, &a, now), 0);
    }
    now += LIMITS_SAVED_S * 1000;
    for (unsigned long i = 0; i < options.requests_per_second * LIMITS_SAVED_S; i++) {
        assert_int_equal(limits_request(&limits, &a, now), 0);
    }
    assert_int_equal(limits_request(&limits, &a, now), 1);
}

static void tells_how_long_to_wait(void **state)
{
    struct ip a = ip_of("192.0.2.1");

    (void)state;
    options.requests_per_second = 1;
    for (int i = 0; i < LIMITS_SAVED_S; i++) {
        assert_int_equal(limits_request(&limits, &a, START_MS), 0);
    }
    assert_int_equal(limits_request(&limits, &a, START_MS), 1);
    assert_int_equal(limits_request(&limits, &a, START_MS + 1000), 0);
}

static void holds_the_rate_of_handshakes(void **state)
{
    struct ip a = ip_of("192.0.2.1");

    (void)state;
    for (unsigned long i = 0; i < options.handshakes_per_second * LIMITS_SAVED_S; i++) {
        assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
        limits_leave(&limits, &a);
    }
    assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_HANDSHAKES);
    assert_int_equal(limits_admit(&limits, &a, START_MS + 200), LIMIT_NONE);
}

static void never_counts_who_is_exempt(void **state)
{
    struct ip a = ip_of("127.0.0.1");

    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(limits_admit(&limits, &a, START_MS), LIMIT_NONE);
        assert_int_equal(limits_request(&limits, &a, START_MS), 0);
    }
    limits_leave(&limits, &a);
}

/* A thousand flooders at their limit: who is refused for nothing can be counted on one hand. */
static void lets_flooders_hurt_hardly_anybody(void **state)
{
    int refused = 0;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        struct ip flooder = ip_from_ipv4((const uint8_t[]){ 10, 0, 0, (uint8_t)i });

        while (limits_admit(&limits, &flooder, START_MS) == LIMIT_NONE) {}
    }
    for (unsigned i = 0; i < 1000; i++) {
        struct ip reader =
            ip_from_ipv4((const uint8_t[]){ 192, 0, (uint8_t)(i / 250), (uint8_t)(i % 250) });

        if (limits_admit(&limits, &reader, START_MS) != LIMIT_NONE) {
            refused++;
        } else {
            limits_leave(&limits, &reader);
        }
    }
    assert_in_range(refused, 0, 20); /* one in 1,700 expected, if that */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_the_connections_of_an_address),
        TEST(takes_a_64_for_one_address),
        TEST(counts_over_all_workers_and_forgets_the_dead),
        TEST(lets_bursts_through_and_holds_the_rate),
        TEST(tells_how_long_to_wait),
        TEST(holds_the_rate_of_handshakes),
        TEST(never_counts_who_is_exempt),
        TEST(lets_flooders_hurt_hardly_anybody),
    };

    return check_run(tests);
}
