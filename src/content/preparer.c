/* Where the preparer stands in the source, and what it has written of it. */
#include "preparer.h"

/* ---- output ---------------------------------------------------------------------------------- */

struct str preparer_rest(const struct preparer *preparer)
{
    return str_skip(preparer->in, preparer->at);
}

struct str preparer_line(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);

    if (preparer->at > preparer->line_end || preparer->line_end > preparer->in.len) {
        preparer->line_end = preparer->at + str_find(rest, '\n');
    }
    return str_first(rest, preparer->line_end - preparer->at);
}

static struct str source_between(const struct preparer *preparer, size_t from, size_t to)
{
    return str_first(str_skip(preparer->in, from), to - from);
}

/* Copy what waits for it: whole lines at a time where nothing was to be changed. */
static void flush(struct preparer *preparer)
{
    size_t from = preparer->copied > preparer->kept ? preparer->copied : preparer->kept;

    if (preparer->at > preparer->copied) {
        preparer->text_in_line = preparer->text_in_line ||
                                 str_trim(source_between(preparer, from, preparer->at)).len > 0;
        strbuf_add(&preparer->out, source_between(preparer, preparer->copied, preparer->at));
    }
    preparer->copied = preparer->at;
}

struct str preparer_written(struct preparer *preparer)
{
    flush(preparer);
    return strbuf_str(&preparer->out);
}

static void begin_out_line(struct preparer *preparer)
{
    struct prepared *prepared = preparer->prepared;

    preparer->line_start = preparer->out.len + (preparer->at - preparer->copied);
    preparer->kept = preparer->at;
    preparer->marks_in_line = false;
    preparer->text_in_line = false;
    *ARENA_PUSH(preparer->arena, prepared->lines, prepared->line_count, &prepared->line_capacity) =
        (struct prepared_line){ preparer->line_start, preparer->line };
}

void preparer_read(struct preparer *preparer, struct str in, int line)
{
    flush(preparer);
    preparer->in = in;
    preparer->at = 0;
    preparer->copied = 0;
    preparer->kept = 0;
    preparer->line_end = in.len + 1; /* not known */
    preparer->paragraph_end = 0;
    preparer->line = line;
    preparer->indent = 0;
    preparer->quotes = 0;
    preparer->list = 0;
    preparer->after_blank = true;
    preparer->in_code = false;
    preparer->tag_end = 0;
    preparer->component_count = 0;
    memset(preparer->ticks_until, 0, sizeof preparer->ticks_until);
    if (preparer->prepared->line_count == 0) {
        begin_out_line(preparer);
    }
    preparer->prepared->lines[preparer->prepared->line_count - 1].line = line;
}

/* Past the line end at `at`, which need not be one of the file. */
static void pass_line_end(struct preparer *preparer)
{
    while (preparer->insert_count > 0 && preparer->inserts->end <= preparer->at) {
        preparer->line += preparer->inserts->lines;
        preparer->inserts++;
        preparer->insert_count--;
    }
    preparer->line +=
        preparer->insert_count == 0 || preparer->at < preparer->inserts->start ? 1 : 0;
    preparer->at++;
}

/* The line ends in the source as it does here. */
static void keep_line_end(struct preparer *preparer)
{
    pass_line_end(preparer);
    begin_out_line(preparer);
}

/* An empty line that does not end the quote it stands in. */
static void write_empty_line(struct preparer *preparer)
{
    strbuf_repeat(&preparer->out, '>', (size_t)preparer->quotes);
    strbuf_add_byte(&preparer->out, '\n');
    begin_out_line(preparer);
}

void preparer_part(struct preparer *preparer)
{
    size_t at = preparer->at;
    size_t start = at;

    while (start > 0 && preparer->in.ptr[start - 1] != '\n') {
        start--;
    }
    if (start < 2 || preparer->in.ptr[start - 2] == '\n' || preparer->copied > start) {
        return;
    }
    preparer->at = start;
    flush(preparer);
    write_empty_line(preparer);
    preparer->at = at;
}

static void mark_apart(struct prepared *prepared, struct str line)
{
    while (line.len > 0) {
        size_t at;
        size_t len;
        struct mark *mark = prepared_find(prepared, line, &at, &len);

        if (mark != NULL) {
            mark->apart = true;
        }
        line = str_skip(line, at + len);
    }
}

/* A line of nothing but tags is a block of its own, whatever stands above and below it. */
static void set_apart(struct preparer *preparer)
{
    struct str line =
        arena_copy(preparer->arena, str_skip(strbuf_str(&preparer->out), preparer->line_start));
    int line_number = preparer->line;

    line = str_skip(line, str_find(line, MARK_START));
    mark_apart(preparer->prepared, line);
    strbuf_truncate(&preparer->out, preparer->line_start);
    preparer->line = preparer->prepared->lines[preparer->prepared->line_count - 1].line;
    write_empty_line(preparer);
    for (int i = 0; i < preparer->quotes; i++) {
        strbuf_add(&preparer->out, STR("> "));
    }
    strbuf_repeat(&preparer->out, ' ',
                  preparer->indent < preparer->list ? preparer->indent : preparer->list);
    strbuf_add(&preparer->out, line);
    strbuf_add_byte(&preparer->out, '\n');
    preparer->line = line_number;
    begin_out_line(preparer);
    write_empty_line(preparer);
}

/* Comments so far to the right that they are code; tags of generators and components are not. */
static bool is_indented_code(const struct preparer *preparer)
{
    const struct prepared *prepared = preparer->prepared;

    return !preparer->mdx && preparer->indent >= preparer->list + 4 &&
           prepared->marks[prepared->mark_count - 1].kind != MARK_TAGS;
}

void preparer_end_line(struct preparer *preparer)
{
    if (preparer->marks_in_line && !preparer->text_in_line && !is_indented_code(preparer)) {
        set_apart(preparer);
        return;
    }
    strbuf_add_byte(&preparer->out, '\n');
    begin_out_line(preparer);
}

void preparer_write(struct preparer *preparer, struct str text)
{
    flush(preparer);
    preparer->text_in_line = true;
    strbuf_add(&preparer->out, text);
}

/* Past the source's line ends up to `end`. */
static void advance(struct preparer *preparer, size_t end)
{
    while (preparer->at < end) {
        size_t line_end = preparer->at + preparer_line(preparer).len;

        if (line_end >= end) {
            break;
        }
        preparer->at = line_end;
        pass_line_end(preparer);
    }
    preparer->at = end;
}

void preparer_drop(struct preparer *preparer, size_t end)
{
    flush(preparer);
    advance(preparer, end);
    preparer->copied = end;
}

void preparer_keep(struct preparer *preparer, size_t end)
{
    while (preparer->at < end) {
        size_t line_end = preparer->at + preparer_line(preparer).len;

        if (line_end >= end) {
            preparer->at = end;
            return;
        }
        preparer->at = line_end;
        keep_line_end(preparer);
        preparer->text_in_line = true;
    }
}

static void write_mark(struct strbuf *out, size_t number)
{
    char bytes[24];
    char *at = bytes + sizeof bytes;

    *--at = MARK_END;
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    *--at = MARK_START;
    strbuf_add(out, (struct str){ at, (size_t)(bytes + sizeof bytes - at) });
}

struct mark *preparer_mark(struct preparer *preparer, size_t end, enum mark_kind kind,
                           struct str text)
{
    struct prepared *prepared = preparer->prepared;
    struct mark *mark;

    flush(preparer);
    write_mark(&preparer->out, prepared->mark_count);
    mark = ARENA_PUSH(preparer->arena, prepared->marks, prepared->mark_count,
                      &prepared->mark_capacity);
    *mark = (struct mark){
        .kind = kind,
        .source = str_first(str_skip(preparer->in, preparer->at), end - preparer->at),
        .text = text,
        .line = preparer->line,
    };
    preparer->marks_in_line |= kind != MARK_TEXT && kind != MARK_NOTE;
    preparer->text_in_line |= kind == MARK_TEXT || kind == MARK_NOTE;
    advance(preparer, end);
    preparer->copied = end;
    return mark;
}

static size_t longest_ticks(struct str code)
{
    size_t longest = 2;
    size_t run = 0;

    for (size_t i = 0; i < code.len; i++) {
        run = code.ptr[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void preparer_write_code(struct preparer *preparer, struct str info, struct str code)
{
    size_t ticks = longest_ticks(code) + 1;
    size_t indent = preparer->indent < preparer->list ? preparer->indent : preparer->list;
    struct str line;
    int after = preparer->line;

    flush(preparer);
    if (preparer->text_in_line || preparer->marks_in_line) {
        preparer_end_line(preparer);
    }
    strbuf_truncate(&preparer->out, preparer->line_start);
    strbuf_repeat(&preparer->out, ' ', indent);
    strbuf_repeat(&preparer->out, '`', ticks);
    strbuf_add(&preparer->out, info);
    preparer_write(preparer, STR("\n"));
    begin_out_line(preparer);
    for (preparer->line = after; str_next_line(&code, &line);) {
        strbuf_repeat(&preparer->out, ' ', indent);
        preparer_write(preparer, line);
        preparer_write(preparer, STR("\n"));
        preparer->line++;
        begin_out_line(preparer);
    }
    strbuf_repeat(&preparer->out, ' ', indent);
    strbuf_repeat(&preparer->out, '`', ticks);
    preparer->line = after;
    preparer_write(preparer, STR("\n"));
    begin_out_line(preparer);
}

void preparer_pay(struct preparer *preparer, size_t bytes)
{
    preparer->patience -= bytes < preparer->patience ? bytes : preparer->patience;
}

void preparer_next_line(struct preparer *preparer)
{
    if (preparer->at < preparer->in.len && !preparer->marks_in_line && !preparer->hard_break) {
        keep_line_end(preparer);
        return;
    }
    flush(preparer);
    if (preparer->hard_break) {
        preparer_write(preparer, STR("  "));
        preparer->hard_break = false;
    }
    if (preparer->at < preparer->in.len) {
        pass_line_end(preparer);
        preparer->copied = preparer->at;
    }
    preparer_end_line(preparer);
}

/* ---- looking ahead --------------------------------------------------------------------------- */

size_t preparer_find(struct preparer *preparer, size_t from, size_t end, struct str part)
{
    struct str range = str_skip(str_first(preparer->in, end), from);
    size_t at;

    if (preparer->patience < range.len) {
        range.len = preparer->patience;
    }
    at = str_find_str(range, part);
    if (at == range.len) {
        preparer->patience -= range.len;
        return end;
    }
    return from + at;
}

/* Where a code span cannot reach over: an empty line, an item, a heading, a fence. */
static bool ends_span(struct str line)
{
    struct str text = str_trim(line);

    return text.len == 0 || *text.ptr == '#' || str_starts_with(text, STR("- ")) ||
           str_starts_with(text, STR("* ")) || str_starts_with(text, STR("+ ")) ||
           str_starts_with(text, STR("```")) || str_starts_with(text, STR("~~~"));
}

size_t preparer_paragraph_end(struct preparer *preparer)
{
    size_t at = preparer->at + preparer_line(preparer).len;

    if (at <= preparer->paragraph_end) {
        return preparer->paragraph_end;
    }
    while (at < preparer->in.len) {
        struct str rest = str_skip(preparer->in, at + 1);
        struct str line = str_first(rest, str_find(rest, '\n'));

        if (ends_span(line)) {
            break;
        }
        at += 1 + line.len;
    }
    preparer->paragraph_end = at;
    return at;
}

/* ---- the start of a line --------------------------------------------------------------------- */

size_t preparer_prefix(struct str line, int max_quotes, size_t list, size_t *indent, int *quotes)
{
    size_t at = 0;

    *indent = 0;
    *quotes = 0;
    for (; at < line.len; at++) {
        if (line.ptr[at] == ' ') {
            ++*indent;
        } else if (line.ptr[at] == '\t') {
            *indent += 4 - *indent % 4;
        } else if (line.ptr[at] == '>' && *indent < list + 4 && *quotes < max_quotes) {
            ++*quotes;
            *indent = 0;
            list = 0;
            if (at + 1 < line.len && line.ptr[at + 1] == ' ') {
                at++;
            }
        } else {
            break;
        }
    }
    return at;
}

void preparer_drop_columns(struct preparer *preparer, struct str line, size_t columns)
{
    size_t column = 0;
    size_t at = 0;

    for (; at < line.len && column < columns && byte_is_blank(line.ptr[at]); at++) {
        column += line.ptr[at] == '\t' ? 4 - column % 4 : 1;
    }
    preparer_drop(preparer, preparer->at + at);
}

void preparer_drop_indentation(struct preparer *preparer, struct str line)
{
    struct component *component = &preparer->components[preparer->component_count - 1];
    size_t indent;
    int quotes;
    size_t drop;

    preparer_prefix(line, 0, 0, &indent, &quotes);
    if (component->base == (size_t)-1) {
        component->base = indent > component->indent ? indent : component->indent;
    }
    drop = indent < component->base ? indent : component->base;
    preparer_drop_columns(preparer, line, drop);
    preparer->indent = preparer->indent > drop ? preparer->indent - drop : 0;
}

void preparer_set_indentation(struct preparer *preparer, size_t prefix)
{
    preparer_drop(preparer, preparer->at + prefix);
    strbuf_repeat(&preparer->out, ' ', preparer->list);
    preparer->outdent = preparer->indent - preparer->list;
    preparer->indent = preparer->list;
}
