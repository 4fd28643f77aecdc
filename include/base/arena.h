/* Bump allocation: what is loaded together is freed together. Running out of memory is fatal. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

struct arena *arena_create(void);

/* Frees everything ever allocated from it. NULL is left alone. */
void arena_destroy(struct arena *arena);

/* Blocks of arenas that are gone are kept for the next ones, up to some megabytes, and the C
 * library does the same with what is freed; this gives all of it back, for when the work that
 * needed it is done. */
void arena_trim(void);

/* Zeroed memory, aligned for any type, valid until the arena is destroyed. */
void *arena_alloc(struct arena *arena, size_t size);

/* Memory for count elements; a product that overflows is fatal like running out. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/*
 * Room for one element more in an array that lives in the arena: returns the array, moved if it
 * had to grow. *capacity is the caller's to keep, 0 at first.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size);

#define ARENA_PUSH(arena, array, count, capacity)                                                  \
    ((array) = arena_grow((arena), (array), (count), (capacity), sizeof *(array)),                 \
     &(array)[(count)++])

/* Give a block another size, in place when it was the last one given out. What is new in it is not
 * zeroed. */
void *arena_resize(struct arena *arena, void *memory, size_t old_size, size_t new_size);

/* A copy of the text, NUL-terminated behind its length. */
struct str arena_copy(struct arena *arena, struct str text);

/* Several texts as one, NUL-terminated behind its length: ARENA_CONCAT(arena, STR("/"), path). */
struct str arena_concat(struct arena *arena, const struct str *texts, size_t count);

#define ARENA_CONCAT(arena, ...)                                                                   \
    arena_concat((arena), (const struct str[]){ __VA_ARGS__ },                                     \
                 sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))

/* As printf; the result is NUL-terminated behind its length. */
struct str arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Memory, not zeroed, outside of all arenas, for free(). */
void *memory_allocate(size_t size);

/* Bytes the arena holds from the system, for accounts of memory. */
size_t arena_size(const struct arena *arena);

#endif
