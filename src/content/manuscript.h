/* One file of the author's, read: a post in an arena of its own. It depends on nothing but the
 * file, its name, the files it asks for and the capsule's settings, and is never written again, so
 * that a site made later may hold it too while those files stay as they are. */
#ifndef CONTENT_MANUSCRIPT_H
#define CONTENT_MANUSCRIPT_H

#include "base/diag.h"
#include "content/capsule.h"
#include "content/post.h"
#include "fill.h"
#include "source.h"

enum reading {
    READ_POST,
    READ_PASSED_OVER, /* it is not for readers: its generator would not take it either */
    READ_BROKEN,      /* an error has been reported */
};

struct manuscript {
    struct arena *arena; /* all below lives in it */
    unsigned *holds;
    struct source source;
    const struct seen_file *seen; /* that its text was filled in from */
    size_t seen_count;
    bool fresh; /* a file's stamp tells nothing yet, see file_stamp_is_fresh */
    enum reading reading;
    struct post post; /* only of READ_POST */
};

/* Read a file, at the time `now` (seconds); what is wrong with it is reported. Held once, for the
 * caller to release. */
struct manuscript *manuscript_read(const struct source *source, const struct capsule *capsule,
                                   int64_t now, struct diag *diag);

/* Whether reading the file again, whose stamp is now that of the source, would come to the same, if
 * the settings are the same. */
bool manuscript_is_current(const struct manuscript *manuscript, const struct source *source);

struct manuscript *manuscript_hold(struct manuscript *manuscript);

/* The last release frees it; NULL is left alone. */
void manuscript_release(struct manuscript *manuscript);

#endif
