/* Dates as authors write them, to and from seconds. No locale, no time zone tables: zone.h. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct date {
    int64_t seconds; /* since 1970-01-01T00:00:00Z; a date alone is that day's midnight */
    int offset_s;    /* the zone it was written in, east of UTC; 0 until known */
    bool has_time;   /* false: a day was given, no time of day */
    bool has_zone;   /* false: no zone was given, seconds count as if it were UTC */
};

/*
 * Reads what the blog generators read: a day, then perhaps a time, then perhaps a zone.
 *
 * day   2025-09-08, 2025-9-8, 2025/09/08, 2025.09.08; 9/8/2025 (month first, as JavaScript has it);
 *       8 September 2025, 08-Sep-2025, Sep 8, 2025; a weekday may stand before it.
 * time  after T, a comma, "at" or blanks: 10:00, 9:5, 10:00:00, 10:00:00.5, 10:00 AM.
 * zone  Z, UTC, GMT, +02:00, +0200, +2, GMT+0200, EST and the like, with a name in brackets after
 * it.
 *
 * Years 1 to 9999; the day must exist; second 60 counts as 59.
 * Source: RFC 3339, section 5.6; YAML 1.1 timestamps; RFC 5322, sections 3.3 and 4.3; ECMA-262,
 * Date.prototype.toString; front-matter.md, section 1.
 */
bool date_parse(struct str text, struct date *date);

/* The day in the date's own zone, in strftime's words (C locale: English). */
struct str date_format(struct arena *arena, const char *format, struct date date);

/* "2025-09-08": the day in the date's own zone. */
struct str date_day(struct arena *arena, struct date date);

/* "2025-09-08T10:00:00Z". Source: RFC 3339; RFC 4287, section 3.3. */
struct str date_rfc3339(struct arena *arena, int64_t seconds);

#endif
