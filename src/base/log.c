/* The log: what a line says. Who writes it down is the sink's business. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define LINE_MAX_BYTES 2048
#define REQUEST_MAX    256 /* bytes of a request, escaped */
#define HUSH_MS        60000
#define IPV4_BITS      24 /* of a short address */
#define IPV6_BITS      48

const char *const log_level_names[] = { "error", "warning", "info", "debug", NULL };
const char *const log_requests_names[] = { "pairs", "common", "off", NULL };
const char *const log_addresses_names[] = { "short", "full", "none", NULL };

static void write_to_stderr(void *arg, const struct log_line *line);

static struct log_options wanted = { LOG_INFO, LOG_PAIRS, LOG_SHORT };
static log_sink *sink = write_to_stderr;
static void *sink_arg;

void log_configure(const struct log_options *options)
{
    wanted = *options;
}

bool log_wants(enum log_level level)
{
    return (int)level <= wanted.level;
}

void log_send_to(log_sink *to, void *arg)
{
    sink = to != NULL ? to : write_to_stderr;
    sink_arg = arg;
}

/* The variable names the journal's pipe, and outlives it in all that is started behind one.
 * Source: systemd.exec(5), $JOURNAL_STREAM. */
bool log_is_for_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    char own[64];
    struct stat status;

    if (stream == NULL || fstat(STDERR_FILENO, &status) == -1) {
        return false;
    }
    snprintf(own, sizeof own, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    return strcmp(stream, own) == 0;
}

/* As syslog counts severities. Source: sd-daemon(3); RFC 5424, section 6.2.1. */
const int log_severities[] = { [LOG_ERROR] = 3, [LOG_WARN] = 4, [LOG_INFO] = 6, [LOG_DEBUG] = 7 };

int log_introduce(const struct log_line *line, char *out, size_t size)
{
    if (log_is_for_journal()) {
        return snprintf(out, size, "<%d>", log_severities[line->level]);
    }
    return snprintf(out, size, "%s%s", line->bare ? "" : log_level_names[line->level],
                    line->bare ? "" : ": ");
}

/* One write for a line, so that the lines of several processes do not mix. */
static void write_to_stderr(void *arg, const struct log_line *line)
{
    char start[16];
    char bytes[LINE_MAX_BYTES + sizeof start];
    int len;

    log_introduce(line, start, sizeof start);
    len = snprintf(bytes, sizeof bytes, "%s%.*s\n", start,
                   STR_ARG(str_first(line->text, LINE_MAX_BYTES)));
    (void)arg;
    if (len > 0 && write(STDERR_FILENO, bytes, (size_t)len) < 0) {
        return; /* nowhere left to say it */
    }
}

static void send_line(enum log_level level, bool bare, const char *text, int len)
{
    const struct log_line line = {
        .seconds = (int64_t)time(NULL),
        .level = level,
        .bare = bare,
        .text = str_first((struct str){ text, len > 0 ? (size_t)len : 0 }, LINE_MAX_BYTES - 1),
    };

    sink(sink_arg, &line);
}

/* ---- events --------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void say(enum log_level level, const char *format,
                                                      va_list args)
{
    char text[LINE_MAX_BYTES];

    if (log_wants(level)) {
        send_line(level, false, text, vsnprintf(text, sizeof text, format, args));
    }
}

#define DEFINE_LEVEL(name, level)                                                                  \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list args;                                                                              \
                                                                                                   \
        va_start(args, format);                                                                    \
        say(level, format, args);                                                                  \
        va_end(args);                                                                              \
    }

DEFINE_LEVEL(log_error, LOG_ERROR)
DEFINE_LEVEL(log_warn, LOG_WARN)
DEFINE_LEVEL(log_info, LOG_INFO)
DEFINE_LEVEL(log_debug, LOG_DEBUG)

bool log_hush_lifted(struct log_hush *hush, char more[LOG_MORE_SIZE])
{
    int64_t now_ms = clock_ms();

    if (now_ms < hush->until_ms) {
        hush->unsaid++;
        return false;
    }
    more[0] = '\0';
    if (hush->unsaid > 0) {
        snprintf(more, LOG_MORE_SIZE, " (and %lu times more since this was said)", hush->unsaid);
    }
    hush->unsaid = 0;
    hush->until_ms = now_ms + HUSH_MS;
    return true;
}

/* ---- foreign bytes -------------------------------------------------------------------------- */

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7F && byte != '\\' && byte != '"';
}

static size_t escaped_length(struct str text)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        len += is_plain((unsigned char)text.ptr[i]) ? 1 : 4;
    }
    return len;
}

const char *log_escape(struct str text, char *out, size_t size)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char mark[] = "...";
    bool cut = escaped_length(text) >= size;
    size_t room = !cut ? size - 1 : size >= sizeof mark ? size - sizeof mark : 0;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (len + (is_plain(byte) ? 1 : 4) > room) {
            break;
        }
        if (is_plain(byte)) {
            out[len++] = (char)byte;
        } else {
            out[len++] = '\\';
            out[len++] = 'x';
            out[len++] = hex[byte >> 4];
            out[len++] = hex[byte & 15];
        }
    }
    if (cut && size >= sizeof mark) {
        memcpy(out + len, mark, sizeof mark - 1);
        len += sizeof mark - 1;
    }
    out[len] = '\0';
    return out;
}

/* ---- readers and their requests ------------------------------------------------------------- */

/* Returns whether it was shortened. */
static bool print_address(const struct ip *ip, char out[IP_TEXT_SIZE])
{
    struct ip network = ip_network(ip, IPV4_BITS, IPV6_BITS);

    if (wanted.addresses == LOG_NONE) {
        memcpy(out, "-", 2);
        return false;
    }
    ip_print(wanted.addresses == LOG_SHORT ? &network : ip, out);
    return wanted.addresses == LOG_SHORT;
}

const char *log_address(const struct ip *ip, char out[LOG_ADDRESS_SIZE])
{
    char text[IP_TEXT_SIZE];
    bool is_short = print_address(ip, text);

    if (is_short) {
        snprintf(out, LOG_ADDRESS_SIZE, "%s/%d", text, ip_is_ipv4(ip) ? IPV4_BITS : IPV6_BITS);
    } else {
        memcpy(out, text, strlen(text) + 1);
    }
    return out;
}

/* "25/Nov/2026:03:35:12 +0000", made once a second. */
static const char *common_time(void)
{
    static char text[32];
    static time_t written;
    time_t now = time(NULL);
    struct tm parts;

    if (now != written && gmtime_r(&now, &parts) != NULL) {
        strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S +0000", &parts);
        written = now;
    }
    return text;
}

/* Source: "Common Log Format", NCSA HTTPd. An address it cannot show as a network is cut all the
 * same. */
static void log_common(const struct log_request *request, const char *line)
{
    char address[IP_TEXT_SIZE];
    char text[LINE_MAX_BYTES];

    print_address(&request->from, address);
    send_line(LOG_INFO, true, text,
              snprintf(text, sizeof text, "%s - - [%s] \"%s\" %d %llu", address, common_time(),
                       line, request->status, (unsigned long long)request->bytes));
}

void log_request(const struct log_request *request)
{
    char line[REQUEST_MAX];
    char address[LOG_ADDRESS_SIZE];

    if (!log_wants(LOG_INFO) || wanted.requests == LOG_OFF) {
        return;
    }
    log_escape(request->line, line, sizeof line);
    if (wanted.requests == LOG_COMMON) {
        log_common(request, line);
        return;
    }
    log_info("request protocol=%s from=%s status=%d bytes=%llu ms=%lld path=\"%s\"%s",
             request->protocol, log_address(&request->from, address), request->status,
             (unsigned long long)request->bytes, (long long)request->ms, line,
             request->cut ? " cut=yes" : "");
}
