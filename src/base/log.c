/* The log: a level, a line, one write. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

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

const char *log_escape(struct str text, char *out, size_t size)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char cut[] = "...";
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        bool plain = byte >= 0x20 && byte < 0x7F && byte != '\\' && byte != '"';
        size_t takes = plain ? 1 : 4;
        size_t keep = i + 1 < text.len ? sizeof cut : 1; /* room for the mark, or the NUL alone */

        if (len + takes + keep > size) {
            if (len + sizeof cut <= size) {
                memcpy(out + len, cut, sizeof cut - 1);
                len += sizeof cut - 1;
            }
            break;
        }
        if (plain) {
            out[len++] = (char)byte;
        } else {
            out[len++] = '\\';
            out[len++] = 'x';
            out[len++] = hex[byte >> 4];
            out[len++] = hex[byte & 15];
        }
    }
    out[len] = '\0';
    return out;
}
