/* The client's sockets and TLS. Nothing here waits without a deadline but the resolver, which has
 * its own (resolv.conf). What an answer means is left to fetch.c. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/hostname.h"
#include "protocol/gemini.h"

struct client {
    char host[HOSTNAME_SIZE]; /* the target's */
    int timeout_s;
    int fd;
    SSL *ssl;
    int64_t deadline_ms;
    bool late;                      /* the deadline has passed: why the last operation failed */
    char received[ANSWER_HEAD_MAX]; /* the header, and what of the body came along with it */
    size_t received_len;
    size_t taken; /* bytes of it that the caller has got */
};

static const struct place nowhere = { NULL, 0 };

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait for the socket until the deadline; false when it passed. */
static bool wait_for(int fd, short events, int64_t deadline_ms)
{
    struct pollfd poll_fd = { .fd = fd, .events = events };
    int64_t left;

    while ((left = deadline_ms - now_ms()) > 0) {
        if (poll(&poll_fd, 1, (int)left) > 0) {
            return true;
        }
    }
    return false;
}

/* ---- the connection ------------------------------------------------------------------------- */

/* A socket connected to one address in time, or -1 with errno set. */
static int connect_one(const struct addrinfo *address, int64_t deadline_ms)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = 0;
    socklen_t size = sizeof error;

    if (fd == -1) {
        return -1;
    }
    if (connect(fd, address->ai_addr, address->ai_addrlen) == -1) {
        error = errno;
        if (error == EINPROGRESS) {
            error = ETIMEDOUT;
            if (wait_for(fd, POLLOUT, deadline_ms)) {
                getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
            }
        }
    }
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* One address after the other, each with its share of the time that is left: a dead one must not
 * use up what the living need. */
static int connect_any(const struct addrinfo *addresses, int64_t deadline_ms)
{
    int64_t count = 0;
    int fd = -1;

    for (const struct addrinfo *each = addresses; each != NULL; each = each->ai_next) {
        count++;
    }
    for (const struct addrinfo *each = addresses; each != NULL && fd == -1; each = each->ai_next) {
        int64_t now = now_ms();

        fd = connect_one(each, now + (deadline_ms - now) / count--);
    }
    return fd;
}

/* What to ask the resolver for: nothing means loopback, and so do localhost and the names below it
 * on a host whose tables have none of them. Source: RFC 6761, section 6.3. */
static const char *node_of(const char *host)
{
    struct str name = str_from(host);

    return str_equal(name, STR("localhost")) || str_ends_with(name, STR(".localhost")) ? NULL
                                                                                       : host;
}

static int connect_to(const struct client_target *target, int64_t deadline_ms, struct diag *diag)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    struct addrinfo *addresses = NULL;
    char port[6];
    int error;
    int fd;

    snprintf(port, sizeof port, "%u", (unsigned)target->port);
    error = getaddrinfo(node_of(target->host), port, &hints, &addresses);
    if (error != 0) {
        diag_error(diag, nowhere, "cannot find '%s': %s", target->host,
                   error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
        return -1;
    }
    fd = connect_any(addresses, deadline_ms);
    if (fd == -1) {
        diag_errno(diag, "cannot connect to '%s', port %s", target->host, port);
    }
    freeaddrinfo(addresses);
    return fd;
}

/* ---- TLS ------------------------------------------------------------------------------------ */

/* Whether an operation that returned `result` is to be tried again: it had to wait, and what it
 * waited for has come in time. */
static bool again(struct client *client, int result)
{
    short events = 0;

    switch (SSL_get_error(client->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        events = POLLIN;
        break;
    case SSL_ERROR_WANT_WRITE:
        events = POLLOUT;
        break;
    default:
        return false;
    }
    client->late = !wait_for(client->fd, events, client->deadline_ms);
    return !client->late;
}

/* Why an operation that returned `result` failed, in words. */
static const char *reason(const struct client *client, int result)
{
    int system_error = errno;
    unsigned long error = ERR_peek_error();
    const char *words;

    if (client->late) {
        return "it takes too long";
    }
    if (SSL_get_error(client->ssl, result) == SSL_ERROR_SYSCALL) {
        return strerror(system_error);
    }
    if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return "the connection was closed without a close_notify";
    }
    words = ERR_reason_error_string(error);
    return words != NULL ? words : "protocol error";
}

static void restart_deadline(struct client *client)
{
    client->deadline_ms = now_ms() + (int64_t)client->timeout_s * 1000;
}

static SSL *tls_create(struct client *client)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
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
    if (inet_pton(AF_INET, client->host, address) != 1 &&
        inet_pton(AF_INET6, client->host, address) != 1) {
        SSL_set_tlsext_host_name(ssl, client->host);
    }
    return ssl;
}

static bool shake_hands(struct client *client, struct diag *diag)
{
    int result;

    client->ssl = tls_create(client);
    if (client->ssl == NULL) {
        diag_error(diag, nowhere, "cannot set up TLS");
        return false;
    }
    do {
        ERR_clear_error();
        result = SSL_connect(client->ssl);
    } while (result != 1 && again(client, result));
    if (result != 1) {
        diag_error(diag, nowhere, "no TLS with '%s': %s", client->host, reason(client, result));
        return false;
    }
    return true;
}

struct client *client_open(const struct client_target *target, struct diag *diag)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) {
        abort();
    }
    signal(SIGPIPE, SIG_IGN);
    snprintf(client->host, sizeof client->host, "%s", target->host);
    client->timeout_s = target->timeout_s;
    restart_deadline(client);
    client->fd = connect_to(target, client->deadline_ms, diag);
    if (client->fd == -1 || !shake_hands(client, diag)) {
        client_close(client);
        return NULL;
    }
    return client;
}

void client_close(struct client *client)
{
    if (client == NULL) {
        return;
    }
    if (client->ssl != NULL) {
        SSL_shutdown(client->ssl); /* says goodbye, and waits for no answer */
        SSL_free(client->ssl);
        ERR_clear_error();
    }
    if (client->fd != -1) {
        close(client->fd);
    }
    free(client);
}

X509 *client_certificate(const struct client *client)
{
    return SSL_get0_peer_certificate(client->ssl);
}

/* ---- request and answer --------------------------------------------------------------------- */

static bool send_request(struct client *client, struct str url, struct diag *diag)
{
    char line[GEMINI_URL_MAX + 2];
    int result;

    if (url.len > GEMINI_URL_MAX) {
        diag_error(diag, nowhere, "the address has %zu bytes; Gemini allows %d", url.len,
                   GEMINI_URL_MAX);
        return false;
    }
    memcpy(line, url.ptr, url.len);
    memcpy(line + url.len, "\r\n", 2);
    do {
        ERR_clear_error();
        result = SSL_write(client->ssl, line, (int)url.len + 2);
    } while (result <= 0 && again(client, result));
    if (result <= 0) {
        diag_error(diag, nowhere, "cannot send the request to '%s': %s", client->host,
                   reason(client, result));
        return false;
    }
    return true;
}

/* As client_read, but in time for the deadline that runs; `missing` says what an end in disorder
 * means. */
static ssize_t receive(struct client *client, char *buffer, size_t size, const char *missing,
                       struct diag *diag)
{
    int result;

    do {
        ERR_clear_error();
        result = SSL_read(client->ssl, buffer, (int)size);
    } while (result <= 0 && again(client, result));
    if (result <= 0 && SSL_get_error(client->ssl, result) == SSL_ERROR_ZERO_RETURN) {
        return 0;
    }
    if (result <= 0) {
        diag_error(diag, nowhere, "%s: %s", missing, reason(client, result));
        return -1;
    }
    return result;
}

static bool parse_header(struct str line, struct client_header *header)
{
    /* "51" alone is whole. A blank with nothing behind it breaks the rules and hurts nobody. */
    if (line.len < 2 || line.ptr[0] < '1' || line.ptr[0] > '6' || !byte_is_digit(line.ptr[1]) ||
        (line.len > 2 && line.ptr[2] != ' ')) {
        return false;
    }
    header->status = (line.ptr[0] - '0') * 10 + (line.ptr[1] - '0');
    header->line = line;
    header->text = str_skip(line, 3);
    return true;
}

static bool read_header(struct client *client, struct client_header *header, struct diag *diag)
{
    struct str received;
    size_t end;

    do {
        ssize_t count = receive(client, client->received + client->received_len,
                                sizeof client->received - client->received_len,
                                "the answer has no header", diag);

        if (count < 0) {
            return false;
        }
        client->received_len += (size_t)count;
        received = (struct str){ client->received, client->received_len };
        end = str_find_str(received, STR("\r\n"));
        if (end == received.len &&
            (count == 0 || client->received_len == sizeof client->received)) {
            diag_error(diag, nowhere, "the answer is not a Gemini one: no line end in %s%zu bytes",
                       count == 0 ? "its " : "the first ", received.len);
            return false;
        }
    } while (end == received.len);
    client->taken = end + 2;
    if (!parse_header(str_first(received, end), header)) {
        diag_error(diag, nowhere, "the answer is not a Gemini one: '%.*s'", (int)end, received.ptr);
        return false;
    }
    return true;
}

bool client_request(struct client *client, struct str url, struct client_header *header,
                    struct diag *diag)
{
    return send_request(client, url, diag) && read_header(client, header, diag);
}

ssize_t client_read(struct client *client, char *buffer, size_t size, struct diag *diag)
{
    size_t left = client->received_len - client->taken;

    if (left > 0) {
        size = left < size ? left : size;
        memcpy(buffer, client->received + client->taken, size);
        client->taken += size;
        return (ssize_t)size;
    }
    restart_deadline(client);
    return receive(client, buffer, size, "the answer is truncated", diag);
}
