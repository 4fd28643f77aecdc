/* One file to one post. */
#ifndef CONTENT_POST_READ_H
#define CONTENT_POST_READ_H

#include "base/diag.h"
#include "content/capsule.h"
#include "manuscript.h"

/*
 * manuscript  whose arena and source are set; its post, which has no address yet and does not point
 *             into text, how its reading went, and what files were seen are filled in.
 * text        the whole file.
 */
void post_read(struct manuscript *manuscript, struct str text, const struct capsule *capsule,
               struct diag *diag);

#endif
