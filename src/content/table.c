/* Telling tables from prose, and rows into cells. */
#include "table.h"

#define SPANS_MAX 4096 /* bytes of a row in which code is looked for: that takes its time */

/* The position behind a span of code that starts at `at`, or of its backticks when it never ends.
 */
static size_t skip_span(struct str text, size_t at)
{
    size_t count = 0;
    size_t run = 0;

    while (at < text.len && text.ptr[at] == '`') {
        at++;
        count++;
    }
    for (size_t i = at; i < text.len; i++) {
        run = text.ptr[i] == '`' ? run + 1 : 0;
        if (run == count && (i + 1 == text.len || text.ptr[i + 1] != '`')) {
            return i + 1;
        }
    }
    return at;
}

/* The position of the next pipe that no backslash escapes, or the length. */
static size_t find_pipe(struct str text, bool spans)
{
    for (size_t i = 0; i < text.len; i++) {
        if (spans && text.ptr[i] == '`') {
            i = skip_span(text, i) - 1;
        } else if (text.ptr[i] == '\\') {
            i++;
        } else if (text.ptr[i] == '|') {
            return i;
        }
    }
    return text.len;
}

static struct str unescape_pipes(struct arena *arena, struct str text)
{
    char *out;
    size_t len = 0;

    if (str_find_str(text, STR("\\|")) == text.len) {
        return text;
    }
    out = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' && i + 1 < text.len && text.ptr[i + 1] == '|') {
            i++;
        }
        out[len++] = text.ptr[i];
    }
    return (struct str){ out, len };
}

static size_t split_cells(struct arena *arena, struct str row, struct str *cells, size_t max,
                          bool spans)
{
    size_t count = 0;

    row = str_trim(row);
    if (str_starts_with(row, STR("|"))) {
        row = str_skip(row, 1);
    }
    while (row.len > 0) {
        size_t end = find_pipe(row, spans);

        if (count < max) {
            cells[count] = unescape_pipes(arena, str_trim(str_first(row, end)));
        }
        count++;
        row = str_skip(row, end + 1);
    }
    return count;
}

size_t table_cells(struct arena *arena, struct str row, struct str *cells, size_t max)
{
    return split_cells(arena, row, cells, max, false);
}

size_t table_row_cells(struct arena *arena, struct str row, struct str *cells, size_t max,
                       size_t columns)
{
    size_t count = split_cells(arena, row, cells, max, false);

    if (count > columns && row.len < SPANS_MAX && str_find(row, '`') < row.len &&
        split_cells(arena, row, NULL, 0, true) == columns) {
        count = split_cells(arena, row, cells, max, true);
    }
    return count;
}

static bool parse_delimiter(struct str cell, enum alignment *alignment)
{
    bool left = str_starts_with(cell, STR(":"));
    bool right = cell.len > 1 && str_ends_with(cell, STR(":"));
    struct str dashes = str_first(str_skip(cell, left), cell.len - left - right);

    for (size_t i = 0; i < dashes.len; i++) {
        if (dashes.ptr[i] != '-') {
            return false;
        }
    }
    *alignment = left && right ? ALIGN_CENTER
                 : left        ? ALIGN_LEFT
                 : right       ? ALIGN_RIGHT
                               : ALIGN_NONE;
    return dashes.len > 0;
}

/* "|---": kramdown's rule below all columns. */
static bool is_open_rule(struct str delimiter)
{
    return !str_ends_with(str_trim(delimiter), STR("|"));
}

bool table_starts(struct arena *arena, struct str header, struct str delimiter, size_t *columns,
                  enum alignment **alignments)
{
    struct str cells[TABLE_COLUMNS_MAX];
    enum alignment parsed[TABLE_COLUMNS_MAX];
    size_t count;
    size_t named;

    if (str_find(delimiter, '-') == delimiter.len ||
        (str_find(header, '|') == header.len && str_find(delimiter, '|') == delimiter.len)) {
        return false;
    }
    count = table_cells(arena, delimiter, cells, TABLE_COLUMNS_MAX);
    for (size_t i = 0; i < count && i < TABLE_COLUMNS_MAX; i++) {
        if (!parse_delimiter(cells[i], &parsed[i])) {
            return false;
        }
    }
    if (count == 0 || count > TABLE_COLUMNS_MAX) {
        *columns = count;
        return false;
    }
    named = table_cells(arena, header, cells, TABLE_COLUMNS_MAX);
    if (named != count &&
        (named < 2 || (count < 2 && !is_open_rule(delimiter)) || named > TABLE_COLUMNS_MAX ||
         !str_starts_with(str_trim(header), STR("|")) ||
         !str_starts_with(str_trim(delimiter), STR("|")))) {
        return false;
    }
    *columns = named > count ? named : count;
    *alignments = ARENA_ARRAY(arena, enum alignment, *columns);
    memcpy(*alignments, parsed, count * sizeof parsed[0]);
    return true;
}

/* ---- kramdown's ------------------------------------------------------------------------------ */

static bool has_pipe(struct str line)
{
    return str_find(line, '|') < line.len && line.len < SPANS_MAX &&
           find_pipe(line, true) < line.len;
}

bool table_is_kramdowns(const struct str *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!has_pipe(lines[i])) {
            return false;
        }
    }
    return true;
}

bool table_is_rule(struct str line)
{
    bool dash = false;

    for (size_t i = 0; i < line.len; i++) {
        if (strchr("-=|+: \t", line.ptr[i]) == NULL) {
            return false;
        }
        dash |= line.ptr[i] == '-' || line.ptr[i] == '=';
    }
    return dash;
}

enum alignment *table_rule_alignments(struct arena *arena, struct str rule, size_t columns)
{
    enum alignment *alignments = ARENA_ARRAY(arena, enum alignment, columns);
    struct str rest = str_trim(rule);

    rest = str_skip(rest, str_starts_with(rest, STR("|")));
    for (size_t i = 0; i < columns; i++) {
        size_t pipe = str_find(rest, '|');
        size_t plus = str_find(rest, '+');
        size_t end = pipe < plus ? pipe : plus;

        alignments[i] = ALIGN_NONE;
        (void)parse_delimiter(str_trim(str_first(rest, end)), &alignments[i]);
        rest = str_skip(rest, end + 1);
    }
    return alignments;
}
