/* Tables of contents, which generators make where a heading or a mark asks for one. */
#ifndef CONTENT_CONTENTS_H
#define CONTENT_CONTENTS_H

#include "content/document.h"

/* Take a heading that only announces a table of contents out of a document's blocks: one with
 * nothing between it and the next heading of its level or a higher one. Gemtext's headings are a
 * table of contents themselves, which clients show. */
void contents_drop(struct block **first);

#endif
