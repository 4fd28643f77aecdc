/* What src/server/logger.c promises, above all that it never waits. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/logger.h"

static struct arena *arena;
static struct diag diag;
static char folder[] = "/tmp/splashdown-logger-XXXXXX";
static char path[64];
static char heard[1 << 20];

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    snprintf(folder + sizeof folder - 7, 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/log", folder);
    return 0;
}

static int teardown(void **state)
{
    char old[80];

    (void)state;
    snprintf(old, sizeof old, "%s.1", path);
    unlink(old);
    unlink(path);
    rmdir(folder);
    arena_destroy(arena);
    return 0;
}

static void say(struct logger *logger, const char *text)
{
    const struct log_line line = { .seconds = 0, .level = LOG_INFO, .text = str_from(text) };

    logger_write(logger, &line);
}

static const char *contents(const char *file)
{
    FILE *from = fopen(file, "r");

    assert_non_null(from);
    heard[fread(heard, 1, sizeof heard - 1, from)] = '\0';
    fclose(from);
    return heard;
}

static void stamps_the_lines_of_a_file(void **state)
{
    const struct log_line bare = { .level = LOG_INFO, .bare = true, .text = STR("as it is") };
    struct logger *logger = logger_open(str_from(path), &diag);
    struct stat status;

    (void)state;
    assert_non_null(logger);
    say(logger, "one");
    logger_write(logger, &bare);
    logger_flush(logger);
    assert_string_equal(contents(path), "1970-01-01T00:00:00Z info: one\nas it is\n");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07, 0);
    logger_close(logger);
}

static void begins_a_file_anew_when_the_old_one_was_moved(void **state)
{
    struct logger *logger = logger_open(str_from(path), &diag);
    char old[80];

    (void)state;
    log_configure(&(struct log_options){ .level = LOG_ERROR });
    snprintf(old, sizeof old, "%s.1", path);
    say(logger, "one");
    logger_flush(logger);
    assert_int_equal(rename(path, old), 0);
    say(logger, "two");
    logger_reopen(logger);
    say(logger, "three");
    logger_close(logger);
    assert_string_equal(contents(old), "1970-01-01T00:00:00Z info: one\n"
                                       "1970-01-01T00:00:00Z info: two\n");
    assert_string_equal(contents(path), "1970-01-01T00:00:00Z info: three\n");
    log_configure(&LOG_DEFAULT);
}

static void names_a_file_that_cannot_be_opened(void **state)
{
    (void)state;
    assert_null(logger_open(STR("/nowhere/log"), &diag));
    assert_string_equal(diag.problems[0].text,
                        "cannot write the log to /nowhere/log: No such file or directory");
}

static void goes_on_when_the_disk_is_full(void **state)
{
    struct logger *logger = logger_open(STR("/dev/full"), &diag);

    (void)state;
    assert_non_null(logger);
    for (int i = 0; i < 10000; i++) {
        say(logger, "lost");
    }
    logger_flush(logger);
    logger_close(logger);
}

/* ---- a pipe that nobody reads, in place of standard error ---- */

static int pipe_ends[2];
static int real_stderr;

static void open_pipe(void)
{
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK), 0);
    real_stderr = dup(STDERR_FILENO);
    assert_int_not_equal(dup2(pipe_ends[1], STDERR_FILENO), -1);
}

static void close_pipe(void)
{
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static const char *drain(void)
{
    size_t len = 0;
    ssize_t got;

    while ((got = read(pipe_ends[0], heard + len, sizeof heard - len - 1)) > 0) {
        len += (size_t)got;
    }
    heard[len] = '\0';
    return heard;
}

/* Were it to wait, this test would never end. */
static void loses_lines_rather_than_wait_and_says_so(void **state)
{
    struct logger *logger;
    unsigned long missing = 0;
    unsigned long seen = 0;

    (void)state;
    open_pipe();
    logger = logger_open(STR("stderr"), &diag);
    for (int i = 0; i < 20000; i++) {
        say(logger, "a line");
    }
    logger_flush(logger);
    for (const char *at = drain(); (at = strstr(at, "a line\n")) != NULL; at++) {
        seen++;
    }
    assert_in_range(seen, 1, 19999);
    say(logger, "the last");
    logger_flush(logger);
    drain();
    assert_int_equal(
        sscanf(strstr(heard, "warning: "), "warning: %lu lines of the log are missing", &missing),
        1);
    assert_in_range(seen + missing, 19999, 20000); /* one may have been torn */
    assert_string_equal(strstr(heard, "info: the last"), "info: the last\n");
    close_pipe();
    logger_close(logger);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stamps_the_lines_of_a_file),
        TEST(begins_a_file_anew_when_the_old_one_was_moved),
        TEST(names_a_file_that_cannot_be_opened),
        TEST(goes_on_when_the_disk_is_full),
        TEST(loses_lines_rather_than_wait_and_says_so),
    };

    return check_run(tests);
}
