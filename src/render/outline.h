/* A page before it has a format: what stands on it, line by line. Each kind of page is outlined
 * once (pages.c), and each protocol writes outlines in its own way. */
#ifndef RENDER_OUTLINE_H
#define RENDER_OUTLINE_H

#include "base/arena.h"
#include "base/str.h"
#include "content/post.h"

enum outline_kind {
    OUTLINE_HEADING,   /* level and text */
    OUTLINE_TEXT,      /* text, of one line or several */
    OUTLINE_GEMTEXT,   /* text: a line that the author wrote in gemtext */
    OUTLINE_LINK,      /* text is its label, url where it leads */
    OUTLINE_GAP,       /* an empty line, if anything stands above it and below */
    OUTLINE_DOCUMENT,  /* what the post says */
    OUTLINE_ON_GEMINI, /* a link to a path of ours on Gemini, for readers who are not there */
};

struct outline_line {
    enum outline_kind kind;
    int level; /* from 1 */
    struct str text;
    struct str url; /* as Gemini has it: a percent-encoded path of ours, or somebody else's URL */
    const struct post *post;
};

struct outline {
    struct arena *arena;
    struct str language; /* of what it says, when it is not the capsule's; else empty */
    struct outline_line *lines;
    size_t count;
    size_t capacity;
};

/* Texts are borrowed: they stand in the outline's arena, or outlive it. */
void outline_heading(struct outline *outline, int level, struct str text);
void outline_text(struct outline *outline, struct str text);
void outline_gemtext(struct outline *outline, struct str line);
void outline_link(struct outline *outline, struct str url, struct str label);
void outline_gap(struct outline *outline);
void outline_document(struct outline *outline, const struct post *post);
void outline_on_gemini(struct outline *outline, struct str path, struct str label);

/* A line in gemtext as what it is to others: a heading, a link, or text. */
struct outline_line outline_read_gemtext(struct str line);

#endif
