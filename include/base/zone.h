/* Time zones by their IANA names, from the system's tables. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdbool.h>

#include "base/date.h"
#include "base/str.h"

/* Whether the system knows a zone of that name ("UTC" is always known). */
bool zone_exists(struct str name);

/*
 * Put a date into a zone: one that was written without a zone is read as that zone's local time,
 * one with a zone keeps its instant; offset_s becomes the zone's at that instant.
 * Not safe to call from two threads (it uses the C library's TZ).
 */
void zone_apply(struct str name, struct date *date);

#endif
