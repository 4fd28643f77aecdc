/* Variables in, datagrams out. */
#include "systemd.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD      3 /* SD_LISTEN_FDS_START */
#define SOCKETS_MAX   64
#define MESSAGE_MAX   1024
#define US_PER_MS     1000
#define PINGS_IN_SPAN 2 /* sd_watchdog_enabled(3): about every half of the time */

/* A number in the environment, or 0. */
static unsigned long number_of(const char *variable, unsigned long max)
{
    const char *text = getenv(variable);
    unsigned long number = 0;

    if (text != NULL) {
        (void)str_parse_number(str_from(text), max, &number);
    }
    return number;
}

/* Variables are inherited by processes they were not meant for; a number says for whom they are. */
static bool is_for_us(const char *variable)
{
    return number_of(variable, INT32_MAX) == (unsigned long)getpid();
}

/* ---- sockets --------------------------------------------------------------------------------- */

static bool read_socket(int fd, struct systemd_socket *socket)
{
    int listens = 0;
    socklen_t size = sizeof listens;

    *socket = (struct systemd_socket){ .fd = fd };
    socket->address.size = sizeof socket->address.socket;
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0 &&
           getsockname(fd, (struct sockaddr *)&socket->address.socket, &socket->address.size) == 0;
}

const struct systemd_socket *systemd_sockets(size_t *count)
{
    static struct systemd_socket sockets[SOCKETS_MAX];
    static size_t found;
    static bool asked;
    const char *names = getenv("LISTEN_FDNAMES");
    struct str rest = str_from(names != NULL ? names : "");
    unsigned long given = is_for_us("LISTEN_PID") ? number_of("LISTEN_FDS", SOCKETS_MAX) : 0;

    for (unsigned long i = 0; !asked && i < given; i++) {
        struct str name;

        (void)str_cut(rest, ':', &name, &rest);
        if (read_socket(FIRST_FD + (int)i, &sockets[found])) {
            sockets[found++].name = name;
        }
    }
    asked = true;
    *count = found;
    return sockets;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void send_text(const char *text, size_t len)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t path_len = path != NULL ? strlen(path) : 0;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_len);
    int fd;

    if (path_len < 2 || path_len >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(to.sun_path, path, path_len);
    if (path[0] == '@') {
        to.sun_path[0] = '\0'; /* no file, only a name */
    }
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd != -1) {
        (void)sendto(fd, text, len, MSG_NOSIGNAL, (const struct sockaddr *)&to, size);
        close(fd);
    }
}

void systemd_tell(const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len > 0 && (size_t)len < sizeof text) {
        send_text(text, (size_t)len);
    }
}

int64_t systemd_watchdog_ms(void)
{
    bool ours = getenv("WATCHDOG_PID") == NULL || is_for_us("WATCHDOG_PID");
    unsigned long span_us = ours ? number_of("WATCHDOG_USEC", UINT32_MAX) : 0;

    return (int64_t)span_us / US_PER_MS / PINGS_IN_SPAN;
}
