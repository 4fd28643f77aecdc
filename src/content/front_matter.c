/* Front matter: only at the very start of a file, and only up to the line that closes it. Metadata
 * is never guessed anywhere else. */
#include "front_matter.h"

static struct str without_trailing_blanks(struct str line)
{
    while (line.len > 0 && byte_is_blank(line.ptr[line.len - 1])) {
        line.len--;
    }
    return line;
}

/* The first lines that open front matter, and the lines that close it. */
static const struct fence {
    struct str opens;
    enum front_matter kind;
    struct str closes;
    struct str also; /* closes it as well */
} fences[] = {
    { STR_INIT("---"), FRONT_MATTER_YAML, STR_INIT("---"), STR_INIT("...") },
    { STR_INIT("---yaml"), FRONT_MATTER_YAML, STR_INIT("---"), STR_INIT("...") },
    { STR_INIT("+++"), FRONT_MATTER_TOML, STR_INIT("+++"), STR_INIT("+++") },
    { STR_INIT("---toml"), FRONT_MATTER_TOML, STR_INIT("---"), STR_INIT("---") },
    { STR_INIT("---json"), FRONT_MATTER_JSON, STR_INIT("---"), STR_INIT("---") },
    { STR_INIT("---js"), FRONT_MATTER_SCRIPT, STR_INIT("---"), STR_INIT("---") },
    { STR_INIT("---javascript"), FRONT_MATTER_SCRIPT, STR_INIT("---"), STR_INIT("---") },
};

static const struct fence *find_fence(struct str line)
{
    line = without_trailing_blanks(line);
    for (size_t i = 0; i < sizeof fences / sizeof fences[0]; i++) {
        if (str_equal(line, fences[i].opens)) {
            return &fences[i];
        }
    }
    return NULL;
}

/* How long the JSON object at the start of a text is; 0 when there is none, or it never ends. */
static size_t object_length(struct str text)
{
    int depth = 0;
    bool quoted = false;
    struct str inside = str_trim(str_skip(text, 1));

    if (!str_starts_with(text, STR("{")) ||
        !(str_starts_with(inside, STR("\"")) || str_starts_with(inside, STR("}")))) {
        return 0;
    }
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '}') {
            depth += c == '{' ? 1 : -1;
            if (depth == 0) {
                return i + 1;
            }
        }
    }
    return 0;
}

static enum front_matter split_object(struct str text, struct str *head, struct str *body,
                                      int *body_line)
{
    size_t len = object_length(text);

    if (len == 0) {
        return FRONT_MATTER_NONE;
    }
    *head = str_first(text, len);
    *body = str_skip(text, len);
    for (size_t i = 0; i < len; i++) {
        *body_line += text.ptr[i] == '\n';
    }
    return FRONT_MATTER_JSON;
}

enum front_matter front_matter_split(struct str text, struct str *head, int *head_line,
                                     struct str *body, int *body_line)
{
    struct str rest = text;
    struct str line;
    const struct fence *fence;
    const char *start;

    *head = STR("");
    *head_line = 1;
    *body = text;
    *body_line = 1;
    fence = str_next_line(&rest, &line) ? find_fence(line) : NULL;
    if (fence == NULL) {
        return split_object(text, head, body, body_line);
    }
    *head_line = 2;
    start = rest.ptr;
    for (int number = 2; str_next_line(&rest, &line); number++) {
        line = without_trailing_blanks(line);
        if (str_equal(line, fence->closes) || str_equal(line, fence->also)) {
            *head = (struct str){ start, (size_t)(line.ptr - start) };
            *body = rest;
            *body_line = number + 1;
            return fence->kind;
        }
    }
    return FRONT_MATTER_OPEN;
}
