/* Slugs. */
#include "slug.h"

#include "base/utf8.h"

struct str slug_from_name(struct arena *arena, struct str name)
{
    char *out = arena_alloc(arena, name.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < name.len; i++) {
        char c = byte_lower(name.ptr[i]);

        if (c == ' ') {
            out[len++] = '-';
        } else if (byte_is_alpha(c) || byte_is_digit(c) || c == '-' || c == '_' ||
                   (unsigned char)c >= 0x80) {
            out[len++] = c;
        }
    }
    return (struct str){ out, len };
}

bool slug_is_sound(struct str slug)
{
    struct str rest = slug;

    if (slug.len == 0 || !utf8_valid(slug)) {
        return false;
    }
    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (!utf8_printable(character) || character == '\n' || character == '\t') {
            return false;
        }
    }
    for (bool more = true; more;) {
        struct str part;

        more = str_cut(slug, '/', &part, &slug);
        if (part.len == 0 || *part.ptr == '.' || str_find(part, '\\') < part.len) {
            return false;
        }
    }
    return true;
}
