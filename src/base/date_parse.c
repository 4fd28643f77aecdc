/* Dates as people and programs have written them. The form is told by its first word or number;
 * what follows the day is the same for all. Nothing is guessed: a number too many is no date. */
#include "base/date.h"

#define DAY_S 86400

/* ---- the calendar ---------------------------------------------------------------------------- */

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

/* ---- pieces ---------------------------------------------------------------------------------- */

static size_t count_digits(struct str text)
{
    size_t digits = 0;

    while (digits < text.len && byte_is_digit(text.ptr[digits])) {
        digits++;
    }
    return digits;
}

/* Take a number of at least `least` and at most `most` digits off the front. */
static bool take_number(struct str *text, size_t least, size_t most, int *value)
{
    size_t digits = count_digits(*text);
    unsigned long number;

    if (digits < least || digits > most ||
        !str_parse_number(str_first(*text, digits), 9999, &number)) {
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

static bool take_blanks(struct str *text)
{
    size_t before = text->len;

    while (text->len > 0 && (*text->ptr == ' ' || *text->ptr == '\t')) {
        *text = str_skip(*text, 1);
    }
    return text->len < before;
}

/* Take the letters at the front. */
static struct str take_word(struct str *text)
{
    size_t len = 0;
    struct str word;

    while (len < text->len && byte_is_alpha(text->ptr[len])) {
        len++;
    }
    word = str_first(*text, len);
    *text = str_skip(*text, len);
    return word;
}

/* Take a word off the front when it is this one. */
static bool take_this_word(struct str *text, struct str wanted)
{
    struct str rest = *text;

    if (!str_equal_nocase(take_word(&rest), wanted)) {
        return false;
    }
    *text = rest;
    return true;
}

/* Which of the names a word is, whole or shortened to three letters or more; -1: none. */
static int find_name(struct str word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        struct str name = str_from(names[i]);

        if (word.len >= 3 && str_equal_nocase(word, str_first(name, word.len)) &&
            word.len <= name.len) {
            return i;
        }
    }
    return -1;
}

/* ---- the day --------------------------------------------------------------------------------- */

struct day {
    int year;
    int month;
    int day;
};

static bool take_month_name(struct str *text, int *month)
{
    static const char *const names[] = { "January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December" };

    *month = find_name(take_word(text), names, 12) + 1;
    take_byte(text, '.');
    return *month > 0;
}

static bool is_weekday(struct str word)
{
    static const char *const names[] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday" };

    return find_name(word, names, 7) >= 0;
}

/* What parts a day's pieces: one of the bytes, the same both times. */
static bool take_separator(struct str *text, const char *bytes, char *separator)
{
    if (text->len == 0 || *text->ptr == '\0' || strchr(bytes, *text->ptr) == NULL) {
        return false;
    }
    *separator = *text->ptr;
    *text = str_skip(*text, 1);
    return true;
}

/* 2025-09-08 */
static bool take_year_first(struct str *text, struct day *day)
{
    char separator;

    return take_number(text, 4, 4, &day->year) && take_separator(text, "-/.", &separator) &&
           take_number(text, 1, 2, &day->month) && take_byte(text, separator) &&
           take_number(text, 1, 2, &day->day);
}

/* 9/8/2025 */
static bool take_month_first(struct str *text, struct day *day)
{
    return take_number(text, 1, 2, &day->month) && take_byte(text, '/') &&
           take_number(text, 1, 2, &day->day) && take_byte(text, '/') &&
           take_number(text, 4, 4, &day->year);
}

/* 8 September 2025 */
static bool take_day_first(struct str *text, struct day *day)
{
    char separator;

    if (!take_number(text, 1, 2, &day->day) || !take_separator(text, " -", &separator) ||
        !take_month_name(text, &day->month)) {
        return false;
    }
    take_byte(text, ',');
    return take_separator(text, " -", &separator) && take_number(text, 4, 4, &day->year);
}

/* September 8, 2025 */
static bool take_named_month_first(struct str *text, struct day *day)
{
    if (!take_month_name(text, &day->month) || !take_blanks(text) ||
        !take_number(text, 1, 2, &day->day)) {
        return false;
    }
    take_byte(text, ',');
    return take_blanks(text) && take_number(text, 4, 4, &day->year);
}

static void skip_weekday(struct str *text)
{
    struct str rest = *text;

    if (is_weekday(take_word(&rest))) {
        take_byte(&rest, ',');
        take_blanks(&rest);
        *text = rest;
    }
}

static bool take_day(struct str *text, int64_t *days)
{
    static bool (*const forms[])(struct str *, struct day *) = {
        take_year_first,
        take_month_first,
        take_day_first,
        take_named_month_first,
    };

    skip_weekday(text);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct str rest = *text;
        struct day day;

        if (forms[i](&rest, &day)) {
            *text = rest;
            *days = days_from_civil(day.year, day.month, day.day);
            return day.year >= 1 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
                   day.day <= days_in_month(day.year, day.month);
        }
    }
    return false;
}

/* ---- the time -------------------------------------------------------------------------------- */

/* What stands between day and time; false when nothing does. */
static bool take_gap(struct str *text)
{
    if (take_byte(text, 'T') || take_byte(text, 't')) {
        return true;
    }
    if (!take_byte(text, ',') && !take_blanks(text)) {
        return false;
    }
    take_blanks(text);
    if (take_this_word(text, STR("at"))) {
        take_blanks(text);
    }
    return true;
}

static bool skip_fraction(struct str *text)
{
    size_t digits;

    if (!take_byte(text, '.') && !take_byte(text, ',')) {
        return true;
    }
    digits = count_digits(*text);
    *text = str_skip(*text, digits);
    return digits > 0;
}

/* AM and PM, if one of them stands there: 12 is the first hour of a half day. */
static bool take_half_day(struct str *text, int *hour)
{
    struct str rest = *text;
    bool pm;

    take_blanks(&rest);
    pm = take_this_word(&rest, STR("PM"));
    if (!pm && !take_this_word(&rest, STR("AM"))) {
        return true;
    }
    *text = rest;
    if (*hour < 1 || *hour > 12) {
        return false;
    }
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

static bool take_time(struct str *text, int *seconds)
{
    int hour;
    int minute;
    int second = 0;

    if (!take_number(text, 1, 2, &hour) || !take_byte(text, ':') ||
        !take_number(text, 1, 2, &minute)) {
        return false;
    }
    if (take_byte(text, ':') && (!take_number(text, 1, 2, &second) || !skip_fraction(text))) {
        return false;
    }
    if (!take_half_day(text, &hour) || hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *seconds = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

/* ---- the zone -------------------------------------------------------------------------------- */

/* "+02:00", "+0200", "+2", "-400" */
static bool take_offset(struct str *text, int *offset_s)
{
    int sign = take_byte(text, '+') ? 1 : take_byte(text, '-') ? -1 : 0;
    size_t digits = count_digits(*text);
    int hours = 0;
    int minutes = 0;

    if (sign == 0 || digits == 0 || digits > 4) {
        return false;
    }
    if (digits <= 2) {
        take_number(text, 1, 2, &hours);
        if (take_byte(text, ':') && !take_number(text, 2, 2, &minutes)) {
            return false;
        }
    } else {
        take_number(text, 3, 4, &hours);
        minutes = hours % 100;
        hours /= 100;
    }
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

/* Names of zones that mean one offset everywhere. Source: RFC 5322, section 4.3. */
static bool take_zone_name(struct str *text, int *offset_s)
{
    static const struct {
        struct str name;
        int hours;
    } zones[] = {
        { STR_INIT("Z"), 0 },    { STR_INIT("UTC"), 0 },  { STR_INIT("GMT"), 0 },
        { STR_INIT("UT"), 0 },   { STR_INIT("EST"), -5 }, { STR_INIT("EDT"), -4 },
        { STR_INIT("CST"), -6 }, { STR_INIT("CDT"), -5 }, { STR_INIT("MST"), -7 },
        { STR_INIT("MDT"), -6 }, { STR_INIT("PST"), -8 }, { STR_INIT("PDT"), -7 },
    };
    struct str word = take_word(text);

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        if (str_equal_nocase(word, zones[i].name)) {
            *offset_s = zones[i].hours * 3600;
            return zones[i].hours != 0 || text->len == 0 || strchr("+-", *text->ptr) == NULL ||
                   take_offset(text, offset_s);
        }
    }
    return false;
}

/* "(Central European Summer Time)": said already, in figures. */
static bool skip_comment(struct str *text)
{
    size_t end;

    take_blanks(text);
    if (!take_byte(text, '(')) {
        return true;
    }
    end = str_find(*text, ')');
    if (end == text->len) {
        return false;
    }
    *text = str_skip(*text, end + 1);
    return true;
}

static bool take_zone(struct str *text, int *offset_s)
{
    bool named = text->len > 0 && byte_is_alpha(*text->ptr);

    return (named ? take_zone_name(text, offset_s) : take_offset(text, offset_s)) &&
           skip_comment(text);
}

/* ---- the whole ------------------------------------------------------------------------------- */

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
        if (!take_gap(&text) || !take_time(&text, &seconds)) {
            return false;
        }
        read.has_time = true;
        take_blanks(&text);
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
