/* One markdown file to one post. */
#ifndef CONTENT_POST_READ_H
#define CONTENT_POST_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/capsule.h"
#include "content/post.h"
#include "source.h"

/*
 * source  which file; lives as long as the arena.
 * text    the whole file.
 *
 * Returns NULL after reporting an error; the post has no address yet. It does not point into text.
 */
struct post *post_read(struct arena *arena, const struct source *source, struct str text,
                       const struct capsule *capsule, struct diag *diag);

#endif
