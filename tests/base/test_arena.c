/* What src/base/arena.c promises: what is handed out is zeroed and apart, wherever the memory has
 * been before. */
#include "check.h"

#include <stdint.h>

#include "base/arena.h"

static const size_t sizes[] = { 1, 15, 16, 17, 4096, 5000, 70000, (size_t)3 << 20 };

#define COUNT (sizeof sizes / sizeof sizes[0])

/* Take a piece of each size, see that it is zeroed, and leave it full of ones. */
static void use(struct arena *arena)
{
    unsigned char *pieces[COUNT];

    for (size_t i = 0; i < COUNT; i++) {
        pieces[i] = arena_alloc(arena, sizes[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        for (size_t at = 0; at < sizes[i]; at++) {
            assert_int_equal(pieces[i][at], 0);
        }
        memset(pieces[i], 0xFF, sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t at = 0; at < sizes[i]; at++) {
            assert_int_equal(pieces[i][at], 0xFF);
        }
    }
}

static void zeroes_what_another_arena_has_used(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        struct arena *arenas[] = { arena_create(), arena_create() };

        use(arenas[0]);
        use(arenas[1]);
        use(arenas[0]);
        arena_destroy(arenas[0]);
        arena_destroy(arenas[1]);
        if (round == 1) {
            arena_trim();
        }
    }
    arena_trim();
}

static void zeroes_what_an_array_grows_by(void **state)
{
    struct arena *arena = arena_create();
    unsigned *items = NULL;
    size_t count = 0;
    size_t capacity = 0;

    (void)state;
    use(arena);
    arena_destroy(arena);
    arena = arena_create();
    while (count < 10000) {
        unsigned *item = ARENA_PUSH(arena, items, count, &capacity);

        assert_int_equal(*item, 0);
        *item = (unsigned)count;
    }
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(items[i], i + 1);
    }
    arena_destroy(arena);
}

static void ends_its_texts_with_a_nul(void **state)
{
    struct arena *arena = arena_create();
    struct str text = arena_copy(arena, str_first(STR("splashdown"), 6));

    (void)state;
    assert_string_equal(text.ptr, "splash");
    assert_string_equal(arena_printf(arena, "%s %d", "post", 7).ptr, "post 7");
    assert_string_equal(arena_copy(arena, STR("")).ptr, "");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroes_what_another_arena_has_used),
        cmocka_unit_test(zeroes_what_an_array_grows_by),
        cmocka_unit_test(ends_its_texts_with_a_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
