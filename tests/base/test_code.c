/* Code that has been let go of comes back when it is needed. */
#include "base/code.h"

#include <stdio.h>

#include "base/arena.h"
#include "check.h"

/* Pages of this process that are those of files. */
static long count_file_pages(void)
{
    FILE *statm = fopen("/proc/self/statm", "r");
    long resident = 0;
    long shared = 0;

    if (statm == NULL || fscanf(statm, "%*d %ld %ld", &resident, &shared) != 2) {
        shared = -1;
    }
    if (statm != NULL) {
        fclose(statm);
    }
    return shared;
}

static void lets_go_and_runs_on(void **state)
{
    long before = count_file_pages();
    struct arena *arena;

    (void)state;
    for (int i = 0; i < 3; i++) {
        code_trim();
        assert_true(before == -1 || count_file_pages() < before);
        arena = arena_create();
        check_str(arena_printf(arena, "%d of %s", i, "three"), i == 0   ? "0 of three"
                                                               : i == 1 ? "1 of three"
                                                                        : "2 of three");
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lets_go_and_runs_on) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
