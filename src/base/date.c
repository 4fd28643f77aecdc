/* Dates in words and figures, without the C library's idea of a time zone. */
#include "base/date.h"

#include <time.h>

static struct tm broken_down(int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm tm = { 0 };

    gmtime_r(&time, &tm);
    return tm;
}

static struct str format_time(struct arena *arena, const char *format, int64_t seconds)
{
    struct tm tm = broken_down(seconds);
    char text[256];
    size_t len;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the author's own format, for dates only */
    len = strftime(text, sizeof text, format, &tm);
#pragma GCC diagnostic pop
    return arena_copy(arena, (struct str){ text, len });
}

struct str date_format(struct arena *arena, const char *format, struct date date)
{
    return format_time(arena, format, date.seconds + date.offset_s);
}

struct str date_day(struct arena *arena, struct date date)
{
    return format_time(arena, "%Y-%m-%d", date.seconds + date.offset_s);
}

struct str date_rfc3339(struct arena *arena, int64_t seconds)
{
    return format_time(arena, "%Y-%m-%dT%H:%M:%SZ", seconds);
}
