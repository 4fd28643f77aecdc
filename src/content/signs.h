/* What the words in a folder's files say of who wrote them. */
#ifndef CONTENT_SIGNS_H
#define CONTENT_SIGNS_H

#include "base/arena.h"
#include "base/fields.h"
#include "base/str.h"
#include "content/dialect.h"

/* What a folder's files say, and what of it was looked at to know. */
struct signs {
    const struct signs *next; /* of another folder */
    const char *dir;
    const struct dialect *dialect; /* that the front matter speaks; NULL: none of them. Nothing is
                                    * decided by one weak sign */
    bool notes;   /* most texts say nothing of themselves: no front matter, no date in the name */
    size_t texts; /* how many for readers there are, up to a few thousand */
    struct words seen; /* folders whose names were read, and files */
    uint64_t
        stamp; /* tells whether any of these is another one since; 0: it is too early to tell */
};

/* Who asks for signs. */
struct scout {
    struct arena *arena;
    int64_t now;
    const struct signs
        *before;               /* those of an earlier time, which count while nothing has changed */
    const struct signs *found; /* those that were asked for, for a later time */
};

/* What the texts at a folder and below say. */
const struct signs *signs_of(struct scout *scout, const char *dir);

/* The first bytes of a file, at most that many; empty when there is none. */
struct str signs_read_start(struct arena *arena, const char *path, size_t size);

/* Whether a line of the text starts with a word that ends there. */
bool signs_has_line(struct str text, const char *word);

#endif
