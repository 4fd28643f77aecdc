/* Front matter: only when the very first line is "---", and only up to "---" or "...". Metadata is
 * never guessed anywhere else. */
#include "front_matter.h"

static struct str without_trailing_blanks(struct str line)
{
    while (line.len > 0 && byte_is_blank(line.ptr[line.len - 1])) {
        line.len--;
    }
    return line;
}

enum front_matter front_matter_split(struct str text, struct str *head, struct str *body,
                                     int *body_line)
{
    struct str rest = text;
    struct str line;
    const char *start;

    *head = STR("");
    *body = text;
    *body_line = 1;
    if (!str_next_line(&rest, &line) || !str_equal(without_trailing_blanks(line), STR("---"))) {
        return FRONT_MATTER_NONE;
    }
    start = rest.ptr;
    for (int number = 2; str_next_line(&rest, &line); number++) {
        line = without_trailing_blanks(line);
        if (str_equal(line, STR("---")) || str_equal(line, STR("..."))) {
            *head = (struct str){ start, (size_t)(line.ptr - start) };
            *body = rest;
            *body_line = number + 1;
            return FRONT_MATTER_YAML;
        }
    }
    return FRONT_MATTER_OPEN;
}
