/* Counts of who holds a thing, for things that one generation after another holds. They stand close
 * together, apart from what they count: a process that has forked copies each page it writes to,
 * and would copy all it holds if every thing carried its count. */
#ifndef BASE_HOLDS_H
#define BASE_HOLDS_H

#include <stdbool.h>

/* A count of one holder; more of them add to it. */
unsigned *holds_create(void);

/* One holder less. Returns whether it was the last: then the count is gone. */
bool holds_end(unsigned *holds);

#endif
