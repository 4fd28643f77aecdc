/* Plain text in lines of so many columns: what Gopher readers get for an article.
 * Source: gopher.md, section 6. */
#ifndef RENDER_GOPHERTEXT_H
#define RENDER_GOPHERTEXT_H

#include "base/strbuf.h"
#include "content/capsule.h"
#include "outline.h"
#include "places.h"

/*
 * A whole page, from an empty buffer on: UTF-8 with LF line ends, in which only characters of the
 * wanted set occur. No line is wider than options->wrap but those of code, and words that hold an
 * address. Links are numbered; where they lead stands at the end.
 */
void gophertext_page(struct strbuf *out, const struct outline *outline, const struct places *places,
                     const struct convert_options *convert, const struct gopher_options *options);

/*
 * Text as type 0 is sent: CR LF line ends, the last one added where it is missing. With final_dot,
 * lines that begin with a dot get one more, and a line with a dot ends it all. Source: R18.
 */
struct str gophertext_send(struct arena *arena, struct str text, bool final_dot);

#endif
