/* A connection against peers that behave and peers that do not. Plain streams: what TLS adds is in
 * test_tls.c. */
#include "peer.h"

#include <sys/ioctl.h>

#define BIG     ((size_t)1024 * 1024)
#define SMALL   ((struct answer){ .fd = -1, .body = STR("hello"), .size = 5 })
#define PATIENT ((struct conn_deadlines){ LATE_MS, LATE_MS, LATE_MS, LATE_MS })

static void say(int peer, const char *text)
{
    assert_int_equal(send(peer, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Read to the end; the answer with its head, in an array that the caller frees. */
static char *hear(int peer, size_t *len)
{
    char *heard = calloc(1, BIG * 2);
    int64_t start = clock_ms();

    *len = 0;
    for (;;) {
        ssize_t got = recv(peer, heard + *len, BIG * 2 - *len, 0);

        if (got == 0) {
            return heard;
        }
        if (got > 0) {
            *len += (size_t)got;
        } else {
            assert_int_equal(errno, EAGAIN); /* and no reset */
            assert_true(clock_ms() - start < LATE_MS);
            turn();
        }
    }
}

static void check_heard(int peer, const char *expected)
{
    size_t len;
    char *heard = hear(peer, &len);

    check_str(((struct str){ heard, len }), expected);
    free(heard);
}

static char *make_body(void)
{
    char *body = malloc(BIG);

    for (size_t i = 0; i < BIG; i++) {
        body[i] = (char)(i * 31 >> 3);
    }
    return body;
}

static void answers_a_request_in_any_pieces(void **state)
{
    static const char *const pieces[][5] = {
        { "home\n" },
        { "h", "o", "m", "e\n" },
        { "home", "\n" },
        { "home\nand more" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        int peer;

        loop_open(NULL, PATIENT);
        the_answer = SMALL;
        peer = connect_peer();
        for (size_t j = 0; pieces[i][j] != NULL; j++) {
            say(peer, pieces[i][j]);
            turn();
        }
        check_heard(peer, HEAD "hello");
        assert_string_equal(the_line, "home");
        close(peer);
        wait_closed(1);
        assert_int_equal(conns_count(conns), 0);
        loop_close();
    }
}

static void answers_a_request_that_came_before_the_connection_was_taken(void **state)
{
    int fds[2];

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer = SMALL;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    say(fds[1], "home\n");
    conns_accept(conns, fds[0], &somebody);
    check_heard(fds[1], HEAD "hello");
    close(fds[1]);
    loop_close();
}

static void answers_with_an_empty_body(void **state)
{
    int peer;

    (void)state;
    loop_open(NULL, PATIENT);
    peer = connect_peer();
    say(peer, "home\n");
    check_heard(peer, HEAD);
    close(peer);
    loop_close();
}

static void refuses_a_line_that_is_too_long_at_once(void **state)
{
    int peer;

    (void)state;
    loop_open(NULL, PATIENT);
    peer = connect_peer();
    say(peer, "0123456789012345678901234567890123456789012345678901234567890123456789");
    check_heard(peer, "59\r\n");
    close(peer);
    loop_close();
}

static void lets_go_of_a_peer_that_leaves_without_a_request(void **state)
{
    int peer;

    (void)state;
    loop_open(NULL, PATIENT);
    peer = connect_peer();
    say(peer, "hom");
    turn();
    assert_int_equal(conns_count(conns), 1);
    close(peer);
    wait_closed(1);
    loop_close();
}

static void cuts_silent_and_dripping_peers_at_their_deadline(void **state)
{
    (void)state;
    for (int drips = 0; drips < 2; drips++) {
        int64_t start;
        int peer;

        loop_open(NULL, (struct conn_deadlines){ LATE_MS, 100, LATE_MS, LATE_MS });
        start = clock_ms();
        peer = connect_peer();
        while (closed_count == 0) {
            if (drips) {
                (void)send(peer, "x", (size_t)(clock_ms() % 10 == 0), MSG_NOSIGNAL);
            }
            assert_true(clock_ms() - start < LATE_MS);
            turn();
        }
        assert_in_range(clock_ms() - start, 90, 1000);
        close(peer);
        loop_close();
    }
}

static void cuts_a_reader_who_does_not_read(void **state)
{
    char *body = make_body();
    int64_t start;
    int peer;

    (void)state;
    loop_open(NULL, (struct conn_deadlines){ LATE_MS, LATE_MS, 100, LATE_MS });
    the_answer =
        (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG, .edition = &the_edition };
    peer = connect_peer();
    start = clock_ms();
    say(peer, "big\n");
    turn();
    assert_int_equal(the_edition.holds, 1);
    wait_closed(1);
    assert_in_range(clock_ms() - start, 90, 2000);
    assert_int_equal(the_edition.holds, 0);
    close(peer);
    loop_close();
    free(body);
}

/* The whole answer takes several deadlines; each of them sees progress. */
static void waits_for_a_slow_reader_who_reads(void **state)
{
    char *body = make_body();
    char *heard = malloc(BIG);
    size_t len = 0;
    int64_t start = clock_ms();
    int peer;

    (void)state;
    loop_open(NULL, (struct conn_deadlines){ LATE_MS, LATE_MS, 100, LATE_MS });
    the_answer = (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG };
    peer = connect_peer();
    say(peer, "big\n");
    while (len < BIG) {
        struct timespec nap = { 0, 20000000 };
        ssize_t got = recv(peer, heard, 64 * 1024, 0);

        assert_true(got > 0 || (got == -1 && errno == EAGAIN));
        len += got > 0 ? (size_t)got : 0;
        nanosleep(&nap, NULL);
        turn();
    }
    assert_true(clock_ms() - start > 200);
    close(peer);
    loop_close();
    free(heard);
    free(body);
}

static int file_of(const char *bytes, size_t size)
{
    FILE *file = tmpfile();
    int fd;

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fflush(file), 0);
    fd = dup(fileno(file));
    fclose(file);
    return fd;
}

static void sends_a_large_body_whole(void **state)
{
    char *body = make_body();

    (void)state;
    for (int from_file = 0; from_file < 2; from_file++) {
        int fd = from_file ? file_of(body, BIG) : -1;
        size_t len;
        char *heard;
        int peer;

        loop_open(NULL, PATIENT);
        the_answer = (struct answer){ .fd = fd, .size = BIG, .edition = &the_edition };
        the_answer.body = from_file ? STR("") : (struct str){ body, BIG };
        peer = connect_peer();
        say(peer, "big\n");
        heard = hear(peer, &len);
        assert_int_equal(len, BIG + sizeof HEAD - 1);
        assert_memory_equal(heard + sizeof HEAD - 1, body, BIG);
        close(peer);
        wait_closed(1);
        assert_int_equal(the_edition.holds, 0);
        loop_close();
        free(heard);
        close(fd);
    }
    free(body);
}

/* However much the socket would take: 64 KiB, then others have their turn. */
static void sends_at_most_64_kib_a_turn(void **state)
{
    char *body = make_body();
    int room = (int)BIG * 4;
    int before = 0;
    int peer;
    int fds[2];

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer = (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG };
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    peer = fds[1];
    assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
    say(peer, "big\n");
    conns_accept(conns, fds[0], &somebody);
    for (int i = 0; i < 8; i++) {
        int waiting;

        assert_int_equal(ioctl(peer, FIONREAD, &waiting), 0);
        assert_true(waiting - before <= 64 * 1024 + (int)sizeof HEAD);
        before = waiting;
        event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
    }
    assert_true(before > 0);
    close(peer);
    loop_close();
    free(body);
}

static void cuts_an_answer_whose_file_became_shorter(void **state)
{
    int fd = file_of("hello", 5);
    int peer;

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer = (struct answer){ .fd = fd, .size = 500 };
    peer = connect_peer();
    say(peer, "file\n");
    wait_closed(1);
    close(peer);
    loop_close();
    close(fd);
}

/* Closing a socket with unread input resets it, and the answer may be lost. */
static void reads_on_after_the_answer_up_to_a_limit(void **state)
{
    static char more[32 * 1024];
    int peer;

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer = SMALL;
    peer = connect_peer();
    say(peer, "home\n");
    assert_int_equal(send(peer, more, sizeof more, 0), sizeof more);
    check_heard(peer, HEAD "hello");
    assert_int_equal(conns_count(conns), 1);
    assert_int_equal(send(peer, more, sizeof more, 0), sizeof more);
    turn();
    assert_int_equal(send(peer, more, sizeof more, MSG_NOSIGNAL), sizeof more);
    wait_closed(1);
    close(peer);
    loop_close();
}

static void lingers_no_longer_than_its_deadline(void **state)
{
    int64_t start;
    int peer;

    (void)state;
    loop_open(NULL, (struct conn_deadlines){ LATE_MS, LATE_MS, LATE_MS, 50 });
    the_answer = SMALL;
    peer = connect_peer();
    start = clock_ms();
    say(peer, "home\n");
    check_heard(peer, HEAD "hello");
    wait_closed(1);
    assert_in_range(clock_ms() - start, 40, 1000);
    close(peer);
    loop_close();
}

/* ---- proxies ---- */

#define PROXY_LINE "PROXY TCP4 192.0.2.7 198.51.100.7 49152 1965\r\n"

static struct ip_range trusted; /* whom loop_open_for_proxies lets in */
static struct limits_options limits_options;
static struct limits limits;

static struct ip ip_of(const char *text)
{
    struct ip ip;

    assert_true(ip_parse(str_from(text), &ip));
    return ip;
}

/* A loop that expects a proxy at 10.0.0.1, and that answers each reader once in ten seconds. */
static void loop_open_for_proxies(struct conn_deadlines deadlines)
{
    struct conns_options options = plain_options(NULL, deadlines);

    assert_true(ip_range_parse(STR("10.0.0.1"), &trusted));
    somebody = ip_of("10.0.0.1");
    limits_options = LIMITS_DEFAULT;
    limits_options.connections_per_address = 2;
    limits_options.requests_per_second = 1;
    limits = (struct limits){ &limits_options, limits_page_create(1), 0 };
    assert_non_null(limits.page);
    options.proxies = &trusted;
    options.proxy_count = 1;
    options.limits = &limits;
    loop_open_with(options);
    the_answer = SMALL;
}

static void loop_close_for_proxies(void)
{
    loop_close();
    limits_page_destroy(limits.page);
    somebody = (struct ip){ { 0 } };
}

static void reads_a_proxy_header_in_any_pieces(void **state)
{
    static const char request[] = PROXY_LINE "home\n";

    (void)state;
    for (size_t piece = 1; piece <= sizeof request - 1; piece++) {
        int peer;

        loop_open_for_proxies(PATIENT);
        peer = connect_peer();
        for (size_t i = 0; i < sizeof request - 1; i += piece) {
            size_t left = sizeof request - 1 - i;

            assert_true(send(peer, request + i, left < piece ? left : piece, MSG_NOSIGNAL) > 0);
            turn();
        }
        check_heard(peer, HEAD "hello");
        assert_string_equal(the_line, "home");
        close(peer);
        wait_closed(1);
        loop_close_for_proxies();
    }
}

static void drops_what_is_no_proxy(void **state)
{
    static const struct {
        const char *from;
        const char *says;
    } cases[] = {
        { "10.0.0.2", PROXY_LINE "home\n" }, /* not the one that is listed */
        { "10.0.0.1", "home\n" },
        { "10.0.0.1", "PROXY TCP4 192.0.2.7 198.51.100.7 49152 65536\r\nhome\n" },
        { "10.0.0.1", "" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int peer;
        char byte;

        loop_open_for_proxies((struct conn_deadlines){ 100, LATE_MS, LATE_MS, LATE_MS });
        somebody = ip_of(cases[i].from);
        peer = connect_peer();
        (void)send(peer, cases[i].says, strlen(cases[i].says), MSG_NOSIGNAL);
        wait_closed(1);
        assert_int_not_equal(recv(peer, &byte, 1, 0), 1);
        assert_int_equal(counters.proxies_refused + counters.late, 1);
        assert_int_equal(counters.requests[20], 0);
        close(peer);
        loop_close_for_proxies();
    }
}

/* ---- limits ---- */

static int come_as(const char *reader)
{
    char line[128];
    int peer = connect_peer();

    snprintf(line, sizeof line, "PROXY TCP4 %s 198.51.100.7 49152 1965\r\nhome\n", reader);
    say(peer, line);
    return peer;
}

static int ask_as(const char *reader, const char *expected)
{
    int peer = come_as(reader);

    check_heard(peer, expected);
    return peer;
}

static void tells_a_reader_who_asks_too_fast(void **state)
{
    (void)state;
    loop_open_for_proxies(PATIENT);
    for (int i = 0; i < LIMITS_SAVED_S; i++) {
        close(ask_as("192.0.2.7", HEAD "hello"));
        wait_closed(i + 1);
    }
    close(ask_as("192.0.2.7", "44\r\n"));
    assert_int_equal(the_wait_s, 1);
    close(ask_as("192.0.2.8", HEAD "hello"));
    assert_int_equal(counters.limited[LIMIT_REQUESTS], 1);
    assert_int_equal(counters.requests[20], LIMITS_SAVED_S + 1);
    assert_int_equal(counters.requests[44], 1);
    loop_close_for_proxies();
}

static void ends_a_connection_too_many_of_one_reader(void **state)
{
    int held[2];
    int third;
    char byte;

    (void)state;
    loop_open_for_proxies(PATIENT);
    for (int i = 0; i < 2; i++) { /* they linger: nobody has closed them */
        held[i] = ask_as("192.0.2.7", HEAD "hello");
    }
    third = come_as("192.0.2.7");
    wait_closed(1);
    assert_int_not_equal(recv(third, &byte, 1, 0), 1);
    close(third);
    assert_int_equal(counters.limited[LIMIT_CONNECTIONS], 1);
    close(ask_as("192.0.2.8", HEAD "hello"));
    close(held[0]);
    wait_closed(3);
    close(ask_as("192.0.2.7", HEAD "hello"));
    close(held[1]);
    loop_close_for_proxies();
    assert_int_equal(counters.open, 0);
}

static void crowds_out_who_has_waited_longest_but_nobody_who_is_answered(void **state)
{
    char *body = make_body();
    int peers[3];

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer = (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG };
    for (int i = 0; i < 3; i++) {
        peers[i] = connect_peer();
    }
    say(peers[0], "big\n");
    turn();
    assert_true(conns_crowd_out(conns));
    check_heard(peers[1], "");
    assert_true(conns_crowd_out(conns));
    check_heard(peers[2], "");
    assert_false(conns_crowd_out(conns));
    assert_int_equal(conns_count(conns), 1);
    assert_int_equal(counters.crowded_out, 2);
    loop_close();
    for (int i = 0; i < 3; i++) {
        close(peers[i]);
    }
    free(body);
}

static void lets_go_of_everybody_at_the_end(void **state)
{
    char *body = make_body();
    int peers[4];

    (void)state;
    loop_open(NULL, PATIENT);
    the_answer =
        (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG, .edition = &the_edition };
    for (int i = 0; i < 4; i++) {
        peers[i] = connect_peer();
    }
    say(peers[1], "hal");
    say(peers[2], "big\n");
    turn();
    assert_int_equal(conns_count(conns), 4);
    assert_int_equal(the_edition.holds, 1);
    loop_close();
    assert_int_equal(the_edition.holds, 0);
    assert_int_equal(closed_count, 0);
    for (int i = 0; i < 4; i++) {
        close(peers[i]);
    }
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_a_request_in_any_pieces),
        cmocka_unit_test(answers_a_request_that_came_before_the_connection_was_taken),
        cmocka_unit_test(answers_with_an_empty_body),
        cmocka_unit_test(refuses_a_line_that_is_too_long_at_once),
        cmocka_unit_test(lets_go_of_a_peer_that_leaves_without_a_request),
        cmocka_unit_test(cuts_silent_and_dripping_peers_at_their_deadline),
        cmocka_unit_test(cuts_a_reader_who_does_not_read),
        cmocka_unit_test(waits_for_a_slow_reader_who_reads),
        cmocka_unit_test(sends_a_large_body_whole),
        cmocka_unit_test(sends_at_most_64_kib_a_turn),
        cmocka_unit_test(cuts_an_answer_whose_file_became_shorter),
        cmocka_unit_test(reads_on_after_the_answer_up_to_a_limit),
        cmocka_unit_test(lingers_no_longer_than_its_deadline),
        cmocka_unit_test(reads_a_proxy_header_in_any_pieces),
        cmocka_unit_test(drops_what_is_no_proxy),
        cmocka_unit_test(tells_a_reader_who_asks_too_fast),
        cmocka_unit_test(ends_a_connection_too_many_of_one_reader),
        cmocka_unit_test(crowds_out_who_has_waited_longest_but_nobody_who_is_answered),
        cmocka_unit_test(lets_go_of_everybody_at_the_end),
    };

    return check_run(tests);
}
