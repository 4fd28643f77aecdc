/* Names compared by how many slips of the pen lie between them. */
#include "base/nearest.h"

#define NAME_MAX_LEN 64 /* longer ones are no slip of anything; bounds the stack and the time */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return byte_lower(a) == byte_lower(b);
}

/* How many letters to insert, delete or change, and neighbours to swap, to get from a to b (optimal
 * string alignment). */
static size_t distance(struct str a, struct str b)
{
    /* Of the letter before last, the last, and this one. */
    size_t rows[3][NAME_MAX_LEN + 1] = { 0 };

    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *last = rows[(i - 1) % 3];
        const size_t *before = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            row[j] = smaller(last[j - 1] + !same(a.ptr[i - 1], b.ptr[j - 1]),
                             smaller(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a.ptr[i - 1], b.ptr[j - 2]) &&
                same(a.ptr[i - 2], b.ptr[j - 1])) {
                row[j] = smaller(row[j], before[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

const char *nearest_name(struct str text, const char *const *first, size_t count, size_t stride)
{
    const char *nearest = NULL;
    size_t best = text.len < 8 ? 2 : 3; /* one slip in a short name, two in a longer one */

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
