/* One file of the author's, read: a post in an arena of its own. It depends on nothing but the
 * file, its name and the capsule's settings, and is never written again, so that a site made later
 * may hold it too while the file stays as it is. */
#ifndef CONTENT_MANUSCRIPT_H
#define CONTENT_MANUSCRIPT_H

#include "base/diag.h"
#include "content/capsule.h"
#include "content/post.h"
#include "post_read.h"
#include "source.h"

struct manuscript {
    struct arena *arena; /* all below lives in it */
    unsigned *holds;
    struct source source;
    bool fresh; /* the file's stamp tells nothing yet, see file_stamp_is_fresh */
    enum reading reading;
    struct post post; /* only of READ_POST */
};

/* Read a file, at the time `now` (seconds); what is wrong with it is reported. Held once, for the
 * caller to release. */
struct manuscript *manuscript_read(const struct source *source, const struct capsule *capsule,
                                   int64_t now, struct diag *diag);

struct manuscript *manuscript_hold(struct manuscript *manuscript);

/* The last release frees it; NULL is left alone. */
void manuscript_release(struct manuscript *manuscript);

#endif
