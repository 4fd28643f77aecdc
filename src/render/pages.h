/* The kinds of pages a capsule has. What makes a page is written here once, whatever protocol it is
 * asked for over. */
#ifndef RENDER_PAGES_H
#define RENDER_PAGES_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "content/site.h"
#include "outline.h"
#include "sheet.h"

/* One kind of page: how many of it a site has, what each may show, where it is, and what it
 * consists of: an outline, or bytes that are the same everywhere. */
struct page_class {
    size_t (*count)(const struct site *site);
    struct sheet (*sheet)(const struct site *site, size_t index);
    struct str (*path)(const struct sheet *sheet, struct arena *arena); /* decoded */
    void (*outline)(const struct sheet *sheet, struct outline *outline);
    void (*write)(const struct sheet *sheet, struct strbuf *out); /* no outline then */
    struct str media_type;                                        /* of its bytes */
    bool menu; /* on Gopher, a list of links; an outline is a text otherwise */
};

/*
 * All there are. The index is a feed by itself: nothing but entries has a label that starts with a
 * date. Source: subscriptions.md, S1-S15.
 */
extern const struct page_class page_classes[];
extern const size_t page_class_count;

#endif
