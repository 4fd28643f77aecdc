/* Open addressing with linear probing in a table of small slots, which stays in the processor's
 * cache; the entries stand beside it. The hash is seeded per process, so that nobody can write a
 * capsule, or ask for paths, that all fall on one slot. */
#define _GNU_SOURCE /* getrandom */
#include "base/map.h"

#include <sys/random.h>

#include "base/hash.h"

#define FIRST_SLOTS 16

static uint64_t seed(void)
{
    static uint64_t value;

    if (value == 0 && getrandom(&value, sizeof value, GRND_NONBLOCK) != sizeof value) {
        value = (uint64_t)(uintptr_t)&value;
    }
    return value | 1;
}

static uint32_t hash_text(struct str text)
{
    return (uint32_t)hash_bytes(HASH_START ^ seed(), text.ptr, text.len);
}

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){ .arena = arena };
}

/* The first free slot for a hash. */
static struct map_slot *free_slot(const struct map *map, uint32_t hash)
{
    size_t at = hash & (map->slot_count - 1);

    while (map->slots[at].entry != 0) {
        at = (at + 1) & (map->slot_count - 1);
    }
    return &map->slots[at];
}

/* The key's entry, or NULL. */
static const struct map_entry *find(const struct map *map, struct str key, uint32_t hash)
{
    if (map->slot_count == 0) {
        return NULL;
    }
    for (size_t at = hash;; at++) {
        const struct map_slot *slot = &map->slots[at & (map->slot_count - 1)];

        if (slot->entry == 0) {
            return NULL;
        }
        if (slot->hash == hash && str_equal(map->entries[slot->entry - 1].key, key)) {
            return &map->entries[slot->entry - 1];
        }
    }
}

static bool has_room(const struct map *map, size_t count)
{
    return count * 4 <= map->slot_count * 3;
}

static void grow_slots(struct map *map, size_t count)
{
    struct map old = *map;

    while (!has_room(map, count)) {
        map->slot_count = map->slot_count == 0 ? FIRST_SLOTS : map->slot_count * 2;
    }
    map->slots = ARENA_ARRAY(map->arena, struct map_slot, map->slot_count);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].entry != 0) {
            *free_slot(map, old.slots[i].hash) = old.slots[i];
        }
    }
}

void map_reserve(struct map *map, size_t count)
{
    if (!has_room(map, count)) {
        grow_slots(map, count);
    }
    if (count > map->capacity) {
        map->entries = arena_resize(map->arena, map->entries, map->capacity * sizeof *map->entries,
                                    count * sizeof *map->entries);
        map->capacity = count;
    }
}

bool map_add(struct map *map, struct str key, size_t value)
{
    uint32_t hash = hash_text(key);

    if (find(map, key, hash) != NULL) {
        return false;
    }
    if (!has_room(map, map->count + 1)) {
        grow_slots(map, map->count + 1);
    }
    *ARENA_PUSH(map->arena, map->entries, map->count, &map->capacity) =
        (struct map_entry){ key, value };
    *free_slot(map, hash) = (struct map_slot){ hash, (uint32_t)map->count };
    return true;
}

bool map_find(const struct map *map, struct str key, size_t *value)
{
    const struct map_entry *entry = find(map, key, hash_text(key));

    if (entry != NULL) {
        *value = entry->value;
    }
    return entry != NULL;
}
