/* One markdown file to one post. */
#ifndef CONTENT_POST_READ_H
#define CONTENT_POST_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/capsule.h"
#include "content/post.h"

/*
 * file  as problems name it; lives as long as the arena.
 * name  the file's name without its ending, for the slug: "walking".
 * text  the whole file.
 * page  true for a page, which needs no date.
 *
 * Returns NULL after reporting an error; the post's path is still empty.
 */
struct post *post_read(struct arena *arena, const char *file, struct str name, struct str text,
                       bool page, const struct capsule *capsule, struct diag *diag);

#endif
