/* The source read once, line by line: what is plain markdown is copied, the rest is handed to those
 * who know it. Code is never looked into. */
#include "prepare.h"

#include "base/utf8.h"
#include "preparer.h"

/* ---- marks ----------------------------------------------------------------------------------- */

struct str prepared_line(const struct prepared *prepared, size_t index)
{
    size_t start = prepared->lines[index].start;
    size_t end = index + 1 < prepared->line_count ? prepared->lines[index + 1].start - 1
                                                  : prepared->text.len;

    return str_first(str_skip(prepared->text, start), end - start);
}

struct mark *prepared_find(const struct prepared *prepared, struct str text, size_t *at,
                           size_t *len)
{
    size_t start = 0;

    for (;;) {
        size_t end;
        unsigned long number;

        start += str_find(str_skip(text, start), MARK_START);
        if (start >= text.len) {
            *at = text.len;
            *len = 0;
            return NULL;
        }
        end = start + str_find(str_skip(text, start), MARK_END);
        if (end < text.len && prepared->mark_count > 0 &&
            str_parse_number(str_first(str_skip(text, start + 1), end - start - 1),
                             prepared->mark_count - 1, &number)) {
            *at = start;
            *len = end + 1 - start;
            return &prepared->marks[number];
        }
        start++;
    }
}

#define ADDRESS_MAX                                                                                \
    4096 /* bytes of a mark's source in an address, which can be asked for often                   \
          */

static struct str restore(const struct prepared *prepared, struct arena *arena, struct str text,
                          bool address)
{
    struct strbuf out;
    size_t at;
    size_t len;
    const struct mark *mark = prepared_find(prepared, text, &at, &len);

    if (mark == NULL && str_find(text, JOINER) == text.len) {
        return text;
    }
    strbuf_init(&out, arena, (size_t)1 << 30);
    while (text.len > 0) {
        for (size_t i = 0; i < at; i++) {
            if (text.ptr[i] != JOINER) {
                strbuf_add_byte(&out, text.ptr[i]);
            }
        }
        if (mark != NULL) {
            strbuf_add(&out, address && mark->address.ptr != NULL ? mark->address
                             : address ? str_first(mark->source, ADDRESS_MAX)
                                       : mark->source);
        }
        text = str_skip(text, at + len);
        mark = prepared_find(prepared, text, &at, &len);
    }
    return strbuf_str(&out);
}

struct str prepared_restore(const struct prepared *prepared, struct arena *arena, struct str text)
{
    return restore(prepared, arena, text, false);
}

struct str prepared_address(const struct prepared *prepared, struct arena *arena, struct str text)
{
    return restore(prepared, arena, text, true);
}

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

/* The line ends in the source as it does here. */
static void keep_line_end(struct preparer *preparer)
{
    preparer->at++;
    preparer->line++;
    begin_out_line(preparer);
}

/* An empty line that does not end the quote it stands in. */
static void write_empty_line(struct preparer *preparer)
{
    for (int i = 0; i < preparer->quotes; i++) {
        strbuf_add_byte(&preparer->out, '>');
    }
    strbuf_add_byte(&preparer->out, '\n');
    begin_out_line(preparer);
}

static void write_blanks(struct preparer *preparer, size_t count)
{
    while (count-- > 0) {
        strbuf_add_byte(&preparer->out, ' ');
    }
}

/* A line of nothing but tags is a block of its own, whatever stands above and below it. */
static void set_apart(struct preparer *preparer)
{
    struct str line =
        arena_copy(preparer->arena, str_skip(strbuf_str(&preparer->out), preparer->line_start));
    int line_number = preparer->line;

    line = str_skip(line, str_find(line, MARK_START));
    strbuf_truncate(&preparer->out, preparer->line_start);
    preparer->line = preparer->prepared->lines[preparer->prepared->line_count - 1].line;
    write_empty_line(preparer);
    for (int i = 0; i < preparer->quotes; i++) {
        strbuf_add(&preparer->out, STR("> "));
    }
    write_blanks(preparer, preparer->indent < preparer->list ? preparer->indent : preparer->list);
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
        preparer->line++;
        preparer->at = line_end + 1;
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
    write_blanks(preparer, indent);
    for (size_t i = 0; i < ticks; i++) {
        strbuf_add_byte(&preparer->out, '`');
    }
    strbuf_add(&preparer->out, info);
    preparer_write(preparer, STR("\n"));
    begin_out_line(preparer);
    for (preparer->line = after; str_next_line(&code, &line);) {
        write_blanks(preparer, indent);
        preparer_write(preparer, line);
        preparer_write(preparer, STR("\n"));
        preparer->line++;
        begin_out_line(preparer);
    }
    write_blanks(preparer, indent);
    for (size_t i = 0; i < ticks; i++) {
        strbuf_add_byte(&preparer->out, '`');
    }
    preparer->line = after;
    preparer_write(preparer, STR("\n"));
    begin_out_line(preparer);
}

void preparer_pay(struct preparer *preparer, size_t bytes)
{
    preparer->patience -= bytes < preparer->patience ? bytes : preparer->patience;
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

/* ---- code ------------------------------------------------------------------------------------ */

static size_t run_length(struct str text, char byte)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] == byte) {
        len++;
    }
    return len;
}

/* The position behind the run of just `count` backticks that closes a span; 0 when there is none.
 */
static size_t find_closing_ticks(struct preparer *preparer, size_t count)
{
    size_t end;

    if (count >= sizeof preparer->ticks_until / sizeof preparer->ticks_until[0] ||
        preparer->at < preparer->ticks_until[count]) {
        return 0;
    }
    end = preparer_paragraph_end(preparer);
    for (size_t at = preparer->at + count; at < end;) {
        size_t run;

        at += str_find(str_skip(str_first(preparer->in, end), at), '`');
        run = run_length(str_skip(str_first(preparer->in, end), at), '`');
        if (run == count) {
            return at + run;
        }
        at += run;
    }
    preparer->ticks_until[count] = end;
    return 0;
}

static void take_ticks(struct preparer *preparer)
{
    size_t count = run_length(preparer_rest(preparer), '`');
    size_t end = find_closing_ticks(preparer, count);

    preparer_keep(preparer, end > 0 ? end : preparer->at + count);
}

/* A line of code as it is, but for what its author had to write so that the generator would leave
 * it alone: a comment in Hugo's shortcodes, {% raw %} in Jekyll's. */
static void keep_code_line(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);
    size_t end = preparer->at + line.len;

    if (str_find(line, '{') < line.len) {
        static const struct str quiet[] = { STR_INIT("{% raw %}"), STR_INIT("{% endraw %}"),
                                            STR_INIT("{%- raw -%}"), STR_INIT("{%- endraw -%}") };
        for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
            size_t at = str_find_str(line, quiet[i]);

            if (at < line.len) {
                preparer->at += at;
                preparer_drop(preparer, preparer->at + quiet[i].len);
                line = preparer_line(preparer);
                i = (size_t)-1;
            }
        }
        for (;;) {
            size_t start = str_find_str(line, STR("/*"));
            size_t len = str_find_str(str_skip(line, start + 2), STR("*/"));

            if (start < 3 || start + 2 + len >= line.len ||
                strchr("<%", line.ptr[start - 1]) == NULL ||
                !str_starts_with(str_skip(line, start - 3), STR("{{"))) {
                break;
            }
            preparer->at += start;
            preparer_drop(preparer, preparer->at + 2);
            preparer->at += len;
            preparer_drop(preparer, preparer->at + 2);
            line = preparer_line(preparer);
        }
    }
    preparer->at = end;
    preparer->text_in_line = true;
}

static void next_line(struct preparer *preparer)
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
        preparer->at++;
        preparer->copied = preparer->at;
        preparer->line++;
    }
    preparer_end_line(preparer);
}

/* What stands before the text of a line: blanks and quote marks. list is the indentation of the
 * item it may be in. */
static size_t read_prefix(struct str line, int max_quotes, size_t list, size_t *indent, int *quotes)
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

/* The length of a list marker and the blanks behind it, or 0. */
static size_t marker_length(struct str text)
{
    size_t at = 0;

    while (at < text.len && at < 9 && byte_is_digit(text.ptr[at])) {
        at++;
    }
    if (at >= text.len || strchr(at > 0 ? ".)" : "-*+", text.ptr[at]) == NULL ||
        text.ptr[at] == '\0') {
        return 0;
    }
    at++;
    if (at >= text.len || text.ptr[at] != ' ') {
        return 0;
    }
    while (at < text.len && text.ptr[at] == ' ') {
        at++;
    }
    return at;
}

static size_t fence_length(struct str text)
{
    size_t len = text.len > 0 ? run_length(text, *text.ptr) : 0;

    if (len < 3 || (*text.ptr != '`' && *text.ptr != '~') ||
        (*text.ptr == '`' && str_find(str_skip(text, len), '`') + len < text.len)) {
        return 0;
    }
    return len;
}

/* Leave out the blanks and tabs that fill so many columns at a line's front. */
static void drop_columns(struct preparer *preparer, struct str line, size_t columns)
{
    size_t column = 0;
    size_t at = 0;

    for (; at < line.len && column < columns; at++) {
        column += line.ptr[at] == '\t' ? 4 - column % 4 : 1;
    }
    preparer_drop(preparer, preparer->at + at);
}

/* The content of a component is indented for its author's eyes alone. */
static void take_indentation(struct preparer *preparer, struct str line)
{
    struct component *component = &preparer->components[preparer->component_count - 1];
    size_t indent;
    int quotes;
    size_t drop;

    read_prefix(line, 0, 0, &indent, &quotes);
    if (component->base == (size_t)-1) {
        component->base = indent > component->indent ? indent : component->indent;
    }
    drop = indent < component->base ? indent : component->base;
    drop_columns(preparer, line, drop);
    preparer->indent = preparer->indent > drop ? preparer->indent - drop : 0;
}

static bool closes_fence(struct str text, struct str fence, size_t len)
{
    if (text.len < len || *text.ptr != *fence.ptr) {
        return false;
    }
    text = str_trim(text);
    return text.len >= len && run_length(text, *fence.ptr) == text.len;
}

static void take_fence(struct preparer *preparer, struct str fence, size_t len)
{
    int quotes = preparer->quotes;
    size_t list = preparer->indent >= preparer->list ? preparer->list : 0;

    preparer->at += preparer_line(preparer).len;
    next_line(preparer);
    while (preparer->at < preparer->in.len) {
        struct str line = preparer_line(preparer);
        size_t prefix;
        size_t indent;
        int own_quotes;

        if (preparer->component_count > 0) {
            take_indentation(preparer, line);
            line = preparer_line(preparer);
        }
        prefix = read_prefix(line, quotes, preparer->list, &indent, &own_quotes);
        if (own_quotes < quotes || (prefix < line.len && indent < list)) {
            return; /* it cannot belong to the list item or the quote any more */
        }
        if (closes_fence(str_skip(line, prefix), fence, len)) {
            preparer->at += line.len;
            next_line(preparer);
            return;
        }
        keep_code_line(preparer);
        next_line(preparer);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Follow the list items that lines are in, as far as fences need it. */
static void follow_lists(struct preparer *preparer, struct str text)
{
    size_t marker = marker_length(text);

    if (marker > 0 && preparer->indent < preparer->list + 4) {
        preparer->list = preparer->indent + marker;
    } else if (preparer->after_blank && preparer->indent < preparer->list) {
        preparer->list = preparer->indent >= 2 ? preparer->indent : 0;
    }
}

static bool is_toc(struct str text)
{
    text = str_trim(text);
    return str_equal_nocase(text, STR("[[toc]]")) || str_equal_nocase(text, STR("[toc]")) ||
           str_equal_nocase(text, STR("[[_toc_]]")) || str_equal(text, STR("${toc}"));
}

/* A link line of gemtext's, in a post that is markdown: only what cannot be a sentence. */
static bool take_link_line(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);
    struct str target = str_trim(str_skip(line, 2));
    size_t scheme;

    target.len = str_find(target, ' ');
    scheme = str_find_str(target, STR("://"));
    if (scheme == 0 || scheme + 3 >= target.len || preparer->quotes > 0) {
        return false;
    }
    for (size_t i = 0; i < scheme; i++) {
        if (!byte_is_alpha(target.ptr[i])) {
            return false;
        }
    }
    preparer_mark(preparer, preparer->at + line.len, MARK_LINE, str_trim(str_skip(line, 2)));
    return true;
}

/* "[!NOTE] Title" at the head of a quote: "Note: Title", and a line end behind a title. */
static void take_callout(struct preparer *preparer)
{
    struct str line = preparer_line(preparer);
    size_t end = str_find(line, ']');
    struct str kind = str_first(str_skip(line, 2), end - 2);
    char *label;

    for (size_t i = 0; i < kind.len; i++) {
        if (!byte_is_alpha(kind.ptr[i]) && kind.ptr[i] != '-') {
            return;
        }
    }
    if (end == line.len || kind.len == 0) {
        return;
    }
    label = arena_alloc(preparer->arena, kind.len + 1);
    for (size_t i = 0; i < kind.len; i++) {
        label[i] = byte_lower(kind.ptr[i]);
    }
    label[0] = (char)(label[0] - 'a' + 'A');
    label[kind.len] = ':';
    end++;
    if (end < line.len && (line.ptr[end] == '+' || line.ptr[end] == '-')) {
        end++;
    }
    preparer->hard_break = str_trim(str_skip(line, end)).len > 0;
    preparer_mark(preparer, preparer->at + end, MARK_TEXT, (struct str){ label, kind.len + 1 });
}

/* What is only something at the start of a line. Whether the whole line has been taken. */
static bool take_line_start(struct preparer *preparer)
{
    struct str text = preparer_line(preparer);

    if (text.len == 0) {
        return false;
    }
    switch (*text.ptr) {
    case '`':
    case '~':
        if (fence_length(text) > 0 && preparer->indent < preparer->list + 4) {
            take_fence(preparer, text, fence_length(text));
            return true;
        }
        break;
    case '[':
        if (is_toc(text)) {
            preparer_mark(preparer, preparer->at + text.len, MARK_NOTHING, STR(""));
            break;
        }
        if (str_starts_with(text, STR("[!")) && preparer->quotes > 0) {
            take_callout(preparer);
            break;
        }
        return str_starts_with(text, STR("[^")) && notes_take(preparer);
    case '$':
        if (is_toc(text)) {
            preparer_mark(preparer, preparer->at + text.len, MARK_NOTHING, STR(""));
        }
        break;
    case ':':
        if (str_starts_with(text, STR("::"))) {
            (void)foreign_take_colons(preparer);
        }
        break;
    case '=':
        if (str_starts_with(text, STR("=>")) && preparer->indent == 0) {
            (void)take_link_line(preparer);
        }
        break;
    case 'i':
    case 'e':
        return preparer->mdx && preparer->indent == 0 && preparer->quotes == 0 &&
               mdx_take_module(preparer);
    default:
        break;
    }
    return false;
}

/* Indented code: its first line comes after an empty one, and in MDX there is none. */
static bool is_code_line(const struct preparer *preparer)
{
    return (preparer->after_blank || preparer->in_code) && !preparer->mdx &&
           preparer->indent >= preparer->list + 4;
}

static bool begin_line(struct preparer *preparer)
{
    char first = preparer->in.ptr[preparer->at];
    struct str line;
    size_t prefix;
    struct str text;
    size_t marker;

    if (byte_is_alpha(first) && first != 'i' && first != 'e') {
        preparer->indent = 0; /* most lines */
        preparer->quotes = 0;
        preparer->list = preparer->after_blank ? 0 : preparer->list;
        preparer->after_blank = false;
        preparer->in_code = false;
        return false;
    }
    line = preparer_line(preparer);
    prefix = read_prefix(line, 64, preparer->list, &preparer->indent, &preparer->quotes);
    text = str_skip(line, prefix);
    if (text.len == 0) {
        preparer->after_blank = true;
        preparer->brackets = 0;
        return false;
    }
    if (preparer->component_count > 0 && preparer->quotes == 0) {
        take_indentation(preparer, line);
        prefix = read_prefix(preparer_line(preparer), 0, 0, &preparer->indent, &preparer->quotes);
        text = str_skip(preparer_line(preparer), prefix);
    }
    if (preparer->mdx && preparer->quotes == 0 && preparer->indent >= preparer->list + 4) {
        preparer_drop(preparer, preparer->at + prefix); /* MDX has no indented code */
        write_blanks(preparer, preparer->list);
        preparer->indent = preparer->list;
        prefix = 0;
    }
    preparer->in_code = is_code_line(preparer);
    follow_lists(preparer, text);
    preparer->after_blank = false;
    preparer->at += prefix;
    for (marker = marker_length(text); marker > 0; marker = marker_length(text)) {
        preparer->at += marker;
        preparer->indent += marker;
        preparer->text_in_line = true;
        text = str_skip(text, marker);
        follow_lists(preparer, text);
    }
    return take_line_start(preparer);
}

/* ---- in a line ------------------------------------------------------------------------------- */

static uint32_t character_before(struct str text, size_t at)
{
    size_t start = at;

    while (start > 0 && at - start < 4) {
        start--;
        if (((unsigned char)text.ptr[start] & 0xC0) != 0x80) {
            struct str rest = str_skip(text, start);

            return utf8_next(&rest);
        }
    }
    return ' ';
}

static bool is_punctuation(uint32_t c)
{
    return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
           (c > 'z' && c < 0x7F) || (c >= 0x2010 && c <= 0x205E) || (c >= 0x3001 && c <= 0x3003) ||
           (c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x301F) || c == 0x30FB ||
           (c >= 0xFF01 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
           (c >= 0xFF3B && c <= 0xFF40) || (c >= 0xFF5B && c <= 0xFF65) || c == 0xAB || c == 0xBB;
}

static bool is_ideograph(uint32_t c)
{
    return c >= 0x1100 && !is_punctuation(c) && utf8_character_width(c) == 2;
}

/*
 * Emphasis is told by blanks and punctuation at its sides, which scripts without blanks do not
 * have: in "**……。**这" the second pair would open instead of close. A joiner in between makes both
 * do.
 */
static void take_stars(struct preparer *preparer)
{
    size_t count = run_length(preparer_rest(preparer), '*');
    struct str rest = str_skip(preparer->in, preparer->at + count);
    uint32_t before = character_before(preparer->in, preparer->at);
    uint32_t after = rest.len > 0 ? utf8_next(&rest) : ' ';

    if (is_punctuation(before) && is_ideograph(after)) {
        preparer_write(preparer, STR("\x03"));
        preparer->at += count;
    } else if (is_ideograph(before) && is_punctuation(after)) {
        preparer->at += count;
        preparer_write(preparer, STR("\x03"));
    } else {
        preparer->at += count;
    }
}

/* ":smile:", where it stands by itself. */
static bool take_emoji(struct preparer *preparer)
{
    struct str rest = str_skip(preparer_rest(preparer), 1);
    size_t len = 0;
    struct str emoji;

    while (len < rest.len && len < 40 &&
           (byte_is_alpha(rest.ptr[len]) || byte_is_digit(rest.ptr[len]) ||
            strchr("_+-", rest.ptr[len]) != NULL) &&
           rest.ptr[len] != '\0') {
        len++;
    }
    if (len == 0 || len >= rest.len || rest.ptr[len] != ':') {
        return false;
    }
    if (preparer->at > 0 && (byte_is_alpha(preparer->in.ptr[preparer->at - 1]) ||
                             byte_is_digit(preparer->in.ptr[preparer->at - 1]))) {
        return false;
    }
    emoji = emoji_find(str_first(rest, len));
    if (emoji.len == 0) {
        return false;
    }
    preparer_mark(preparer, preparer->at + len + 2, MARK_TEXT, emoji);
    return true;
}

#define EMBEDDED_MAX 1000 /* bytes of such a name */

/* "![[a.png|words]]". */
static bool take_embedded(struct preparer *preparer)
{
    struct str line = str_first(str_skip(preparer_line(preparer), 3), EMBEDDED_MAX);
    size_t end = str_find_str(line, STR("]]"));
    struct strbuf tag;
    struct str url;
    struct str words;

    if (end == line.len || end == 0 || str_starts_with(str_skip(line, end + 2), STR("("))) {
        return false; /* ![[words]](address) is an image of markdown's */
    }
    str_cut(str_first(line, end), '|', &url, &words);
    strbuf_init(&tag, preparer->arena, end * 6 + 64);
    strbuf_add(&tag, STR("<img src=\""));
    add_escaped(&tag, url);
    strbuf_add(&tag, STR("\" alt=\""));
    add_escaped(&tag, words);
    strbuf_add(&tag, STR("\">"));
    preparer_mark(preparer, preparer->at + 3 + end + 2, MARK_TAGS, strbuf_str(&tag));
    return true;
}

/* "&#27;": a control by its number, which text may not hold and marks are made of. */
static bool take_control(struct preparer *preparer)
{
    struct str rest = str_skip(preparer_rest(preparer), 2);
    size_t len = str_find(str_first(rest, 9), ';');
    bool hex = len > 0 && (*rest.ptr == 'x' || *rest.ptr == 'X');
    unsigned value = 0;

    if (preparer_rest(preparer).len < 3 || preparer->in.ptr[preparer->at + 1] != '#' ||
        len - hex == 0 || len >= 9) {
        return false;
    }
    for (size_t i = hex; i < len; i++) {
        int digit = byte_hex(rest.ptr[i]);

        if (digit < 0 || (!hex && digit > 9)) {
            return false;
        }
        value = value * (hex ? 16 : 10) + (unsigned)digit;
    }
    if (value != 0 && value != '\r' && (utf8_printable(value) && value != '\n' && value != '\t')) {
        return false;
    }
    preparer_write(preparer, value == 0                                        ? STR("\xEF\xBF\xBD")
                             : value == '\t' || value == '\n' || value == '\r' ? STR(" ")
                                                                               : STR(""));
    preparer_drop(preparer, preparer->at + 2 + len + 1);
    return true;
}

/* Brackets that open too deep are text: cmark 0.30 looks at every image that is still open for each
 * link that ends. */
static bool take_bracket(struct preparer *preparer, bool image)
{
    size_t len = image ? 2 : 1;

    if (preparer->brackets < BRACKETS_MAX) {
        preparer->brackets++;
        preparer_keep(preparer, preparer->at + len);
        return true;
    }
    preparer_mark(preparer, preparer->at + len, MARK_TEXT, str_first(preparer_rest(preparer), len));
    return true;
}

static bool take_special(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);

    switch (*rest.ptr) {
    case '<':
        return tags_take(preparer);
    case '[':
        return (str_starts_with(rest, STR("[^")) && notes_take_mark(preparer)) ||
               take_bracket(preparer, false);
    case '!':
        return (str_starts_with(rest, STR("![[")) && take_embedded(preparer)) ||
               (str_starts_with(rest, STR("![")) && take_bracket(preparer, true));
    case ']':
        preparer->brackets -= preparer->brackets > 0;
        return false;
    case '$':
        return formula_take(preparer);
    case ':':
        return take_emoji(preparer);
    default:
        return false;
    }
}

/* The rest of a line, and of the lines that a span or a tag reaches into. */
static void scan_line(struct preparer *preparer)
{
    static const bool special[256] = {
        ['\n'] = true, ['\\'] = true, ['`'] = true, ['<'] = true, ['{'] = true, ['['] = true,
        ['!'] = true,  ['$'] = true,  [':'] = true, ['*'] = true, ['&'] = true, [']'] = true
    };
    const char *bytes = preparer->in.ptr;

    for (;;) {
        size_t at = preparer->at;
        char c;

        while (at < preparer->in.len && !special[(unsigned char)bytes[at]]) {
            at++;
        }
        preparer->at = at;
        if (at == preparer->in.len) {
            break;
        }
        c = bytes[at];
        if (c == '\n') {
            break;
        } else if ((c == '{' && foreign_take(preparer)) ||
                   (c == '&' && !preparer->in_code && take_control(preparer))) {
            continue;
        } else if (preparer->at < preparer->tag_end || preparer->in_code) {
            preparer->at++; /* in code, too, Liquid is Liquid; the rest is code */
        } else if (c == '\\') {
            preparer->at++;
            if (preparer->at < preparer->in.len && bytes[preparer->at] != '\n') {
                preparer->at++;
            }
        } else if (c == '`') {
            take_ticks(preparer);
        } else if (c == '*') {
            take_stars(preparer);
        } else if (!take_special(preparer)) {
            preparer->at++;
        }
    }
    next_line(preparer);
}

static void prepare_text(struct preparer *preparer, struct str in, int line)
{
    preparer->in = in;
    preparer->at = 0;
    preparer->copied = 0;
    preparer->kept = 0;
    preparer->line_end = in.len + 1; /* not known */
    preparer->paragraph_end = 0;
    preparer->line = line;
    preparer->list = 0;
    preparer->after_blank = true;
    preparer->tag_end = 0;
    preparer->component_count = 0;
    memset(preparer->ticks_until, 0, sizeof preparer->ticks_until);
    preparer->prepared->lines[preparer->prepared->line_count - 1].line = line;
    while (preparer->at < preparer->in.len) {
        if (!begin_line(preparer)) {
            scan_line(preparer);
        }
    }
    flush(preparer);
}

/* The footnotes' texts, behind everything else. */
static void prepare_notes(struct preparer *preparer)
{
    for (size_t i = 0; i < preparer->definition_count; i++) {
        struct definition definition = preparer->definitions[i];
        struct mark *mark;

        preparer->quotes = 0;
        preparer->indent = 0;
        preparer->line = definition.line;
        preparer->in = STR("");
        preparer->at = preparer->copied = preparer->kept = 0;
        preparer->line_end = 1;
        preparer_end_line(preparer);
        mark = preparer_mark(preparer, 0, MARK_STARTS, STR(""));
        mark->note = definition.note;
        preparer->list = 0;
        preparer_end_line(preparer);
        prepare_text(preparer, definition.text, definition.line);
    }
}

void prepare(struct arena *arena, struct str source, struct place place, bool mdx,
             struct prepared *prepared, struct losses *losses)
{
    struct preparer preparer = {
        .arena = arena,
        .prepared = prepared,
        .losses = losses,
        .file = place.file,
        .mdx = mdx || mdx_is(source),
        .patience = 8 * source.len,
        .line = place.line,
    };

    *prepared = (struct prepared){ .arena = arena };
    prepared->references = str_find(source, '&') < source.len;
    map_init(&prepared->imports, arena);
    strbuf_init(&preparer.out, arena, (size_t)1 << 31);
    strbuf_reserve(&preparer.out, source.len + source.len / 8);
    preparer.in = source;
    foreign_find_closers(&preparer);
    begin_out_line(&preparer);
    prepare_text(&preparer, source, place.line);
    prepare_notes(&preparer);
    prepared->text = strbuf_str(&preparer.out);
}
