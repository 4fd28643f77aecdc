/* Gemtext: single lines for pages made by hand, and whole documents.
 * Source: gemtext specification 0.24.1; gemtext.md for the choices. */
#ifndef RENDER_GEMTEXT_H
#define RENDER_GEMTEXT_H

#include "base/strbuf.h"
#include "content/capsule.h"
#include "content/document.h"

/* Lines of one type each; text is one line and already clean. */
void gemtext_heading(struct strbuf *out, int level, struct str text);
void gemtext_link(struct strbuf *out, struct str url, struct str label);

/* Text that may be several lines; each gets a blank in front if it would pass for markup. */
void gemtext_text(struct strbuf *out, struct str text);

/*
 * A document, as its author might have written it in gemtext. Nothing is written for an empty one;
 * else the text ends in one LF and has no empty line at either end.
 *
 * title  of the page it stands on: a level-1 heading that only repeats it at the document's start
 *        is left out.
 */
void gemtext_document(struct strbuf *out, const struct document *document, struct str title,
                      const struct convert_options *options);

#endif
