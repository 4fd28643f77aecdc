/* Outlines to gemtext. */
#ifndef RENDER_GEMTEXT_PAGE_H
#define RENDER_GEMTEXT_PAGE_H

#include "base/strbuf.h"
#include "content/capsule.h"
#include "outline.h"

/* A whole page, from an empty buffer on: no empty line at either end, nor two together but where
 * the author's own lines have them. */
void gemtext_page(struct strbuf *out, const struct outline *outline,
                  const struct convert_options *options);

#endif
