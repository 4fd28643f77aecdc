/* The source read once, line by line: what is plain markdown is copied, the rest is handed to those
 * who know it. */
#include "prepare.h"

#include "preparer.h"

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
    if (end == line.len || kind.len == 0 || !byte_is_alpha(*kind.ptr)) {
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
        return fences_take(preparer, text);
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
    case '*':
        return str_starts_with(text, STR("*[")) && abbreviations_take(preparer);
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
    preparer->outdent = 0;
    prefix = preparer_prefix(line, 64, preparer->list, &preparer->indent, &preparer->quotes);
    text = str_skip(line, prefix);
    if (text.len == 0) {
        preparer->after_blank = true;
        preparer->brackets = 0;
        return false;
    }
    if (preparer->component_count > 0 && preparer->quotes == 0) {
        preparer_drop_indentation(preparer, line);
        prefix =
            preparer_prefix(preparer_line(preparer), 0, 0, &preparer->indent, &preparer->quotes);
        text = str_skip(preparer_line(preparer), prefix);
    }
    if (preparer->mdx && preparer->quotes == 0 && preparer->indent >= preparer->list + 4) {
        preparer_set_indentation(preparer, prefix); /* MDX has no indented code */
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
    return !preparer->in_code && take_line_start(preparer);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void prepare_text(struct preparer *preparer, struct str in, int line)
{
    preparer_read(preparer, in, line);
    while (preparer->at < preparer->in.len) {
        if (!begin_line(preparer)) {
            spans_take_line(preparer);
        }
    }
}

/* The footnotes' texts, behind everything else. */
static void prepare_notes(struct preparer *preparer)
{
    for (size_t i = 0; i < preparer->definition_count; i++) {
        struct definition definition = preparer->definitions[i];

        preparer_read(preparer, STR(""), definition.line);
        preparer_end_line(preparer);
        preparer_mark(preparer, 0, MARK_STARTS, STR(""))->note = definition.note;
        preparer_end_line(preparer);
        prepare_text(preparer, definition.text, definition.line);
    }
}

void prepare(struct arena *arena, const struct filled *source, struct place place,
             enum flavour flavour, struct prepared *prepared, struct losses *losses)
{
    struct preparer preparer = {
        .arena = arena,
        .prepared = prepared,
        .losses = losses,
        .file = place.file,
        .mdx = flavour == FLAVOUR_MDX || mdx_is(source->text),
        .patience = 8 * source->text.len,
        .line = place.line,
        .inserts = source->inserts,
        .insert_count = source->insert_count,
    };

    *prepared = (struct prepared){ .arena = arena, .flavour = flavour };
    prepared->numbers = str_find_str(source->text, STR("&#")) < source->text.len;
    map_init(&prepared->imports, arena);
    strbuf_init(&preparer.out, arena, (size_t)1 << 31);
    strbuf_reserve(&preparer.out, source->text.len + source->text.len / 8);
    preparer.in = source->text;
    foreign_find_closers(&preparer);
    abbreviations_find(&preparer);
    prepare_text(&preparer, source->text, place.line);
    preparer.insert_count = 0; /* the notes' texts stand where they stood */
    prepare_notes(&preparer);
    prepared->text = preparer_written(&preparer);
}
