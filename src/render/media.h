/* Media types by the ending of a file's name. */
#ifndef RENDER_MEDIA_H
#define RENDER_MEDIA_H

#include "base/str.h"

/* Without parameters; "application/octet-stream" for what is not known. The case of the ending
 * does not matter. Source: the IANA registry; gemini.md, G42. */
struct str media_type(struct str path);

#endif
