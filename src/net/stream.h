/* Plain or TLS, one set of verbs. Output is gathered while a turn of the loop lasts and leaves in
 * one send at its end: a handshake's last flight, head, body and close_notify together. */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "net/counters.h"

struct tls;
struct ssl_st;
struct stream_kind;

enum stream_state {
    STREAM_DONE,   /* it is done */
    STREAM_AGAIN,  /* not yet: wait for the socket and ask again */
    STREAM_CLOSED, /* the peer has ended in order, or just left */
    STREAM_BROKEN, /* it will never be done */
};

/* A turn's answer of 64 KiB, the framing of its records, a handshake's flight. */
#define OUTBOX_SIZE ((64 + 16) * (size_t)1024)

/* Where a turn's output gathers. One serves all streams of a loop: it is empty between turns. */
struct outbox {
    size_t len;
    char bytes[OUTBOX_SIZE];
};

struct stream {
    int fd;
    const struct stream_kind *kind;
    struct outbox *outbox; /* the loop's */
    char *rest;            /* what the socket did not take, or NULL; nothing is added behind it */
    size_t rest_len;
    size_t rest_sent;
    uint64_t sent; /* bytes the socket has taken */
    struct tls *tls;
    struct ssl_st *ssl;             /* made at the first byte */
    struct str name;                /* the TLS server name, once the handshake is done; borrowed */
    enum handshake_failure failure; /* why a handshake is STREAM_BROKEN */
    bool eof;                       /* the peer has closed its side of the socket */
    size_t wake_at;                 /* see stream_wake_at; 0: never asked for */
};

/* The verbs, for those who implement a kind. */
struct stream_kind {
    enum stream_state (*handshake)(struct stream *stream);
    enum stream_state (*read)(struct stream *stream, char *bytes, size_t size, size_t *got);
    enum stream_state (*write)(struct stream *stream, const char *bytes, size_t size,
                               size_t *taken);
    enum stream_state (*end)(struct stream *stream);
    void (*close)(struct stream *stream);
};

extern const struct stream_kind stream_tls; /* tls_stream.c */

/* Take over a non-blocking socket. tls is NULL for a plain stream. */
void stream_open(struct stream *stream, int fd, struct tls *tls, struct outbox *outbox);

/* Closes the socket; what was not flushed is lost. */
void stream_close(struct stream *stream);

/* Before closing: what the kernel still holds for the peer is lost as well. Else it would keep it
 * for minutes for one who does not read, and a cut answer would look as if more were to come. */
void stream_forsake(struct stream *stream);

/* On to the end of the handshake, if there is one. */
enum stream_state stream_handshake(struct stream *stream);

/* Read what is there, at most size bytes; *got counts on STREAM_DONE and is never 0 then. */
enum stream_state stream_read(struct stream *stream, char *bytes, size_t size, size_t *got);

/* Gather bytes for the next flush. STREAM_AGAIN when nothing fits before that; after it, the same
 * bytes have to be offered again. *taken counts on STREAM_DONE. */
enum stream_state stream_write(struct stream *stream, const char *bytes, size_t size,
                               size_t *taken);

/* Whether stream_send_file can be used: on a plain stream, where the system has it. */
bool stream_sends_files(const struct stream *stream);

/*
 * Send bytes of a file behind what was gathered, without bringing them into memory. STREAM_AGAIN
 * when the socket takes none now. *taken counts on STREAM_DONE; 0 means that the file has no such
 * bytes.
 */
enum stream_state stream_send_file(struct stream *stream, int fd, uint64_t offset, size_t size,
                                   size_t *taken);

/* Nothing will be written any more: tell the peer in the stream's own way (close_notify). */
enum stream_state stream_end(struct stream *stream);

/* Hand to the socket what was gathered; STREAM_AGAIN when it did not take all of it. */
enum stream_state stream_flush(struct stream *stream);

/* Bytes that have reached the peer, or at least left this host where that cannot be known. */
uint64_t stream_delivered(const struct stream *stream);

/* After the last flush: the peer reads to the end of what was sent. */
void stream_half_close(struct stream *stream);

/* Throw away what the peer still sends, at most size bytes at once, encrypted or not. */
enum stream_state stream_discard(struct stream *stream, size_t size, size_t *got);

/* ---- for kinds ---- */

/* Gather raw bytes. Returns how many fit, which is none while earlier output waits. */
size_t stream_gather(struct stream *stream, const char *bytes, size_t size);

/* Ask the system not to wake us for less than so many bytes, as long as the peer sends on. */
void stream_wake_at(struct stream *stream, size_t bytes);

/* recv(), with its endings told apart and `eof` remembered. */
enum stream_state stream_receive(struct stream *stream, char *bytes, size_t size, int flags,
                                 size_t *got);

#endif
