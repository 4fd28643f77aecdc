/* The text that cmark hands over, and what the marks in it stand for. */
#include "base/strbuf.h"
#include "base/utf8.h"
#include "elements.h"

struct str blanks_collapse(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_blank(text.ptr[i])) {
            out[len++] = text.ptr[i];
        } else if (len == 0 || out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    return (struct str){ out, len };
}

/* By first use. */
static void number_note(struct elements *elements, struct note *note)
{
    if (note->defined && note->number == 0) {
        note->number = ++elements->notes_used;
    }
}

void elements_number_notes(struct elements *elements, struct str text)
{
    while (text.len > 0) {
        size_t at;
        size_t len;
        const struct mark *mark = prepared_find(elements->prepared, text, &at, &len);

        if (mark != NULL && mark->kind == MARK_NOTE) {
            number_note(elements, &elements->prepared->notes[mark->note]);
        }
        text = str_skip(text, at + len);
    }
}

/* A footnote's mark. */
static void refer_to_note(struct elements *elements, const struct mark *mark)
{
    struct note *note = &elements->prepared->notes[mark->note];

    if (!note->defined) {
        builder_text(elements->builder, mark->source);
        return;
    }
    number_note(elements, note);
    builder_text(elements->builder,
                 arena_printf(elements->builder->scratch, "[^%zu]", note->number));
}

static void add_code(struct elements *elements, struct str text, struct str info)
{
    struct block *code = builder_add(elements->builder, BLOCK_CODE);
    struct arena *arena = elements->builder->arena;

    while (text.len > 0 && byte_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    code->text = arena_printf(arena, "%.*s\n", STR_ARG(text));
    code->info = arena_copy(arena, info);
    code->fenced = true;
}

/* "language-c" in the class of <pre> or <code>. */
static struct str language_of(struct elements *elements, const struct token *token)
{
    struct tag tag;
    struct str class;
    size_t at;

    tag_read(elements, token, &tag);
    class = tag_value(&tag, "class");
    at = str_find_str(class, STR("language-"));
    if (at < class.len) {
        str_cut(str_skip(class, at + STR("language-").len), ' ', &class, NULL);
        return class;
    }
    return tag_value(&tag, "lang");
}

/* {`two\nlines`}: in MDX, a string of JavaScript is how braces and line ends get into <pre>. */
static struct str read_string(struct arena *arena, struct str text)
{
    struct str inside = str_trim(text);
    char *out;
    size_t len = 0;

    if (inside.len < 4 || !str_starts_with(inside, STR("{`")) ||
        !str_ends_with(inside, STR("`}"))) {
        return text;
    }
    inside = str_first(str_skip(inside, 2), inside.len - 4);
    out = arena_alloc(arena, inside.len + 1);
    for (size_t i = 0; i < inside.len; i++) {
        bool escaped = inside.ptr[i] == '\\' && i + 1 < inside.len;

        i += escaped;
        out[len++] = escaped && inside.ptr[i] == 'n' ? '\n' : inside.ptr[i];
    }
    return (struct str){ out, len };
}

/* <pre>: the text in it as it is, its tags gone. */
static void add_pre(struct elements *elements, struct str html)
{
    struct strbuf text;
    struct token token;
    struct str info = STR("");
    struct str first;

    strbuf_init(&text, elements->builder->scratch, html.len * 2 + 64);
    while (html_next(&html, &elements->patience, &token)) {
        if (token.kind == TOKEN_TEXT) {
            strbuf_add(&text, prepared_restore(elements->prepared, elements->builder->scratch,
                                               entities_decode(&elements->entities, token.text)));
        } else if (token.kind == TOKEN_OPEN && info.len == 0) {
            info = language_of(elements, &token);
        }
        if (token.kind == TOKEN_OPEN && str_equal_nocase(token.name, STR("br"))) {
            strbuf_add_byte(&text, '\n');
        }
    }
    first = read_string(elements->builder->scratch, strbuf_str(&text));
    add_code(elements, str_skip(first, str_starts_with(first, STR("\n"))), info);
}

/* "URL label" of a line of gemtext's. */
static void add_line(struct elements *elements, struct str text)
{
    struct str url;
    struct str label;

    str_cut(text, ' ', &url, &label);
    builder_part(elements->builder);
    elements_link(elements, url, str_trim(label), false);
    builder_part(elements->builder);
}

static void add_mark(struct elements *elements, const struct mark *mark)
{
    elements->builder->line = mark->line;
    switch (mark->kind) {
    case MARK_TAGS:
        elements->alone = mark->apart;
        elements_html(elements, mark->text);
        elements->alone = false;
        break;
    case MARK_TEXT:
        builder_text(elements->builder,
                     str_find(mark->text, '\n') == mark->text.len
                         ? mark->text
                         : blanks_collapse(elements->builder->scratch, mark->text));
        break;
    case MARK_FORMULA:
        add_code(elements, mark->text, STR("math"));
        break;
    case MARK_PRE:
        add_pre(elements, mark->text);
        break;
    case MARK_LINE:
        add_line(elements, mark->text);
        break;
    case MARK_NOTE:
        refer_to_note(elements, mark);
        break;
    case MARK_STARTS:
    case MARK_NOTHING:
        break;
    }
}

static struct str without_joiners(struct elements *elements, struct str text)
{
    struct strbuf out;
    size_t at = str_find(text, JOINER);

    if (at == text.len) {
        return text;
    }
    strbuf_init(&out, elements->builder->scratch, text.len);
    while (text.len > 0) {
        strbuf_add(&out, str_first(text, at));
        text = str_skip(text, at + 1);
        at = str_find(text, JOINER);
    }
    return strbuf_str(&out);
}

/* Without joiners, and without what entities can smuggle in. */
static struct str clean_text(struct elements *elements, struct str text)
{
    text = without_joiners(elements, text);
    return elements->prepared->numbers ? utf8_clean(elements->builder->scratch, text, NULL) : text;
}

static bool ends_in_blank(const struct builder *builder)
{
    const struct run *last = builder->run_count > 0 ? &builder->runs[builder->run_count - 1] : NULL;

    return builder->in_leaf && last != NULL && last->kind == RUN_TEXT &&
           str_ends_with(last->text, STR(" "));
}

void elements_text(struct elements *elements, struct str text)
{
    while (text.len > 0) {
        size_t at;
        size_t len;
        struct mark *mark = prepared_find(elements->prepared, text, &at, &len);

        if (at > 0 && *text.ptr == ' ' && ends_in_blank(elements->builder)) {
            text = str_skip(text, 1); /* something that left nothing stood between two */
            at--;
        }
        if (at > 0 && elements->hidden == 0) {
            builder_text(elements->builder, clean_text(elements, str_first(text, at)));
        }
        if (mark != NULL && !mark->shown && elements->hidden == 0) {
            mark->shown = true; /* entities can write a mark's bytes, and ask for it once more */
            add_mark(elements, mark);
        }
        text = str_skip(text, at + len);
    }
}
