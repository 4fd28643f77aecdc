/* What src/base/ring.c promises. */
#include "check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ring.h"

static struct ring *ring;
static char out[4096];

static int setup(void **state)
{
    (void)state;
    ring = mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(ring, MAP_FAILED);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    munmap(ring, sizeof *ring);
    return 0;
}

static void gives_back_what_was_put_in_order(void **state)
{
    (void)state;
    assert_int_equal(ring_take(ring, out, sizeof out), 0);
    assert_true(ring_put(ring, "head", 4, "body", 4));
    assert_true(ring_put(ring, "x", 1, "", 0));
    assert_int_equal(ring_take(ring, out, sizeof out), 8);
    assert_memory_equal(out, "headbody", 8);
    assert_int_equal(ring_take(ring, out, sizeof out), 1);
    assert_int_equal(ring_take(ring, out, sizeof out), 0);
}

static void wraps_around_anywhere(void **state)
{
    char body[777];

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        memset(body, (int)(i & 0xFF), sizeof body);
        assert_true(ring_put(ring, &i, sizeof i, body, i % sizeof body));
        assert_int_equal(ring_take(ring, out, sizeof out), sizeof i + i % sizeof body);
        assert_memory_equal(out, &i, sizeof i);
        assert_memory_equal(out + sizeof i, body, i % sizeof body);
    }
}

static void loses_and_counts_what_does_not_fit(void **state)
{
    char body[1000] = { 0 };
    size_t fit = 0;

    (void)state;
    while (ring_put(ring, "", 0, body, sizeof body)) {
        fit++;
    }
    assert_false(ring_put(ring, "", 0, body, sizeof body));
    assert_int_equal(fit, RING_SIZE / (sizeof body + sizeof(uint32_t)));
    assert_int_equal(ring_take_lost(ring), 2);
    assert_int_equal(ring_take_lost(ring), 0);
    for (; fit > 0; fit--) {
        assert_int_equal(ring_take(ring, out, sizeof out), sizeof body);
    }
    assert_int_equal(ring_take(ring, out, sizeof out), 0);
    assert_true(ring_put(ring, "", 0, body, sizeof body));
}

static void survives_a_writer_that_was_killed(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        for (unsigned i = 0;; i++) { /* until it is killed in the middle of something */
            (void)ring_put(ring, &i, sizeof i, "some text", 9);
        }
    }
    for (unsigned i = 0; i < 10000;) {
        if (ring_take(ring, out, sizeof out) > 0) {
            assert_memory_equal(out + sizeof i, "some text", 9);
            i++;
        }
    }
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    while (ring_take(ring, out, sizeof out) > 0) {
        assert_memory_equal(out + sizeof(unsigned), "some text", 9);
    }
}

/* A worker that was taken over can write into the ring what it likes. */
static void never_believes_who_puts(void **state)
{
    (void)state;
    srand(1);
    for (int i = 0; i < 100000; i++) {
        size_t size = (size_t)rand() % sizeof out + 1;

        atomic_store(&ring->put, (uint64_t)rand() << (rand() % 33));
        for (int j = 0; j < 4; j++) {
            ring->bytes[(atomic_load(&ring->taken) + (unsigned)j) % RING_SIZE] =
                rand() % 2 == 0 ? (char)rand() : 0;
        }
        assert_true(ring_take(ring, out, size) <= size);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_back_what_was_put_in_order),
        TEST(wraps_around_anywhere),
        TEST(loses_and_counts_what_does_not_fit),
        TEST(survives_a_writer_that_was_killed),
        TEST(never_believes_who_puts),
    };

    return check_run(tests);
}
