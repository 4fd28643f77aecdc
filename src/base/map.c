/* Open addressing with linear probing. The hash is seeded per process, so that nobody can write a
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

static uint64_t hash_text(struct str text)
{
    return hash_bytes(HASH_START ^ seed(), text.ptr, text.len);
}

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){ .arena = arena };
}

/* The key's slot, or the free one where it would go. */
static struct map_slot *slot_of(const struct map *map, struct str key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->slot_count - 1);

    while (map->slots[at].used &&
           !(map->slots[at].hash == hash && str_equal(map->slots[at].key, key))) {
        at = (at + 1) & (map->slot_count - 1);
    }
    return &map->slots[at];
}

static bool has_room(const struct map *map, size_t count)
{
    return count * 4 <= map->slot_count * 3;
}

void map_reserve(struct map *map, size_t count)
{
    struct map old = *map;

    while (!has_room(map, count)) {
        map->slot_count = map->slot_count == 0 ? FIRST_SLOTS : map->slot_count * 2;
    }
    if (map->slot_count == old.slot_count) {
        return;
    }
    map->slots = ARENA_ARRAY(map->arena, struct map_slot, map->slot_count);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].used) {
            *slot_of(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
        }
    }
}

bool map_add(struct map *map, struct str key, size_t value)
{
    uint64_t hash = hash_text(key);
    struct map_slot *slot;

    map_reserve(map, map->count + 1);
    slot = slot_of(map, key, hash);
    if (slot->used) {
        return false;
    }
    *slot = (struct map_slot){ key, hash, value, true };
    map->count++;
    return true;
}

bool map_find(const struct map *map, struct str key, size_t *value)
{
    const struct map_slot *slot;

    if (map->slot_count == 0) {
        return false;
    }
    slot = slot_of(map, key, hash_text(key));
    if (slot->used) {
        *value = slot->value;
    }
    return slot->used;
}
