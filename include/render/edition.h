/* An edition: everything a capsule serves, finished, in a table from path to bytes. It is built in
 * private, never written again, and counted: whoever points into it holds it. */
#ifndef RENDER_EDITION_H
#define RENDER_EDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/pause.h"
#include "base/str.h"

struct site;
struct edition;

/* Each protocol looks paths up in a table of its own. */
enum edition_table {
    EDITION_GEMINI,
    EDITION_GOPHER, /* empty unless the options asked for it */
    EDITION_TABLES,
};

/* What pages say of where they are served. */
struct edition_options {
    uint16_t gemini_port;         /* that URLs carry; 0: the usual one */
    bool gopher;                  /* make a page for Gopher of everything, too */
    struct str gopher_host;       /* that menus name; empty: the capsule's first */
    uint16_t gopher_port;         /* likewise; 0: the usual one */
    const struct edition *before; /* of a site that this one's was loaded after, see site_load: what
                                   * was made from the same is held from there; NULL: none */
    const struct pause *pause;    /* between pages; what it ends is incomplete; may be NULL */
};

enum page_kind {
    PAGE_BODY,     /* a media type and a body */
    PAGE_REDIRECT, /* moved for good: location says where */
};

/* One answer. Everything in it lives as long as the edition. */
struct page {
    struct str path; /* percent-decoded, starts with a slash: "/posts/a b.gmi" */
    size_t number;   /* its index in the edition, whatever table it is in */
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
 * Returns an edition held once, for the caller to release. It holds the site.
 */
struct edition *edition_create(struct site *site, const struct edition_options *options,
                               struct diag *diag);

struct edition *edition_hold(struct edition *edition);

/* NULL is left alone. The last release closes descriptors and frees every byte. */
void edition_release(struct edition *edition);

/* The page at a decoded path, compared byte by byte, or NULL. */
const struct page *edition_find(const struct edition *edition, enum edition_table table,
                                struct str path);

/* For listings and exports: how many pages there are, and each of them. */
size_t edition_count(const struct edition *edition);
const struct page *edition_page(const struct edition *edition, size_t number);

#endif
