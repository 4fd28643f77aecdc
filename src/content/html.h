/* HTML and JSX as a row of tokens: tags with their attributes, and the text between them. Markdown
 * hands them over in pieces (a tag here, its end in another block), so no tree is made. */
#ifndef CONTENT_HTML_H
#define CONTENT_HTML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

enum token_kind { TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_NOTHING };

struct token {
    enum token_kind kind;
    struct str text;       /* of TEXT; of a tag: the whole of it */
    struct str name;       /* of OPEN and CLOSE, as written; empty for JSX fragments */
    struct str attributes; /* of OPEN: for html_attribute */
    bool empty;            /* of OPEN: "/>" at its end */
};

/* One attribute, as it was written but for its quotes. */
struct attribute {
    struct str name;
    struct str value;
    bool expression; /* JSX: value stood in braces */
};

/*
 * Take one token off the front of *rest; false when it is empty. Comments, declarations and
 * processing instructions come as NOTHING; a "<" that begins no tag is text.
 *
 * patience  bytes that may yet be looked at in vain, for tags never closed: bounds the work on any
 *           input, when it is the length of all input or a small multiple of it at first.
 *
 * Source: HTML Standard, 13.2.5 "Tokenization", without its recovery; JSX for what is in braces.
 */
bool html_next(struct str *rest, size_t *patience, struct token *token);

/* The length of the tag at the front of the text, or 0. Unlike html_next it takes no slips: what
 * has them is text in markdown. */
size_t html_tag_length(struct str text, size_t *patience);

/* Take one attribute off the front of *attributes; false at their end. */
bool html_attribute(struct str *attributes, struct attribute *attribute);

/* The length of what stands in braces at the front of the text, braces, strings and nested ones
 * included, or 0 when it does not end. */
size_t html_braces_length(struct str text, size_t *patience);

/* Character references made characters, by cmark's tables. The same bytes when there are none. */
struct entities {
    struct arena *arena;
    struct map known; /* name -> index into texts */
    struct str *texts;
    size_t count;
    size_t capacity;
};
void entities_init(struct entities *entities, struct arena *arena);
struct str entities_decode(struct entities *entities, struct str text);

#endif
