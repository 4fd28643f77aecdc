/* Growing text with a ceiling. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>

#define FIRST_CAPACITY ((size_t)64)

void strbuf_init(struct strbuf *buf, struct arena *arena, size_t max)
{
    *buf = (struct strbuf){ .arena = arena, .max = max };
}

/* Make room for `more` bytes and a NUL; false, and full, when that would pass the maximum. */
static bool reserve(struct strbuf *buf, size_t more)
{
    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;

    if (buf->full || more > buf->max - buf->len) {
        buf->full = true;
        return false;
    }
    while (capacity < buf->len + more + 1) {
        capacity *= 2;
    }
    if (capacity != buf->capacity) {
        buf->bytes = arena_resize(buf->arena, buf->bytes, buf->capacity, capacity);
        buf->capacity = capacity;
    }
    return true;
}

void strbuf_reserve(struct strbuf *buf, size_t len)
{
    if (len > buf->len && len <= buf->max) {
        reserve(buf, len - buf->len);
    }
}

void strbuf_add(struct strbuf *buf, struct str text)
{
    if (text.len > 0 && reserve(buf, text.len)) {
        memcpy(buf->bytes + buf->len, text.ptr, text.len);
        buf->len += text.len;
        buf->bytes[buf->len] = '\0';
    }
}

void strbuf_add_byte(struct strbuf *buf, char byte)
{
    if (buf->len + 1 < buf->capacity && buf->len < buf->max && !buf->full) {
        buf->bytes[buf->len++] = byte;
        buf->bytes[buf->len] = '\0';
    } else {
        strbuf_add(buf, (struct str){ &byte, 1 });
    }
}

void strbuf_repeat(struct strbuf *buf, char byte, size_t count)
{
    while (count-- > 0) {
        strbuf_add_byte(buf, byte);
    }
}

void strbuf_addf(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0 || !reserve(buf, (size_t)len)) {
        return;
    }
    va_start(args, format);
    vsnprintf(buf->bytes + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void strbuf_truncate(struct strbuf *buf, size_t len)
{
    if (len < buf->len) {
        buf->len = len;
        buf->bytes[len] = '\0';
    }
}
