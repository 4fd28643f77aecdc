/* What nearest.c promises. */
#include "base/nearest.h"

#include "check.h"

static const struct {
    int before; /* names need not come first in their rows */
    const char *name;
} rows[] = { { 0, "title" }, { 0, "tags" }, { 0, "description" }, { 0, "per_page" } };

static const char *nearest(struct str text)
{
    return nearest_name(text, &rows[0].name, sizeof rows / sizeof *rows, sizeof *rows);
}

static void finds_what_a_slip_explains(void **state)
{
    static const struct {
        const char *written;
        const char *meant;
    } slips[] = {
        { "tilte", "title" },      { "Title", "title" },       { "titel", "title" },
        { "tag", "tags" },         { "tagss", "tags" },        { "discription", "description" },
        { "perpage", "per_page" }, { "per-page", "per_page" }, { "pre-page", "per_page" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        const char *found = nearest(str_from(slips[i].written));

        assert_non_null(found);
        assert_string_equal(found, slips[i].meant);
    }
}

static void finds_nothing_where_a_slip_does_not(void **state)
{
    static const char *const others[] = { "", "ta", "date", "subtitle", "tgsa", "descr", "tiled" };
    char longer_than_any_name[1000] = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(nearest(str_from(others[i])));
    }
    assert_null(nearest((struct str){ longer_than_any_name, sizeof longer_than_any_name }));
    assert_null(nearest_name(STR("title"), &rows[0].name, 0, sizeof *rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_slip_explains),
        cmocka_unit_test(finds_nothing_where_a_slip_does_not),
    };

    return check_run(tests);
}
