/* Where front matter ends and the text begins. */
#ifndef CONTENT_FRONT_MATTER_H
#define CONTENT_FRONT_MATTER_H

#include <stdbool.h>

#include "base/str.h"

enum front_matter {
    FRONT_MATTER_NONE,   /* the file begins with its text */
    FRONT_MATTER_YAML,   /* between two lines of three dashes */
    FRONT_MATTER_TOML,   /* between two lines of three plus signs, or after "---toml" */
    FRONT_MATTER_JSON,   /* an object at the very start, or after "---json" */
    FRONT_MATTER_SCRIPT, /* JavaScript after "---js" */
    FRONT_MATTER_OPEN,   /* begun and never closed */
};

/*
 * text       a whole file, clean (utf8_clean).
 * head       the front matter without its delimiters; it starts on line *head_line of the file.
 * body       what follows.
 * body_line  the line of the file on which body starts.
 *
 * All are set whatever the result; without front matter the body is the file.
 */
enum front_matter front_matter_split(struct str text, struct str *head, int *head_line,
                                     struct str *body, int *body_line);

#endif
