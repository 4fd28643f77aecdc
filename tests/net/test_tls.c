/* TLS as readers meet it: versions, names, sessions and orderly ends, with OpenSSL as the client in
 * the same process. */
#include "peer.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define BIG ((size_t)1024 * 1024)

static const struct str first_hosts[] = { STR_INIT("first.example"),
                                          STR_INIT("www.first.example") };
static const struct str second_hosts[] = { STR_INIT("second.example") };

static struct arena *arena;
static struct diag diag;
static struct tls *tls;
static SSL_SESSION *kept; /* the last session that the client was given */

/* ---- the server's side ---- */

static X509 *make_certificate(EVP_PKEY *key, const char *name)
{
    X509 *made = X509_new();

    assert_non_null(made);
    X509_set_version(made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), 0);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(made));
    X509_set_pubkey(made, key);
    assert_true(X509_sign(made, key, EVP_sha256()) > 0);
    return made;
}

static void add(const struct str *hosts, size_t count)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, hosts[0].ptr);
    struct tls_identity identity = {
        .name = "test", .certificate = certificate, .key = key, .hosts = hosts, .host_count = count
    };

    assert_true(tls_add(tls, &identity, &diag));
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    tls = tls_create();
    add(first_hosts, 2);
    add(second_hosts, 1);
    loop_open(tls, (struct conn_deadlines){ LATE_MS, LATE_MS, LATE_MS, LATE_MS });
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    loop_close();
    tls_destroy(tls);
    arena_destroy(arena);
    SSL_SESSION_free(kept);
    kept = NULL;
    return 0;
}

/* ---- the client's side ---- */

struct reader {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
};

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    (void)ssl;
    SSL_SESSION_free(kept);
    kept = session;
    return 1;
}

static struct reader reader_open(int version, const char *sni)
{
    struct reader reader = { .fd = connect_peer(), .context = SSL_CTX_new(TLS_client_method()) };

    SSL_CTX_set_min_proto_version(reader.context, version);
    SSL_CTX_set_max_proto_version(reader.context, version);
    SSL_CTX_set_security_level(reader.context, 0);
    SSL_CTX_set_session_cache_mode(reader.context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(reader.context, keep_session);
    reader.ssl = SSL_new(reader.context);
    SSL_set_fd(reader.ssl, reader.fd);
    SSL_set_connect_state(reader.ssl);
    if (sni != NULL) {
        char name[64]; /* OpenSSL takes no const */

        snprintf(name, sizeof name, "%s", sni);
        SSL_set_tlsext_host_name(reader.ssl, name);
    }
    return reader;
}

static void reader_close(struct reader *reader)
{
    SSL_set_quiet_shutdown(reader->ssl, 1); /* or the session would not be good any more */
    SSL_shutdown(reader->ssl);
    SSL_free(reader->ssl);
    SSL_CTX_free(reader->context);
    close(reader->fd);
}

/* Call until it needs nothing more from the server; its result's SSL_get_error. */
static int persist(struct reader *reader, int (*call)(SSL *ssl))
{
    int64_t start = clock_ms();

    for (;;) {
        int result = call(reader->ssl);
        int error = SSL_get_error(reader->ssl, result);

        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
            return error;
        }
        assert_true(clock_ms() - start < LATE_MS);
        turn();
    }
}

static char heard[BIG * 2];
static size_t heard_len;

static int read_some(SSL *ssl)
{
    size_t got;
    int result = SSL_read_ex(ssl, heard + heard_len, sizeof heard - heard_len, &got);

    heard_len += result == 1 ? got : 0;
    return result;
}

/* Ask, and read to the end; what the end was, in words of SSL_get_error. */
static int ask(struct reader *reader)
{
    int error = persist(reader, SSL_do_handshake);

    if (error != SSL_ERROR_NONE) {
        return error;
    }
    assert_int_equal(SSL_write(reader->ssl, "home\n", 5), 5);
    heard_len = 0;
    do {
        error = persist(reader, read_some);
    } while (error == SSL_ERROR_NONE);
    return error;
}

static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };

/* ---- promises ---- */

static void answers_and_ends_with_close_notify(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct reader reader = reader_open(versions[i], "first.example");

        the_answer = (struct answer){ .fd = -1, .body = STR("hello"), .size = 5 };
        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        check_str(((struct str){ heard, heard_len }), HEAD "hello");
        check_str(the_sni, "first.example");
        reader_close(&reader);
    }
}

static void shows_the_certificate_of_the_name(void **state)
{
    static const struct {
        const char *sni;
        const char *shown;
        const char *known; /* to the protocol */
    } cases[] = {
        { "first.example", "first.example", "first.example" },
        { "WWW.First.Example", "first.example", "www.first.example" },
        { "second.example", "second.example", "second.example" },
        { NULL, "first.example", "" },
        { "third.example", "first.example", "*" },
        { "second.example.", "first.example", "*" },
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        struct reader reader = reader_open(versions[i % 2], cases[i / 2].sni);
        X509 *shown;
        char name[64];

        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        shown = SSL_get0_peer_certificate(reader.ssl);
        X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name, sizeof name);
        assert_string_equal(name, cases[i / 2].shown);
        check_str(the_sni, cases[i / 2].known);
        reader_close(&reader);
    }
}

/* Under the same certificate a session is resumed; under another there is a new one, no failure. */
static void resumes_sessions_within_a_certificate(void **state)
{
    static const struct {
        const char *first;
        const char *then;
        bool resumed;
    } cases[] = {
        { "first.example", "first.example", true },
        { "second.example", "second.example", true },
        { NULL, NULL, true },
        { "first.example", "second.example", false },
        { "second.example", "first.example", false },
        { "third.example", "second.example", false },
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        struct reader reader = reader_open(versions[i % 2], cases[i / 2].first);

        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        reader_close(&reader);
        assert_non_null(kept);
        reader = reader_open(versions[i % 2], cases[i / 2].then);
        SSL_set_session(reader.ssl, kept);
        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        assert_int_equal(SSL_session_reused(reader.ssl), cases[i / 2].resumed);
        reader_close(&reader);
    }
}

static void prefers_what_hardware_computes(void **state)
{
    struct reader reader = reader_open(TLS1_3_VERSION, NULL);

    (void)state;
    assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
    assert_string_equal(SSL_get_cipher_name(reader.ssl), "TLS_AES_128_GCM_SHA256");
    reader_close(&reader);
    reader = reader_open(TLS1_2_VERSION, NULL);
    assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
    assert_string_equal(SSL_get_cipher_name(reader.ssl), "ECDHE-ECDSA-AES128-GCM-SHA256");
    reader_close(&reader);
}

static void refuses_old_versions_with_an_alert(void **state)
{
    struct reader reader = reader_open(TLS1_1_VERSION, NULL);

    (void)state;
    SSL_set_cipher_list(reader.ssl, "ALL:@SECLEVEL=0");
    assert_int_equal(ask(&reader), SSL_ERROR_SSL);
    assert_int_equal(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_TLSV1_ALERT_PROTOCOL_VERSION);
    ERR_clear_error();
    reader_close(&reader);
    wait_closed(1);
}

static void sends_a_large_body_whole(void **state)
{
    static char body[BIG];

    (void)state;
    for (size_t i = 0; i < BIG; i++) {
        body[i] = (char)(i * 31 >> 3);
    }
    for (size_t i = 0; i < 2; i++) {
        struct reader reader = reader_open(versions[i], NULL);

        the_answer = (struct answer){ .fd = -1, .body = { body, BIG }, .size = BIG };
        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        assert_int_equal(heard_len, BIG + sizeof HEAD - 1);
        assert_memory_equal(heard + sizeof HEAD - 1, body, BIG);
        reader_close(&reader);
    }
}

/* What a reader says first; how long it is. */
static int make_hello(char hello[2048])
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    BIO *said = BIO_new(BIO_s_mem());
    int len;

    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), said);
    SSL_set_connect_state(ssl);
    SSL_do_handshake(ssl);
    ERR_clear_error();
    len = BIO_read(said, hello, 2048);
    assert_true(len > 0);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return len;
}

static void lets_go_of_those_who_leave_at_any_byte(void **state)
{
    char hello[2048];
    int len = make_hello(hello);

    (void)state;
    for (int i = 0; i <= len; i++) {
        int peer = connect_peer();

        assert_int_equal(send(peer, hello, (size_t)i, MSG_NOSIGNAL), i);
        turn();
        close(peer);
        wait_closed(i + 1);
    }
}

static void answers_a_hello_of_any_size(void **state)
{
    static unsigned char protocols[3 * 1024]; /* each "x", behind its length */

    (void)state;
    for (size_t i = 0; i < sizeof protocols; i += 2) {
        protocols[i] = 1;
        protocols[i + 1] = 'x';
    }
    for (unsigned size = 0; size <= sizeof protocols; size += 256) {
        struct reader reader = reader_open(TLS1_3_VERSION, NULL);

        SSL_set_alpn_protos(reader.ssl, protocols, size);
        assert_int_equal(ask(&reader), SSL_ERROR_ZERO_RETURN);
        reader_close(&reader);
    }
}

/* A connection as the network has them: what sockets of one host can do is less. */
static int connect_tcp(int *ours)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof at;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    int peer = socket(AF_INET, SOCK_STREAM, 0);
    int each = 1;

    assert_int_equal(bind(listening, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&at, size), 0);
    assert_int_equal(setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &each, sizeof each), 0);
    *ours = accept(listening, NULL, NULL);
    assert_int_equal(fcntl(*ours, F_SETFL, O_NONBLOCK), 0);
    close(listening);
    return peer;
}

static void wait_for_bytes(int fd, int count)
{
    int64_t start = clock_ms();
    int there = 0;

    while (there < count) {
        assert_true(clock_ms() - start < LATE_MS);
        assert_int_equal(ioctl(fd, FIONREAD, &there), 0);
    }
}

static void is_not_woken_for_drops_of_a_hello(void **state)
{
    char hello[2048];
    int len = make_hello(hello);
    struct pollfd ours = { .events = POLLIN };
    int peer = connect_tcp(&ours.fd);
    char answer;

    (void)state;
    conns_accept(conns, ours.fd, &somebody);
    for (int i = 0; i < len; i++) {
        assert_int_equal(send(peer, hello + i, 1, MSG_NOSIGNAL), 1);
        wait_for_bytes(ours.fd, i + 1);
        if (i == 0 || i == 4) { /* it learns how long the record's head is, and the record */
            assert_int_equal(poll(&ours, 1, LATE_MS), 1);
            turn();
        }
        assert_int_equal(poll(&ours, 1, 0), i == len - 1);
    }
    turn();
    assert_int_equal(recv(peer, &answer, 1, 0), 1);
    assert_int_equal(answer, SSL3_RT_HANDSHAKE);
    close(peer);
    wait_closed(1);
}

static void lets_go_at_once_of_who_ends_within_a_hello(void **state)
{
    char hello[2048];
    int len = make_hello(hello);

    (void)state;
    for (int i = 1; i < len; i += 100) {
        int ours;
        int peer = connect_tcp(&ours);

        conns_accept(conns, ours, &somebody);
        assert_int_equal(send(peer, hello, (size_t)i, MSG_NOSIGNAL), i);
        wait_for_bytes(ours, i);
        turn();
        shutdown(peer, SHUT_WR);
        wait_closed(i / 100 + 1);
        close(peer);
    }
}

static void survives_noise_for_a_handshake(void **state)
{
    static const char *const noises[] = {
        "gemini://first.example/\r\n",
        "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00",
        "\x15\x03\x03\x00\x02\x02\x28",
        "\x80\x2e\x01\x03\x01",
    };

    (void)state;
    for (size_t i = 0; i < sizeof noises / sizeof noises[0]; i++) {
        int peer = connect_peer();

        assert_true(send(peer, noises[i], strlen(noises[i]) + 1, MSG_NOSIGNAL) > 0);
        turn();
        shutdown(peer, SHUT_WR);
        wait_closed((int)i + 1);
        close(peer);
    }
}

static void says_why_a_certificate_cannot_be_used(void **state)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    EVP_PKEY *other = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, "x");
    struct tls_identity identity = { .name = "x.crt", .certificate = certificate, .key = other };

    (void)state;
    assert_false(tls_add(tls, &identity, &diag));
    assert_int_equal(diag.errors, 1);
    assert_string_equal(diag.problems[0].place.file, "x.crt");
    assert_non_null(strstr(diag.problems[0].text, "cannot be used for TLS: "));
    X509_free(certificate);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_and_ends_with_close_notify),
        TEST(shows_the_certificate_of_the_name),
        TEST(resumes_sessions_within_a_certificate),
        TEST(prefers_what_hardware_computes),
        TEST(refuses_old_versions_with_an_alert),
        TEST(sends_a_large_body_whole),
        TEST(lets_go_of_those_who_leave_at_any_byte),
        TEST(survives_noise_for_a_handshake),
        TEST(says_why_a_certificate_cannot_be_used),
        TEST(is_not_woken_for_drops_of_a_hello),
        TEST(answers_a_hello_of_any_size),
        TEST(lets_go_at_once_of_who_ends_within_a_hello),
    };

    return check_run(tests);
}
