/* YAML as authors write it, to a small tree with line numbers. Strict where silence would hurt:
 * bounded depth and size, aliases counted for all they stand for, duplicate keys reported. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    int line;           /* in the file, not in the text */
    bool plain;         /* a scalar without quotes: may mean null, a number, a truth value */
    struct str text;    /* of a scalar; NUL-terminated */
    struct str key;     /* when this is a value in a map */
    int key_line;       /* likewise */
    struct yaml *next;  /* the next of the same list or map */
    struct yaml *first; /* of a list or a map */
};

/*
 * Read one document.
 *
 * place        the file, and the line in it at which text starts.
 * consequence  what happens when it cannot be read, for the message: "post left out".
 *
 * Returns NULL after reporting an error. Empty text is an empty map. Duplicate keys are reported
 * as warnings and the last one counts. Everything lives in the arena.
 */
struct yaml *yaml_read(struct arena *arena, struct str text, struct place place,
                       const char *consequence, struct diag *diag);

/* The value under a key of a map, or NULL. */
const struct yaml *yaml_find(const struct yaml *map, struct str key);

/* Whether a scalar means nothing: empty, ~ or null, unquoted. */
bool yaml_is_null(const struct yaml *value);

#endif
