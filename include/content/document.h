/* A text without markup: what a markdown body becomes once, for every renderer to read. A tree of
 * blocks; a leaf's text is a row of runs, in which what gemtext and gopher cannot say inside a
 * sentence (where a link points) stands beside it. */
#ifndef CONTENT_DOCUMENT_H
#define CONTENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

enum block_kind {
    /* leaves, with runs and links */
    BLOCK_PARAGRAPH,
    BLOCK_HEADING,
    BLOCK_CELL, /* only in a row */
    /* leaves of another kind */
    BLOCK_CODE, /* text and info */
    BLOCK_RULE,
    /* containers, with children */
    BLOCK_QUOTE,
    BLOCK_LIST, /* its children are items */
    BLOCK_ITEM,
    BLOCK_TABLE, /* its children are rows; the first is the header, empty if there is none */
    BLOCK_ROW,   /* its children are cells, as many as the header has */
};

enum run_kind {
    RUN_TEXT, /* one line, printable */
    RUN_CODE, /* likewise */
    RUN_SOFT_BREAK,
    RUN_HARD_BREAK,
    RUN_EMPHASIS, /* opens or closes */
    RUN_STRONG,
    RUN_LINK,  /* opens or closes; `link` says which of the block's */
    RUN_IMAGE, /* opens or closes around its alternative text */
};

/* A piece of a leaf's text, or a mark between two pieces. */
struct run {
    enum run_kind kind;
    bool close;
    unsigned link;   /* of LINK and IMAGE: index into the block's links */
    struct str text; /* of TEXT and CODE */
};

/* A link or an image that the text mentions. */
struct link {
    struct str url;   /* as written but for entities and backslashes */
    struct str title; /* may be empty */
    bool image;
    int line; /* in the file */
};

enum alignment { ALIGN_NONE, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct block {
    enum block_kind kind;
    int line;            /* in the file */
    bool joined;         /* no empty line belongs between it and the block before it */
    struct block *next;  /* the next of the same parent */
    struct block *first; /* of a container */
    struct run *runs;    /* of PARAGRAPH, HEADING, CELL */
    size_t run_count;
    struct link *links;
    size_t link_count;
    size_t first_link;          /* the number of links[0] among all the document's links */
    int level;                  /* of HEADING, from 1 to 6 */
    struct str text;            /* of CODE: whole lines */
    struct str info;            /* of CODE: the info string after the fence */
    bool fenced;                /* of CODE: not merely indented */
    bool ordered;               /* of LIST */
    unsigned start;             /* of an ordered LIST: its first number */
    enum alignment *alignments; /* of TABLE: one for each column */
    size_t column_count;        /* of TABLE */
};

/* A link that its own text does not settle: the rest of the site has to be known. */
struct open_link {
    const struct link *link;
    size_t number;  /* among all the document's links */
    bool tag;       /* a shortcode, which names a text */
    struct str to;  /* that name, or a path, percent-decoded */
    struct str url; /* whole and fit to be sent, but of a tag */
};

/* What is read once and never written again, but for `open_urls`, which belongs to whoever has
 * resolved the links of this copy. */
struct document {
    struct block *first;
    size_t link_count;      /* in all blocks together */
    const struct str *urls; /* by the links' numbers, links.c: an address fit to be sent, or empty:
                             * the words stay, nothing is linked. NULL: links stand as written */
    const struct open_link *open; /* those whose addresses depend on the site; empty in `urls` */
    size_t open_count;
    const struct str *open_urls; /* where they lead, in their order; NULL: nobody has looked */
};

/* Where all links lead, by their numbers; in the arena, or as the document has it. */
const struct str *document_urls(struct arena *arena, const struct document *document);

/* Where a link of a leaf leads. */
static inline struct str document_url(const struct str *urls, const struct block *leaf, size_t link)
{
    return urls != NULL ? urls[leaf->first_link + link] : leaf->links[link].url;
}

/* Containers nest at most this deep in a document; what is deeper is lifted to this level, with a
 * problem reported. Renderers recurse, so this is also what bounds their stack. */
#define DOCUMENT_DEPTH_MAX 32

/*
 * Whether a break in a sentence is a blank when it is written on one line: not at either end,
 * not between two wide characters, whose scripts put no blanks between words, not beside their
 * punctuation, and not before the colon that begins a definition.
 *
 * before  what was written of the sentence so far.
 * after   the runs that follow the break.
 */
bool document_break_needs_blank(struct str before, const struct run *after, size_t count);

/* The words of a leaf between two of its runs (from <= to), without any marks; breaks become
 * one blank, or none between wide characters. */
struct str document_plain_text(struct arena *arena, const struct block *leaf, size_t from,
                               size_t to);

/* The blocks of a document as they follow its page's title: without a level-1 heading at the start
 * that only repeats it. */
const struct block *document_after_title(struct arena *scratch, const struct document *document,
                                         struct str title);

#endif
