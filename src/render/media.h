/* Media types by the ending of a file's name. */
#ifndef RENDER_MEDIA_H
#define RENDER_MEDIA_H

#include "base/str.h"

/* Without parameters; "application/octet-stream" for what is not known. The case of the ending
 * does not matter. Source: the IANA registry; gemini.md, G42. */
struct str media_type(struct str path);

/* The Gopher item type of a media type (parameters do not matter): '9' for what readers can only
 * save. Source: gopher.md, section 3. */
char media_item_type(struct str type);

#endif
