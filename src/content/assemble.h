/* What was read, put together: which posts are shown, in which order, at which addresses. */
#ifndef CONTENT_ASSEMBLE_H
#define CONTENT_ASSEMBLE_H

#include "content/site.h"
#include "plan.h"

/*
 * Fill a site in: posts and pages from its manuscripts, static files from the plan, redirects, and
 * the addresses of all links.
 *
 * site  has its arena, folder, capsule and manuscripts, and nothing else.
 */
void site_assemble(struct site *site, const struct plan *plan, const struct site_options *options,
                   struct diag *diag);

#endif
