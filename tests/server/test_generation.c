/* What is said of a generation: the rest of it is tested with the whole program. */
#include "server/generation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "check.h"

#define DAY_S   INT64_C(86400)
#define EXPIRES INT64_C(67090118400) /* 4096-01-01, as those we make */

static char folder[] = "/tmp/splashdown-generation-XXXXXX";
static struct arena *arena;
static struct diag diag;
static struct published published;
static char logged[4096];

static void remember(void *arg, const struct log_line *line)
{
    size_t len = strlen(logged);

    (void)arg;
    snprintf(logged + len, sizeof logged - len, "%s: %.*s\n", log_level_names[line->level],
             STR_ARG(line->text));
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    snprintf(folder + sizeof folder - 7, 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    log_configure(&(struct log_options){ .level = LOG_INFO });
    log_send_to(remember, NULL);
    logged[0] = '\0';
    return 0;
}

static int teardown(void **state)
{
    char command[64];

    (void)state;
    log_send_to(NULL, NULL);
    certificates_fini(&published.certificates);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
    arena_destroy(arena);
    return 0;
}

static void warns_of_certificates_that_expire(void **state)
{
    struct generation generation = { .capsules.count = 1, .published = &published };
    struct str host = STR("ex.org");
    const struct words hosts = { &host, 1 };

    (void)state;
    assert_true(certificates_init(&published.certificates, arena, str_from(folder), &hosts, NULL,
                                  EXPIRES - 400 * DAY_S, &diag));
    generation_log_expiry(&generation, EXPIRES - 31 * DAY_S);
    assert_string_equal(logged, "");
    generation_log_expiry(&generation, EXPIRES - 30 * DAY_S + 1);
    assert_non_null(strstr(logged, "warning: "));
    assert_non_null(strstr(logged, "/ex.org.crt: this certificate expires on 4096-01-01\n"));
    logged[0] = '\0';
    generation_log_expiry(&generation, EXPIRES + 1);
    assert_non_null(strstr(logged, "this certificate expired on 4096-01-01"));
}

static void names_a_problem_once(void **state)
{
    struct generation first = { 0 };
    struct generation second = { 0 };

    (void)state;
    diag_init(&first.problems, arena);
    diag_init(&second.problems, arena);
    diag_warn(&first.problems, (struct place){ "a.md", 3 }, "an old one");
    diag_warn(&second.problems, (struct place){ "a.md", 3 }, "an old one");
    diag_error(&second.problems, (struct place){ NULL, 0 }, "a new one");
    diag_error(&second.problems, (struct place){ NULL, 0 }, "a new one");
    generation_log_news(&first, NULL, NULL);
    assert_string_equal(logged, "warning: a.md:3: an old one\n");
    logged[0] = '\0';
    generation_log_news(&second, &first, NULL);
    assert_string_equal(logged, "error: a new one\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(warns_of_certificates_that_expire),
        TEST(names_a_problem_once),
    };

    return check_run(tests);
}
