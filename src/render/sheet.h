/* All that one page may show. Whoever outlines or writes it has nothing else to look at, so that
 * nothing can be on a page that its sheet does not tell of. */
#ifndef RENDER_SHEET_H
#define RENDER_SHEET_H

#include <stdint.h>

#include "content/site.h"

struct sheet {
    const struct capsule *capsule;
    size_t number;           /* of a list in several pages: which of them, from 0 */
    size_t total;            /* and how many they are */
    const struct post *post; /* what it is about; NULL: a list */
    const struct post *newer;
    const struct post *older;
    struct post *const *posts; /* that it lists */
    size_t post_count;
    struct post *const *pages;
    size_t page_count;
    bool folders; /* those in folders are listed, too */
};

/* A number that is another one when anything on the sheet is; the reverse need not be true.
 *
 * origin  of what all pages depend on. */
uint64_t sheet_origin(uint64_t origin, const struct sheet *sheet);

#endif
