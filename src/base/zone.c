/* Time zones by way of the C library, which knows the system's tables but only one zone at a time:
 * TZ is set to the zone wanted and left so, since the next date nearly always wants the same. */
#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define ZONE_NAME_MAX 64

static bool is_utc(struct str name)
{
    return name.len == 0 || str_equal(name, STR("UTC"));
}

bool zone_exists(struct str name)
{
    char path[256];
    const char *dir = getenv("TZDIR");

    if (is_utc(name)) {
        return true;
    }
    if (name.len > ZONE_NAME_MAX || *name.ptr == '/' || *name.ptr == '.') {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];

        if (!byte_is_alpha(c) && !byte_is_digit(c) && strchr("/_-+", c) == NULL) {
            return false;
        }
    }
    snprintf(path, sizeof path, "%s/%.*s", dir != NULL ? dir : "/usr/share/zoneinfo",
             STR_ARG(name));
    return access(path, R_OK) == 0;
}

static void use_zone(struct str name)
{
    char zone[ZONE_NAME_MAX + 2];
    const char *now = getenv("TZ");

    snprintf(zone, sizeof zone, ":%.*s", STR_ARG(name));
    if (now == NULL || strcmp(now, zone) != 0) {
        setenv("TZ", zone, 1);
        tzset();
    }
}

/* The zone's distance from UTC at an instant. */
static int offset_at(int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm tm = { 0 };

    localtime_r(&time, &tm);
    return (int)tm.tm_gmtoff;
}

void zone_apply(struct str name, struct date *date)
{
    if (is_utc(name)) {
        date->offset_s = 0;
        date->has_zone = true;
        return;
    }
    use_zone(name);
    if (date->has_zone) {
        date->offset_s = offset_at(date->seconds);
        return;
    }
    /* Local time to instant: guess with the offset at the same figures in UTC, then correct it once
     * if that guess fell on the other side of a change of clocks. */
    date->offset_s = offset_at(date->seconds - offset_at(date->seconds));
    date->seconds -= date->offset_s;
    date->has_zone = true;
}
