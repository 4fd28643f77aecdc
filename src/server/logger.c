/* Lines to bytes, and bytes to wherever they go, without ever waiting for it. */
#include "server/logger.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)64 * 1024)
#define LONGEST     ((size_t)4096) /* a line with what stands before it */
#define FILE_MODE   0640           /* readers' requests are not everybody's business */

struct logger;

/* A kind of place. */
struct kind {
    /* Returns a descriptor, or -1 with errno set. */
    int (*open)(const struct logger *logger);
    /* What stands before a line's text; its length, as snprintf returns it. */
    int (*introduce)(const struct log_line *line, char *out, size_t size);
    bool by_line; /* each line is a message of its own, without line end */
};

struct logger {
    const struct kind *kind;
    char *path; /* of a file */
    int fd;
    uint64_t lost; /* lines, not yet said */
    bool torn;     /* what was written last has no line end */
    size_t len;
    char buffer[BUFFER_SIZE];
};

/* ---- standard error ------------------------------------------------------------------------- */

static int open_stderr(const struct logger *logger)
{
    (void)logger;
    return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
}

/* ---- a file --------------------------------------------------------------------------------- */

static int open_file(const struct logger *logger)
{
    return open(logger->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
                FILE_MODE);
}

static int introduce_file(const struct log_line *line, char *out, size_t size)
{
    char when[32] = "";
    time_t seconds = (time_t)line->seconds;
    struct tm parts;

    if (line->bare) {
        return 0;
    }
    if (gmtime_r(&seconds, &parts) != NULL) {
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    return snprintf(out, size, "%s %s: ", when, log_level_names[line->level]);
}

/* ---- syslog --------------------------------------------------------------------------------- */

/* A datagram of our own rather than the C library's syslog(), which waits for a daemon that is
 * stuck. Source: RFC 3164, section 4. */
#define SYSLOG_SOCKET "/dev/log"
#define SYSLOG_DAEMON (3 * 8)

static int open_syslog(const struct logger *logger)
{
    const struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = SYSLOG_SOCKET };
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    (void)logger;
    if (fd != -1 && connect(fd, (const struct sockaddr *)&at, sizeof at) == -1) {
        int saved = errno;

        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

static int introduce_syslog(const struct log_line *line, char *out, size_t size)
{
    char when[32] = "";
    time_t seconds = (time_t)line->seconds;
    struct tm parts;

    if (localtime_r(&seconds, &parts) != NULL) {
        strftime(when, sizeof when, "%b %e %H:%M:%S", &parts);
    }
    return snprintf(out, size,
                    "<%d>%s splashdown[%ld]: ", SYSLOG_DAEMON + log_severities[line->level], when,
                    (long)getpid());
}

static const struct kind kind_stderr = { open_stderr, log_introduce, false };
static const struct kind kind_file = { open_file, introduce_file, false };
static const struct kind kind_syslog = { open_syslog, introduce_syslog, true };

/* ---- writing -------------------------------------------------------------------------------- */

/* What can be written to a pipe or a terminal without waiting, once poll says that it is ready: the
 * descriptor is shared with others, who would not expect it to become non-blocking. */
static ssize_t write_some(int fd, const char *bytes, size_t size)
{
    struct pollfd ready = { .fd = fd, .events = POLLOUT };
    struct stat status;

    if (fstat(fd, &status) == -1) {
        return -1;
    }
    if (S_ISSOCK(status.st_mode)) {
        return send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    if (S_ISREG(status.st_mode)) {
        return write(fd, bytes, size);
    }
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) {
        return 0;
    }
    return write(fd, bytes, size < PIPE_BUF ? size : PIPE_BUF);
}

/* Returns how many bytes were taken. */
static size_t write_most(struct logger *logger, const char *bytes, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t some = write_some(logger->fd, bytes + done, size - done);

        if (some == -1 && errno == EINTR) {
            continue;
        }
        if (some <= 0) {
            break;
        }
        done += (size_t)some;
    }
    if (done > 0) {
        logger->torn = bytes[done - 1] != '\n';
    }
    return done;
}

static uint64_t count_lines(const char *bytes, size_t size)
{
    uint64_t lines = 0;

    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

/* A whole line with what stands before it; returns its length. */
static size_t form(const struct kind *kind, const struct log_line *line, char out[LONGEST])
{
    int head = kind->introduce(line, out, LONGEST);
    size_t len = head > 0 ? (size_t)head : 0;
    struct str text = str_first(line->text, LONGEST - len - 1);

    memcpy(out + len, text.ptr, text.len);
    len += text.len;
    if (!kind->by_line) {
        out[len++] = '\n';
    }
    return len;
}

/* Before anything else, how much is missing. Returns false when not even that is taken. */
static bool confess(struct logger *logger)
{
    char text[128];
    char bytes[LONGEST];
    size_t len;
    struct log_line line = { .seconds = (int64_t)time(NULL), .level = LOG_WARN };

    if (logger->torn && write_most(logger, "\n", 1) != 1) {
        return false;
    }
    if (logger->lost == 0) {
        return true;
    }
    snprintf(text, sizeof text, "%llu lines of the log are missing here: they could not be written",
             (unsigned long long)logger->lost);
    line.text = str_from(text);
    len = form(logger->kind, &line, bytes);
    if (write_most(logger, bytes, len) != len) {
        return false;
    }
    logger->lost = 0;
    return true;
}

void logger_flush(struct logger *logger)
{
    size_t done = 0;

    if (logger->len == 0) {
        return;
    }
    if (confess(logger)) {
        done = write_most(logger, logger->buffer, logger->len);
    }
    logger->lost += count_lines(logger->buffer + done, logger->len - done);
    logger->len = 0;
}

/* The daemon may have been restarted, with a new socket. */
static void send_message(struct logger *logger, const char *bytes, size_t len)
{
    if (send(logger->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        return;
    }
    if (errno != EAGAIN && errno != ENOBUFS) {
        int fd = logger->kind->open(logger);

        if (fd != -1) {
            close(logger->fd);
            logger->fd = fd;
            if (send(fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
                return;
            }
        }
    }
    logger->lost++;
}

void logger_write(struct logger *logger, const struct log_line *line)
{
    char bytes[LONGEST];
    size_t len = form(logger->kind, line, bytes);

    if (logger->kind->by_line) {
        if (logger->lost > 0) {
            (void)confess(logger);
        }
        send_message(logger, bytes, len);
        return;
    }
    if (len > BUFFER_SIZE - logger->len) {
        logger_flush(logger);
    }
    memcpy(logger->buffer + logger->len, bytes, len);
    logger->len += len;
}

void logger_add_lost(struct logger *logger, uint64_t lines)
{
    logger->lost += lines;
}

/* ---- opening and closing -------------------------------------------------------------------- */

static const struct kind *find_kind(struct str to)
{
    if (str_equal(to, STR("stderr"))) {
        return &kind_stderr;
    }
    return str_equal(to, STR("syslog")) ? &kind_syslog : &kind_file;
}

struct logger *logger_open(struct str to, struct diag *diag)
{
    struct logger *logger = calloc(1, sizeof *logger);

    if (logger != NULL) {
        logger->fd = -1;
        logger->kind = find_kind(to);
        logger->path = strndup(to.ptr, to.len);
    }
    if (logger == NULL || logger->path == NULL || (logger->fd = logger->kind->open(logger)) == -1) {
        diag_errno(diag, "cannot write the log to %.*s", STR_ARG(to));
        logger_close(logger);
        return NULL;
    }
    return logger;
}

void logger_close(struct logger *logger)
{
    if (logger == NULL) {
        return;
    }
    if (logger->fd != -1) {
        logger_flush(logger);
        close(logger->fd);
    }
    free(logger->path);
    free(logger);
}

void logger_reopen(struct logger *logger)
{
    int fd = logger->kind->open(logger);

    if (fd == -1) {
        log_error("cannot open the log anew at %s, the old one goes on: %s", logger->path,
                  strerror(errno));
        return;
    }
    logger_flush(logger);
    close(logger->fd);
    logger->fd = fd;
    logger->torn = false;
    log_info("the log is opened anew");
}
