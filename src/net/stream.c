/* The socket under a stream, its one send a turn, and the plain kind. TLS is in tls_stream.c. */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sendfile.h>
#endif

/* ---- the socket ----------------------------------------------------------------------------- */

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

enum stream_state stream_receive(struct stream *stream, char *bytes, size_t size, int flags,
                                 size_t *got)
{
    ssize_t len = recv(stream->fd, bytes, size, flags);

    if (len > 0) {
        *got = (size_t)len;
        return STREAM_DONE;
    }
    if (len == -1 && would_block(errno)) {
        return STREAM_AGAIN;
    }
    stream->eof = len == 0;
    return len == 0 ? STREAM_CLOSED : STREAM_BROKEN;
}

void stream_wake_at(struct stream *stream, size_t bytes)
{
    int lowest = (int)bytes;

    (void)setsockopt(stream->fd, SOL_SOCKET, SO_RCVLOWAT, &lowest, sizeof lowest);
    stream->wake_at = bytes;
}

size_t stream_gather(struct stream *stream, const char *bytes, size_t size)
{
    struct outbox *outbox = stream->outbox;
    size_t room = stream->rest == NULL ? sizeof outbox->bytes - outbox->len : 0;
    size_t fits = size < room ? size : room;

    memcpy(outbox->bytes + outbox->len, bytes, fits);
    outbox->len += fits;
    return fits;
}

/* Send until the socket is full; *sent counts in any case. */
static enum stream_state send_bytes(struct stream *stream, const char *bytes, size_t size,
                                    size_t *sent)
{
    *sent = 0;
    while (*sent < size) {
        ssize_t len = send(stream->fd, bytes + *sent, size - *sent, MSG_NOSIGNAL);

        if (len == -1) {
            return would_block(errno) ? STREAM_AGAIN : STREAM_BROKEN;
        }
        *sent += (size_t)len;
        stream->sent += (size_t)len;
    }
    return STREAM_DONE;
}

static enum stream_state flush_rest(struct stream *stream)
{
    size_t sent;
    enum stream_state state = send_bytes(stream, stream->rest + stream->rest_sent,
                                         stream->rest_len - stream->rest_sent, &sent);

    stream->rest_sent += sent;
    if (state == STREAM_DONE) {
        free(stream->rest);
        stream->rest = NULL;
    }
    return state;
}

/* The loop's outbox must be empty at the end of the turn: what is left moves to the stream. */
static enum stream_state flush_outbox(struct stream *stream)
{
    struct outbox *outbox = stream->outbox;
    size_t len = outbox->len;
    size_t sent;
    enum stream_state state = send_bytes(stream, outbox->bytes, len, &sent);

    outbox->len = 0;
    if (state == STREAM_AGAIN) {
        stream->rest = malloc(len - sent);
        if (stream->rest == NULL) {
            return STREAM_BROKEN;
        }
        memcpy(stream->rest, outbox->bytes + sent, len - sent);
        stream->rest_len = len - sent;
        stream->rest_sent = 0;
    }
    return state;
}

enum stream_state stream_flush(struct stream *stream)
{
    return stream->rest != NULL ? flush_rest(stream) : flush_outbox(stream);
}

uint64_t stream_delivered(const struct stream *stream)
{
    int waiting = 0;

#ifdef TIOCOUTQ
    if (ioctl(stream->fd, TIOCOUTQ, &waiting) == -1 || waiting < 0) {
        waiting = 0;
    }
#endif
    return stream->sent > (uint64_t)waiting ? stream->sent - (uint64_t)waiting : 0;
}

void stream_half_close(struct stream *stream)
{
    shutdown(stream->fd, SHUT_WR);
}

enum stream_state stream_discard(struct stream *stream, size_t size, size_t *got)
{
    char unread[4096];

    return stream_receive(stream, unread, size < sizeof unread ? size : sizeof unread, 0, got);
}

/* ---- the plain kind ------------------------------------------------------------------------- */

static enum stream_state plain_handshake(struct stream *stream)
{
    (void)stream;
    return STREAM_DONE;
}

static enum stream_state plain_read(struct stream *stream, char *bytes, size_t size, size_t *got)
{
    return stream_receive(stream, bytes, size, 0, got);
}

static enum stream_state plain_write(struct stream *stream, const char *bytes, size_t size,
                                     size_t *taken)
{
    *taken = stream_gather(stream, bytes, size);
    return *taken > 0 ? STREAM_DONE : STREAM_AGAIN;
}

#ifdef __linux__
bool stream_sends_files(const struct stream *stream)
{
    return stream->tls == NULL;
}

enum stream_state stream_send_file(struct stream *stream, int fd, uint64_t offset, size_t size,
                                   size_t *taken)
{
    enum stream_state state = stream_flush(stream);
    off_t from = (off_t)offset;
    ssize_t len;

    if (state != STREAM_DONE) {
        return state;
    }
    len = sendfile(stream->fd, fd, &from, size);
    if (len == -1) {
        return would_block(errno) ? STREAM_AGAIN : STREAM_BROKEN;
    }
    stream->sent += (size_t)len;
    *taken = (size_t)len;
    return STREAM_DONE;
}
#else
bool stream_sends_files(const struct stream *stream)
{
    (void)stream;
    return false;
}

enum stream_state stream_send_file(struct stream *stream, int fd, uint64_t offset, size_t size,
                                   size_t *taken)
{
    (void)stream;
    (void)fd;
    (void)offset;
    (void)size;
    (void)taken;
    return STREAM_BROKEN;
}
#endif

static enum stream_state plain_end(struct stream *stream)
{
    (void)stream;
    return STREAM_DONE; /* the end of the socket is the end */
}

static void plain_close(struct stream *stream)
{
    (void)stream;
}

static const struct stream_kind stream_plain = {
    .handshake = plain_handshake,
    .read = plain_read,
    .write = plain_write,
    .end = plain_end,
    .close = plain_close,
};

/* ---- the verbs ------------------------------------------------------------------------------ */

void stream_open(struct stream *stream, int fd, struct tls *tls, struct outbox *outbox)
{
    *stream = (struct stream){
        .fd = fd,
        .kind = tls != NULL ? &stream_tls : &stream_plain,
        .outbox = outbox,
        .tls = tls,
        .name = STR(""),
        .failure = HANDSHAKE_OTHER,
    };
}

void stream_close(struct stream *stream)
{
    stream->kind->close(stream);
    stream->outbox->len = 0;
    free(stream->rest);
    close(stream->fd);
}

void stream_forsake(struct stream *stream)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

enum stream_state stream_handshake(struct stream *stream)
{
    return stream->kind->handshake(stream);
}

enum stream_state stream_read(struct stream *stream, char *bytes, size_t size, size_t *got)
{
    return stream->kind->read(stream, bytes, size, got);
}

enum stream_state stream_write(struct stream *stream, const char *bytes, size_t size, size_t *taken)
{
    return stream->kind->write(stream, bytes, size, taken);
}

enum stream_state stream_end(struct stream *stream)
{
    return stream->kind->end(stream);
}
