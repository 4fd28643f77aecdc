/* A ring of bytes with one writer and one reader. */
#include "base/ring.h"

#include <string.h>

/* What stands before each record. */
typedef uint32_t record_size;

static void copy_in(struct ring *ring, uint64_t at, const void *bytes, size_t size)
{
    size_t offset = (size_t)(at & (RING_SIZE - 1));
    size_t first = size < RING_SIZE - offset ? size : RING_SIZE - offset;

    memcpy(ring->bytes + offset, bytes, first);
    memcpy(ring->bytes, (const char *)bytes + first, size - first);
}

static void copy_out(const struct ring *ring, uint64_t at, void *bytes, size_t size)
{
    size_t offset = (size_t)(at & (RING_SIZE - 1));
    size_t first = size < RING_SIZE - offset ? size : RING_SIZE - offset;

    memcpy(bytes, ring->bytes + offset, first);
    memcpy((char *)bytes + first, ring->bytes, size - first);
}

bool ring_put(struct ring *ring, const void *head, size_t head_size, const void *body,
              size_t body_size)
{
    uint64_t put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);
    record_size size = (record_size)(head_size + body_size);

    if (sizeof size + size > RING_SIZE - (put - taken)) {
        atomic_fetch_add_explicit(&ring->lost, 1, memory_order_relaxed);
        return false;
    }
    copy_in(ring, put, &size, sizeof size);
    copy_in(ring, put + sizeof size, head, head_size);
    copy_in(ring, put + sizeof size + head_size, body, body_size);
    /* A process that is killed before this line has put nothing. */
    atomic_store_explicit(&ring->put, put + sizeof size + size, memory_order_release);
    return true;
}

size_t ring_take(struct ring *ring, void *out, size_t size)
{
    uint64_t taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    uint64_t there = atomic_load_explicit(&ring->put, memory_order_acquire) - taken;
    record_size record;

    if (there == 0) {
        return 0;
    }
    if (there >= sizeof record && there <= RING_SIZE) {
        copy_out(ring, taken, &record, sizeof record);
        if (record > 0 && record <= there - sizeof record && record <= size) {
            copy_out(ring, taken + sizeof record, out, record);
            atomic_store_explicit(&ring->taken, taken + sizeof record + record,
                                  memory_order_release);
            return record;
        }
    }
    atomic_store_explicit(&ring->taken, taken + there, memory_order_release);
    return 0;
}

uint64_t ring_take_lost(struct ring *ring)
{
    return atomic_exchange_explicit(&ring->lost, 0, memory_order_relaxed);
}

void ring_reset(struct ring *ring)
{
    atomic_store_explicit(&ring->put, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->taken, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->lost, 0, memory_order_relaxed);
}
