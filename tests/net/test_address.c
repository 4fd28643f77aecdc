/* Listen addresses: what an operator may write, and what it is taken for. */
#include "check.h"

#include "net/address.h"

static struct arena *arena;
static struct diag diag;

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static size_t parse(const char *text, struct address addresses[ADDRESS_EACH_MAX])
{
    return address_parse(str_from(text), (struct place){ NULL, 0 }, addresses, &diag);
}

static void reads_what_operators_write(void **state)
{
    static const struct {
        const char *text;
        const char *means[ADDRESS_EACH_MAX];
    } cases[] = {
        { "[::]:1965", { "[::]:1965", NULL } },
        { ":1965", { "[::]:1965", NULL } },
        { "*:1965", { "[::]:1965", NULL } },
        { "0.0.0.0:1", { "0.0.0.0:1", NULL } },
        { "192.0.2.7:65535", { "192.0.2.7:65535", NULL } },
        { "[2001:DB8:0::1]:70", { "[2001:db8::1]:70", NULL } },
        { "[::ffff:192.0.2.7]:70", { "[::ffff:192.0.2.7]:70", NULL } },
        { "1965", { "127.0.0.1:1965", "[::1]:1965" } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address addresses[ADDRESS_EACH_MAX];
        char text[ADDRESS_TEXT_SIZE];
        size_t count = parse(cases[i].text, addresses);

        assert_int_equal(count, cases[i].means[1] != NULL ? 2 : 1);
        for (size_t j = 0; j < count; j++) {
            assert_string_equal(address_print(&addresses[j], text), cases[i].means[j]);
        }
    }
    assert_int_equal(diag.errors, 0);
}

static void refuses_everything_else_with_a_reason(void **state)
{
    static const char *const cases[] = {
        "",
        ":",
        "localhost:1965",
        "::1:1965",
        "[::1]",
        "[::1]:",
        "1.2.3:1965",
        "1.2.3.4",
        "1.2.3.4:0",
        "1.2.3.4:65536",
        "1.2.3.4:x",
        "1.2.3.4:-1",
        "1.2.3.4: 1965",
        "[::1:1965",
        "::1]:1965",
        "[1.2.3.4]:1",
        "[]:1965",
        "[:1965",
        "]:1965",
        "[::1%lo]:1965",
        "gemini://[::]:1965",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address addresses[ADDRESS_EACH_MAX];

        assert_int_equal(parse(cases[i], addresses), 0);
        assert_int_equal(diag.errors, i + 1);
        assert_non_null(strstr(diag.problems[i].text, "no address to listen on"));
    }
}

static void makes_do_without_ipv6_on_loopback_only(void **state)
{
    struct address addresses[ADDRESS_EACH_MAX];

    (void)state;
    assert_int_equal(parse("1965", addresses), 2);
    assert_false(addresses[0].if_possible);
    assert_true(addresses[1].if_possible);
    assert_int_equal(parse("[::1]:1965", addresses), 1);
    assert_false(addresses[0].if_possible);
}

static void knows_ports_and_the_address_that_is_all(void **state)
{
    struct address addresses[ADDRESS_EACH_MAX];

    (void)state;
    parse(":300", addresses);
    assert_true(address_is_all(&addresses[0]));
    assert_int_equal(address_port(&addresses[0]), 300);
    parse("0.0.0.0:301", addresses);
    assert_false(address_is_all(&addresses[0]));
    assert_int_equal(address_port(&addresses[0]), 301);
    addresses[0] = address_all_ipv4(302);
    assert_int_equal(address_port(&addresses[0]), 302);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_what_operators_write),
        TEST(refuses_everything_else_with_a_reason),
        TEST(makes_do_without_ipv6_on_loopback_only),
        TEST(knows_ports_and_the_address_that_is_all),
    };

    return check_run(tests);
}
