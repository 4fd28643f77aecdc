/* What MDX adds to markdown: modules, whose names it brings, and expressions. Tags are for tags.c.
 */
#include "html.h"
#include "preparer.h"

/* ---- modules --------------------------------------------------------------------------------- */

static bool is_module_line(struct str line)
{
    return str_starts_with(line, STR("import ")) || str_starts_with(line, STR("import{")) ||
           str_starts_with(line, STR("export "));
}

/* import x from "y": a sentence does not look like that. */
static bool is_import(struct str line)
{
    line = str_trim(line);
    if (str_ends_with(line, STR(";"))) {
        line.len--;
    }
    return str_starts_with(line, STR("import ")) && line.len > 0 &&
           strchr("\"'", line.ptr[line.len - 1]) != NULL;
}

bool mdx_is(struct str source)
{
    struct str line;

    while (str_next_line(&source, &line)) {
        if (is_import(line)) {
            return true;
        }
        if (str_trim(line).len > 0) {
            return false;
        }
    }
    return false;
}

/* The names that "import a, * as b from 'c'" brings, as far as they stand for the file itself. */
static void note_import(struct preparer *preparer, struct str statement)
{
    struct prepared *prepared = preparer->prepared;
    size_t from = str_find_str(statement, STR(" from "));
    struct str name = str_trim(str_skip(str_first(statement, from), STR("import ").len));
    struct str path = str_trim(str_skip(statement, from + STR(" from ").len));

    str_cut(name, ',', &name, NULL);
    if (str_starts_with(name, STR("* as "))) {
        name = str_trim(str_skip(name, STR("* as ").len));
    }
    if (path.len < 2 || strchr("\"'", *path.ptr) == NULL || str_find(name, '{') < name.len) {
        return;
    }
    path = str_first(str_skip(path, 1), str_find(str_skip(path, 1), *path.ptr));
    *ARENA_PUSH(preparer->arena, prepared->import_paths, prepared->import_count,
                &prepared->import_capacity) = path;
    map_add(&prepared->imports, str_trim(name), prepared->import_count - 1);
}

static int count_open(struct str line)
{
    int open = 0;

    for (size_t i = 0; i < line.len; i++) {
        open += (line.ptr[i] == '{' || line.ptr[i] == '(' || line.ptr[i] == '[') -
                (line.ptr[i] == '}' || line.ptr[i] == ')' || line.ptr[i] == ']');
    }
    return open;
}

bool mdx_take_module(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);
    struct str line = preparer_line(preparer);
    size_t end = preparer->at;
    int open = 0;

    if (!is_module_line(line) ||
        (preparer->line_start > 1 &&
         preparer_written(preparer).ptr[preparer->line_start - 2] != '\n')) { /* in a paragraph */
        return false;
    }
    if (str_starts_with(line, STR("export "))) { /* what is imported is only names */
        losses_add(preparer->losses, LOSS_MODULE, preparer->line, line);
    }
    while (str_next_line(&rest, &line) && (open > 0 || str_trim(line).len > 0)) {
        open += count_open(line);
        if (is_import(line)) {
            note_import(preparer, str_trim(line));
        }
        end += line.len + 1;
    }
    preparer_drop(preparer, end < preparer->in.len ? end : preparer->in.len);
    preparer->after_blank = true;
    return true;
}

/* ---- expressions ----------------------------------------------------------------------------- */

bool mdx_take_braces(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);
    size_t len = html_braces_length(rest, &preparer->patience);
    struct str inside;

    if (len == 0) {
        return false;
    }
    inside = str_trim(str_first(str_skip(rest, 1), len - 2));
    if (inside.len >= 2 && strchr("\"'`", *inside.ptr) != NULL &&
        inside.ptr[inside.len - 1] == *inside.ptr && str_find(inside, '$') == inside.len) {
        struct str text = str_first(str_skip(inside, 1), inside.len - 2);

        preparer_mark(preparer, preparer->at + len, MARK_TEXT,
                      str_find(text, '\n') < text.len ? STR(" ") : text);
        return true;
    }
    if (!str_starts_with(inside, STR("/*")) && inside.len > 0) {
        losses_add(preparer->losses, LOSS_EXPRESSION, preparer->line, str_first(rest, len));
    }
    preparer_mark(preparer, preparer->at + len, MARK_NOTHING, STR(""));
    return true;
}
