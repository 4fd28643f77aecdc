/* What the files share that write a document as gemtext. */
#ifndef RENDER_GEMTEXT_WRITER_H
#define RENDER_GEMTEXT_WRITER_H

#include "gemtext.h"
#include "leaf.h"

enum last { LAST_NOTHING, LAST_BLOCK, LAST_LINK_LINES, LAST_ITEM };

struct writer {
    struct strbuf *out;
    struct arena *scratch;
    struct leaf_style style;
    enum last last;
    struct link_lines pending; /* links of an open quote, or of the whole page */
    bool hold_links;           /* they wait there instead of following their block */
    unsigned next_number;      /* of links numbered throughout */
    size_t start;              /* where the document begins in out */
    bool joined;               /* the block at hand stands directly below the last one */
    bool rule;                 /* a thematic break waits for text to part from */
};

/* One line; as text, guarded if it would pass for another type. */
void writer_line(struct strbuf *out, struct str prefix, struct str text);
void writer_text_line(struct strbuf *out, struct str text);

void writer_preformatted(struct writer *writer, struct str alt, struct str text);

/* One empty line between blocks, none where both belong to one list or one run of links. */
void writer_begin(struct writer *writer, enum last kind);

/* A link's line; those of a leaf, which may have to wait; and those that have waited. */
void writer_link(struct writer *writer, const struct link_line *link);
void writer_links(struct writer *writer, const struct link_lines *links);
void writer_pending(struct writer *writer);

/* A leaf's text and links, numbered where links are. breaks: hard breaks part lines. */
struct leaf_lines writer_leaf(struct writer *writer, const struct block *leaf, bool breaks);

/* ---- blocks; as: LAST_ITEM when they belong to a list, which then goes on; else LAST_BLOCK ----
 */

void writer_paragraph(struct writer *writer, const struct block *block);
void writer_code(struct writer *writer, const struct block *block, enum last as);
void writer_table(struct writer *writer, const struct block *block, enum last as);
void writer_quote(struct writer *writer, const struct block *block, enum last as);

/* An item's place among its ancestors. */
struct trail {
    const struct trail *above; /* the item whose list this is in; NULL at the top */
    bool ordered;
    unsigned number;
};

/* "* ", "* – " and so on; "3. ", "3.1. " where every list above is ordered. */
struct str trail_marker(struct arena *arena, const struct trail *trail, struct str bullet);

/* above: the item that the list is in, NULL at the top. */
void writer_list(struct writer *writer, const struct block *list, const struct trail *above);

#endif
