/* What somebody meant who wrote a name that does not exist. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

#include "base/str.h"

/*
 * The name most like the text, when it is so like it that a slip explains the difference; else
 * NULL.
 *
 * first   the name in the first row of a table,
 * count   how many rows the table has,
 * stride  and how many bytes each of them takes.
 */
const char *nearest_name(struct str text, const char *const *first, size_t count, size_t stride);

#endif
