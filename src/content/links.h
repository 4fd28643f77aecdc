/* The links of a site: its own made to agree with its addresses, the rest made fit to be sent. */
#ifndef CONTENT_LINKS_H
#define CONTENT_LINKS_H

#include "base/diag.h"
#include "base/map.h"
#include "content/site.h"

/* What a site's links may lead to. */
struct targets {
    struct map addresses; /* decoded path -> index into paths; web-shaped ones and redirects too */
    struct map files;     /* a post's or page's file -> index into paths */
    struct str *paths;    /* canonical, decoded */
    size_t count;
    size_t capacity;
};

/* Every address of the site, its redirects included. Lives in the site's arena. */
void targets_gather(struct targets *targets, const struct site *site);

/*
 * Go over every link of every post and page, and give their documents `urls`: addresses of our own,
 * by whatever name, become canonical; dead ones are reported; what cannot be linked at all gets an
 * empty address. The blocks are only read.
 */
void links_resolve(struct site *site, const struct targets *targets, struct diag *diag);

/* The same for a document that stands alone: addresses are cleaned, nothing is looked up. */
void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag);

#endif
