/* TLS as a kind of stream: OpenSSL over a BIO of our own, so that records gather in the outbox
 * instead of leaving one by one. */
#include <errno.h>
#include <sys/socket.h>

#include <openssl/err.h>

#include "tls_context.h"

#define HELLO_MOSTLY 2048 /* bytes of a ClientHello, seldom more */

/* ---- the BIO -------------------------------------------------------------------------------- */

static int bio_read(BIO *bio, char *bytes, int size)
{
    size_t got;

    BIO_clear_retry_flags(bio);
    switch (stream_receive(BIO_get_data(bio), bytes, (size_t)size, 0, &got)) {
    case STREAM_DONE:
        return (int)got;
    case STREAM_AGAIN:
        BIO_set_retry_read(bio);
        return -1;
    case STREAM_CLOSED:
        return 0;
    default:
        return -1;
    }
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
    size_t fits = stream_gather(BIO_get_data(bio), bytes, (size_t)size);

    BIO_clear_retry_flags(bio);
    if (fits == 0) {
        BIO_set_retry_write(bio);
        return -1;
    }
    return (int)fits;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    const struct stream *stream = BIO_get_data(bio);

    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1; /* the end of the turn flushes */
    case BIO_CTRL_EOF:
        return stream->eof;
    default:
        return 0;
    }
}

static BIO_METHOD *bio_method(void)
{
    static BIO_METHOD *method; /* a table of functions, made once and kept */

    if (method == NULL) {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");

        if (made == NULL || BIO_meth_set_read(made, bio_read) == 0 ||
            BIO_meth_set_write(made, bio_write) == 0 || BIO_meth_set_ctrl(made, bio_ctrl) == 0) {
            BIO_meth_free(made);
            return NULL;
        }
        method = made;
    }
    return method;
}

BIO *tls_bio_create(struct stream *stream)
{
    BIO_METHOD *method = bio_method();
    BIO *bio = method != NULL ? BIO_new(method) : NULL;

    if (bio != NULL) {
        BIO_set_data(bio, stream);
        BIO_set_init(bio, 1);
    }
    return bio;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

/* What an OpenSSL call that did not succeed means. */
static enum stream_state state_of(const struct stream *stream, int result)
{
    switch (SSL_get_error(stream->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return STREAM_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return STREAM_CLOSED;
    default:
        return stream->eof ? STREAM_CLOSED : STREAM_BROKEN;
    }
}

/* From OpenSSL's first error: the others are its consequences. */
static enum handshake_failure failure_of(unsigned long error)
{
    static const struct {
        int reason;
        enum handshake_failure failure;
    } reasons[] = {
        { SSL_R_UNSUPPORTED_PROTOCOL, HANDSHAKE_VERSION },
        { SSL_R_VERSION_TOO_LOW, HANDSHAKE_VERSION },
        { SSL_R_WRONG_SSL_VERSION, HANDSHAKE_VERSION },
        { SSL_R_WRONG_VERSION_NUMBER, HANDSHAKE_NO_TLS },
        { SSL_R_HTTP_REQUEST, HANDSHAKE_NO_TLS },
        { SSL_R_HTTPS_PROXY_REQUEST, HANDSHAKE_NO_TLS },
        { SSL_R_BAD_RECORD_TYPE, HANDSHAKE_NO_TLS },
    };
    int reason = ERR_GET_REASON(error);

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reason == reasons[i].reason) {
            return reasons[i].failure;
        }
    }
    return reason >= SSL_AD_REASON_OFFSET ? HANDSHAKE_ALERT : HANDSHAKE_OTHER;
}

/* How many bytes the record has that begins with these, as far as they tell. What is no
 * handshake's, or too long for one, need not be waited for: 0. Source: RFC 8446, section 5.1. */
static size_t record_size(const unsigned char *head, size_t len)
{
    size_t length;

    if (head[0] != SSL3_RT_HANDSHAKE) {
        return 0;
    }
    if (len < SSL3_RT_HEADER_LENGTH) {
        return SSL3_RT_HEADER_LENGTH;
    }
    length = (size_t)head[3] << 8 | head[4];
    return length <= SSL3_RT_MAX_PLAIN_LENGTH ? SSL3_RT_HEADER_LENGTH + length : 0;
}

/*
 * A peer that only connects costs no SSL object, nor does one whose ClientHello drips: OpenSSL
 * would hold 50 kB for it. If we are woken before the record is whole, the peer sends no more, or
 * the system knows no SO_RCVLOWAT here; then OpenSSL takes what there is.
 */
static enum stream_state first_record(struct stream *stream)
{
    unsigned char seen[HELLO_MOSTLY];
    size_t got;
    size_t wanted;
    enum stream_state state = stream_receive(stream, (char *)seen, sizeof seen, MSG_PEEK, &got);

    if (state != STREAM_DONE) {
        return state;
    }
    wanted = record_size(seen, got);
    if (wanted > got && wanted > stream->wake_at) {
        stream_wake_at(stream, wanted);
        return STREAM_AGAIN;
    }
    if (stream->wake_at > 0) {
        stream_wake_at(stream, 1);
    }
    stream->ssl = tls_accept(stream->tls, stream);
    return stream->ssl != NULL ? STREAM_DONE : STREAM_BROKEN;
}

static enum stream_state tls_handshake(struct stream *stream)
{
    enum stream_state state = stream->ssl == NULL ? first_record(stream) : STREAM_DONE;
    int result;

    if (state != STREAM_DONE) {
        return state;
    }
    ERR_clear_error();
    result = SSL_do_handshake(stream->ssl);
    if (result == 1) {
        return STREAM_DONE;
    }
    stream->failure = failure_of(ERR_peek_error());
    return state_of(stream, result);
}

static enum stream_state tls_read(struct stream *stream, char *bytes, size_t size, size_t *got)
{
    int result;

    ERR_clear_error();
    result = SSL_read_ex(stream->ssl, bytes, size, got);
    return result == 1 ? STREAM_DONE : state_of(stream, result);
}

static enum stream_state tls_write(struct stream *stream, const char *bytes, size_t size,
                                   size_t *taken)
{
    int result;

    ERR_clear_error();
    result = SSL_write_ex(stream->ssl, bytes, size, taken);
    return result == 1 ? STREAM_DONE : state_of(stream, result);
}

/* close_notify is sent, not waited for: peers that never send theirs would stay (G5). */
static enum stream_state tls_end(struct stream *stream)
{
    int result;

    ERR_clear_error();
    result = SSL_shutdown(stream->ssl);
    return result >= 0 ? STREAM_DONE : state_of(stream, result);
}

static void tls_close(struct stream *stream)
{
    SSL_free(stream->ssl);
    stream->ssl = NULL;
}

const struct stream_kind stream_tls = {
    .handshake = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .end = tls_end,
    .close = tls_close,
};
