/* Bodies of pages: bytes, or an open file. Counted, since editions that follow one another share
 * what has stayed the same. */
#ifndef RENDER_BODY_H
#define RENDER_BODY_H

#include <stdint.h>

#include "base/str.h"

struct body {
    unsigned *holds;
    uint64_t origin; /* tells what it was made from, see origin.h; 0: nothing does */
    struct str media_type;
    struct str bytes; /* when fd is -1 */
    int fd;           /* a file's, or -1 */
    uint64_t size;    /* wherever it is */
};

/* Copies of both texts, held once, for the caller to release. */
struct body *body_create(uint64_t origin, struct str media_type, struct str bytes);

/* The same with a descriptor, which becomes the body's, of a file of that size. */
struct body *body_create_open(uint64_t origin, struct str media_type, int fd, uint64_t size);

struct body *body_hold(struct body *body);

/* The last release closes and frees; NULL is left alone. */
void body_release(struct body *body);

#endif
