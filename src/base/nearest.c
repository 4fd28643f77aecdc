/* Names compared by how many slips of the pen lie between them. */
#include "base/nearest.h"

#define NAME_MAX_LEN 64 /* longer ones are no slip of anything; bounds the stack and the time */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters to insert, delete or change to get from a to b (Levenshtein). */
static size_t distance(struct str a, struct str b)
{
    size_t row[NAME_MAX_LEN + 1];

    for (size_t j = 0; j <= b.len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (byte_lower(a.ptr[i - 1]) != byte_lower(b.ptr[j - 1]));

            diagonal = row[j];
            row[j] = smaller(change, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.len];
}

const char *nearest_name(struct str text, const char *const *first, size_t count, size_t stride)
{
    const char *nearest = NULL;
    size_t best = text.len < 5 ? 2 : 3; /* one letter off in a short name, two in a longer one */

    if (text.len < 3 || text.len > NAME_MAX_LEN) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char *name;
        size_t off;

        memcpy(&name, (const char *)first + i * stride, sizeof name);
        off = strlen(name) > NAME_MAX_LEN ? best : distance(text, str_from(name));
        if (off < best) {
            best = off;
            nearest = name;
        }
    }
    return nearest;
}
