#include "base/date.h"

#include "base/zone.h"
#include "check.h"

static void reads_every_form_that_authors_write(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
        int offset_s;
        bool has_time, has_zone;
    } rows[] = {
        { "2025-09-08", 1757289600, 0, false, false },
        { "2025-09-08T10:00:00Z", 1757325600, 0, true, true },
        { "2025-09-08T10:00:00.776Z", 1757325600, 0, true, true },
        { "2025-09-08 10:00", 1757325600, 0, true, false },
        { "2025-09-08T12:00:00+02:00", 1757325600, 7200, true, true },
        { "2025-09-08 04:30:00 -0530", 1757325600, -19800, true, true },
        { "2025-09-08t10:00:00z", 1757325600, 0, true, true },
        { "2024-02-29", 1709164800, 0, false, false },
        { "1969-12-31T23:59:59Z", -1, 0, true, true },
        { "2016-12-31T23:59:60Z", 1483228799, 0, true, true },
        { "2025-9-8", 1757289600, 0, false, false },
        { "2025-9-8 8:5:3", 1757318703, 0, true, false },
        { "2025/09/08", 1757289600, 0, false, false },
        { "2025.09.08 10:00", 1757325600, 0, true, false },
        { "9/8/2025", 1757289600, 0, false, false },
        { "2025-09-08 10:00:00 -0800", 1757354400, -28800, true, true },
        { "2025-09-08 10:00 -4", 1757340000, -14400, true, true },
        { "2025-09-08 10:00 +530", 1757305800, 19800, true, true },
        { "2025-09-08 10:00:00 UTC", 1757325600, 0, true, true },
        { "2025-09-08 10:00:00 PST", 1757354400, -28800, true, true },
        { "2025-09-08T10:00:00,123456789+00:00", 1757325600, 0, true, true },
        { "8 September 2025", 1757289600, 0, false, false },
        { "08 Sep 2025", 1757289600, 0, false, false },
        { "08-Sep-2025", 1757289600, 0, false, false },
        { "Sep 8, 2025", 1757289600, 0, false, false },
        { "Sept. 8, 2025", 1757289600, 0, false, false },
        { "Jul 08 2022", 1657238400, 0, false, false },
        { "September 8, 2025 at 10:00 AM", 1757325600, 0, true, false },
        { "September 8, 2025 12:30 am", 1757291400, 0, true, false },
        { "September 8, 2025, 10:00 PM", 1757368800, 0, true, false },
        { "Mon, 08 Sep 2025 10:00:00 +0200", 1757318400, 7200, true, true },
        { "Mon, 8 Sep 2025 10:00:00 GMT", 1757325600, 0, true, true },
        { "Mon Sep 08 2025 10:00:00 GMT+0200 (Central European Summer Time)", 1757318400, 7200,
          true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct date date;

        assert_true(date_parse(str_from(rows[i].text), &date));
        assert_true(date.seconds == rows[i].seconds);
        assert_int_equal(date.offset_s, rows[i].offset_s);
        assert_int_equal(date.has_time, rows[i].has_time);
        assert_int_equal(date.has_zone, rows[i].has_zone);
    }
}

static void refuses_what_is_no_date(void **state)
{
    static const char *const rows[] = {
        "",
        "tomorrow",
        "2025-02-29",
        "2025-13-01",
        "2025-00-10",
        "0000-01-01",
        "2025-09-08T10:00:00+02:00 (open",
        "8 Septober 2025",
        "31 February 2025",
        "13/08/2025",
        "2025-09/08",
        "Monday",
        "September 2025",
        "2025",
        "8 9 2025",
        "10:00",
        "13:00 PM",
        "2025-09-08 13:00 PM",
        "2025-09-08 0:30 AM",
        "2025-09-08 10:00 CEST",
        "20250908",
        "1 Sep 20255",
        "2025-09-08T24:00",
        "2025-09-08T10:60",
        "2025-09-08T10:00:00.Z",
        "2025-09-08T10:00:00+25:00",
        "2025-09-08x",
        "2025-09-08T10:00:00Zjunk",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct date date = { .seconds = 42 };

        if (date_parse(str_from(rows[i]), &date)) {
            fail_msg("taken for a date: %s", rows[i]);
        }
        assert_true(date.seconds == 42);
    }
}

static void shows_the_day_of_its_own_zone(void **state)
{
    struct arena *arena = arena_create();
    struct date date;

    (void)state;
    assert_true(date_parse(STR("2025-09-08T01:00:00+02:00"), &date));
    check_str(date_day(arena, date), "2025-09-08");
    check_str(date_rfc3339(arena, date.seconds), "2025-09-07T23:00:00Z");
    check_str(date_format(arena, "%B %-d, %Y at %I:%M %p", date), "September 8, 2025 at 01:00 AM");
    arena_destroy(arena);
}

static void reads_local_time_on_both_sides_of_a_change_of_clocks(void **state)
{
    static const struct {
        const char *text;
        int offset_s;
        int64_t seconds;
    } rows[] = {
        { "2025-01-15 12:00", 3600, 1736938800 },
        { "2025-07-15 12:00", 7200, 1752573600 },
        { "2025-03-30 01:59", 3600, 1743296340 },
        { "2025-03-30 03:00", 7200, 1743296400 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct date date;

        assert_true(date_parse(str_from(rows[i].text), &date));
        zone_apply(STR("Europe/Berlin"), &date);
        assert_int_equal(date.offset_s, rows[i].offset_s);
        assert_true(date.seconds == rows[i].seconds);
    }
}

static void knows_zones_by_name_and_nothing_else(void **state)
{
    (void)state;
    assert_true(zone_exists(STR("UTC")));
    assert_true(zone_exists(STR("Europe/Berlin")));
    assert_false(zone_exists(STR("Europe/Atlantis")));
    assert_false(zone_exists(STR("../../../etc/passwd")));
    assert_false(zone_exists(STR("/etc/passwd")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_that_authors_write),
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(shows_the_day_of_its_own_zone),
        cmocka_unit_test(reads_local_time_on_both_sides_of_a_change_of_clocks),
        cmocka_unit_test(knows_zones_by_name_and_nothing_else),
    };

    return check_run(tests);
}
