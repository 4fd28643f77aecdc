/* A text without markup: what a markdown body becomes once, for every renderer to read. A tree of
 * blocks; a leaf's text is a row of inlines, in which what gemtext and gopher cannot say inside a
 * sentence (where a link points) stands beside it. */
#ifndef CONTENT_DOCUMENT_H
#define CONTENT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

enum block_kind {
    /* leaves, with inlines and links */
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
    BLOCK_TABLE, /* its children are rows; the first is the header */
    BLOCK_ROW,   /* its children are cells, as many as the header has */
};

enum inline_kind {
    INLINE_TEXT, /* one line, printable */
    INLINE_CODE, /* likewise */
    INLINE_SOFT_BREAK,
    INLINE_HARD_BREAK,
    INLINE_EMPHASIS, /* open or close */
    INLINE_STRONG,
    INLINE_LINK,  /* open or close; `link` says which of the block's */
    INLINE_IMAGE, /* open or close around its alternative text */
};

struct inline_ {
    enum inline_kind kind;
    bool close;
    unsigned link;   /* index into the block's links */
    struct str text; /* of TEXT and CODE */
};

/* A link or an image that the text mentions. */
struct link {
    struct str url;   /* as written, entities and backslashes resolved; resolved later by links.c */
    struct str title; /* may be empty */
    bool image;
    bool bare; /* an autolink: its label is the address itself */
    int line;  /* in the file */
};

enum alignment { ALIGN_NONE, ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct block {
    enum block_kind kind;
    int line;                /* in the file */
    struct block *next;      /* the next of the same parent */
    struct block *first;     /* of a container */
    struct inline_ *inlines; /* of PARAGRAPH, HEADING, CELL */
    size_t inline_count;
    struct link *links;
    size_t link_count;
    int level;                  /* of HEADING, from 1 to 6 */
    struct str text;            /* of CODE: whole lines */
    struct str info;            /* of CODE: the info string; empty without a fence */
    bool ordered;               /* of LIST */
    unsigned start;             /* of an ordered LIST: its first number */
    enum alignment *alignments; /* of TABLE: one for each column */
    size_t column_count;        /* of TABLE */
};

struct document {
    struct block *first;
};

/* Containers nest at most this deep in a document; what is deeper is lifted to this level, with a
 * problem reported. Renderers recurse, so this is also what bounds their stack. */
#define DOCUMENT_DEPTH_MAX 32

/* The words of a leaf between two of its inlines (from <= to), without any marks; breaks become
 * one blank, or none between wide characters. */
struct str document_plain_text(struct arena *arena, const struct block *leaf, size_t from,
                               size_t to);

#endif
