/* Listening sockets and the accepting of connections. What becomes of a connection is left to the
 * one who asked. */
#define _GNU_SOURCE /* accept4 */
#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "base/log.h"

#define BACKLOG      1024 /* with 16, as is common, 64 clients at once wait a second for a SYN */
#define ACCEPT_BATCH 16   /* a turn: each costs a handshake, and those already here wait for it */
#define DEFER_S      5    /* how long the kernel keeps a connection that has not sent a byte */
#define UNSENT_MAX   (256 * 1024) /* in the kernel for one reader, who may not be reading */
#define PAUSE_WHEN_DRY                                                                             \
    {                                                                                              \
        0, 100000                                                                                  \
    } /* when descriptors ran out: others are closing meanwhile */
#define NO_PLACE ((struct place){ NULL, 0 })

/* ---- opening -------------------------------------------------------------------------------- */

static bool set_option(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Accepted sockets inherit these. The first two some systems lack. */
static bool set_kindnesses(int fd)
{
#ifdef TCP_DEFER_ACCEPT
    (void)set_option(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, DEFER_S);
#endif
#ifdef TCP_NOTSENT_LOWAT
    (void)set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MAX);
#endif
    return set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

static bool set_options(int fd, bool ipv6, bool shared)
{
    return set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
           (!shared || set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1)) &&
           (!ipv6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) && set_kindnesses(fd);
}

static bool is_ipv6(const struct address *at)
{
    return at->socket.ss_family == AF_INET6;
}

/* A socket bound to the address, or -1 with errno set. */
static int bind_socket(const struct address *at, bool shared)
{
    int fd = socket(at->socket.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd != -1 && (!set_options(fd, is_ipv6(at), shared) ||
                     bind(fd, (const struct sockaddr *)&at->socket, at->size) == -1)) {
        int saved = errno;

        close(fd);
        errno = saved;
        fd = -1;
    }
    return fd;
}

static void report(const struct address *at, struct diag *diag)
{
    static const struct {
        int error;
        const char *advice;
    } advices[] = {
        { EADDRINUSE, " (is another server running?)" },
        { EACCES, " (ports below 1024 need root, or CAP_NET_BIND_SERVICE)" },
        { EADDRNOTAVAIL, " (this host does not have that address)" },
    };
    const char *advice = "";
    const char *reason = strerror(errno);
    char text[ADDRESS_TEXT_SIZE];

    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++) {
        if (errno == advices[i].error) {
            advice = advices[i].advice;
        }
    }
    diag_error(diag, NO_PLACE, "cannot listen on %s: %s%s", address_print(at, text), reason,
               advice);
}

static bool host_lacks(const struct address *at, int error)
{
    return is_ipv6(at) && (error == EAFNOSUPPORT || error == EADDRNOTAVAIL);
}

/* Sockets that share a port share it with every other program of the same user, too. One that does
 * not share finds out whether there is any. */
static bool is_free(const struct address *at)
{
    int fd = bind_socket(at, false);

    if (fd == -1) {
        return false;
    }
    close(fd);
    return true;
}

static bool open_one(struct listener *listener, const struct address *at)
{
    *listener = (struct listener){ .fd = bind_socket(at, true), .address = *at };
    return listener->fd != -1 && listen(listener->fd, BACKLOG) == 0;
}

static void close_all(struct listener *each, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        listener_close(&each[i]);
    }
}

bool listeners_open(struct listener *each, size_t count, const struct address *at,
                    struct diag *diag)
{
    bool ok = is_free(at);

    for (size_t i = 0; i < count; i++) {
        each[i] = (struct listener){ .fd = -1 };
    }
    if (!ok && address_is_all(at) && host_lacks(at, errno)) {
        struct address ipv4 = address_all_ipv4(address_port(at));

        return listeners_open(each, count, &ipv4, diag);
    }
    if (!ok && at->if_possible && host_lacks(at, errno)) {
        return true;
    }
    for (size_t i = 0; ok && i < count; i++) {
        ok = open_one(&each[i], at);
    }
    if (!ok) {
        report(at, diag);
        close_all(each, count);
    }
    return ok;
}

bool listeners_adopt(struct listener *each, size_t count, int fd, const struct address *at,
                     struct diag *diag)
{
    bool ok = fcntl(fd, F_SETFL, O_NONBLOCK) == 0 && listen(fd, BACKLOG) == 0 && set_kindnesses(fd);

    for (size_t i = 0; i < count; i++) {
        each[i] = (struct listener){ .fd = -1, .address = *at };
    }
    for (size_t i = 0; ok && i < count; i++) {
        each[i].fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
        ok = each[i].fd != -1;
    }
    if (!ok) {
        report(at, diag);
        close_all(each, count);
    }
    return ok;
}

void listener_close(struct listener *listener)
{
    if (listener->fd != -1) {
        close(listener->fd);
        listener->fd = -1;
    }
}

/* ---- accepting ------------------------------------------------------------------------------ */

struct acceptor {
    struct event *readable;
    struct event *pause;
    int spare; /* given up when descriptors run out, so that one more can be accepted, and closed */
    struct log_hush hush;
    bool (*accepted)(int fd, const struct ip *peer, void *arg);
    void *arg;
};

/* The peer may be gone before it is accepted, and the network may report old troubles here. */
static bool is_dry(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* The address that a socket call filled in. Anything but IP is nobody in particular. */
static struct ip ip_of(const struct sockaddr_storage *from)
{
    struct ip nobody = { { 0 } };

    if (from->ss_family == AF_INET6) {
        return ip_from_ipv6(((const struct sockaddr_in6 *)(const void *)from)->sin6_addr.s6_addr);
    }
    if (from->ss_family == AF_INET) {
        uint8_t bytes[4];

        memcpy(bytes, &((const struct sockaddr_in *)(const void *)from)->sin_addr, sizeof bytes);
        return ip_from_ipv4(bytes);
    }
    return nobody;
}

static int accept_one(int listening, struct ip *peer)
{
    struct sockaddr_storage from = { .ss_family = AF_UNSPEC };
    socklen_t size = sizeof from;
    int fd = accept4(listening, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

    *peer = ip_of(&from);
    return fd;
}

/* Descriptors ran out: whoever waits would wait in silence, and wake the loop for ever. With the
 * spare one the first of them is accepted and sent away. */
static bool refuse_one(struct acceptor *acceptor, int listening)
{
    struct ip peer;
    char more[LOG_MORE_SIZE];
    int fd;

    if (acceptor->spare == -1) {
        return false;
    }
    close(acceptor->spare);
    fd = accept_one(listening, &peer);
    if (fd != -1) {
        close(fd);
    }
    acceptor->spare = fcntl(listening, F_DUPFD_CLOEXEC, 0);
    if (log_hush_lifted(&acceptor->hush, more)) {
        log_warn(
            "descriptors ran out, and connections are refused; raise the limit of open files%s",
            more);
    }
    return fd != -1;
}

static void pause_accepting(struct acceptor *acceptor)
{
    static const struct timeval pause = PAUSE_WHEN_DRY;

    event_del(acceptor->readable);
    event_add(acceptor->pause, &pause);
}

static void on_readable(evutil_socket_t listening, short what, void *arg)
{
    struct acceptor *acceptor = arg;

    (void)what;
    for (int i = 0; i < ACCEPT_BATCH; i++) {
        struct ip peer;
        int fd = accept_one(listening, &peer);

        if (fd == -1 && is_dry(errno)) {
            if (!refuse_one(acceptor, listening)) {
                pause_accepting(acceptor);
                return;
            }
        } else if (fd == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            return;
        } else if (fd != -1 && !acceptor->accepted(fd, &peer, acceptor->arg)) {
            event_del(acceptor->readable);
            return;
        }
    }
}

void acceptor_take_waiting(struct acceptor *acceptor)
{
    int listening = event_get_fd(acceptor->readable);

    for (int i = 0; i < BACKLOG; i++) {
        struct ip peer;
        int fd = accept_one(listening, &peer);

        if (fd == -1 || !acceptor->accepted(fd, &peer, acceptor->arg)) {
            return;
        }
    }
}

static void on_pause_over(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    acceptor_resume(arg);
}

struct acceptor *acceptor_create(struct event_base *base, int fd,
                                 bool (*accepted)(int fd, const struct ip *peer, void *arg),
                                 void *arg)
{
    struct acceptor *acceptor = calloc(1, sizeof *acceptor);

    if (acceptor == NULL) {
        return NULL;
    }
    acceptor->accepted = accepted;
    acceptor->arg = arg;
    acceptor->spare = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    acceptor->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, acceptor);
    acceptor->pause = evtimer_new(base, on_pause_over, acceptor);
    if (acceptor->readable == NULL || acceptor->pause == NULL ||
        event_add(acceptor->readable, NULL) == -1) {
        acceptor_destroy(acceptor);
        return NULL;
    }
    return acceptor;
}

void acceptor_resume(struct acceptor *acceptor)
{
    event_add(acceptor->readable, NULL);
}

void acceptor_destroy(struct acceptor *acceptor)
{
    if (acceptor == NULL) {
        return;
    }
    if (acceptor->readable != NULL) {
        event_free(acceptor->readable);
    }
    if (acceptor->pause != NULL) {
        event_free(acceptor->pause);
    }
    if (acceptor->spare != -1) {
        close(acceptor->spare);
    }
    free(acceptor);
}
