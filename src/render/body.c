/* A body and its texts in one piece of memory. */
#include "body.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/holds.h"

static struct str copy(char *to, struct str text)
{
    memcpy(to, text.ptr, text.len);
    return (struct str){ to, text.len };
}

struct body *body_create(uint64_t origin, struct str media_type, struct str bytes)
{
    struct body *body = memory_allocate(sizeof *body + media_type.len + bytes.len);
    char *texts = (char *)(body + 1);

    *body = (struct body){ .holds = holds_create(),
                           .origin = origin,
                           .media_type = copy(texts, media_type),
                           .bytes = copy(texts + media_type.len, bytes),
                           .fd = -1,
                           .size = bytes.len };
    return body;
}

struct body *body_create_open(uint64_t origin, struct str media_type, int fd, uint64_t size)
{
    struct body *body = body_create(origin, media_type, STR(""));

    body->fd = fd;
    body->size = size;
    return body;
}

struct body *body_hold(struct body *body)
{
    ++*body->holds;
    return body;
}

void body_release(struct body *body)
{
    if (body == NULL || !holds_end(body->holds)) {
        return;
    }
    if (body->fd != -1) {
        close(body->fd);
    }
    free(body);
}
