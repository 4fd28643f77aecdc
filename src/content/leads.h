/* Where the links of one text lead. Counted, and never written once they are known: while the text
 * and the addresses of the site around it stay as they are, a later site holds them instead of
 * looking again. */
#ifndef CONTENT_LEADS_H
#define CONTENT_LEADS_H

#include <stdint.h>

#include "content/document.h"

struct leads {
    unsigned *holds;
    uint64_t origin;  /* tells where the open links lead */
    struct str *urls; /* a document's open_urls */
    size_t *files;    /* assets they lead to, by their numbers among the plan's files */
    size_t file_count;
    const struct link **dead; /* those that lead nowhere, to be reported */
    size_t dead_count;
};

/*
 * Copies of what was found, in one piece of memory, held once, for the caller to release.
 *
 * urls   of the text's open links, in their order.
 * found  its files and dead links, which may live as long as the text; the rest is not looked at.
 */
struct leads *leads_create(const struct str *urls, size_t count, const struct leads *found);

struct leads *leads_hold(struct leads *leads);

/* The last release frees them; NULL is left alone. */
void leads_release(struct leads *leads);

#endif
