/* The client's sockets, its deadline, and the plain kind of connection. TLS is in client_tls.c;
 * what to say over it, and what an answer means, is left to those who fetch. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client_kind.h"

static const struct place nowhere = { NULL, 0 };

/* ---- time ----------------------------------------------------------------------------------- */

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

/* Whether an operation is to be tried again: it had to wait, and what it waited for has come in
 * time. */
static bool again(struct client *client, enum client_state state)
{
    if (state != CLIENT_WAITS_TO_READ && state != CLIENT_WAITS_TO_WRITE) {
        return false;
    }
    if (wait_for(client->fd, state == CLIENT_WAITS_TO_READ ? POLLIN : POLLOUT,
                 client->deadline_ms)) {
        return true;
    }
    client->reason = "it takes too long";
    return false;
}

void client_restart_deadline(struct client *client)
{
    client->deadline_ms = now_ms() + (int64_t)client->target.timeout_s * 1000;
}

/* ---- the socket ----------------------------------------------------------------------------- */

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

/* ---- the plain kind ------------------------------------------------------------------------- */

/* After a send or recv that returned `result`; `waits` is what to wait for if it has to. */
static enum client_state state_after(struct client *client, ssize_t result, enum client_state waits)
{
    if (result >= 0) {
        return CLIENT_DONE;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) {
        return waits;
    }
    client->reason = strerror(errno);
    return CLIENT_BROKEN;
}

static enum client_state plain_handshake(struct client *client)
{
    (void)client;
    return CLIENT_DONE;
}

static enum client_state plain_send(struct client *client, struct str bytes, size_t *sent)
{
    ssize_t result = send(client->fd, bytes.ptr, bytes.len, 0);

    *sent = (size_t)result;
    return state_after(client, result, CLIENT_WAITS_TO_WRITE);
}

static enum client_state plain_receive(struct client *client, char *buffer, size_t size,
                                       size_t *got)
{
    ssize_t result = recv(client->fd, buffer, size, 0);

    *got = (size_t)result;
    return result == 0 ? CLIENT_ENDED : state_after(client, result, CLIENT_WAITS_TO_READ);
}

static void plain_end(struct client *client)
{
    (void)client; /* the end of the socket is the end */
}

static const struct client_kind client_plain = {
    .handshake = plain_handshake,
    .send = plain_send,
    .receive = plain_receive,
    .end = plain_end,
};

/* ---- the verbs ------------------------------------------------------------------------------ */

const char *client_address(const struct client *client, char out[ADDRESS_TEXT_SIZE])
{
    struct address address = { .size = sizeof address.socket };

    (void)getpeername(client->fd, (struct sockaddr *)&address.socket, &address.size);
    return address_print(&address, out);
}

const char *client_aim(struct client_target *target, const struct url *url)
{
    if (url->has_userinfo) {
        return "an address to fetch names no user";
    }
    if (url->host.len == 0 || !url_host(url, target->host)) {
        return "its host is no host name";
    }
    if (url->has_port) {
        target->port = url->port;
    }
    return NULL;
}

static bool shake_hands(struct client *client, struct diag *diag)
{
    enum client_state state;

    do {
        state = client->kind->handshake(client);
    } while (again(client, state));
    if (state != CLIENT_DONE) {
        diag_error(diag, nowhere, "no TLS with '%s': %s", client->target.host, client->reason);
    }
    return state == CLIENT_DONE;
}

struct client *client_open(const struct client_target *target, struct diag *diag)
{
    struct client *client = calloc(1, sizeof *client);

    if (client == NULL) {
        abort();
    }
    signal(SIGPIPE, SIG_IGN);
    client->target = *target;
    client->kind = target->tls ? &client_tls : &client_plain;
    client_restart_deadline(client);
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
    client->kind->end(client);
    if (client->fd != -1) {
        close(client->fd);
    }
    free(client);
}

bool client_send(struct client *client, struct str bytes, struct diag *diag)
{
    enum client_state state;
    size_t sent;

    do {
        state = client->kind->send(client, bytes, &sent);
        if (state == CLIENT_DONE) {
            bytes = str_skip(bytes, sent);
        }
    } while (state == CLIENT_DONE ? bytes.len > 0 : again(client, state));
    if (state != CLIENT_DONE) {
        diag_error(diag, nowhere, "cannot send the request to '%s': %s", client->target.host,
                   client->reason);
    }
    return state == CLIENT_DONE;
}

ssize_t client_receive(struct client *client, char *buffer, size_t size, const char *missing,
                       struct diag *diag)
{
    enum client_state state;
    size_t got = 0;

    if (client->failed) {
        return -1;
    }
    do {
        state = client->kind->receive(client, buffer, size, &got);
    } while (again(client, state));
    switch (state) {
    case CLIENT_DONE:
        return (ssize_t)got;
    case CLIENT_ENDED:
        return 0;
    default:
        client->failed = true;
        diag_error(diag, nowhere, "%s: %s", missing, client->reason);
        return -1;
    }
}
