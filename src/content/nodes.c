/* Memory for cmark's trees. A post's tree lives as short as the scratch arena it is made in, so its
 * thousands of nodes are neither allocated nor freed one by one. */
#include "nodes.h"

#include <stdint.h>
#include <stdlib.h>

/* What cmark may ask to grow has its size in front. */
struct piece {
    _Alignas(max_align_t) size_t size;
};

/* cmark's allocators get no context; a tree is made at a time. */
static struct arena *nodes;

static void *resize(void *memory, size_t size)
{
    struct piece *piece = memory != NULL ? (struct piece *)memory - 1 : NULL;

    if (size > SIZE_MAX - sizeof *piece) {
        abort();
    }
    if (piece != NULL && size <= piece->size) {
        return memory;
    }
    piece = arena_resize(nodes, piece, piece != NULL ? sizeof *piece + piece->size : 0,
                         sizeof *piece + size);
    piece->size = size;
    return piece + 1;
}

static void *allocate(size_t count, size_t size)
{
    struct piece *piece = arena_alloc(nodes, sizeof *piece + count * size);

    piece->size = count * size;
    return piece + 1;
}

/* Everything goes with the arena. */
static void leave(void *memory)
{
    (void)memory;
}

cmark_node *nodes_parse(struct arena *arena, struct str text)
{
    static cmark_mem memory = { allocate, resize, leave };
    cmark_parser *parser;
    cmark_node *tree;

    nodes = arena;
    parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, &memory);
    cmark_parser_feed(parser, text.ptr, text.len);
    tree = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return tree;
}
