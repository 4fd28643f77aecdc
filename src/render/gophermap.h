/* Outlines to Gopher menus. Source: RFC 1436; gopher.md, section 2. */
#ifndef RENDER_GOPHERMAP_H
#define RENDER_GOPHERMAP_H

#include "base/strbuf.h"
#include "content/capsule.h"
#include "outline.h"
#include "places.h"

/* Columns of a menu's words: more are cut by some clients. Source: gopher.md R12. */
#define GOPHERMAP_WIDTH_MAX 67

/* A whole menu: lines of four fields that end in CR LF, then a line with a dot. */
void gophermap_page(struct strbuf *out, const struct outline *outline, const struct places *places,
                    const struct gopher_options *options);

#endif
