/* What every unit test includes: cmocka and what it wants before it, and texts compared whole. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

/* Fails showing both texts when they differ. */
#define check_str(actual, expected) check_str_at((actual), (expected), __FILE__, __LINE__)

static inline void check_str_at(struct str actual, const char *expected, const char *file, int line)
{
    if (!str_equal(actual, str_from(expected))) {
        print_error("expected \"%s\"\n but got \"%.*s\"\n", expected, STR_ARG(actual));
        _fail(file, line);
    }
}

#define check_run(tests) cmocka_run_group_tests((tests), NULL, NULL)

#endif
