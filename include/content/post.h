/* One article or page, as its author wrote it: front matter and document. Its address, and where
 * its links lead, are known only once it has its place in a site. */
#ifndef CONTENT_POST_H
#define CONTENT_POST_H

#include <stdbool.h>

#include "base/date.h"
#include "base/fields.h"
#include "base/str.h"
#include "content/document.h"

struct post {
    const char *file; /* as problems name it */
    uint64_t
        version; /* tells it from all that other posts were, or it was, in a site and those before
                  * it: the number of its reading, and in a site all that the site makes of it */
    uint64_t names; /* tells what addresses and order depend on */
    struct str title;
    struct str slug;     /* the last part of its address, without ".gmi" */
    struct str path;     /* its address, percent-decoded: "/posts/a b.gmi" */
    struct str url;      /* the same as it is sent: "/posts/a%20b.gmi" */
    struct str web;      /* its path on the blog's web site: "/2025/09/walking/"; empty: unknown */
    struct str place;    /* its file below the folder of texts: "blog/walking.md" */
    struct str folders;  /* that it is in, without its language's: "blog" */
    struct str language; /* another than the capsule's; else empty */
    struct str description;
    struct words tags;
    struct words authors;
    bool byline;           /* they are others than those of the whole blog, and to be named */
    struct words aliases;  /* other paths that lead here */
    struct date published; /* of a post; pages may go without */
    struct date updated;
    int64_t due_s;     /* when it is to appear */
    int64_t expires_s; /* when it is to vanish; 0: never */
    bool has_published;
    bool has_updated;
    bool page;           /* stands by itself, not in the index */
    struct str original; /* of a translation: the place of what it translates; else empty */
    bool draft;
    bool guessed_utc; /* a time without a zone was read as UTC though the blog has another zone */
    struct document document;
    struct str source; /* the markdown it was made from, if the capsule serves sources */
    const struct post *translations; /* the first of its translations, in the site */
    const struct post *next;         /* of a translation: the next of the same original */
};

#endif
