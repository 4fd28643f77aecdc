/* What the words in a folder's files say of who wrote them. */
#ifndef CONTENT_SIGNS_H
#define CONTENT_SIGNS_H

#include "base/arena.h"
#include "base/str.h"
#include "content/dialect.h"

/* The dialect that the front matter below a folder speaks; NULL: none of them. Nothing is decided
 * by one weak sign. */
const struct dialect *signs_find(const char *dir);

/* Whether most texts below a folder say nothing of themselves: no front matter, no date in the
 * name. */
bool signs_are_notes(const char *dir);

/* How many texts for readers are below a folder, up to a few thousand. */
size_t signs_count(const char *dir);

/* The first bytes of a file, at most that many; empty when there is none. */
struct str signs_read_start(struct arena *arena, const char *path, size_t size);

/* Whether a line of the text starts with a word that ends there. */
bool signs_has_line(struct str text, const char *word);

#endif
