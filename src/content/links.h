/* The links of a site: its own made to agree with its addresses, the rest made fit to be sent. */
#ifndef CONTENT_LINKS_H
#define CONTENT_LINKS_H

#include "base/diag.h"
#include "content/site.h"
#include "targets.h"

/*
 * Go over every link of every post and page, and give their documents `urls`: addresses of our own,
 * by whatever name, become canonical; dead ones are reported; what cannot be linked at all gets an
 * empty address. The blocks are only read; targets that links lead to are marked.
 */
void links_resolve(struct site *site, struct targets *targets, struct diag *diag);

/* The same for a document that stands alone: addresses are cleaned, nothing is looked up. */
void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag);

#endif
