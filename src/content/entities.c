/* Character references, which cmark decodes in text and leaves alone in HTML. Its tables are asked
 * by letting it parse one reference by itself, once for each that occurs. */
#include <cmark.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "html.h"

#define REFERENCE_MAX 40 /* the longest name there is has 31 letters */

void entities_init(struct entities *entities, struct arena *arena)
{
    *entities = (struct entities){ .arena = arena };
    map_init(&entities->known, arena);
}

/* The length of what looks like a reference at the front of the text, "&" to ";", or 0. */
static size_t reference_length(struct str text)
{
    for (size_t i = 1; i < text.len && i < REFERENCE_MAX; i++) {
        if (text.ptr[i] == ';') {
            return i > 1 ? i + 1 : 0;
        }
        if (!byte_is_alpha(text.ptr[i]) && !byte_is_digit(text.ptr[i]) && text.ptr[i] != '#') {
            return 0;
        }
    }
    return 0;
}

/* What cmark makes of a reference alone; the reference itself when it knows none. */
static struct str ask_cmark(struct arena *arena, struct str reference)
{
    cmark_node *root = cmark_parse_document(reference.ptr, reference.len, CMARK_OPT_DEFAULT);
    cmark_node *paragraph = cmark_node_first_child(root);
    struct strbuf text;

    strbuf_init(&text, arena, 64);
    if (paragraph != NULL && cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH) {
        cmark_node *node = cmark_node_first_child(paragraph);

        for (; node != NULL; node = cmark_node_next(node)) {
            const char *literal = cmark_node_get_literal(node);

            strbuf_add(&text, str_from(literal != NULL ? literal : "\n"));
        }
    }
    cmark_node_free(root);
    return utf8_clean(arena, strbuf_str(&text), NULL);
}

static struct str decode_one(struct entities *entities, struct str reference)
{
    size_t index;

    if (!map_find(&entities->known, reference, &index)) {
        index = entities->count;
        *ARENA_PUSH(entities->arena, entities->texts, entities->count, &entities->capacity) =
            ask_cmark(entities->arena, reference);
        map_add(&entities->known, reference, index);
    }
    return entities->texts[index];
}

struct str entities_decode(struct entities *entities, struct str text)
{
    struct strbuf out;
    size_t at = str_find(text, '&');

    if (at == text.len) {
        return text;
    }
    strbuf_init(&out, entities->arena, text.len * 2 + 64);
    while (text.len > 0) {
        size_t len = at < text.len ? reference_length(str_skip(text, at)) : 0;

        strbuf_add(&out, str_first(text, at));
        if (len > 0) {
            strbuf_add(&out, decode_one(entities, str_first(str_skip(text, at), len)));
        } else if (at < text.len) {
            strbuf_add_byte(&out, '&');
            len = 1;
        }
        text = str_skip(text, at + len);
        at = str_find(text, '&');
    }
    return strbuf_str(&out);
}
