/* A table from text to a number, usually an index into somebody's array. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct map_entry {
    struct str key;
    size_t value;
};

struct map_slot {
    uint32_t hash;
    uint32_t entry; /* counted from 1; 0: the slot is free */
};

struct map {
    struct arena *arena;
    struct map_entry *entries; /* in the order in which they came */
    size_t count;
    size_t capacity;
    struct map_slot *slots; /* a power of two of them */
    size_t slot_count;
};

/* Keys are borrowed; the table's own memory comes from the arena. */
void map_init(struct map *map, struct arena *arena);

/* Make room at once for so many keys in all, when it is known that they will come. */
void map_reserve(struct map *map, size_t count);

/* Enter a key that is not there yet; false, and nothing changed, when it is. */
bool map_add(struct map *map, struct str key, size_t value);

/* *value only when the key is there. */
bool map_find(const struct map *map, struct str key, size_t *value);

#endif
