/* Dates by the proleptic Gregorian calendar, without the C library's idea of a time zone. */
#include "base/date.h"

#include <time.h>

#define DAY_S 86400

/* Days from 1970-01-01 to a civil date; March starts the year, so that leap days come last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int64_t year_of_era = shifted - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

/* Take exactly `digits` digits off the front. */
static bool take_number(struct str *text, size_t digits, int *value)
{
    unsigned long number;

    if (text->len < digits || !str_parse_number(str_first(*text, digits), 9999, &number)) {
        return false;
    }
    *value = (int)number;
    *text = str_skip(*text, digits);
    return true;
}

static bool take_byte(struct str *text, char byte)
{
    if (text->len == 0 || *text->ptr != byte) {
        return false;
    }
    *text = str_skip(*text, 1);
    return true;
}

static void skip_blanks(struct str *text)
{
    while (text->len > 0 && (*text->ptr == ' ' || *text->ptr == '\t')) {
        *text = str_skip(*text, 1);
    }
}

static bool take_day(struct str *text, int64_t *days)
{
    int year;
    int month;
    int day;

    if (!take_number(text, 4, &year) || !take_byte(text, '-') || !take_number(text, 2, &month) ||
        !take_byte(text, '-') || !take_number(text, 2, &day)) {
        return false;
    }
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        return false;
    }
    *days = days_from_civil(year, month, day);
    return true;
}

static bool take_time(struct str *text, int *seconds)
{
    int hour;
    int minute;
    int second = 0;

    if (!take_number(text, 2, &hour) || !take_byte(text, ':') || !take_number(text, 2, &minute)) {
        return false;
    }
    if (take_byte(text, ':')) {
        if (!take_number(text, 2, &second)) {
            return false;
        }
        if (take_byte(text, '.')) {
            size_t digits = 0;

            while (digits < text->len && byte_is_digit(text->ptr[digits])) {
                digits++;
            }
            *text = str_skip(*text, digits);
            if (digits == 0) {
                return false;
            }
        }
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

static bool take_zone(struct str *text, int *offset_s)
{
    int hours;
    int minutes = 0;
    int sign;

    if (take_byte(text, 'Z') || take_byte(text, 'z')) {
        *offset_s = 0;
        return true;
    }
    sign = take_byte(text, '+') ? 1 : take_byte(text, '-') ? -1 : 0;
    if (sign == 0 || !take_number(text, 2, &hours)) {
        return false;
    }
    if ((take_byte(text, ':') || text->len > 0) && !take_number(text, 2, &minutes)) {
        return false;
    }
    if (hours > 23 || minutes > 59) {
        return false;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool date_parse(struct str text, struct date *date)
{
    struct date read = { 0 };
    int64_t days;
    int seconds = 0;

    text = str_trim(text);
    if (!take_day(&text, &days)) {
        return false;
    }
    if (text.len > 0) {
        if (!take_byte(&text, 'T') && !take_byte(&text, 't')) {
            if (!byte_is_blank(*text.ptr)) {
                return false;
            }
            skip_blanks(&text);
        }
        if (!take_time(&text, &seconds)) {
            return false;
        }
        read.has_time = true;
        skip_blanks(&text);
        if (text.len > 0) {
            if (!take_zone(&text, &read.offset_s) || text.len > 0) {
                return false;
            }
            read.has_zone = true;
        }
    }
    read.seconds = days * DAY_S + seconds - read.offset_s;
    *date = read;
    return true;
}

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
