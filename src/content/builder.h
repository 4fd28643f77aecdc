/* Puts a document together from a stream of small events: containers that open and close, texts,
 * marks and breaks. It does not know whether markdown, HTML or gemtext is behind them; what none of
 * them may do to a document is seen to here: depth, what may stand in what, marks that cross. */
#ifndef CONTENT_BUILDER_H
#define CONTENT_BUILDER_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/document.h"
#include "losses.h"

#define INLINES_MAX 16 /* marks open at once in a sentence */

/* An emphasis, a link or an image that is open. */
struct open_inline {
    enum run_kind kind;
    unsigned link;    /* of the leaf at hand */
    struct link what; /* of LINK and IMAGE */
    bool done;        /* the leaf with its words has ended: it is not opened in the next */
    bool after_words; /* of the leaf at hand */
};

struct builder {
    struct arena *arena;   /* the document's */
    struct arena *scratch; /* freed by whoever made it, once the document stands */
    const char *file;
    struct diag *diag;
    struct losses losses;
    bool verbatim;   /* bare addresses stay text */
    int line;        /* in the file, of what comes next */
    struct str lead; /* what the next paragraph begins with */

    struct block root; /* stands for the document */
    struct level {
        struct block *block;
        struct block **end; /* where its next child goes */
        bool implied;       /* an item for what stood in a list outside any */
    } levels[DOCUMENT_DEPTH_MAX + 1];
    int depth;
    struct block **resume; /* where the document goes on, while blocks gather elsewhere */
    int skipped; /* containers open that are not in the document: too deep, or in a cell */
    bool depth_reported;

    bool in_leaf; /* texts go into a leaf that has begun */
    struct block leaf;
    struct block *awaited; /* where it goes when it is a block already, else NULL */
    struct run *runs;      /* texts borrowed until the leaf ends */
    size_t run_count;
    size_t run_capacity;
    struct link *links;
    size_t link_count;
    size_t link_capacity;
    bool has_words; /* something in the leaf can be seen */
    struct open_inline inlines[INLINES_MAX];
    size_t inline_count;
    size_t inline_excess;    /* open marks that found no room there */
    size_t padding;          /* cells that were added to make rows even */
    struct block *last_leaf; /* the one that ended last, with what it is the last of */
};

void builder_init(struct builder *builder, struct arena *arena, struct arena *scratch,
                  struct place place, struct diag *diag);

/* Ends what is open, reports what was lost, and returns the document. */
struct document builder_finish(struct builder *builder);

/* ---- blocks ---- */

/* Open a QUOTE, LIST, ITEM, TABLE or ROW; each is closed by one builder_close. Returns the block,
 * to be filled in further. */
struct block *builder_open(struct builder *builder, enum block_kind kind);
void builder_close(struct builder *builder);

/* A block without children or runs: CODE, RULE; or a CELL or another leaf whose runs come later. */
struct block *builder_add(struct builder *builder, enum block_kind kind);

/* The kind of container that is open; BLOCK_ITEM and the like, or BLOCK_PARAGRAPH at the top. */
enum block_kind builder_container(const struct builder *builder);

/* Whether what comes next would stand in a cell, where there are no blocks, or in another leaf that
 * has its place in the document already. */
bool builder_in_cell(const struct builder *builder);

/* Close everything, and let what comes next gather elsewhere than in the document. */
void builder_restart(struct builder *builder, struct block **first);

/* Close everything, and go on at the end of the document. */
void builder_resume(struct builder *builder);

/* A block made elsewhere, and those behind it. */
void builder_append(struct builder *builder, struct block *block);

/* Whether so many cells may yet be added to make rows even. */
bool builder_can_pad(const struct builder *builder, size_t cells);

/* Whether so many cells may be added to make rows even: short rows in wide tables could ask for far
 * more of them than the source has bytes. */
bool builder_pad(struct builder *builder, size_t cells);

/* ---- leaves ---- */

/* Begin a leaf of its own; text that comes without one begins a paragraph. */
void builder_begin(struct builder *builder, enum block_kind kind, int level);

/* Words that the next paragraph begins with, if it is what comes next; else they are one. */
void builder_lead(struct builder *builder, struct str words);

/* Begin one that is in the document already. */
void builder_begin_awaited(struct builder *builder, struct block *leaf);

/* End the leaf at hand, if there is one. One without words or links leaves nothing behind. */
void builder_end(struct builder *builder);

/* What a block boundary in the source means here: the end of a paragraph, a break in a cell. */
void builder_part(struct builder *builder);

/* Whether nothing of it can be seen: what editors of HTML leave behind counts as blank, too. */
bool builder_is_blank(struct str text);

/* Texts are borrowed until the leaf ends; printable and on one line. */
void builder_text(struct builder *builder, struct str text);
void builder_code(struct builder *builder, struct str text);
void builder_break(struct builder *builder, bool hard);

void builder_open_inline(struct builder *builder, enum run_kind kind);
void builder_open_link(struct builder *builder, struct str url, struct str title, bool image);

/* Close the innermost open mark of the kind, if there is one. */
void builder_close_inline(struct builder *builder, enum run_kind kind);

#endif
