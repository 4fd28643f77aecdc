/* A file of the capsule's folder, and what its name and place say, before anybody reads it. */
#ifndef CONTENT_SOURCE_H
#define CONTENT_SOURCE_H

#include "base/file.h"
#include "base/str.h"

enum source_kind {
    SOURCE_POST,
    SOURCE_PAGE,
    SOURCE_STATIC, /* served as it is */
};

struct source {
    enum source_kind kind;
    const char *file; /* to open, and as problems name it */
    struct str path;  /* below its folder: "2025/walking/index.md" */
    struct str stem;  /* what it is called: "walking" */
    struct file_stamp stamp;
};

#endif
