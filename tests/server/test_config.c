/* splashdown.yaml: what an operator may write, and what counts when nothing was. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/config.h"

static struct arena *arena;
static struct diag diag;
static char file[] = "/tmp/splashdown-config-XXXXXX";

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    snprintf(file + sizeof file - 7, 7, "XXXXXX");
    close(mkstemp(file));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(file);
    arena_destroy(arena);
    return 0;
}

static bool load(const char *text, struct config *config)
{
    FILE *to = fopen(file, "w");

    assert_non_null(to);
    fputs(text, to);
    fclose(to);
    return config_load(arena, file, config, &diag);
}

static void reads_every_key(void **state)
{
    struct config config = CONFIG_INIT;
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    assert_true(load("capsules: [blog, /srv/other]\n"
                     "gemini:\n"
                     "  listen: ['127.0.0.1:1966', ':1967']\n"
                     "  port: 1965\n"
                     "certs: keys\n"
                     "workers: 3\n"
                     "log: debug\n"
                     "limits: {connections: 99, connections_per_address: 8,\n"
                     "  handshakes_per_second: 7, requests_per_second: 6, exempt: 192.0.2.0/24,\n"
                     "  handshake_timeout: 5, request_timeout: 4, answer_timeout: 3,\n"
                     "  linger_timeout: 1}\n",
                     &config));
    assert_int_equal(diag.errors + diag.warnings, 0);
    assert_int_equal(config.capsules.count, 2);
    check_str(config.capsules.items[0], "/tmp/blog");
    check_str(config.capsules.items[1], "/srv/other");
    assert_int_equal(config.listen_count, 2);
    assert_string_equal(address_print(&config.listens[0].address, text), "127.0.0.1:1966");
    assert_string_equal(address_print(&config.listens[1].address, text), "[::]:1967");
    assert_int_equal(config.gemini_port, 1965);
    check_str(config.certs, "/tmp/keys");
    assert_int_equal(config.workers, 3);
    assert_int_equal(config.log.level, LOG_DEBUG);
    assert_int_equal(config.limits.connections, 99);
    assert_int_equal(config.limits.connections_per_address, 8);
    assert_int_equal(config.limits.handshakes_per_second, 7);
    assert_int_equal(config.limits.requests_per_second, 6);
    assert_int_equal(config.limits.exempt_count, 1);
    assert_int_equal(config.deadlines.handshake_ms, 5000);
    assert_int_equal(config.deadlines.request_ms, 4000);
    assert_int_equal(config.deadlines.response_ms, 3000);
    assert_int_equal(config.deadlines.linger_ms, 1000);
}

static void listens_for_proxies_where_it_is_told(void **state)
{
    struct config config = CONFIG_INIT;
    struct ip ip;

    (void)state;
    assert_true(load("gemini:\n"
                     "  listen:\n"
                     "  - ':1965'\n"
                     "  - {address: '127.0.0.1:1966', proxy_protocol: [10.0.0.0/8, '::1']}\n",
                     &config));
    assert_int_equal(config.listen_count, 2);
    assert_null(config.listens[0].proxies);
    assert_int_equal(config.listens[1].proxy_count, 2);
    assert_int_equal(address_port(&config.listens[1].address), 1966);
    assert_true(ip_parse(STR("10.1.2.3"), &ip));
    assert_true(ip_ranges_hold(config.listens[1].proxies, 2, &ip));
}

static void exempts_loopback_unless_told(void **state)
{
    static const struct {
        const char *text;
        const char *address;
        bool exempt;
    } cases[] = {
        { "", "127.9.9.9", true },
        { "", "::1", true },
        { "", "10.0.0.1", false },
        { "limits: {exempt: []}\n", "127.0.0.1", false },
        { "limits: {exempt: 10.0.0.0/8}\n", "10.0.0.1", true },
        { "limits: {exempt: 10.0.0.0/8}\n", "::1", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config config = CONFIG_INIT;
        struct ip ip;

        config.certs = STR("/certs");
        assert_true(load(cases[i].text, &config) && config_complete(arena, &config, &diag));
        assert_true(ip_parse(str_from(cases[i].address), &ip));
        assert_int_equal(ip_ranges_hold(config.limits.exempt, config.limits.exempt_count, &ip),
                         cases[i].exempt);
    }
}

static void takes_one_value_for_a_list(void **state)
{
    struct config config = CONFIG_INIT;

    (void)state;
    assert_true(load("capsules: blog\ngemini: {listen: 1966}\n", &config));
    assert_int_equal(config.capsules.count, 1);
    assert_int_equal(config.listen_count, 2); /* loopback in both families */
}

static void reads_a_log_that_says_more(void **state)
{
    struct config config = CONFIG_INIT;

    (void)state;
    assert_true(
        load("log: {level: warning, to: logs/x, requests: common, addresses: none}\n", &config));
    assert_int_equal(config.log.level, LOG_WARN);
    assert_int_equal(config.log.requests, LOG_COMMON);
    assert_int_equal(config.log.addresses, LOG_NONE);
    check_str(config.log_to, "/tmp/logs/x");
    assert_true(load("log: {to: syslog}\n", &config));
    check_str(config.log_to, "syslog");
}

static void leaves_what_is_not_said(void **state)
{
    struct config config = CONFIG_INIT;

    (void)state;
    assert_true(load("# nothing\n", &config));
    assert_int_equal(config.capsules.count, 0);
    assert_int_equal(config.listen_count, 0);
    assert_int_equal(config.workers, 0);
    assert_int_equal(config.log.level, LOG_INFO);
}

static void names_each_mistake_with_its_line(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *words;
    } cases[] = {
        { "capsule: x\n", 1, "did you mean 'capsules'?" },
        { "\ngemini:\n  listn: x\n", 3, "did you mean 'listen'?" },
        { "gemini: 1965\n", 1, "must be a map" },
        { "workers: 1\ncapsules: []\n", 2, "'capsules' names no folder" },
        { "log: loud\n", 1, "'loud' must be one of error, warning, info, debug, or a map" },
        { "log: {addresses: some}\n", 1, "must be one of short, full, none" },
        { "limits: 5\n", 1, "'limits' must be a map" },
        { "limits:\n  conections: 5\n", 2, "did you mean 'connections'?" },
        { "limits:\n  requests_per_second: 0\n", 2, "must be a number from 1" },
        { "limits:\n  exempt: [10.0.0.0/8,\n    ten]\n", 3, "'ten' is no network" },
        { "gemini:\n  listen:\n  - {proxy_protocol: 10.0.0.1}\n", 3, "'address' is missing" },
        { "gemini: {listen: [{address: 1965, proxy_protocol: x}]}\n", 1, "'x' is no network" },
        { "gemini:\n  listen:\n    - ':1'\n    - localhost:1\n", 4, "no address to listen on" },
        { "gemini:\n  listen: ':0'\n", 2, "no port from 1 to 65535" },
        { "gemini: {port: 0}\n", 1, "from 1 to 65535" },
        { "workers: 0\n", 1, "from 1 to 256" },
        { "workers: many\n", 1, "from 1 to 256" },
        { "capsules: {a: b}\n", 1, "must be a list" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config config = CONFIG_INIT;

        assert_false(load(cases[i].text, &config));
        assert_int_equal(diag.count, i + 1);
        assert_string_equal(diag.problems[i].place.file, file);
        assert_int_equal(diag.problems[i].place.line, cases[i].line);
        if (strstr(diag.problems[i].text, cases[i].words) == NULL) {
            fail_msg("%s: %s", cases[i].text, diag.problems[i].text);
        }
    }
}

static void names_a_file_that_cannot_be_read(void **state)
{
    struct config config = CONFIG_INIT;

    (void)state;
    assert_false(config_load(arena, "/nowhere/splashdown.yaml", &config, &diag));
    assert_string_equal(diag.problems[0].text,
                        "cannot read /nowhere/splashdown.yaml: No such file or directory");
}

static void completes_what_was_not_said(void **state)
{
    struct config config = CONFIG_INIT;
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    unsetenv("STATE_DIRECTORY");
    unsetenv("XDG_STATE_HOME");
    setenv("HOME", "/home/ada", 1);
    assert_true(config_complete(arena, &config, &diag));
    check_str(config.capsules.items[0], ".");
    assert_int_equal(config.listen_count, 1);
    assert_string_equal(address_print(&config.listens[0].address, text), "[::]:1965");
    assert_in_range(config.workers, 2, CONFIG_WORKERS_MAX);
    check_str(config.certs, "/home/ada/.local/state/splashdown/certs");
}

static void keeps_certificates_where_state_belongs(void **state)
{
    static const struct {
        const char *systemd;
        const char *xdg;
        const char *home;
        const char *certs; /* NULL: nowhere */
    } cases[] = {
        { "/var/lib/splashdown", "/x", "/h", "/var/lib/splashdown/certs" },
        { "/var/lib/a:/var/lib/b", "/x", "/h", "/var/lib/a/certs" },
        { "", "/x", "/h", "/x/splashdown/certs" },
        { "", "relative", "/h", "/h/.local/state/splashdown/certs" },
        { "", "", "", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config config = CONFIG_INIT;

        setenv("STATE_DIRECTORY", cases[i].systemd, 1);
        setenv("XDG_STATE_HOME", cases[i].xdg, 1);
        setenv("HOME", cases[i].home, 1);
        assert_int_equal(config_complete(arena, &config, &diag), cases[i].certs != NULL);
        if (cases[i].certs != NULL) {
            check_str(config.certs, cases[i].certs);
        }
    }
    assert_non_null(strstr(diag.problems[0].text, "--certs"));
}

static void gives_host_names_to_one_capsule_only(void **state)
{
    struct str names[2] = { STR("a"), STR("b") };
    struct config config = CONFIG_INIT;

    (void)state;
    config.certs = STR("/certs");
    config.hosts = (struct words){ names, 1 };
    config.capsules = (struct words){ names, 2 };
    assert_false(config_complete(arena, &config, &diag));
    config.capsules.count = 1;
    assert_true(config_complete(arena, &config, &diag));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_every_key),
        TEST(takes_one_value_for_a_list),
        TEST(listens_for_proxies_where_it_is_told),
        TEST(exempts_loopback_unless_told),
        TEST(reads_a_log_that_says_more),
        TEST(leaves_what_is_not_said),
        TEST(names_each_mistake_with_its_line),
        TEST(names_a_file_that_cannot_be_read),
        TEST(completes_what_was_not_said),
        TEST(keeps_certificates_where_state_belongs),
        TEST(gives_host_names_to_one_capsule_only),
    };

    return check_run(tests);
}
