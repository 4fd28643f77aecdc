/* What src/base/log.c promises. */
#include "check.h"

#include <stdio.h>

#include "base/log.h"

static char heard[4096];
static struct log_line last;

static void hear(void *arg, const struct log_line *line)
{
    (void)arg;
    last = *line;
    snprintf(heard, sizeof heard, "%.*s", STR_ARG(line->text));
}

static int setup(void **state)
{
    (void)state;
    heard[0] = '\0';
    log_send_to(hear, NULL);
    log_configure(&LOG_DEFAULT);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    log_send_to(NULL, NULL);
    return 0;
}

static struct log_request request_from(const char *address)
{
    struct log_request request = {
        .protocol = "gemini",
        .line = STR("gemini://ex.org/\"\x1b[31m"),
        .status = 20,
        .bytes = 12345678901,
        .ms = 7,
    };

    assert_true(ip_parse(str_from(address), &request.from));
    return request;
}

static void writes_a_request_as_pairs(void **state)
{
    struct log_request request = request_from("203.0.113.77");

    (void)state;
    log_request(&request);
    assert_string_equal(heard, "request protocol=gemini from=203.0.113.0/24 status=20 "
                               "bytes=12345678901 ms=7 path=\"gemini://ex.org/\\x22\\x1B[31m\"");
    assert_int_equal(last.level, LOG_INFO);
    assert_false(last.bare);
    request.cut = true;
    log_request(&request);
    assert_non_null(strstr(heard, " cut=yes"));
}

static void writes_a_request_as_web_servers_do(void **state)
{
    struct log_request request = request_from("203.0.113.77");
    char day[64];

    (void)state;
    log_configure(&(struct log_options){ LOG_INFO, LOG_COMMON, LOG_SHORT });
    log_request(&request);
    assert_true(last.bare);
    assert_int_equal(sscanf(heard,
                            "203.0.113.0 - - [%[^]]] \"gemini://ex.org/\\x22\\x1B[31m\" 20 "
                            "12345678901",
                            day),
                     1);
    assert_int_equal(strlen(day), strlen("25/Nov/2026:03:35:12 +0000"));
}

static void writes_no_request_when_told(void **state)
{
    struct log_request request = request_from("203.0.113.77");

    (void)state;
    log_configure(&(struct log_options){ LOG_DEBUG, LOG_OFF, LOG_SHORT });
    log_request(&request);
    log_configure(&(struct log_options){ LOG_WARN, LOG_PAIRS, LOG_SHORT });
    log_request(&request);
    assert_string_equal(heard, "");
}

static void knows_as_much_of_an_address_as_it_may(void **state)
{
    static const struct {
        int addresses;
        const char *address;
        const char *shown;
    } cases[] = {
        { LOG_SHORT, "203.0.113.77", "203.0.113.0/24" },
        { LOG_SHORT, "2001:db8:1:2::3", "2001:db8:1::/48" },
        { LOG_FULL, "203.0.113.77", "203.0.113.77" },
        { LOG_FULL, "2001:db8:1:2::3", "2001:db8:1:2::3" },
        { LOG_NONE, "203.0.113.77", "-" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct log_request request = request_from(cases[i].address);
        char text[LOG_ADDRESS_SIZE];

        log_configure(&(struct log_options){ LOG_INFO, LOG_PAIRS, cases[i].addresses });
        assert_string_equal(log_address(&request.from, text), cases[i].shown);
    }
}

static void passes_on_what_is_urgent_enough(void **state)
{
    (void)state;
    log_configure(&(struct log_options){ LOG_WARN, LOG_PAIRS, LOG_SHORT });
    log_info("nothing much");
    assert_string_equal(heard, "");
    log_warn("%s", "watch out");
    assert_string_equal(heard, "watch out");
    assert_int_equal(last.level, LOG_WARN);
}

static void cuts_a_line_that_is_too_long(void **state)
{
    char text[8192];

    (void)state;
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    log_error("%s", text);
    assert_int_equal(last.text.len, 2047);
}

static void says_at_once_what_it_will_not_say_again_soon(void **state)
{
    struct log_hush hush = { 0 };
    char more[LOG_MORE_SIZE];

    (void)state;
    assert_true(log_hush_lifted(&hush, more));
    assert_string_equal(more, "");
    for (int i = 0; i < 5; i++) {
        assert_false(log_hush_lifted(&hush, more));
    }
    hush.until_ms = 0; /* a minute later */
    assert_true(log_hush_lifted(&hush, more));
    assert_string_equal(more, " (and 5 times more since this was said)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_a_request_as_pairs),
        TEST(writes_a_request_as_web_servers_do),
        TEST(writes_no_request_when_told),
        TEST(knows_as_much_of_an_address_as_it_may),
        TEST(passes_on_what_is_urgent_enough),
        TEST(cuts_a_line_that_is_too_long),
        TEST(says_at_once_what_it_will_not_say_again_soon),
    };

    return check_run(tests);
}
