/* What bloggers embed from elsewhere, by the names their generators have for it: an address can be
 * given for each. */
#ifndef CONTENT_EMBEDS_H
#define CONTENT_EMBEDS_H

#include "html.h"

/*
 * The address of what a tag embeds, and a label for it; false when the tag is none of these.
 *
 * attributes  those of the tag, values read; the ones without a name are called "0", "1"...
 */
bool embed_address(struct arena *arena, struct str name, const struct attribute *attributes,
                   size_t count, struct str *url, struct str *label);

/* What to call a page in the page that has no title, by its host; empty when it names none. */
struct str embed_label(struct arena *arena, struct str url);

#endif
