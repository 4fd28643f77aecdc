/* Footnotes, which cmark does not know: worse, "[^1]: Other" is the definition of a link to "Other"
 * for it. Their texts are taken out, and put behind the rest of the source to be parsed with it. */
#include "preparer.h"

#define NAME_MAX_BYTES 100

/* The length of "[^name]" at the front of the text, or 0. */
static size_t mark_length(struct str text)
{
    size_t end = str_find(str_first(text, NAME_MAX_BYTES + 3), ']');

    if (end < 3 || end >= text.len || end == NAME_MAX_BYTES + 3) {
        return 0;
    }
    for (size_t i = 2; i < end; i++) {
        if (text.ptr[i] == '\n' || text.ptr[i] == '\t' || text.ptr[i] == '[' ||
            text.ptr[i] == '^' || (text.ptr[i] == ' ' && (i == 2 || i + 1 == end))) {
            return 0;
        }
    }
    return end + 1;
}

static size_t note_of(struct preparer *preparer, struct str mark)
{
    struct prepared *prepared = preparer->prepared;
    size_t index;

    if (prepared->note_count == 0) {
        map_init(&prepared->note_names, preparer->arena);
    }
    if (!map_find(&prepared->note_names, mark, &index)) {
        index = prepared->note_count;
        *ARENA_PUSH(preparer->arena, prepared->notes, prepared->note_count,
                    &prepared->note_capacity) =
            (struct note){ .name = mark, .line = preparer->line };
        map_add(&prepared->note_names, mark, index);
    }
    return index;
}

bool notes_take_mark(struct preparer *preparer)
{
    size_t len = mark_length(preparer_rest(preparer));
    struct str mark = str_first(preparer_rest(preparer), len);

    if (len == 0) {
        return false;
    }
    preparer_mark(preparer, preparer->at + len, MARK_NOTE, STR(""))->note = note_of(preparer, mark);
    return true;
}

static size_t indentation(struct str line)
{
    size_t indent = 0;

    while (indent < line.len && (line.ptr[indent] == ' ' || line.ptr[indent] == '\t')) {
        indent++;
    }
    return indent;
}

/* Lines that begin something else even when they stand right below a note. */
static bool begins_block(struct str line)
{
    return line.len == 0 || *line.ptr == '#' || str_starts_with(line, STR("[^")) ||
           str_starts_with(line, STR("```")) || str_starts_with(line, STR("- ")) ||
           str_starts_with(line, STR("* ")) || str_starts_with(line, STR("> ")) ||
           str_starts_with(line, STR("---"));
}

/* The text of a note without the indentation that made it one; *end is where it ends. */
static struct str gather(struct preparer *preparer, size_t from, size_t *end)
{
    struct str rest = str_skip(preparer->in, from);
    struct strbuf text;
    struct str line = STR(""); /* the file may end with the colon */
    bool blank = false;

    strbuf_init(&text, preparer->arena, preparer->in.len * 2);
    str_next_line(&rest, &line);
    strbuf_add(&text, str_trim(line));
    *end = from + line.len;
    for (size_t at = *end + 1; str_next_line(&rest, &line); at += line.len + 1) {
        size_t indent = indentation(line);

        if (indent == line.len) {
            blank = true;
            strbuf_add_byte(&text, '\n');
            continue;
        }
        if ((blank && indent < 2) || (indent < 2 && begins_block(line))) {
            break;
        }
        blank = false;
        strbuf_add_byte(&text, '\n');
        strbuf_add(&text, str_skip(line, *line.ptr == '\t' ? 1 : indent < 4 ? indent : 4));
        *end = at + line.len;
    }
    return strbuf_str(&text);
}

bool notes_take(struct preparer *preparer)
{
    size_t len = mark_length(preparer_rest(preparer));
    struct str mark = str_first(preparer_rest(preparer), len);
    size_t colon = preparer->at + len;
    size_t note;
    size_t end;
    struct str text;

    if (len == 0 || colon >= preparer->in.len || preparer->in.ptr[colon] != ':') {
        return false;
    }
    note = note_of(preparer, mark);
    if (preparer->prepared->notes[note].defined) {
        return false; /* the first one counts; this one stays a text */
    }
    preparer->prepared->notes[note].defined = true;
    preparer->prepared->notes[note].line = preparer->line;
    text = gather(preparer, colon + 1, &end);
    *ARENA_PUSH(preparer->arena, preparer->definitions, preparer->definition_count,
                &preparer->definition_capacity) = (struct definition){ note, text, preparer->line };
    preparer_drop(preparer, end);
    return false;
}
