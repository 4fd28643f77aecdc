/* The Atom feed. Source: RFC 4287; subscriptions.md, A1-A12. */
#ifndef RENDER_ATOM_H
#define RENDER_ATOM_H

#include "base/strbuf.h"
#include "sheet.h"

/* The posts that the sheet lists. The bytes depend on the content alone. */
void atom_write(const struct sheet *sheet, struct strbuf *out);

/* Text as it may stand in XML, between tags and in quoted attributes; what XML 1.0 forbids is
 * left out. */
void atom_escape(struct strbuf *out, struct str text);

#endif
