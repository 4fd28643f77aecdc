/* A file of the capsule's folder, and what its name and place say, before anybody reads it. */
#ifndef CONTENT_SOURCE_H
#define CONTENT_SOURCE_H

#include "base/date.h"
#include "base/fields.h"
#include "base/file.h"
#include "base/str.h"

enum source_kind {
    SOURCE_POST,
    SOURCE_PAGE,
    SOURCE_EITHER, /* a post if it has a date, else a page */
    SOURCE_ENTRY,  /* a post if it has a date, else nothing for readers */
    SOURCE_STATIC, /* served as it is */
    SOURCE_ASSET,  /* served as it is when a text mentions it */
};

struct source {
    enum source_kind kind;
    const char *file; /* to open, and as problems name it */
    struct str path;  /* below the folder of texts: "blog/2025-09-08-walking/index.es.md" */
    struct file_stamp stamp;
    /* of a text: */
    struct str folders;  /* above it: "blog" */
    struct str stem;     /* what it is called: "walking" */
    struct str name;     /* the same with its date: "2025-09-08-walking" */
    struct str language; /* of a translation, by its name: "es"; else empty */
    struct date dated;   /* by its name or its folders */
    bool has_date;
    bool draft;          /* by its folder */
    struct str original; /* the path of the same text in the blog's first language, or empty */
    struct words data;   /* files that say more of it, see data.h, the nearest first */
    bool own_data;       /* the first of them is of this text alone */
};

static inline bool source_is_text(const struct source *source)
{
    return source->kind <= SOURCE_ENTRY;
}

#endif
