/* Telling tables from prose, and rows into cells. */
#include "table.h"

#define COLUMNS_MAX 128 /* more is no table for people, and bounds a row of nothing but pipes */

/* The position of the next pipe that no backslash escapes, or the length. */
static size_t find_pipe(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\') {
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

size_t table_cells(struct arena *arena, struct str row, struct str *cells, size_t max)
{
    size_t count = 0;

    row = str_trim(row);
    if (str_starts_with(row, STR("|"))) {
        row = str_skip(row, 1);
    }
    while (row.len > 0) {
        size_t end = find_pipe(row);

        if (count < max) {
            cells[count] = unescape_pipes(arena, str_trim(str_first(row, end)));
        }
        count++;
        row = str_skip(row, end + 1);
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

bool table_starts(struct arena *arena, struct str header, struct str delimiter, size_t *columns,
                  enum alignment **alignments)
{
    struct str cells[COLUMNS_MAX];
    enum alignment parsed[COLUMNS_MAX];
    size_t count;

    if (str_find(delimiter, '-') == delimiter.len ||
        (str_find(header, '|') == header.len && str_find(delimiter, '|') == delimiter.len)) {
        return false;
    }
    count = table_cells(arena, delimiter, cells, COLUMNS_MAX);
    if (count == 0 || count > COLUMNS_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!parse_delimiter(cells[i], &parsed[i])) {
            return false;
        }
    }
    if (table_cells(arena, header, cells, COLUMNS_MAX) != count) {
        return false;
    }
    *columns = count;
    *alignments = ARENA_ARRAY(arena, enum alignment, count);
    memcpy(*alignments, parsed, count * sizeof parsed[0]);
    return true;
}
