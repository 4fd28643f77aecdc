/* A hash that tells things apart quickly, not from those who choose them: FNV-1a. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xCBF29CE484222325)

/* Continue a hash, which begins as HASH_START. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *each = bytes;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ each[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

#endif
