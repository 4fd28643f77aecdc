/* An edition: everything a capsule serves, finished, in a table from path to bytes. It is built in
 * private, never written again, and counted: whoever points into it holds it. */
#ifndef RENDER_EDITION_H
#define RENDER_EDITION_H

#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

struct site;
struct edition;

enum page_kind {
    PAGE_BODY,     /* a media type and a body */
    PAGE_REDIRECT, /* moved for good: location says where */
};

/* One answer. Everything in it lives as long as the edition. */
struct page {
    struct str path; /* percent-decoded, starts with a slash: "/posts/a b.gmi" */
    size_t number;   /* its index in the edition */
    enum page_kind kind;
    struct str media_type; /* whole, with its parameters: "text/gemini;charset=utf-8;lang=en" */
    struct str body;       /* when fd is -1 */
    int fd;                /* a large file's descriptor, to be read with pread, or -1 */
    uint64_t size;         /* of the body, wherever it is */
    struct str location;   /* of PAGE_REDIRECT: a percent-encoded path, starts with one slash */
};

/*
 * Render a site. What cannot be served is reported and left out.
 *
 * Returns an edition held once, for the caller to release. The site may be destroyed then.
 */
struct edition *edition_create(const struct site *site, struct diag *diag);

struct edition *edition_hold(struct edition *edition);

/* NULL is left alone. The last release closes descriptors and frees every byte. */
void edition_release(struct edition *edition);

/* The page at a decoded path, compared byte by byte, or NULL. */
const struct page *edition_find(const struct edition *edition, struct str path);

/* For listings and exports: how many pages there are, and each of them. */
size_t edition_count(const struct edition *edition);
const struct page *edition_page(const struct edition *edition, size_t index);

#endif
