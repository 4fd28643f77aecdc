/* TLS as a kind of client's connection. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include "client_kind.h"

static SSL *tls_create(struct client *client)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    char *host = client->target.host;
    unsigned char address[sizeof(struct in6_addr)];
    SSL *ssl;

    if (context == NULL) {
        return NULL;
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    ssl = SSL_new(context);
    SSL_CTX_free(context); /* the connection holds it */
    if (ssl == NULL || SSL_set_fd(ssl, client->fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    if (inet_pton(AF_INET, host, address) != 1 && inet_pton(AF_INET6, host, address) != 1) {
        SSL_set_tlsext_host_name(ssl, host);
    }
    return ssl;
}

/* Why an operation broke, in words; `error` is what SSL_get_error made of it. */
static const char *reason(int error, int system_error)
{
    unsigned long queued = ERR_peek_error();
    const char *words;

    if (error == SSL_ERROR_SYSCALL) {
        return strerror(system_error);
    }
    if (ERR_GET_REASON(queued) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return "the connection was closed without a close_notify";
    }
    words = ERR_reason_error_string(queued);
    return words != NULL ? words : "protocol error";
}

/* What an operation that returned `result` has come to. */
static enum client_state state_after(struct client *client, int result)
{
    int system_error = errno;
    int error = SSL_get_error(client->ssl, result);

    switch (error) {
    case SSL_ERROR_NONE:
        return CLIENT_DONE;
    case SSL_ERROR_WANT_READ:
        return CLIENT_WAITS_TO_READ;
    case SSL_ERROR_WANT_WRITE:
        return CLIENT_WAITS_TO_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        client->reason = "the server has ended the connection"; /* unless that was all we wanted */
        return CLIENT_ENDED;
    default:
        client->reason = reason(error, system_error);
        return CLIENT_BROKEN;
    }
}

static enum client_state tls_handshake(struct client *client)
{
    if (client->ssl == NULL) {
        client->ssl = tls_create(client);
    }
    if (client->ssl == NULL) {
        client->reason = "OpenSSL cannot set it up";
        return CLIENT_BROKEN;
    }
    ERR_clear_error();
    return state_after(client, SSL_connect(client->ssl));
}

static enum client_state tls_send(struct client *client, struct str bytes, size_t *sent)
{
    ERR_clear_error();
    return state_after(client, SSL_write_ex(client->ssl, bytes.ptr, bytes.len, sent));
}

static enum client_state tls_receive(struct client *client, char *buffer, size_t size, size_t *got)
{
    ERR_clear_error();
    return state_after(client, SSL_read_ex(client->ssl, buffer, size, got));
}

static void tls_end(struct client *client)
{
    if (client->ssl != NULL) {
        SSL_shutdown(client->ssl);
        SSL_free(client->ssl);
        ERR_clear_error();
    }
}

const struct client_kind client_tls = {
    .handshake = tls_handshake,
    .send = tls_send,
    .receive = tls_receive,
    .end = tls_end,
};

bool client_fingerprint(const struct client *client, char out[CLIENT_FINGERPRINT_SIZE])
{
    const X509 *certificate = client->ssl != NULL ? SSL_get0_peer_certificate(client->ssl) : NULL;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (certificate == NULL || X509_digest(certificate, EVP_sha256(), digest, &len) != 1) {
        return false;
    }
    for (unsigned i = 0; i < len; i++) {
        snprintf(out + (size_t)3 * i, 4, i + 1 < len ? "%02X:" : "%02X", digest[i]);
    }
    return true;
}
