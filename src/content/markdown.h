/* Markdown to a document. */
#ifndef CONTENT_MARKDOWN_H
#define CONTENT_MARKDOWN_H

#include "base/arena.h"
#include "base/diag.h"
#include "content/document.h"
#include "fill.h"

/* How its generator has it. */
struct markdown_manner {
    struct filling *filling; /* what its template's tags refer to; NULL: it is none */
    bool kramdown;           /* it is kramdown's, which takes more for links and tables */
    bool breaks;             /* where a line of a paragraph ends, it is to end for readers, too */
};

/*
 * text   CommonMark with GFM tables, MDX when the file's name ends so, and what the generators add;
 *        HTML in a file named ".html"; gemtext in one named ".gmi", or when it plainly is; any
 * bytes at all. place  its file, and the line in it at which text starts.
 *
 * Whatever the input, the result is a document; what could not be kept as it was meant is reported
 * as a warning. The document lives in the arena and does not point into text.
 * Source: CommonMark 0.31; GFM, "Tables".
 */
struct document markdown_parse(struct arena *arena, struct str text, struct place place,
                               struct markdown_manner manner, struct diag *diag);

#endif
