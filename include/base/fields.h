/* Fills a struct from a YAML map by a table: names, types, ranges, what is required. */
#ifndef BASE_FIELDS_H
#define BASE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/str.h"
#include "base/yaml.h"

/* A list of texts, as FIELD_WORDS fills it. */
struct words {
    struct str *items;
    size_t count;
};

/* All of it in another arena. */
struct words words_copy(struct arena *arena, const struct words *words);

enum field_type {
    FIELD_TEXT,   /* struct str: any scalar but null; one line, blanks collapsed */
    FIELD_LINES,  /* struct str: any scalar, as it is */
    FIELD_BOOL,   /* bool: true, false, yes, no, on, off */
    FIELD_NUMBER, /* unsigned long, from min to max */
    FIELD_DATE,   /* struct date; an empty text counts as missing */
    FIELD_WORDS,  /* struct words: a list of scalars, or one scalar */
    FIELD_CHOICE, /* int: the index of one of the choices */
    FIELD_NODE,   /* const struct yaml *: whatever it is, for the caller to read */
    FIELD_KNOWN,  /* known and of no interest here: not reported */
};

struct field {
    const char *name;
    enum field_type type;
    size_t offset;              /* in the struct to fill */
    const char *const *also;    /* other names, NULL at the end, used in this order */
    const char *const *choices; /* of FIELD_CHOICE, NULL at the end */
    unsigned long min, max;     /* of FIELD_NUMBER; max is also the longest FIELD_TEXT, 0: any */
    bool required;
    const char *help; /* one sentence for the manual */
};

struct fields {
    const struct field *each;
    size_t count;
    bool strict;             /* an unknown key is an error; else only one that looks misspelt
                                is reported, as a warning */
    const char *consequence; /* of an error: "post left out" */
};

/* More names for fields of a table: the key `name` fills the field `field`. */
struct field_alias {
    struct str name;
    struct str field;
};

/*
 * target   the struct, with its defaults already in place; untouched where a key is missing,
 *          null, or wrong.
 *
 * Returns false after reporting when an error was found; what is right is filled all the same.
 * Null values count as missing.
 */
bool fields_fill(const struct fields *fields, const struct field_alias *aliases, size_t alias_count,
                 struct arena *arena, const struct yaml *map, void *target, const char *file,
                 struct diag *diag);

/* A text on one line: trimmed, blanks collapsed. */
struct str fields_one_line(struct arena *arena, struct str text);

/* The key under which a field of the table was filled, or NULL when it was not: for its line. */
const struct yaml *fields_find(const struct fields *fields, const struct field_alias *aliases,
                               size_t alias_count, const struct yaml *map, const char *name);

#endif
