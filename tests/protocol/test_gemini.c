/* What src/protocol/gemini.c promises. The functional tests ask the same of the whole program. */
#include "check.h"

#include "fake_edition.h"
#include "protocol/gemini.h"

static struct str hosts[] = { STR_INIT("ex.org"), STR_INIT("www.ex.org"),
                              STR_INIT("xn--bcher-kva.example") };
static struct str other_hosts[] = { STR_INIT("other.example"), STR_INIT("::1") };
static const uint16_t ports[] = { 1965, 11965 };
static const uint16_t other_ports[] = { 70 };

static const struct page other_pages[] = { FAKE_BODY("/", "other") };
static struct edition other_edition = { other_pages, 1 };

static const struct served each[] = {
    { hosts, 3, ports, 2, &sample_edition },
    { other_hosts, 2, other_ports, 1, &other_edition },
};
static const struct capsules capsules = { each, sizeof each / sizeof *each };

static struct answer ask_with(struct str sni, struct str line)
{
    const struct request_context context = { sni };
    struct answer answer;

    memset(&answer, 0xA5, sizeof answer);
    gemini.answer(&capsules, &context, line, &answer);
    return answer;
}

static struct answer ask(struct str line)
{
    return ask_with(STR(""), line);
}

/* The head without its CR LF, which must be there. */
static struct str head_of(const struct answer *answer)
{
    struct str head = { answer->head, answer->head_len };

    assert_true(str_ends_with(head, STR("\r\n")));
    return str_first(head, head.len - 2);
}

/* What an answer without a body looks like from the outside. */
static void check_no_body(const struct answer *answer)
{
    assert_int_equal(answer->body.len, 0);
    assert_int_equal(answer->fd, -1);
    assert_int_equal(answer->size, 0);
    assert_null(answer->edition);
}

/* ---- the request table --------------------------------------------------------------------- */

#define U "gemini://ex.org"

static const struct row {
    const char *number; /* in gemini.md, section 9; those that only a connection shows are absent */
    struct str line;
    int status;
} rows[] = {
    { "1", STR_INIT(U "/"), 20 },
    { "2", STR_INIT(U), 20 },
    { "3", STR_INIT(U ":1965/"), 20 },
    { "4", STR_INIT(U ":/"), 20 },
    { "5", STR_INIT("GEMINI://ex.org/"), 20 },
    { "6", STR_INIT("gemini://EX.ORG/"), 20 },
    { "7", STR_INIT("gemini://ex.org./"), 53 },
    { "8", STR_INIT(U "/?q=a%20b"), 20 },
    { "9", STR_INIT(U "/?"), 20 },
    { "10", STR_INIT(U "?x"), 20 },
    { "11", STR_INIT(U "/dir"), 31 },
    { "12", STR_INIT(U "/dir/"), 20 },
    { "13", STR_INIT(U "/index.gmi/"), 51 },
    { "14", STR_INIT(U "/nope"), 51 },
    { "15", STR_INIT(U "/a%20b.gmi"), 20 },
    { "16", STR_INIT(U "/a+b.gmi"), 20 },
    { "17", STR_INIT(U "/a b.gmi"), 59 },
    { "18", STR_INIT(U "/caf%C3%A9.gmi"), 20 },
    { "19", STR_INIT(U "/caf\xC3\xA9.gmi"), 20 },
    { "20", STR_INIT(U "/100%25.gmi"), 20 },
    { "21", STR_INIT(U "/100%.gmi"), 59 },
    { "22", STR_INIT(U "/a%zz"), 59 },
    { "23", STR_INIT(U "/%69ndex.gmi"), 20 },
    { "24", STR_INIT(U "/index.gmi%00"), 59 },
    { "25", STR_INIT(U "/index\0.gmi"), 59 },
    { "26", STR_INIT(U "/dir%2Findex.gmi"), 51 },
    { "27", STR_INIT(U "/../"), 59 },
    { "28", STR_INIT(U "/dir/../index.gmi"), 20 },
    { "29", STR_INIT(U "/../outside.txt"), 59 },
    { "30", STR_INIT(U "/%2e%2e/outside.txt"), 59 },
    { "31", STR_INIT(U "/dir/..%2f..%2foutside.txt"), 51 },
    { "32", STR_INIT(U "/%C0%AE%C0%AE/x"), 59 },
    { "33", STR_INIT(U "/./index.gmi"), 20 },
    { "34", STR_INIT(U "//index.gmi"), 51 },
    { "35", STR_INIT(U "/.hidden"), 51 },
    { "36", STR_INIT(U "/dir\\index.gmi"), 59 },
    { "37", STR_INIT("gemini://user@ex.org/"), 59 },
    { "38", STR_INIT("gemini://u:p@ex.org/"), 59 },
    { "39", STR_INIT("gemini://@ex.org/"), 59 },
    { "40", STR_INIT(U "/#frag"), 59 },
    { "41", STR_INIT(U "/#"), 59 },
    { "42", STR_INIT(U ":443/"), 53 },
    { "43", STR_INIT(U ":0/"), 53 },
    { "44", STR_INIT(U ":99999/"), 59 },
    { "45", STR_INIT(U ":abc/"), 59 },
    { "46", STR_INIT("gemini://example.net/"), 53 },
    { "50", STR_INIT("gemini://127.0.0.1/"), 53 },
    { "51", STR_INIT("gemini://[::1]/"), 53 },
    { "52", STR_INIT("gemini://[::1/"), 59 },
    { "53", STR_INIT("http://ex.org/"), 53 },
    { "54", STR_INIT("https://ex.org/"), 53 },
    { "55", STR_INIT("gopher://ex.org/"), 53 },
    { "56", STR_INIT("titan://ex.org/x;size=0"), 53 },
    { "57", STR_INIT("//ex.org/"), 59 },
    { "58", STR_INIT("ex.org/"), 59 },
    { "59", STR_INIT("/"), 59 },
    { "60", STR_INIT(""), 59 },
    { "61", STR_INIT("Hello Gemini!"), 59 },
    { "62", STR_INIT("GET / HTTP/1.1"), 59 },
    { "63", STR_INIT("gemini:/ex.org/"), 59 },
    { "64", STR_INIT("gemini:ex.org"), 59 },
    { "65", STR_INIT("gemini:///"), 59 },
    { "66", STR_INIT(" gemini://ex.org/"), 59 },
    { "67", STR_INIT(U "/ "), 59 },
    { "68", STR_INIT(U "/a\tb"), 59 },
    { "69", STR_INIT("\xEF\xBB\xBF" U "/"), 59 },
    { "72", STR_INIT(U "/a\rb"), 59 },
    { "72", STR_INIT(U "/a\nb"), 59 },
    { "77c", STR_INIT(U "/%252e%252e/outside.txt"), 51 },
    { "80", STR_INIT(U "/\xDC"), 59 },
    { "81", STR_INIT("gemini://%65x.org/"), 20 },
    { "82", STR_INIT(U "/a|b"), 59 },
    { "82", STR_INIT(U "/\""), 59 },
    { "82", STR_INIT(U "/<x>"), 59 },
    { "83", STR_INIT(U "/\x7F"), 59 },
    { "84", STR_INIT(U "/\xC2\x85"), 59 },
};

static void answers_the_request_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer answer = ask(rows[i].line);

        if (answer.status != rows[i].status) {
            print_error("row %s: %.*s\n", rows[i].number, STR_ARG(head_of(&answer)));
        }
        assert_int_equal(answer.status, rows[i].status);
    }
}

/* ---- heads and bodies ---------------------------------------------------------------------- */

static void sends_a_page_with_its_media_type(void **state)
{
    struct answer answer = ask(STR(U "/caf%C3%A9.gmi?ignored"));

    (void)state;
    check_str(head_of(&answer), "20 text/gemini;charset=utf-8;lang=en");
    check_str(answer.body, "caf\xC3\xA9");
    assert_int_equal(answer.size, 5);
    assert_int_equal(answer.fd, -1);
    assert_ptr_equal(answer.edition, &sample_edition);
}

static void sends_an_empty_page_as_a_success(void **state)
{
    struct answer answer = ask(STR(U "/empty.gmi"));

    (void)state;
    assert_int_equal(answer.status, 20);
    assert_int_equal(answer.size, 0);
    assert_ptr_equal(answer.edition, &sample_edition);
}

static void hands_on_a_large_files_descriptor(void **state)
{
    struct answer answer = ask(STR(U "/big.bin"));

    (void)state;
    check_str(head_of(&answer), "20 application/octet-stream");
    assert_int_equal(answer.fd, 99);
    assert_int_equal(answer.size, 5000000);
    assert_int_equal(answer.body.len, 0);
    assert_ptr_equal(answer.edition, &sample_edition);
}

static void refuses_without_a_body(void **state)
{
    static const struct str lines[] = { STR_INIT(U "/nope"), STR_INIT("http://ex.org/"),
                                        STR_INIT(U "/../"), STR_INIT(U "/dir") };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct answer answer = ask(lines[i]);

        check_no_body(&answer);
        assert_true(answer.head_len > strlen("59 \r\n"));
    }
}

static void says_why_it_refuses(void **state)
{
    static const struct {
        struct str line;
        const char *head;
    } cases[] = {
        { STR_INIT(U "/nope"), "51 There is nothing at this address" },
        { STR_INIT("gemini://me@ex.org/"), "59 A Gemini URL has no user name" },
        { STR_INIT(U "/#top"), "59 A requested URL has no fragment" },
        { STR_INIT("https://ex.org/"), "53 Only gemini URLs are answered here" },
        { STR_INIT("gemini://example.net/"), "53 This host is not served here" },
        { STR_INIT(U ":70/"), "53 This port is not served here" },
        { STR_INIT(U "/.."), "59 The URL's path is malformed" },
        { STR_INIT("/"), "59 The request is not a URL with scheme and host" },
        { STR_INIT("Hello Gemini!"), "59 The request is not a URL" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(cases[i].line);

        check_str(head_of(&answer), cases[i].head);
    }
}

static void checks_in_the_stated_order(void **state)
{
    static const struct {
        struct str line;
        const char *head;
    } cases[] = {
        { STR_INIT("http://me@example.net:7/a b"), "59 The request is not a URL" },
        { STR_INIT("http://me@example.net:7/..#"), "59 A Gemini URL has no user name" },
        { STR_INIT("http://example.net:7/..#"), "59 A requested URL has no fragment" },
        { STR_INIT("http://example.net:7/.."), "53 Only gemini URLs are answered here" },
        { STR_INIT("gemini://example.net:7/.."), "53 This host is not served here" },
        { STR_INIT(U ":7/.."), "53 This port is not served here" },
        { STR_INIT(U "/.."), "59 The URL's path is malformed" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer answer = ask(cases[i].line);

        check_str(head_of(&answer), cases[i].head);
    }
}

static void keeps_an_editions_bad_text_out_of_the_header(void **state)
{
    static const struct str lines[] = { STR_INIT(U "/nowhere"), STR_INIT(U "/injection"),
                                        STR_INIT(U "/controls"), STR_INIT(U "/latin") };

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct answer answer = ask(lines[i]);

        check_str(head_of(&answer), "50 What is here does not fit into a Gemini answer");
        check_no_body(&answer);
    }
}

/* ---- redirects ----------------------------------------------------------------------------- */

static void redirects_moved_pages(void **state)
{
    struct answer answer = ask(STR(U "/old?q"));

    (void)state;
    check_str(head_of(&answer), "31 /posts/new.gmi");
    check_no_body(&answer);
}

static void redirects_a_folder_to_its_slash(void **state)
{
    struct answer answer = ask(STR(U "/dir?q"));

    (void)state;
    check_str(head_of(&answer), "31 /dir/");
    answer = ask(STR(U "/nope/../a%20b/caf\xC3\xA9"));
    check_str(head_of(&answer), "31 /a%20b/caf%C3%A9/");
    answer = ask(STR(U "/%252e%252e"));
    check_str(head_of(&answer), "31 /%252e%252e/");
}

static void builds_no_chain_of_redirects(void **state)
{
    struct answer answer = ask(STR(U "/old-folder"));

    (void)state;
    check_str(head_of(&answer), "31 /posts/a%20b.gmi");
}

static void refuses_to_redirect_past_the_headers_length(void **state)
{
    /* 900 bytes of UTF-8 are 2,700 once percent-encoded: more than a header may hold. */
    char path[1 + 900 + 1] = "/";
    char line[sizeof U + sizeof path];
    struct page page = FAKE_BODY("", "");
    struct edition edition = { &page, 1 };
    const struct served served = { hosts, 3, ports, 2, &edition };
    const struct capsules one = { &served, 1 };
    const struct request_context context = { STR("") };
    struct answer answer;

    (void)state;
    for (size_t i = 0; i < 450; i++) {
        memcpy(path + 1 + 2 * i, "\xC3\xA9", 2);
    }
    path[901] = '/';
    page.path = (struct str){ path, sizeof path };
    memcpy(line, U, sizeof U - 1);
    memcpy(line + sizeof U - 1, path, 901);
    gemini.answer(&one, &context, (struct str){ line, sizeof U - 1 + 901 }, &answer);
    assert_int_equal(answer.status, 50);
}

/* ---- hosts --------------------------------------------------------------------------------- */

static void serves_each_host_its_own_edition(void **state)
{
    static const struct {
        struct str line;
        const char *body;
    } cases[] = {
        { STR_INIT("gemini://www.ex.org/"), "home" },
        { STR_INIT("gemini://ex.org:11965/"), "home" },
        { STR_INIT("gemini://b\xC3\xBC"
                   "cher.example/"),
          "home" },
        { STR_INIT("gemini://B%C3%BCcher.example/"), "home" },
        { STR_INIT("gemini://other.example:70/"), "other" },
        { STR_INIT("gemini://[0::1]:70/"), "other" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_str(ask(cases[i].line).body, cases[i].body);
    }
}

static void takes_no_port_for_the_default_one(void **state)
{
    (void)state;
    assert_int_equal(ask(STR("gemini://other.example/")).status, 53);
    assert_int_equal(ask(STR("gemini://other.example:/")).status, 53);
    assert_int_equal(ask(STR("gemini://other.example:1965/")).status, 53);
}

static void refuses_hosts_that_differ_from_sni(void **state)
{
    (void)state;
    assert_int_equal(ask_with(STR("ex.org"), STR("gemini://EX.org/")).status, 20);
    assert_int_equal(ask_with(STR("EX.ORG"), STR(U "/")).status, 20);
    assert_int_equal(ask_with(STR(""), STR(U "/")).status, 20);
    assert_int_equal(ask_with(STR("example.net"), STR(U "/")).status, 53);
    assert_int_equal(ask_with(STR("example.net"), STR("gemini://example.net/")).status, 53);
    assert_int_equal(ask_with(STR("www.ex.org"), STR(U "/")).status, 53);
    assert_int_equal(ask_with(STR("ex.org"), STR("gemini://other.example:70/")).status, 53);
    assert_int_equal(
        ask_with(STR("xn--bcher-kva.example"), STR("gemini://B%C3%BCcher.example/")).status, 20);
}

static void serves_nobody_when_there_are_no_capsules(void **state)
{
    const struct capsules none = { NULL, 0 };
    const struct request_context context = { STR("") };
    struct answer answer;

    (void)state;
    gemini.answer(&none, &context, STR(U "/"), &answer);
    assert_int_equal(answer.status, 53);
}

/* ---- where a request ends ------------------------------------------------------------------ */

/* A request of `length` bytes for a page that is missing, followed by `end`. */
static struct str long_request(size_t length, const char *end)
{
    static char bytes[4096];

    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, U "/", sizeof U);
    memcpy(bytes + length, end, strlen(end));
    return (struct str){ bytes, length + strlen(end) };
}

static enum line_state scan(struct str received)
{
    size_t length;

    return gemini.scan(received, &length);
}

static void ends_a_request_at_cr_lf_only(void **state)
{
    static const struct {
        struct str received;
        enum line_state state;
        size_t length;
    } cases[] = {
        { STR_INIT(""), LINE_INCOMPLETE, 7 },       { STR_INIT("\n"), LINE_INCOMPLETE, 7 },
        { STR_INIT("\r"), LINE_INCOMPLETE, 7 },     { STR_INIT("a\n"), LINE_INCOMPLETE, 7 },
        { STR_INIT("a\r"), LINE_INCOMPLETE, 7 },    { STR_INIT("a\n\r"), LINE_INCOMPLETE, 7 },
        { STR_INIT("a\0"), LINE_INCOMPLETE, 7 },    { STR_INIT("\r\n"), LINE_COMPLETE, 0 },
        { STR_INIT("a\r\n"), LINE_COMPLETE, 1 },    { STR_INIT("a\r\r\n"), LINE_COMPLETE, 2 },
        { STR_INIT("a\nb\r\n"), LINE_COMPLETE, 3 }, { STR_INIT("a\r\nb\r\n"), LINE_COMPLETE, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = 7;

        assert_int_equal(gemini.scan(cases[i].received, &length), cases[i].state);
        assert_int_equal(length, cases[i].length);
    }
}

static void takes_1024_bytes_and_no_more(void **state)
{
    struct str received = long_request(1024, "\r\n");
    size_t length = 0;

    (void)state;
    assert_int_equal(gemini.line_max, received.len);
    assert_int_equal(gemini.scan(received, &length), LINE_COMPLETE);
    assert_int_equal(length, 1024);
    assert_int_equal(ask(str_first(received, length)).status, 51);
    assert_int_equal(scan(long_request(1025, "\r\n")), LINE_TOO_LONG);
    assert_int_equal(scan(long_request(2000, "\r\n")), LINE_TOO_LONG);
    assert_int_equal(ask(long_request(1025, "")).status, 59);
}

static void waits_only_while_cr_lf_can_still_come(void **state)
{
    (void)state;
    assert_int_equal(scan(long_request(1024, "")), LINE_INCOMPLETE);
    assert_int_equal(scan(long_request(1024, "\r")), LINE_INCOMPLETE);
    assert_int_equal(scan(long_request(1024, "\n")), LINE_TOO_LONG);
    assert_int_equal(scan(long_request(1024, "\r\r")), LINE_TOO_LONG);
    assert_int_equal(scan(long_request(1025, "")), LINE_TOO_LONG);
    assert_int_equal(scan(long_request(1100, "")), LINE_TOO_LONG);
}

static void refuses_what_is_too_long(void **state)
{
    struct answer answer;

    (void)state;
    gemini.refuse(&answer);
    assert_int_equal(answer.status, 59);
    check_str(head_of(&answer), "59 A request has at most 1024 bytes and ends in CR LF");
    check_no_body(&answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_the_request_table),
        cmocka_unit_test(sends_a_page_with_its_media_type),
        cmocka_unit_test(sends_an_empty_page_as_a_success),
        cmocka_unit_test(hands_on_a_large_files_descriptor),
        cmocka_unit_test(refuses_without_a_body),
        cmocka_unit_test(says_why_it_refuses),
        cmocka_unit_test(checks_in_the_stated_order),
        cmocka_unit_test(keeps_an_editions_bad_text_out_of_the_header),
        cmocka_unit_test(redirects_moved_pages),
        cmocka_unit_test(redirects_a_folder_to_its_slash),
        cmocka_unit_test(builds_no_chain_of_redirects),
        cmocka_unit_test(refuses_to_redirect_past_the_headers_length),
        cmocka_unit_test(serves_each_host_its_own_edition),
        cmocka_unit_test(takes_no_port_for_the_default_one),
        cmocka_unit_test(refuses_hosts_that_differ_from_sni),
        cmocka_unit_test(serves_nobody_when_there_are_no_capsules),
        cmocka_unit_test(ends_a_request_at_cr_lf_only),
        cmocka_unit_test(takes_1024_bytes_and_no_more),
        cmocka_unit_test(waits_only_while_cr_lf_can_still_come),
        cmocka_unit_test(refuses_what_is_too_long),
    };

    return check_run(tests);
}
