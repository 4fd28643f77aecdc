/* Percent-encoding, both ways. */
#include "url_parts.h"

bool url_starts_with_escape(struct str text)
{
    return text.len >= 3 && text.ptr[0] == '%' && byte_hex(text.ptr[1]) >= 0 &&
           byte_hex(text.ptr[2]) >= 0;
}

bool url_add_decoded(struct sink *sink, struct str text)
{
    while (text.len > 0) {
        if (text.ptr[0] != '%') {
            sink_add_byte(sink, text.ptr[0]);
            text = str_skip(text, 1);
        } else if (url_starts_with_escape(text)) {
            sink_add_byte(sink, (char)(byte_hex(text.ptr[1]) * 16 + byte_hex(text.ptr[2])));
            text = str_skip(text, 3);
        } else {
            return false;
        }
    }
    return true;
}

bool url_decode(struct str text, char *out, size_t size, struct str *decoded)
{
    struct sink sink = { .bytes = out, .size = size };

    if (!url_add_decoded(&sink, text) || sink.full) {
        return false;
    }
    *decoded = sink_str(&sink, 0);
    return true;
}

/* pchar and the slash. Source: RFC 3986, sections 2.3 and 3.3. */
static bool stands_in_path(char byte)
{
    return byte_is_alpha(byte) || byte_is_digit(byte) ||
           (byte != '\0' && strchr("-._~!$&'()*+,;=:@/", byte) != NULL);
}

bool url_encode_path(struct str path, char *out, size_t size, struct str *encoded)
{
    static const char hex[] = "0123456789ABCDEF";
    struct sink sink = { .bytes = out, .size = size };

    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.ptr[i];

        if (stands_in_path(path.ptr[i])) {
            sink_add_byte(&sink, path.ptr[i]);
        } else {
            char escape[] = { '%', hex[byte >> 4], hex[byte & 15] };

            sink_add(&sink, (struct str){ escape, sizeof escape });
        }
    }
    if (sink.full) {
        return false;
    }
    *encoded = sink_str(&sink, 0);
    return true;
}
