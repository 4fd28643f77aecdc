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
    struct str title;
    struct str slug; /* the last part of its address, without ".gmi" */
    struct str path; /* its address, percent-decoded: "/posts/a b.gmi" */
    struct str url;  /* the same as it is sent: "/posts/a%20b.gmi" */
    struct str description;
    struct words tags;
    struct words aliases;  /* other paths that lead here */
    struct date published; /* of a post; pages may go without */
    struct date updated;
    bool has_published;
    bool has_updated;
    bool draft;
    struct document document;
};

#endif
