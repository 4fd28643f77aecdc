/* What a connection does in each of its steps. What bytes mean is left to the protocol, how they
 * travel to the stream. */
#include "steps.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/proxy.h"

#define TURN_MAX ((size_t)64 * 1024) /* of an answer in one turn of the loop, then others */
#define FILE_TURN_MAX                                                                              \
    ((size_t)256 * 1024) /* .. when it goes from the file to the socket: the least work of all */
#define PIECE_MAX   ((size_t)16 * 1024) /* read from a file at once: a TLS record */
#define DISCARD_MAX ((size_t)64 * 1024) /* of what a peer sends after its request (G6) */

/* ---- what is received ------------------------------------------------------------------------ */

/* Room for it; false when there is none. */
static bool line_begin(struct conn *conn, size_t max)
{
    if (conn->line == NULL) {
        conn->line = malloc(max);
    }
    return conn->line != NULL;
}

static void line_drop(struct conn *conn)
{
    free(conn->line);
    conn->line = NULL;
    conn->received = 0;
}

/* Until more comes; who has said nothing yet, as most who wait have not, needs no room for it. */
static enum conn_step line_wait(struct conn *conn)
{
    if (conn->received == 0) {
        line_drop(conn);
    }
    return conn->step;
}

/* ---- the steps ------------------------------------------------------------------------------- */

/*
 * What a proxy says first. Peeked at, then taken: not a byte more than its header, for those behind
 * it are the handshake's. Whatever is wrong ends the connection without a word.
 */
enum conn_step run_proxy(struct conn *conn)
{
    while (line_begin(conn, PROXY_HEADER_MAX)) {
        char *end = conn->line + conn->received;
        struct proxy_header header;
        enum proxy_state found;
        size_t got;
        enum stream_state state =
            stream_receive(&conn->stream, end, PROXY_HEADER_MAX - conn->received, MSG_PEEK, &got);

        if (state != STREAM_DONE) {
            return state == STREAM_AGAIN ? line_wait(conn) : STEP_END;
        }
        found = proxy_parse((struct str){ conn->line, conn->received + got }, &header);
        if (found == PROXY_INVALID) {
            conn->options->counters->proxies_refused++;
            return STEP_END;
        }
        if (found == PROXY_COMPLETE) {
            got = header.length - conn->received;
        }
        if (stream_receive(&conn->stream, end, got, 0, &got) != STREAM_DONE) {
            return STEP_END;
        }
        conn->received += got;
        if (found == PROXY_COMPLETE) {
            line_drop(conn);
            conn->peer = header.has_source ? header.source : conn->peer;
            return conn_admit(conn) ? STEP_HANDSHAKE : STEP_END;
        }
    }
    return STEP_END;
}

/* Fails for every scanner that comes by: nothing an operator could mend. The peer gets its alert,
 * and time to read it. */
enum conn_step run_handshake(struct conn *conn)
{
    switch (stream_handshake(&conn->stream)) {
    case STREAM_DONE:
        return STEP_REQUEST;
    case STREAM_AGAIN:
        return STEP_HANDSHAKE;
    case STREAM_CLOSED:
        conn->options->counters->handshakes_failed[HANDSHAKE_LEFT]++;
        return STEP_END;
    default:
        conn->options->counters->handshakes_failed[conn->stream.failure]++;
        if (stream_flush(&conn->stream) != STREAM_DONE) {
            return STEP_END;
        }
        stream_half_close(&conn->stream);
        return STEP_LINGER;
    }
}

static enum conn_step begin_response(struct conn *conn, const struct answer *answer)
{
    struct response *response = &conn->response;
    size_t taken = 0;

    response->status = answer->status;
    response->body = answer->body;
    response->fd = answer->fd;
    response->size = answer->size;
    response->reads = answer->reads;
    response->made = answer->made;
    if (answer->edition != NULL) {
        response->edition = edition_hold(answer->edition);
    }
    if (answer->head_len == 0) {
        return STEP_RESPONSE;
    }
    if (stream_write(&conn->stream, answer->head, answer->head_len, &taken) != STREAM_DONE ||
        taken < answer->head_len) {
        return STEP_END; /* the outbox is never that full by our doing */
    }
    return STEP_RESPONSE;
}

static enum conn_step answer_request(struct conn *conn, size_t length)
{
    const struct conns_options *options = conn->options;
    struct request_context context = { .sni = conn->stream.name };
    struct answer answer = { .fd = -1 };
    unsigned wait_s = conn_wait_s(conn);

    conn->request_len = length;
    if (wait_s > 0) {
        options->protocol->slow_down(wait_s, &answer);
    } else {
        options->protocol->answer(options->capsules, &context, (struct str){ conn->line, length },
                                  &answer);
    }
    return begin_response(conn, &answer);
}

static enum conn_step refuse_request(struct conn *conn)
{
    struct answer answer = { .fd = -1 };

    conn->request_len = conn->received;
    conn->options->protocol->refuse(&answer);
    return begin_response(conn, &answer);
}

enum conn_step run_request(struct conn *conn)
{
    const struct protocol *protocol = conn->options->protocol;

    while (line_begin(conn, protocol->line_max)) {
        size_t room = protocol->line_max - conn->received;
        size_t got;
        size_t length;
        enum stream_state state;

        if (room == 0) {
            return refuse_request(conn);
        }
        state = stream_read(&conn->stream, conn->line + conn->received, room, &got);
        if (state != STREAM_DONE) {
            return state == STREAM_AGAIN ? line_wait(conn) : STEP_END;
        }
        conn->received += got;
        switch (protocol->scan((struct str){ conn->line, conn->received }, &length)) {
        case LINE_COMPLETE:
            return answer_request(conn, length);
        case LINE_TOO_LONG:
            return refuse_request(conn);
        case LINE_FOREIGN:
            stream_half_close(&conn->stream);
            return STEP_LINGER;
        case LINE_INCOMPLETE:
            break;
        }
    }
    return STEP_END;
}

static enum stream_state file_ended(void)
{
    log_warn("a file that is being sent became unreadable or shorter; the answer is cut");
    return STREAM_BROKEN;
}

/* From a file: by the system where it can, else a piece at a time. */
static enum stream_state write_file(struct conn *conn, size_t size, size_t *taken)
{
    const struct response *response = &conn->response;
    char piece[PIECE_MAX];
    ssize_t len;

    if (stream_sends_files(&conn->stream)) {
        enum stream_state state =
            stream_send_file(&conn->stream, response->fd, response->taken, size, taken);

        return state == STREAM_DONE && *taken == 0 ? file_ended() : state;
    }
    len = pread(response->fd, piece, size < PIECE_MAX ? size : PIECE_MAX, (off_t)response->taken);
    if (len <= 0) {
        return file_ended();
    }
    return stream_write(&conn->stream, piece, (size_t)len, taken);
}

/* Give the stream the next bytes of the body, as many as the turn allows. */
static enum stream_state write_body(struct conn *conn, size_t allowed, size_t *taken)
{
    const struct response *response = &conn->response;
    uint64_t left = response->size - response->taken;
    size_t size = left < allowed ? (size_t)left : allowed;

    if (response->fd != -1) {
        return write_file(conn, size, taken);
    }
    return stream_write(&conn->stream, response->body.ptr + response->taken, size, taken);
}

/* A turn's share of the body, then the end; all of it flushed. */
enum conn_step run_response(struct conn *conn)
{
    struct response *response = &conn->response;
    enum stream_state state = STREAM_DONE;
    bool sends_file = response->fd != -1 && stream_sends_files(&conn->stream);
    size_t share = sends_file ? FILE_TURN_MAX : TURN_MAX;
    size_t taken;

    while (state == STREAM_DONE && share > 0 && response->taken < response->size) {
        state = write_body(conn, share, &taken);
        if (state == STREAM_DONE) {
            response->taken += taken;
            share -= taken;
        }
    }
    if (state == STREAM_DONE && response->taken == response->size && !response->ended) {
        state = stream_end(&conn->stream);
        response->ended = state == STREAM_DONE;
    }
    if (state == STREAM_DONE || state == STREAM_AGAIN) {
        state = stream_flush(&conn->stream);
    }
    if (state == STREAM_AGAIN || (state == STREAM_DONE && !response->ended)) {
        return STEP_RESPONSE;
    }
    if (state == STREAM_DONE) {
        stream_half_close(&conn->stream);
        return STEP_LINGER;
    }
    return STEP_END;
}

/* A socket that is closed with input unread resets, and may take the answer with it (G6). */
enum conn_step run_linger(struct conn *conn)
{
    while (conn->discarded < DISCARD_MAX) {
        size_t got;
        enum stream_state state =
            stream_discard(&conn->stream, DISCARD_MAX - conn->discarded, &got);

        if (state != STREAM_DONE) {
            return state == STREAM_AGAIN ? STEP_LINGER : STEP_END;
        }
        conn->discarded += got;
    }
    return STEP_END;
}
