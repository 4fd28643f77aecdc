/* What the files of URLs share: text into the caller's buffer, percent-encoding, and what no URL
 * may hold. */
#ifndef PROTOCOL_URL_PARTS_H
#define PROTOCOL_URL_PARTS_H

#include "protocol/url.h"

struct sink {
    char *bytes;
    size_t len;
    size_t size;
    bool full; /* something did not fit: what is there is worthless */
};

static inline void sink_add(struct sink *sink, struct str text)
{
    if (sink->full || text.len > sink->size - sink->len) {
        sink->full = true;
        return;
    }
    if (text.len > 0) { /* memcpy wants a pointer even for nothing */
        memcpy(sink->bytes + sink->len, text.ptr, text.len);
    }
    sink->len += text.len;
}

static inline void sink_add_byte(struct sink *sink, char byte)
{
    sink_add(sink, (struct str){ &byte, 1 });
}

/* The bytes from `from` on. */
static inline struct str sink_str(const struct sink *sink, size_t from)
{
    return (struct str){ sink->bytes + from, sink->len - from };
}

static inline bool url_is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

/* Whether text starts with "%" and two hexadecimal digits. */
bool url_starts_with_escape(struct str text);

/* Add the decoded text. Returns false at an escape that is none. */
bool url_add_decoded(struct sink *sink, struct str text);

#endif
