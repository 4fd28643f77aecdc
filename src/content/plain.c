/* Lines of front matter, which other blogs' templates pass on to browsers, to words. */
#include "plain.h"

#include "base/fields.h"
#include "base/strbuf.h"
#include "html.h"
#include "markdown.h"
#include "meanings.h"

#define MARKUP_MAX 4000 /* bytes of a line that is looked at for markup */

/* ---- character references -------------------------------------------------------------------- */

/* What a soft hyphen is for, a list has no use for. */
static struct str without_references(struct arena *arena, struct arena *scratch, struct str text)
{
    struct entities entities;
    struct strbuf out;

    if (str_find(text, '&') == text.len) {
        return text;
    }
    entities_init(&entities, scratch);
    text = entities_decode(&entities, text);
    strbuf_init(&out, arena, text.len);
    while (text.len > 0) {
        size_t hyphen = str_find_str(text, STR("\u00AD"));

        strbuf_add(&out, str_first(text, hyphen));
        text = str_skip(text, hyphen + STR("\u00AD").len);
    }
    return strbuf_str(&out);
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* Whether an element of that name ends in what follows. */
static bool is_closed_in(struct str rest, struct str name)
{
    size_t patience = rest.len;
    struct token token;

    while (html_next(&rest, &patience, &token)) {
        if (token.kind == TOKEN_CLOSE && str_equal_nocase(token.name, name)) {
            return true;
        }
    }
    return false;
}

/* Only what is plainly HTML: an element that begins and ends in the line, or a line's break. */
static bool is_markup(const struct token *token, const struct meaning *meaning, struct str rest)
{
    return meaning->sense == SENSE_BREAK ||
           (meaning->sense != SENSE_COMPONENT && meaning->sense != SENSE_HIDDEN &&
            is_closed_in(rest, token->name));
}

struct marks {
    const struct meaning *open[16];
    size_t count;
};

/* What stands in a tag's place; false when the tag is text. */
static bool replace_tag(struct marks *marks, const struct token *token, struct str rest,
                        struct str *text)
{
    const struct meaning *meaning = meaning_find(token->name);
    struct str code = STR("`"); /* a title shows none around code */

    *text = meaning->sense == SENSE_BREAK ? STR(" ") : STR("");
    if (token->kind == TOKEN_CLOSE) {
        if (marks->count == 0 || marks->open[marks->count - 1] != meaning) {
            return false;
        }
        marks->count--;
        *text = str_equal(meaning->after, code) ? STR("") : meaning->after;
        return true;
    }
    if (marks->count == sizeof marks->open / sizeof marks->open[0] ||
        !is_markup(token, meaning, rest)) {
        return false;
    }
    if (meaning->sense != SENSE_BREAK) {
        marks->open[marks->count++] = meaning;
        *text = meaning->sense != SENSE_MARKED || str_equal(meaning->before, code)
                    ? STR("")
                    : meaning->before;
    }
    return true;
}

static struct str without_tags(struct arena *scratch, struct str text)
{
    struct marks marks = { 0 };
    size_t patience = text.len * 2;
    struct strbuf out;
    struct token token;

    if (str_find(text, '<') == text.len || text.len > MARKUP_MAX) {
        return text;
    }
    strbuf_init(&out, scratch, text.len * 2 + 16);
    while (html_next(&text, &patience, &token)) {
        struct str instead;
        bool tag = token.kind == TOKEN_OPEN || token.kind == TOKEN_CLOSE;

        strbuf_add(&out, tag && replace_tag(&marks, &token, text, &instead) ? instead : token.text);
    }
    return strbuf_str(&out);
}

/* ---- markdown -------------------------------------------------------------------------------- */

/* How far a code span reaches at the front of a text; 0 when none begins there. */
static size_t code_length(struct str text)
{
    size_t ticks = str_run(text, '`');

    for (size_t at = ticks; ticks > 0 && at < text.len; at++) {
        size_t run = str_run(str_skip(text, at), '`');

        if (run == ticks) {
            return at + run;
        }
        at += run;
    }
    return 0;
}

/* As a heading in which nothing but code, stars and links means anything. */
static struct str as_heading(struct arena *scratch, struct str line)
{
    struct strbuf source;

    strbuf_init(&source, scratch, line.len * 2 + 8);
    strbuf_add(&source, STR("# "));
    while (line.len > 0) {
        size_t len = code_length(line);

        if (len == 0) {
            strbuf_add(&source, strchr("_<&#~:{", *line.ptr) != NULL ? STR("\\") : STR(""));
            len = 1;
        }
        strbuf_add(&source, str_first(line, len));
        line = str_skip(line, len);
    }
    return strbuf_str(&source);
}

static struct str without_markdown(struct arena *arena, struct arena *scratch, struct str line)
{
    struct diag nobody;
    struct document document;

    diag_init(&nobody, scratch);
    document = markdown_parse(scratch, as_heading(scratch, line), (struct place){ "title.md", 1 },
                              (struct markdown_manner){ 0 }, &nobody);
    if (document.first == NULL || document.first->kind != BLOCK_HEADING) {
        return line;
    }
    line = document_plain_text(scratch, document.first, 0, document.first->run_count);
    return fields_one_line(arena, line);
}

/* ---- lines ----------------------------------------------------------------------------------- */

struct str plain_title(struct arena *arena, struct arena *scratch, struct str title)
{
    title =
        fields_one_line(arena, without_references(arena, scratch, without_tags(scratch, title)));
    if (title.len > MARKUP_MAX ||
        (str_find(title, '`') == title.len && str_find(title, '*') == title.len &&
         str_find_str(title, STR("](")) == title.len)) {
        return title;
    }
    return without_markdown(arena, scratch, title);
}

struct str plain_description(struct arena *arena, struct arena *scratch, struct str text)
{
    text = fields_one_line(arena, without_references(arena, scratch, without_tags(scratch, text)));
    return text.len > MARKUP_MAX || str_find_str(text, STR("](")) == text.len
               ? text
               : without_markdown(arena, scratch, text);
}
