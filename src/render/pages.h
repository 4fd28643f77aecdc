/* The kinds of pages a capsule has, each written from the site. */
#ifndef RENDER_PAGES_H
#define RENDER_PAGES_H

#include "base/strbuf.h"
#include "content/site.h"

/* How many pages the index has: at least one. */
size_t pages_index_count(const struct site *site);

/* A page of the index, numbered from 1; the first is the home page. It is a feed by itself:
 * nothing but entries has a label that starts with a date. Source: subscriptions.md, S1-S15. */
void pages_index(struct strbuf *out, const struct site *site, size_t number);

/* An article with its head, its neighbours and the way home. */
void pages_post(struct strbuf *out, const struct site *site, size_t index);

/* A page of its own, such as "about". */
void pages_page(struct strbuf *out, const struct site *site, size_t index);

#endif
