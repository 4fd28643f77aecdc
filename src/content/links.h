/* The links of a site: its own made to agree with its addresses, the rest made fit to be sent. */
#ifndef CONTENT_LINKS_H
#define CONTENT_LINKS_H

#include "base/diag.h"
#include "content/site.h"
#include "leads.h"

struct targets;

/*
 * What can be said of a document's links without the rest of the site: addresses are made fit to be
 * sent, what cannot be linked at all is reported and gets an empty one. The others are left open.
 *
 * web  the blog's own address there; empty: unknown.
 */
void links_settle(struct arena *arena, struct document *document, struct str web, const char *file,
                  struct diag *diag);

/* Where the links lead that a text has left open: addresses of our own, by whatever name, become
 * canonical. Held once, for the caller to release; NULL when it has left none. */
struct leads *links_resolve(const struct site *site, const struct targets *targets,
                            const struct post *post);

/* The same for a document that stands alone: addresses are cleaned, nothing is looked up. */
void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag);

#endif
