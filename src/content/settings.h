/* What a generator's own configuration plainly says of a blog: taken as the capsule's defaults. */
#ifndef CONTENT_SETTINGS_H
#define CONTENT_SETTINGS_H

#include "base/arena.h"
#include "content/capsule.h"
#include "content/dialect.h"

/*
 * Fill in title, description, author, language, timezone and web, folders and patterns of
 * addresses, where the generator's files say them; what they do not say, or say in a program, stays
 * as it is.
 *
 * Folders are named relative to the blog's top.
 */
void settings_read(struct arena *arena, const struct blog *blog, struct capsule *capsule);

/* The files it would read, there or not. */
struct words settings_files(struct arena *arena, const struct blog *blog);

#endif
