/* Posts that are gemtext already, to a document, line by line as their author meant them. */
#ifndef CONTENT_GEMTEXT_READ_H
#define CONTENT_GEMTEXT_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/document.h"

/* text  clean or not; any bytes at all. Source: gemtext specification 0.24.1, "Line types". */
struct document gemtext_read(struct arena *arena, struct str text, struct place place,
                             struct diag *diag);

/* Whether a text that is called markdown is gemtext: it has link lines, all of them lead somewhere,
 * and nothing in it is a link of markdown's. */
bool gemtext_is(struct str text);

#endif
