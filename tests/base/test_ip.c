/* What src/base/ip.c promises. */
#include "check.h"

#include "base/ip.h"

static struct ip parse(const char *text)
{
    struct ip ip;

    if (!ip_parse(str_from(text), &ip)) {
        fail_msg("not an address: %s", text);
    }
    return ip;
}

static struct ip_range parse_range(const char *text)
{
    struct ip_range range;

    if (!ip_range_parse(str_from(text), &range)) {
        fail_msg("not a network: %s", text);
    }
    return range;
}

static void reads_and_prints_both_families(void **state)
{
    static const struct {
        const char *text;
        const char *printed;
    } cases[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "0.0.0.0", "0.0.0.0" },
        { "::", "::" },
        { "2001:DB8:0::1", "2001:db8::1" },
        { "::ffff:192.0.2.1", "192.0.2.1" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip ip = parse(cases[i].text);
        char text[IP_TEXT_SIZE];

        assert_string_equal(ip_print(&ip, text), cases[i].printed);
    }
}

static void refuses_what_is_no_address(void **state)
{
    static const char *const texts[] = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.4 ",
        "a.b",
        "::1::",
        "[::1]",
        "fe80::1%1",
        "1.2.3.4/8",
        "1:2:3:4:5:6:7:8:9",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct ip ip;

        if (ip_parse(str_from(texts[i]), &ip)) {
            fail_msg("accepted: %s", texts[i]);
        }
    }
}

static void groups_by_reader(void **state)
{
    struct ip a = parse("192.0.2.1");
    struct ip b = parse("192.0.2.2");
    struct ip mapped = parse("::ffff:192.0.2.1");
    struct ip c = parse("2001:db8:1:2::1");
    struct ip d = parse("2001:db8:1:2:ffff::9");
    struct ip e = parse("2001:db8:1:3::1");

    (void)state;
    assert_true(ip_group(&a) == ip_group(&mapped));
    assert_true(ip_group(&a) != ip_group(&b));
    assert_true(ip_group(&c) == ip_group(&d));
    assert_true(ip_group(&c) != ip_group(&e));
}

static void clears_what_lies_behind_a_prefix(void **state)
{
    static const struct {
        const char *text;
        const char *network;
    } cases[] = {
        { "203.0.113.77", "203.0.113.0" },
        { "2001:db8:1234:5678::1", "2001:db8:1234::" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip ip = parse(cases[i].text);
        struct ip network = ip_network(&ip, 24, 48);
        char text[IP_TEXT_SIZE];

        assert_string_equal(ip_print(&network, text), cases[i].network);
    }
}

static void knows_who_is_in_a_network(void **state)
{
    static const struct {
        const char *range;
        const char *address;
        bool inside;
    } cases[] = {
        { "192.0.2.0/24", "192.0.2.255", true },
        { "192.0.2.0/24", "192.0.3.0", false },
        { "192.0.2.9/24", "192.0.2.1", true },
        { "192.0.2.1", "192.0.2.1", true },
        { "192.0.2.1", "192.0.2.2", false },
        { "0.0.0.0/0", "8.8.8.8", true },
        { "0.0.0.0/0", "2001:db8::1", false },
        { "::/0", "192.0.2.1", true },
        { "2001:db8::/33", "2001:db8::1", true },
        { "2001:db8::/33", "2001:db8:8000::", false },
        { "::1", "::1", true },
        { "127.0.0.0/8", "127.200.0.1", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ip_range range = parse_range(cases[i].range);
        struct ip ip = parse(cases[i].address);

        if (ip_ranges_hold(&range, 1, &ip) != cases[i].inside) {
            fail_msg("%s in %s", cases[i].address, cases[i].range);
        }
    }
}

static void refuses_what_is_no_network(void **state)
{
    static const char *const texts[] = { "",       "/",     "1.2.3.4/",    "1.2.3.4/33",
                                         "::/129", "::/-1", "1.2.3.4/8/8", "host/8" };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct ip_range range;

        if (ip_range_parse(str_from(texts[i]), &range)) {
            fail_msg("accepted: %s", texts[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_prints_both_families),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(groups_by_reader),
        cmocka_unit_test(clears_what_lies_behind_a_prefix),
        cmocka_unit_test(knows_who_is_in_a_network),
        cmocka_unit_test(refuses_what_is_no_network),
    };

    return check_run(tests);
}
