/* The operator's log: one line per event, to standard error. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Nothing less urgent than this is written. LOG_INFO until told otherwise. */
void log_set_level(enum log_level level);
bool log_wants(enum log_level level);

/* Names of the levels in their order, NULL at the end, for tables of choices. */
extern const char *const log_level_names[];

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Foreign bytes made fit for a log line or a terminal: printable ASCII stays, everything else,
 * the backslash and the double quote become \xNN. Writes at most size-1 bytes and a NUL, and
 * returns out; what does not fit is cut and marked with "...".
 */
const char *log_escape(struct str text, char *out, size_t size);

/* "203.0.113.0/24", "2001:db8:1::/48": an address as far as the log may know it. Returns out. */
#define LOG_ADDRESS_SIZE (IP_TEXT_SIZE + 4)
const char *log_address(const struct ip *ip, char out[LOG_ADDRESS_SIZE]);

/*
 * For what may happen a thousand times a second: said at once, then at most once a minute.
 *
 * before  when it may be said: how often it could not, since the last time.
 */
struct log_hush {
    int64_t until_ms;
    unsigned long unsaid;
};
bool log_hush_lifted(struct log_hush *hush, unsigned long *before);

#endif
