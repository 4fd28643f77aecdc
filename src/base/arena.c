/* Bump allocation in blocks that grow with use. Under AddressSanitizer what was not handed out is
 * poisoned, so that reading past a piece is caught as it would be with malloc. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif

#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#define REDZONE 16
#else
#define ASAN_POISON_MEMORY_REGION(address, size)   ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define REDZONE                                    0
#endif

#define ALIGNMENT   alignof(max_align_t)
#define FIRST_BLOCK ((size_t)4096)
#define LAST_BLOCK  ((size_t)1 << 20)  /* blocks double up to this size */
#define BLOCK_SIZES 9                  /* from the one to the other */
#define SPARE_MAX   ((size_t)16 << 20) /* bytes */

struct block {
    struct block *previous;
    size_t size; /* of bytes */
    size_t used;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *newest;
    size_t size;
};

/* Blocks of arenas that are gone, by size. Arenas for the work of a moment come and go by the
 * thousand, and the system would take their memory back in between. */
static struct {
    struct block *blocks[BLOCK_SIZES];
    size_t size; /* of them all */
} spare;

static void out_of_memory(void)
{
    fputs("splashdown: out of memory\n", stderr);
    abort();
}

void *memory_allocate(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL) {
        out_of_memory();
    }
    return memory;
}

static size_t round_up(size_t size)
{
    if (size > SIZE_MAX - REDZONE - ALIGNMENT) {
        out_of_memory();
    }
    return (size + REDZONE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The list of spare blocks of just that size, or NULL. */
static struct block **spare_blocks(size_t size)
{
    for (int i = 0; i < BLOCK_SIZES; i++) {
        if (size == FIRST_BLOCK << i) {
            return &spare.blocks[i];
        }
    }
    return NULL;
}

static struct block *make_block(size_t size)
{
    struct block **blocks = spare_blocks(size);
    struct block *block;

    if (blocks == NULL || *blocks == NULL) {
        return memory_allocate(sizeof *block + size);
    }
    block = *blocks;
    *blocks = block->previous;
    spare.size -= size;
    return block;
}

static void free_block(struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->size);
    free(block);
}

static void drop_block(struct block *block)
{
    struct block **blocks = spare_blocks(block->size);

    if (blocks == NULL || block->size > SPARE_MAX - spare.size) {
        free_block(block);
        return;
    }
    ASAN_POISON_MEMORY_REGION(block->bytes, block->size);
    block->previous = *blocks;
    *blocks = block;
    spare.size += block->size;
}

void arena_trim(void)
{
    for (int i = 0; i < BLOCK_SIZES; i++) {
        while (spare.blocks[i] != NULL) {
            struct block *block = spare.blocks[i];

            spare.blocks[i] = block->previous;
            free_block(block);
        }
    }
    spare.size = 0;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static struct block *add_block(struct arena *arena, size_t least)
{
    size_t size = arena->newest == NULL ? FIRST_BLOCK : arena->newest->size * 2;
    struct block *block;

    while (size < least && size < LAST_BLOCK) {
        size *= 2;
    }
    if (size > LAST_BLOCK) {
        size = LAST_BLOCK;
    }
    if (size < least) {
        size = least;
    }
    if (size > SIZE_MAX - sizeof *block) {
        out_of_memory();
    }
    block = make_block(size);
    *block = (struct block){ .previous = arena->newest, .size = size };
    arena->newest = block;
    arena->size += sizeof *block + size;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    return block;
}

struct arena *arena_create(void)
{
    struct arena *arena = memory_allocate(sizeof *arena);

    *arena = (struct arena){ 0 };
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL) {
        return;
    }
    for (struct block *block = arena->newest; block != NULL;) {
        struct block *previous = block->previous;

        drop_block(block);
        block = previous;
    }
    free(arena);
}

/* Memory as it comes. */
static void *take(struct arena *arena, size_t size)
{
    size_t taken = round_up(size);
    struct block *block = arena->newest;
    void *memory;

    if (block == NULL || block->size - block->used < taken) {
        block = add_block(arena, taken);
    }
    memory = block->bytes + block->used;
    block->used += taken;
    ASAN_UNPOISON_MEMORY_REGION(memory, size);
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        out_of_memory();
    }
    return arena_alloc(arena, count * size);
}

void *arena_resize(struct arena *arena, void *memory, size_t old_size, size_t new_size)
{
    struct block *block = arena->newest;
    size_t old_taken = round_up(old_size);
    size_t new_taken = round_up(new_size);
    void *moved;

    if (memory != NULL && block != NULL &&
        (char *)memory + old_taken == block->bytes + block->used &&
        new_taken - old_taken <= block->size - block->used) {
        block->used += new_taken - old_taken;
        ASAN_UNPOISON_MEMORY_REGION(memory, new_size);
        return memory;
    }
    moved = take(arena, new_size);
    if (memory != NULL) {
        memcpy(moved, memory, old_size < new_size ? old_size : new_size);
    }
    return moved;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
    size_t old = *capacity;

    if (count == old) {
        *capacity = old == 0 ? 8 : old * 2;
        if (*capacity < old || *capacity > SIZE_MAX / size) {
            out_of_memory();
        }
        array = arena_resize(arena, array, old * size, *capacity * size);
    }
    memset((char *)array + count * size, 0, size); /* what is not needed is not touched */
    return array;
}

struct str arena_copy(struct arena *arena, struct str text)
{
    char *copy = take(arena, text.len + 1);

    if (text.len > 0) {
        memcpy(copy, text.ptr, text.len);
    }
    copy[text.len] = '\0';
    return (struct str){ copy, text.len };
}

struct str arena_concat(struct arena *arena, const struct str *texts, size_t count)
{
    size_t len = 0;
    char *all;
    char *end;

    for (size_t i = 0; i < count; i++) {
        len += texts[i].len;
    }
    all = end = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len > 0) {
            memcpy(end, texts[i].ptr, texts[i].len);
        }
        end += texts[i].len;
    }
    return (struct str){ all, len };
}

struct str arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        return STR("");
    }
    text = take(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return (struct str){ text, (size_t)len };
}

size_t arena_size(const struct arena *arena)
{
    return arena->size;
}
