/* The log: a level, a line, one write. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

#define HUSH_MS   60000
#define IPV4_BITS 24 /* of an address that the log may know: whose network it is, not who */
#define IPV6_BITS 48

const char *const log_level_names[] = { "error", "warning", "info", "debug", NULL };

static enum log_level wanted = LOG_INFO;

void log_set_level(enum log_level level)
{
    wanted = level;
}

bool log_wants(enum log_level level)
{
    return level <= wanted;
}

/* One write for a line, so that the lines of several processes do not mix. */
__attribute__((format(printf, 2, 0))) static void write_line(enum log_level level,
                                                             const char *format, va_list args)
{
    char line[2048];
    int start;
    int len;

    if (!log_wants(level)) {
        return;
    }
    start = snprintf(line, sizeof line, "%s: ", log_level_names[level]);
    len = vsnprintf(line + start, sizeof line - (size_t)start - 1, format, args);
    if (len < 0) {
        return;
    }
    len += start;
    if ((size_t)len > sizeof line - 2) {
        len = (int)sizeof line - 2;
    }
    line[len++] = '\n';
    if (write(STDERR_FILENO, line, (size_t)len) < 0) {
        return; /* nowhere left to say it */
    }
}

#define DEFINE_LEVEL(name, level)                                                                  \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list args;                                                                              \
                                                                                                   \
        va_start(args, format);                                                                    \
        write_line(level, format, args);                                                           \
        va_end(args);                                                                              \
    }

DEFINE_LEVEL(log_error, LOG_ERROR)
DEFINE_LEVEL(log_warn, LOG_WARN)
DEFINE_LEVEL(log_info, LOG_INFO)
DEFINE_LEVEL(log_debug, LOG_DEBUG)

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

const char *log_address(const struct ip *ip, char out[LOG_ADDRESS_SIZE])
{
    struct ip network = ip_network(ip, IPV4_BITS, IPV6_BITS);
    char text[IP_TEXT_SIZE];

    snprintf(out, LOG_ADDRESS_SIZE, "%s/%d", ip_print(&network, text),
             ip_is_ipv4(ip) ? IPV4_BITS : IPV6_BITS);
    return out;
}

bool log_hush_lifted(struct log_hush *hush, unsigned long *before)
{
    int64_t now_ms = clock_ms();

    if (now_ms < hush->until_ms) {
        hush->unsaid++;
        return false;
    }
    *before = hush->unsaid;
    hush->unsaid = 0;
    hush->until_ms = now_ms + HUSH_MS;
    return true;
}
