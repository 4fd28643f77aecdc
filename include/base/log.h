/* The operator's log: one line per event, one line per request. Where lines go is decided by a
 * sink: standard error, until somebody gives another. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* How requests are written. */
enum log_requests {
    LOG_PAIRS,  /* key=value */
    LOG_COMMON, /* the "common log format" of web servers, which tools read */
    LOG_OFF
};

/* How much of a reader's address the log may know. */
enum log_addresses {
    LOG_SHORT, /* its /24 or /48: from which network, not who */
    LOG_FULL,
    LOG_NONE
};

/* Names in their order, NULL at the end, for tables of choices. */
extern const char *const log_level_names[];
extern const char *const log_requests_names[];
extern const char *const log_addresses_names[];

struct log_options {
    int level;     /* enum log_level: nothing less urgent is written */
    int requests;  /* enum log_requests */
    int addresses; /* enum log_addresses */
};

#define LOG_DEFAULT ((struct log_options){ LOG_INFO, LOG_PAIRS, LOG_SHORT })

/* LOG_DEFAULT until told otherwise. */
void log_configure(const struct log_options *options);

bool log_wants(enum log_level level);

/* A line on its way; the sink copies what it keeps. */
struct log_line {
    int64_t seconds; /* since 1970 */
    enum log_level level;
    bool bare;       /* it has a form of its own, time included */
    struct str text; /* without line end */
};

typedef void log_sink(void *arg, const struct log_line *line);

/* NULL: standard error again. */
void log_send_to(log_sink *to, void *arg);

/* Whether standard error is systemd's journal. */
bool log_is_for_journal(void);

/* What stands before a line on standard error; its length, as snprintf returns it. The journal
 * learns the level from a number, people from its name. */
int log_introduce(const struct log_line *line, char *out, size_t size);

/* Levels as syslog numbers them. */
extern const int log_severities[];

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A request and what became of it. */
struct log_request {
    const char *protocol;
    struct ip from;
    struct str line; /* foreign bytes; they are escaped */
    int status;
    uint64_t bytes; /* of the body */
    int64_t ms;     /* from the connection to the last byte */
    bool cut;       /* it was not sent whole */
};

void log_request(const struct log_request *request);

/*
 * Foreign bytes made fit for a log line or a terminal: printable ASCII stays, everything else,
 * the backslash and the double quote become \xNN. Writes at most size-1 bytes and a NUL, and
 * returns out; what does not fit is cut and marked with "...".
 */
const char *log_escape(struct str text, char *out, size_t size);

/* "203.0.113.0/24", "2001:db8:1::/48", "203.0.113.77" or "-": an address as far as the log may know
 * it. Returns out. */
#define LOG_ADDRESS_SIZE (IP_TEXT_SIZE + 4)
const char *log_address(const struct ip *ip, char out[LOG_ADDRESS_SIZE]);

/*
 * For what may happen a thousand times a second: said at once, then at most once a minute.
 *
 * more  when it may be said: words for its end, of how often it could not be since the last time;
 *       empty for never.
 */
struct log_hush {
    int64_t until_ms;
    unsigned long unsaid;
};
#define LOG_MORE_SIZE 64
bool log_hush_lifted(struct log_hush *hush, char more[LOG_MORE_SIZE]);

#endif
