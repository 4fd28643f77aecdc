/* HTML elements, components and the generators' own tags, given their meaning in a document. They
 * come in pieces, between and inside of markdown's own blocks; a stack of those that are open is
 * all that is known of them. */
#ifndef CONTENT_ELEMENTS_H
#define CONTENT_ELEMENTS_H

#include "builder.h"
#include "html.h"
#include "html_grid.h"
#include "meanings.h"
#include "prepare.h"

#define ELEMENTS_MAX   64 /* open at once; a tag deeper than that is left out, its text stays */
#define ATTRIBUTES_MAX 24 /* of a tag; what is past that is not looked at */

struct open_element {
    enum sense sense;
    struct str name;
    struct str after;     /* text that its end brings */
    int containers;       /* that its end closes */
    enum run_kind closes; /* the mark that its end closes, when it `marks` */
    bool marks;
    bool in_paragraph;          /* opened in a sentence of markdown's: ends with it */
    bool in_head;               /* of TABLE: its rows are headings */
    size_t first_run;           /* of MARKED, CODE, SUP and SUB: where its text begins */
    struct block *leaf;         /* of CAPTION: what it may describe */
    struct block **place;       /* of TABLE and CAPTION: what points to it */
    struct block *block;        /* of TABLE, from its first row on... */
    struct cell_shapes *shapes; /* ...of its cells */
};

/* A tag with its attributes read: references decoded, expressions looked up. */
struct tag {
    struct str name;
    struct str source;
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t count;
    struct str element; /* the first attribute that is an element itself, as JSX allows */
    bool empty;
};

struct elements {
    struct builder *builder;
    struct prepared *prepared;
    struct entities entities;
    size_t patience;
    struct open_element open[ELEMENTS_MAX];
    size_t count;
    size_t fences_excess; /* fences that found no room */
    size_t hidden;        /* elements open whose text is not shown */
    bool in_attribute;    /* an element is read that is an attribute of another */
    bool in_paragraph;    /* a sentence of markdown's is being read */
    bool alone;           /* the tags at hand stood on a line by themselves */
    size_t notes_used;
};

void elements_init(struct elements *elements, struct builder *builder, struct prepared *prepared);

/* Text of markdown's, with the marks of prepare.h in it. Borrowed until the leaf ends. */
void elements_text(struct elements *elements, struct str text);

/* Give numbers to the notes that a text refers to, which is read later than what follows it. */
void elements_number_notes(struct elements *elements, struct str text);

/* Tags and text between them. Text is HTML's: blanks collapse, references are decoded. */
void elements_html(struct elements *elements, struct str html);

/* A block of markdown's begins or ends: what was opened in it cannot reach out of it. */
void elements_enter(struct elements *elements);
void elements_leave(struct elements *elements);

/* A sentence of markdown's begins or ends, and with it the marks opened in it. */
void elements_begin_paragraph(struct elements *elements);
void elements_end_paragraph(struct elements *elements);

/* ---- for the files that know single elements ---- */

void tag_read(struct elements *elements, const struct token *token, struct tag *tag);

/* An attribute's value, or an empty text. */
struct str tag_value(const struct tag *tag, const char *name);

/* NULL when too many are open: then nothing has to be done at its end. */
struct open_element *elements_push(struct elements *elements, enum sense sense, struct str name);

/* The innermost open one of a sense, not looking behind a fence or an open one of `until`. */
struct open_element *elements_find(struct elements *elements, enum sense sense, enum sense until);

/* Close it, and all that is open inside. */
void elements_close_to(struct elements *elements, const struct open_element *open);

void elements_link(struct elements *elements, struct str url, struct str words, bool image);

/* Any blanks, line ends too, made one. */
struct str blanks_collapse(struct arena *arena, struct str text);

/* ---- what opening one does ---- */

void marked_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void emphasis_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void abbreviation_open(struct elements *elements, const struct meaning *meaning,
                       const struct tag *tag);
void script_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void anchor_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void input_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag);

void container_open(struct elements *elements, const struct meaning *meaning,
                    const struct tag *tag);
void item_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void heading_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void rule_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag);

void image_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void media_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void caption_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);

void table_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag);
void table_open_section(struct elements *elements, const struct meaning *meaning,
                        const struct tag *tag);
void table_open_row(struct elements *elements, const struct meaning *meaning,
                    const struct tag *tag);
void table_open_cell(struct elements *elements, const struct meaning *meaning,
                     const struct tag *tag);

void component_open(struct elements *elements, const struct meaning *meaning,
                    const struct tag *tag);

/* ---- and its end, before the containers it opened are closed ---- */

void marked_close(struct elements *elements, struct open_element *open);
void code_close(struct elements *elements, struct open_element *open);
void script_close(struct elements *elements, struct open_element *open);
void caption_close(struct elements *elements, struct open_element *open);
void table_close(struct elements *elements, struct open_element *open);
void table_close_cell(struct elements *elements, struct open_element *open);

#endif
