/* Markdown as blogs have it, made fit for cmark. What the generators and MDX add to the language is
 * taken out and replaced by a mark, a byte sequence that cmark passes on as it would a word; what
 * the mark stands for is looked up when the text comes back. Marks can be undone: in code, where
 * nothing but code is meant, the author's own bytes come back. */
#ifndef CONTENT_PREPARE_H
#define CONTENT_PREPARE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/str.h"
#include "fill.h"
#include "losses.h"

/* A mark is MARK_START, a number in decimal, MARK_END. JOINER stands between emphasis and
 * punctuation in scripts without blanks, for cmark's sake, and is nothing. Clean text holds none.
 */
#define MARK_START '\x01'
#define MARK_END   '\x02'
#define JOINER     '\x03'

enum mark_kind {
    MARK_TAGS,    /* text is HTML */
    MARK_TEXT,    /* text is what it says, whatever it looks like */
    MARK_FORMULA, /* text is a formula that stands alone */
    MARK_PRE,     /* text is what stood in <pre>, tags and all */
    MARK_LINE,    /* a gemtext link line: text is "URL label" */
    MARK_NOTE,    /* refers to the footnote `note` */
    MARK_STARTS,  /* at the end of the source: the text of the footnote `note` starts */
    MARK_NOTHING, /* a comment and the like */
};

struct mark {
    enum mark_kind kind;
    struct str source; /* what it replaced */
    struct str text;
    struct str
        address; /* what it is in an address, else source; a NULL pointer when it is source */
    size_t note;
    int line;     /* in the file */
    bool unknown; /* an address with it in leads nobody knows where */
    bool shown;
    bool apart; /* nothing but marks stood on its line */
};

struct note {
    struct str name;
    size_t number; /* by first use, from 1; 0: not used */
    bool defined;
    int line;
};

/* Whose markdown it is. */
enum flavour {
    FLAVOUR_COMMON,
    FLAVOUR_MDX,      /* components and expressions are code, and so are tags in lower case */
    FLAVOUR_KRAMDOWN, /* takes more for links and tables than CommonMark and GFM do */
};

struct prepared {
    struct arena *arena;
    enum flavour flavour;
    struct str text; /* for cmark */
    struct prepared_line {
        size_t start; /* in text */
        int line;     /* in the file */
    } * lines;
    size_t line_count;
    size_t line_capacity;
    struct mark *marks;
    size_t mark_count;
    size_t mark_capacity;
    struct note *notes; /* in order of appearance */
    size_t note_count;
    size_t note_capacity;
    bool numbers; /* references by number may be anywhere in it: text may be unclean again; none by
                   * name means a control */
    struct map note_names;
    struct map imports; /* MDX: name -> index into import_paths */
    struct str *import_paths;
    size_t import_count;
    size_t import_capacity;
};

/*
 * source   clean text, see clean.h.
 * flavour  MDX also if the source says so at its start.
 */
void prepare(struct arena *arena, const struct filled *source, struct place place,
             enum flavour flavour, struct prepared *prepared, struct losses *losses);

/* A line of the text for cmark, counted from 0, without its LF. */
struct str prepared_line(const struct prepared *prepared, size_t index);

/* The first mark in the text, at *at and of *len bytes; NULL when there is none. */
struct mark *prepared_find(const struct prepared *prepared, struct str text, size_t *at,
                           size_t *len);

/* The text with its marks undone. The same bytes when there are none. */
struct str prepared_restore(const struct prepared *prepared, struct arena *arena, struct str text);

/* The same for a text that is an address: what says where the site stands on the web goes. Empty
 * when something in it is unknown. */
struct str prepared_address(const struct prepared *prepared, struct arena *arena, struct str text);

#endif
