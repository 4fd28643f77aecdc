/* Tags, locales, and which of them are the same. */
#include "language.h"

bool language_is_tag(struct str text)
{
    struct str part;

    for (bool more = true, first = true; more; first = false) {
        more = str_cut(text, '-', &part, &text);
        if (part.len < (first ? 2 : 1) || part.len > (first ? 3 : 8)) {
            return false;
        }
        for (size_t i = 0; i < part.len; i++) {
            if (!byte_is_alpha(part.ptr[i]) && (first || !byte_is_digit(part.ptr[i]))) {
                return false;
            }
        }
    }
    return true;
}

struct str language_tag(struct arena *arena, struct str text)
{
    char *bytes;
    struct str tag;

    str_cut(str_trim(text), '.', &text, NULL);
    bytes = arena_alloc(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bytes[i] = text.ptr[i] == '_' ? '-' : text.ptr[i];
    }
    tag = (struct str){ bytes, text.len };
    return language_is_tag(tag) ? tag : STR("");
}

bool language_same(struct str a, struct str b)
{
    struct str first_a;
    struct str first_b;
    bool region_a = str_cut(a, '-', &first_a, NULL);
    bool region_b = str_cut(b, '-', &first_b, NULL);

    return str_equal_nocase(a, b) ||
           (!(region_a && region_b) && str_equal_nocase(first_a, first_b));
}
