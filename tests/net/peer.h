/* A loop, connections in it, and their peer in the same process; a protocol and an edition that
 * know nothing but what the tests of this room need. */
#ifndef TESTS_NET_PEER_H
#define TESTS_NET_PEER_H

#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/conn.h"

#define LATE_MS 5000 /* what takes so long will not come any more */

/* ---- an edition that counts its holds, linked in place of the render room's ---- */

struct edition {
    int holds;
};

struct edition *edition_hold(struct edition *edition)
{
    edition->holds++;
    return edition;
}

void edition_release(struct edition *edition)
{
    if (edition != NULL) {
        edition->holds--;
    }
}

/* ---- a protocol: "NAME\n" is answered by the fixture of that name ---- */

static struct edition the_edition;
static struct answer the_answer; /* to every request; the head is added */
static struct str the_sni;       /* of the last one */
static char the_line[64];
static unsigned the_wait_s; /* of the last one who was told to wait */

#define HEAD "20 ok\r\n"

static enum line_state fake_scan(struct str received, size_t *length)
{
    *length = str_find(received, '\n');
    if (*length < received.len) {
        return LINE_COMPLETE;
    }
    return received.len < sizeof the_line - 1 ? LINE_INCOMPLETE : LINE_TOO_LONG;
}

static void fake_answer(const struct capsules *capsules, const struct request_context *context,
                        struct str line, struct answer *answer)
{
    (void)capsules;
    memcpy(the_line, line.ptr, line.len);
    the_line[line.len] = '\0';
    the_sni = context->sni;
    *answer = the_answer;
    answer->status = 20;
    answer->head_len = sizeof HEAD - 1;
    memcpy(answer->head, HEAD, sizeof HEAD - 1);
}

static void fake_refuse(struct answer *answer)
{
    *answer = (struct answer){ .status = 59, .head = "59\r\n", .head_len = 4, .fd = -1 };
}

static void fake_slow_down(unsigned seconds, struct answer *answer)
{
    *answer = (struct answer){ .status = 44, .head = "44\r\n", .head_len = 4, .fd = -1 };
    the_wait_s = seconds;
}

static const struct protocol fake_protocol = {
    .name = "fake",
    .line_max = sizeof the_line,
    .scan = fake_scan,
    .answer = fake_answer,
    .refuse = fake_refuse,
    .slow_down = fake_slow_down,
};

/* ---- the loop ---- */

static struct event_base *base;
static struct conns *conns;
static int closed_count;
static struct counters counters;
static struct ip somebody; /* who the peers of this process are */

static void on_closed(void *arg)
{
    (void)arg;
    closed_count++;
}

/* Options that a test may add to before it calls loop_open_with. */
static struct conns_options plain_options(struct tls *tls, struct conn_deadlines deadlines)
{
    return (struct conns_options){ .protocol = &fake_protocol,
                                   .tls = tls,
                                   .deadlines = deadlines,
                                   .counters = &counters,
                                   .closed = on_closed };
}

static void loop_open_with(struct conns_options options)
{
    log_configure(&(struct log_options){ .level = LOG_ERROR });
    base = event_base_new();
    assert_non_null(base);
    options.base = base;
    conns = conns_create(&options);
    assert_non_null(conns);
    closed_count = 0;
    the_edition.holds = 0;
    memset(&counters, 0, sizeof counters);
    the_answer = (struct answer){ .fd = -1 };
}

static void loop_open(struct tls *tls, struct conn_deadlines deadlines)
{
    loop_open_with(plain_options(tls, deadlines));
}

static void loop_close(void)
{
    conns_destroy(conns);
    event_base_free(base);
}

/* Another connection; returns the peer's end, non-blocking. */
static int connect_peer(void)
{
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    conns_accept(conns, fds[0], &somebody);
    return fds[1];
}

/* One turn of the loop, then a rest: nothing here is in a hurry, and deadlines must pass. */
static void turn(void)
{
    struct timespec nap = { 0, 100000 };

    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    nanosleep(&nap, NULL);
}

/* Until the loop has let go of so many connections. */
static void wait_closed(int count)
{
    int64_t start = clock_ms();

    while (closed_count < count) {
        assert_true(clock_ms() - start < LATE_MS);
        turn();
    }
}

#endif
