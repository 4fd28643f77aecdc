/* Text that grows under a stated maximum. Appends never fail one by one: what would pass the
 * maximum is left out, `full` is set for good, and the caller asks once, at the end. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

struct strbuf {
    struct arena *arena; /* where the bytes live */
    char *bytes;         /* NUL-terminated once anything was added */
    size_t len;
    size_t capacity;
    size_t max; /* the most that len may become */
    bool full;  /* something did not fit */
};

void strbuf_init(struct strbuf *buf, struct arena *arena, size_t max);

/* Make room for len bytes in all, when it is known that they will come. */
void strbuf_reserve(struct strbuf *buf, size_t len);

void strbuf_add(struct strbuf *buf, struct str text);
void strbuf_add_byte(struct strbuf *buf, char byte);
void strbuf_repeat(struct strbuf *buf, char byte, size_t count);
void strbuf_addf(struct strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Forget what stands behind the first len bytes. */
void strbuf_truncate(struct strbuf *buf, size_t len);

/* What was gathered, borrowed: valid until the next append, then as long as the arena. */
static inline struct str strbuf_str(const struct strbuf *buf)
{
    return buf->len > 0 ? (struct str){ buf->bytes, buf->len } : STR("");
}

#endif
