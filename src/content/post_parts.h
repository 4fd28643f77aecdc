/* What the files that read a post share. */
#ifndef CONTENT_POST_PARTS_H
#define CONTENT_POST_PARTS_H

#include "head.h"
#include "post_read.h"

struct reader {
    struct arena *arena;   /* the post's */
    struct arena *scratch; /* freed once the post is read */
    const struct source *source;
    const struct capsule *capsule;
    const struct dialect *dialect;
    struct diag *diag;
    struct head head;
    struct date address_date; /* that its own permalink says */
    bool has_address_date;
    const char *consequence;
    struct filling filling;
    struct post *post;
};

/* Its slug. Returns false after reporting an error. */
bool post_settle_slug(struct reader *reader);

/* Its address on the web, as far as that is known. */
void post_settle_web(struct reader *reader);

#endif
