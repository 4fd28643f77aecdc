/* Certificates to contexts, and names to certificates. What happens on a connection is in
 * tls_stream.c. */
#include "net/tls.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/arena.h"
#include "base/hostname.h"
#include "tls_context.h"

/* SHA-256 first: processors compute it in hardware, and not the SHA-384 of the longer keys. */
#define TLS13_CIPHERS "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"
#define TLS12_CIPHERS                                                                              \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"                                   \
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"                                   \
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
/* X25519 is a third of P-256's price. All that readers offer is here: none is asked to try again.
 */
static char groups[] = "X25519:P-256:X448:P-384:P-521"; /* OpenSSL takes no const */

#define SESSIONS_MAX      1024 /* kept by each worker, 2 kB each */
#define SESSION_TIMEOUT_S 3600

/* TLS that no one names: RFC 6066, section 3. */
#define SERVER_NAME_DNS 0

/* How we show one certificate. */
struct context {
    SSL_CTX *ssl;
};

struct host {
    struct str name;
    SSL_CTX *context;
};

struct tls {
    struct arena *arena;
    struct context *contexts; /* one for each certificate; the first is the default */
    size_t count;
    size_t capacity;
    struct host *hosts;
    size_t host_count;
    size_t host_capacity;
};

struct tls *tls_create(void)
{
    struct arena *arena = arena_create();
    struct tls *tls = ARENA_NEW(arena, struct tls);

    tls->arena = arena;
    return tls;
}

void tls_destroy(struct tls *tls)
{
    if (tls == NULL) {
        return;
    }
    for (size_t i = 0; i < tls->count; i++) {
        SSL_CTX_free(tls->contexts[i].ssl);
    }
    arena_destroy(tls->arena);
}

/* ---- which certificate ---------------------------------------------------------------------- */

/* The name in the extension's bytes, or an empty one. What is malformed is refused by OpenSSL when
 * it reads the extension itself. Source: RFC 6066, section 3. */
static struct str read_server_name(const unsigned char *bytes, size_t len)
{
    size_t name_len;

    if (len < 5 || bytes[2] != SERVER_NAME_DNS) {
        return STR("");
    }
    name_len = (size_t)bytes[3] << 8 | bytes[4];
    if (name_len > len - 5) {
        return STR("");
    }
    return (struct str){ (const char *)bytes + 5, name_len };
}

static const struct host *find_host(const struct tls *tls, struct str name)
{
    char ascii[HOSTNAME_SIZE];

    if (!hostname_to_ascii(name, ascii)) {
        return NULL;
    }
    for (size_t i = 0; i < tls->host_count; i++) {
        if (str_equal(tls->hosts[i].name, str_from(ascii))) {
            return &tls->hosts[i];
        }
    }
    return NULL;
}

/*
 * Choose by the ClientHello, before OpenSSL looks for a session to resume: it takes only sessions
 * of the same session id context, which comes with the SSL_CTX. The servername callback would run
 * after that look, too late. Never an alert: who asks for a foreign name is told so by the
 * protocol, not by a failed handshake (G4).
 */
static int on_client_hello(SSL *ssl, int *alert, void *arg)
{
    const struct tls *tls = arg;
    struct stream *stream = SSL_get_app_data(ssl);
    const unsigned char *bytes;
    const struct host *host;
    struct str name;
    size_t len;

    (void)alert;
    if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &bytes, &len) == 0) {
        return SSL_CLIENT_HELLO_SUCCESS;
    }
    name = read_server_name(bytes, len);
    host = find_host(tls, name);
    if (host != NULL) {
        stream->name = host->name;
        SSL_set_SSL_CTX(ssl, host->context);
    } else if (name.len > 0) {
        stream->name = STR("*"); /* no host has this name, so it equals none */
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

SSL *tls_accept(struct tls *tls, struct stream *stream)
{
    SSL *ssl = SSL_new(tls->contexts[0].ssl);
    BIO *bio = ssl != NULL ? tls_bio_create(stream) : NULL;

    if (bio == NULL) {
        SSL_free(ssl);
        return NULL;
    }
    SSL_set_bio(ssl, bio, bio);
    SSL_set_app_data(ssl, stream);
    SSL_set_accept_state(ssl);
    return ssl;
}

/* ---- contexts ------------------------------------------------------------------------------- */

/*
 * Sessions are kept here and their tickets are only their names: making stateless tickets costs
 * more than a tenth of a handshake each, several times that with client certificates. A session
 * made by another worker is merely a full handshake.
 */
static bool configure_sessions(SSL_CTX *context, X509 *certificate)
{
    unsigned char id[EVP_MAX_MD_SIZE];
    unsigned int len = 0;

    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_cache_size(context, SESSIONS_MAX);
    SSL_CTX_set_timeout(context, SESSION_TIMEOUT_S);
    return SSL_CTX_set_num_tickets(context, 1) == 1 &&
           X509_digest(certificate, EVP_sha256(), id, &len) == 1 &&
           SSL_CTX_set_session_id_context(context, id, len) == 1;
}

/* Source: gemini.md G1, G7, G10. ALPN stays unanswered and no client certificate is asked for. */
static bool configure(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_ciphersuites(context, TLS13_CIPHERS) == 1 &&
           SSL_CTX_set_cipher_list(context, TLS12_CIPHERS) == 1 &&
           SSL_CTX_set1_groups_list(context, groups) == 1;
}

static SSL_CTX *create_context(const struct tls_identity *identity)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL || !configure(context) ||
        !configure_sessions(context, identity->certificate) ||
        SSL_CTX_use_cert_and_key(context, identity->certificate, identity->key, identity->chain,
                                 1) != 1) {
        SSL_CTX_free(context);
        return NULL;
    }
    return context;
}

bool tls_add(struct tls *tls, const struct tls_identity *identity, struct diag *diag)
{
    SSL_CTX *context;

    ERR_clear_error();
    context = create_context(identity);
    if (context == NULL) {
        const char *reason = ERR_reason_error_string(ERR_peek_last_error());

        diag_error(diag, (struct place){ identity->name, 0 }, "cannot be used for TLS: %s",
                   reason != NULL ? reason : "OpenSSL does not say why");
        return false;
    }
    if (tls->count == 0) {
        SSL_CTX_set_client_hello_cb(context, on_client_hello, tls);
    }
    ARENA_PUSH(tls->arena, tls->contexts, tls->count, &tls->capacity)->ssl = context;
    for (size_t i = 0; i < identity->host_count; i++) {
        struct host *host =
            ARENA_PUSH(tls->arena, tls->hosts, tls->host_count, &tls->host_capacity);

        host->name = arena_copy(tls->arena, identity->hosts[i]);
        host->context = context;
    }
    return true;
}
