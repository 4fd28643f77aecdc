/* A hash that tells things apart quickly: eight bytes at a time, each time mixed as MurmurHash3
 * does it at its end. It holds against those who choose the bytes as long as they do not know what
 * it begins as. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START UINT64_C(0xCBF29CE484222325)

/* Continue a hash, which begins as HASH_START. */
static inline uint64_t hash_number(uint64_t hash, uint64_t number)
{
    hash ^= number;
    hash = (hash ^ hash >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    hash = (hash ^ hash >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return hash ^ hash >> 33;
}

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const char *each = bytes;
    uint64_t word = len; /* else zeros at the end would not count */

    hash = hash_number(hash, word);
    for (; len >= sizeof word; len -= sizeof word, each += sizeof word) {
        memcpy(&word, each, sizeof word);
        hash = hash_number(hash, word);
    }
    if (len == 0) {
        return hash;
    }
    word = 0;
    memcpy(&word, each, len);
    return hash_number(hash, word);
}

#endif
