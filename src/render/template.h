/* Lines with {placeholders}. */
#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H

#include <stdbool.h>

#include "outline.h"

/* What a placeholder stands for; one line, or empty. */
struct placeholder {
    struct str name;
    struct str value;
};

/*
 * Append the lines of a template with its placeholders filled. A line that has placeholders and
 * all of them empty is left out; one that begins with a placeholder is text, whatever its value
 * looks like; any other is gemtext of the author's own. Unknown placeholders stay as they are.
 */
void template_fill(struct outline *outline, struct str template,
                   const struct placeholder *placeholders, size_t count);

#endif
