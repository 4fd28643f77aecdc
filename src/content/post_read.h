/* One file to one post. */
#ifndef CONTENT_POST_READ_H
#define CONTENT_POST_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/capsule.h"
#include "content/post.h"
#include "source.h"

enum reading {
    READ_POST,
    READ_PASSED_OVER, /* it is not for readers: its generator would not take it either */
    READ_BROKEN,      /* an error has been reported */
};

/*
 * source  which file; lives as long as the arena.
 * text    the whole file.
 * post    filled on READ_POST; it has no address yet, and does not point into text.
 */
enum reading post_read(struct arena *arena, const struct source *source, struct str text,
                       const struct capsule *capsule, struct post *post, struct diag *diag);

#endif
