/* A leaf's text and its links as lines: what gemtext and gopher have in common. Neither can point
 * from inside a sentence, so words and addresses part here. */
#ifndef RENDER_LEAF_H
#define RENDER_LEAF_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/strbuf.h"
#include "content/capsule.h"
#include "content/document.h"

/* A link on its way to a line of its own. */
struct link_line {
    struct str url;
    struct str label; /* one line; empty when the address says it all */
    unsigned number;  /* its mark in the text; 0: none */
};

struct link_lines {
    struct arena *arena;
    struct link_line *items;
    size_t count;
    size_t capacity;
    struct map by_url; /* url -> index, once there are many */
};

/* How a leaf is written. */
struct leaf_style {
    struct convert_options convert;
    int charset;            /* enum charset: what may stand in text and labels */
    bool breaks;            /* hard breaks become LF; else blanks */
    unsigned number;        /* of the first link, when links are numbered throughout; else 0 */
    const struct str *urls; /* the document's */
    const struct link_lines *among; /* the links of a larger block that this leaf is part of, with
                                     * the numbers they have there; else NULL */
};

/* A leaf cut in two. */
struct leaf_lines {
    struct str text;         /* trimmed; LF only where a hard break was */
    struct link_lines links; /* in order of appearance, each address once; none for those that
                              * links.c refused */
    bool links_only; /* nothing but links and images: the text adds nothing to their labels */
};

/* Everything lands in the arena, or stays where the document has it. Source: gemtext.md, K1-K6. */
struct leaf_lines leaf_write(struct arena *arena, const struct block *leaf,
                             const struct leaf_style *style);

/* Whether there is nothing but links and images in the leaf, and what parts them. */
bool leaf_is_links(const struct block *leaf, const struct str *urls);

/* Whether labels alone would not tell the links apart. Source: gemtext.md, K2. */
bool link_lines_need_numbers(const struct link_lines *lines);

/* The line with that address, or NULL. */
struct link_line *link_lines_find(const struct link_lines *lines, struct str url);

/* The number of the line with that address, or 0. */
unsigned link_lines_number(const struct link_lines *lines, struct str url);

/* Append, unless a line with that address is there already. */
void link_lines_add(struct link_lines *lines, struct link_line line);

#endif
