/* What the files that prepare a source share: the place in it, and the text that is being made. */
#ifndef CONTENT_PREPARER_H
#define CONTENT_PREPARER_H

#include "base/strbuf.h"
#include "prepare.h"

#define COLONS_MAX        16  /* ::: containers open at once */
#define BRACKETS_MAX      100 /* [ and ![ open at once: cmark's time grows with the square of them */
#define ABBREVIATIONS_MAX 64
#define COMPONENTS_MAX    16 /* components whose content is indented, likewise */

struct preparer {
    struct arena *arena;
    struct prepared *prepared;
    struct losses *losses;
    const char *file;
    size_t patience; /* bytes that may yet be looked at for an end that is not there */

    struct str in;
    size_t at;            /* everything before it is in `out` or gone... */
    size_t copied;        /* ...but for what stands from here on, to be copied as it is */
    size_t kept;          /* in what is to be copied: where the line that is written began */
    size_t line_end;      /* of the line, and of the paragraph, that were asked for last; */
    size_t paragraph_end; /* they are looked for but once */
    int line;             /* in the file, of `at` */
    const struct insert *inserts; /* that are not behind yet: their line ends are not the file's */
    size_t insert_count;
    int quotes;      /* quote marks before the text of the line at hand */
    size_t indent;   /* of that line: columns before its text, quote marks not counted */
    size_t outdent;  /* columns by which it was moved to the left */
    size_t list;     /* the indentation of the text of the list item that it is in; 0: none */
    size_t brackets; /* [ and ![ open in the paragraph */
    size_t tag_end;  /* inside a tag up to here only {{ and {% are looked for */

    bool mdx;
    bool templated;     /* a template's variables are used in its text: {{ name }} is one */
    bool raw;           /* between {% raw %} and {% endraw %} */
    bool after_blank;   /* the line at hand comes after an empty one */
    bool in_code;       /* it is indented so far that it is code */
    bool hard_break;    /* it is to end in one */
    bool marks_in_line; /* marks of blocks */
    bool text_in_line;

    struct strbuf out;
    size_t line_start; /* in out, once all is copied */

    struct str captioned; /* the name of an open tag whose caption is to stand behind its end */
    struct str caption;
    struct map closers; /* names of generators' tags that are closed somewhere, to how far down */
    struct str colons[COLONS_MAX];
    size_t colon_count;
    size_t ticks_until[64]; /* no closing run of that many backticks before there */
    struct component {
        size_t indent; /* of its tag */
        size_t base;   /* of its content; (size_t)-1 until it is seen */
    } components[COMPONENTS_MAX];
    size_t component_count;

    struct abbreviation {
        struct str name;
        struct str words;
        bool used;
    } abbreviations[ABBREVIATIONS_MAX];
    size_t abbreviation_count;

    struct definition {
        size_t note;
        struct str text;
        int line;
    } * definitions;
    size_t definition_count;
    size_t definition_capacity;
};

/* Go on with another source, whose first line is that of the file. What waits is copied first. */
void preparer_read(struct preparer *preparer, struct str in, int line);

/* The rest of the source, and of its line, from `at` on. */
struct str preparer_rest(const struct preparer *preparer);
struct str preparer_line(struct preparer *preparer);

/* Replace the source up to `end` by a mark. */
struct mark *preparer_mark(struct preparer *preparer, size_t end, enum mark_kind kind,
                           struct str text);

/* Copy the source up to `end` as it is. */
void preparer_keep(struct preparer *preparer, size_t end);

/* Leave the source up to `end` out. */
void preparer_drop(struct preparer *preparer, size_t end);

/* What has been written so far: it is only written when it is asked for. */
struct str preparer_written(struct preparer *preparer);

/* Write text of our own; end a line of it, the next one standing for preparer->line. */
void preparer_write(struct preparer *preparer, struct str text);
void preparer_end_line(struct preparer *preparer);

/* Go to the next line, and end the one that is written as it ended in the source. */
void preparer_next_line(struct preparer *preparer);

/* Write a block of code that stands in the source, between fences. */
void preparer_write_code(struct preparer *preparer, struct str info, struct str code);

/*
 * What stands before the text of a line: blanks and quote marks.
 *
 * list     the indentation of the text of the item it may be in; quotes count below it + 4.
 * indent   columns of blanks behind the last quote mark.
 * Returns its length in bytes.
 */
size_t preparer_prefix(struct str line, int max_quotes, size_t list, size_t *indent, int *quotes);

/* Leave out the blanks and tabs that fill so many columns at a line's front, as far as there are.
 */
void preparer_drop_columns(struct preparer *preparer, struct str line, size_t columns);

/* The content of a component is indented for its author's eyes alone. */
void preparer_drop_indentation(struct preparer *preparer, struct str line);

/* Write an empty line before the one at hand, if there is none: HTML goes on until the next. */
void preparer_part(struct preparer *preparer);

/* Replace what stands before the text of a line by what makes it belong to its list item. */
void preparer_set_indentation(struct preparer *preparer, size_t prefix);

/* The end of the paragraph that `at` is in: the next blank line. */
size_t preparer_paragraph_end(struct preparer *preparer);

/* Pay for so many bytes that were looked at in vain. */
void preparer_pay(struct preparer *preparer, size_t bytes);

/* Look for `part` from `from` on, before `end`; where it stands, or `end` after paying for it. */
size_t preparer_find(struct preparer *preparer, size_t from, size_t end, struct str part);

/* ---- each returns whether it has taken something from the front of the rest ---- */

bool fences_take(struct preparer *preparer, struct str line); /* at "`" or "~" */
bool foreign_take(struct preparer *preparer);                 /* at "{" */
bool foreign_take_colons(struct preparer *preparer);          /* a line that starts with "::" */
bool tags_take(struct preparer *preparer);                    /* at "<" */
bool mdx_take_module(struct preparer *preparer);      /* a line that starts with import, export */
bool mdx_take_braces(struct preparer *preparer);      /* at "{" */
bool notes_take(struct preparer *preparer);           /* a line that starts with "[^" */
bool notes_take_mark(struct preparer *preparer);      /* at "[^" */
bool formula_take(struct preparer *preparer);         /* at "$" */
bool kramdown_take_target(struct preparer *preparer); /* at "](" */

/* Take backticks, and the code up to those that close it where there are some. */
void fences_take_ticks(struct preparer *preparer);

/* Take the rest of the line, and of the lines that a span or a tag reaches into. */
void spans_take_line(struct preparer *preparer);

/* The names of the tags that are closed somewhere in the source, and whether it is a template. */
void foreign_find_closers(struct preparer *preparer);

/* The abbreviations that the source explains, wherever it does. */
void abbreviations_find(struct preparer *preparer);

/* Take a line that explains one: a line that starts with "*[". */
bool abbreviations_take(struct preparer *preparer);

/* Put its words behind the first abbreviation before `end`, if it is used there first. */
bool abbreviations_explain(struct preparer *preparer, size_t end);

/* Whether the source says at its start that it is MDX. */
bool mdx_is(struct str source);

/* Text for an attribute's value, between double quotes. */
void add_escaped(struct strbuf *out, struct str value);

/* The character of a name like "smile", or an empty text. */
struct str emoji_find(struct str name);

#endif
