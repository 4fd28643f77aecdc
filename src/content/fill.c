/* Liquid's braces, found and, where what they stand for is known, replaced by it. */
#include "fill.h"

#include "arguments.h"
#include "clean.h"
#include "filler.h"
#include "foreign.h"
#include "name.h"

#define DEPTH_MAX    8                  /* files in files */
#define PUT_IN_MAX   ((size_t)1 << 20)  /* bytes of one post that come from elsewhere */
#define DATA_LEN_MAX 100                /* bytes of an attribute's name, and of what it is to say */
#define TAG_LEN_MAX  ((size_t)16 << 10) /* bytes between braces */

static struct str rest_of(const struct layer *layer)
{
    return str_skip(layer->text, layer->at);
}

/* Copy what stands before `at`. */
static void copy(struct filler *filler, struct layer *layer)
{
    strbuf_add(&filler->out,
               str_first(str_skip(layer->text, layer->copied), layer->at - layer->copied));
    layer->copied = layer->at;
}

static int count_lines(struct str text)
{
    int count = 0;

    for (struct str line; str_find(text, '\n') < text.len && str_next_line(&text, &line);) {
        count++;
    }
    return count;
}

/* What was written from `start` on stands for the text up to `end`. */
static void replace(struct filler *filler, struct layer *layer, size_t start, size_t end)
{
    if (layer->above == NULL) {
        struct str gone = str_first(rest_of(layer), end - layer->at);

        *ARENA_PUSH(filler->arena, filler->inserts, filler->insert_count,
                    &filler->insert_capacity) =
            (struct insert){ start, filler->out.len, count_lines(gone) };
    }
    layer->at = end;
    layer->copied = end;
}

/* Whether so many bytes more may be put in. */
static bool pay(struct filler *filler, size_t bytes)
{
    bool enough = bytes <= filler->patience;

    filler->patience -= enough ? bytes : 0;
    return enough;
}

/* Where the braces end that begin at `at`; *known is where that was found the last time. */
static size_t find_end(const struct layer *layer, struct str closer, size_t *known)
{
    if (*known < layer->at + 2) {
        *known = layer->at + 2 + str_find_str(str_skip(layer->text, layer->at + 2), closer);
    }
    return *known;
}

/* ---- files ----------------------------------------------------------------------------------- */

static void fill_layer(struct filler *filler, struct layer *layer);

/* Whether a tag that ends there has its line for itself. */
static bool is_alone(const struct layer *layer, size_t end)
{
    size_t start = layer->at;

    while (start > 0 && (layer->text.ptr[start - 1] == ' ' || layer->text.ptr[start - 1] == '\t')) {
        start--;
    }
    while (end < layer->text.len && byte_is_blank(layer->text.ptr[end]) &&
           layer->text.ptr[end] != '\n') {
        end++;
    }
    return (start == 0 || layer->text.ptr[start - 1] == '\n') &&
           (end == layer->text.len || layer->text.ptr[end] == '\n');
}

/* Whether lines of HTML would be code in markdown: kramdown knows where an element ends, CommonMark
 * only where a line is empty. */
static bool looks_like_code(struct str text)
{
    bool after_blank = true;

    for (struct str line; str_next_line(&text, &line);) {
        if (str_starts_with(line, STR("    ")) || str_starts_with(line, STR("\t"))) {
            if (after_blank) {
                return true;
            }
        }
        after_blank = str_trim(line).len == 0;
    }
    return false;
}

static bool is_html(struct str name)
{
    static const struct str endings[] = { STR_INIT(".html"), STR_INIT(".htm"), STR_INIT(".liquid"),
                                          STR_INIT(".njk") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(name, endings[i])) {
            return true;
        }
    }
    return str_find(name_last(name), '.') == name_last(name).len;
}

/* A file's text so that it is in the post what it is on the web. */
static struct str fit_in(struct filler *filler, struct str name, struct str text, bool alone)
{
    bool html = is_html(name) && str_find(text, '<') < text.len;

    if (html && looks_like_code(text)) {
        text = html_unindent(filler->arena, text);
    }
    while (!alone && str_ends_with(text, STR("\n"))) {
        text.len--;
    }
    return html && alone && !str_ends_with(text, STR("\n"))
               ? ARENA_CONCAT(filler->arena, text, STR("\n")) /* an empty line ends it */
               : text;
}

/* A value in quotes is that; another is a name's, or a number. */
static bool argument_value(struct filler *filler, const struct layer *layer, struct str arguments,
                           struct str *value)
{
    size_t at = (size_t)(value->ptr - arguments.ptr);
    bool inside = value->ptr > arguments.ptr && at <= arguments.len;

    if (value->len == 0 || !inside || strchr("\"'`", value->ptr[-1]) != NULL ||
        byte_is_digit(*value->ptr) || str_equal(*value, STR("true")) ||
        str_equal(*value, STR("false"))) {
        return true;
    }
    return filler_value(filler, layer, *value, value);
}

/* Returns false when a value is not known. */
static bool take_arguments(struct filler *filler, const struct layer *layer, struct str arguments,
                           struct layer *below)
{
    struct str rest = arguments;
    struct argument *argument = below->arguments;
    int place = 0;

    while (below->argument_count < ARGUMENTS_MAX &&
           argument_take(filler->arena, &rest, &place, &argument->name, &argument->value)) {
        if (!argument_value(filler, layer, arguments, &argument->value)) {
            return false;
        }
        argument++;
        below->argument_count++;
    }
    return true;
}

/* {% include figure.html src="a.png" %}, {% include_relative note.md %}, {% render "note" %}. */
static bool take_include(struct filler *filler, struct layer *layer, const struct foreign *tag,
                         size_t end)
{
    struct layer below = { .above = layer, .depth = layer->depth + 1 };
    struct str rest = separators_skip(tag->arguments);
    struct str name = value_take(&rest);
    size_t start;

    if (below.depth > DEPTH_MAX || !take_arguments(filler, layer, rest, &below) ||
        !filler_file(filler, name, str_equal(tag->name, STR("include_relative")), &below.text) ||
        !pay(filler, below.text.len + TAG_LEN_MAX / 64)) {
        return false;
    }
    copy(filler, layer);
    start = filler->out.len;
    below.text = fit_in(filler, name, below.text, is_alone(layer, end));
    fill_layer(filler, &below);
    if (below.logic) {
        strbuf_truncate(&filler->out, start);
        return false;
    }
    replace(filler, layer, start, end);
    return true;
}

/* ---- braces ---------------------------------------------------------------------------------- */

/* What stands between {% raw %} and {% endraw %}, or is a comment, is passed over. */
static bool pass_over(struct layer *layer, struct str name, size_t end)
{
    bool raw = str_equal(name, STR("raw"));
    struct str rest = str_skip(layer->text, end);

    if (!raw && !str_equal(name, STR("comment"))) {
        return false;
    }
    layer->at = end + str_find_str(rest, raw ? STR("endraw") : STR("endcomment"));
    return true;
}

/* Loops and conditions of a post are left out with their words kept; a file that has them shows
 * nobody knows what. */
static void note_logic(struct layer *layer, struct str name)
{
    layer->logic = layer->logic || layer->above != NULL;
    layer->loops += str_equal(name, STR("for")) - (str_equal(name, STR("endfor")) && layer->loops);
}

static void take_tag(struct filler *filler, struct layer *layer)
{
    size_t end = find_end(layer, STR("%}"), &layer->tag_end);
    struct str inside = str_first(rest_of(layer), end - layer->at);
    struct foreign tag;

    if (end == layer->text.len || inside.len > TAG_LEN_MAX) {
        layer->at += 2;
        return;
    }
    tag = foreign_split(str_skip(inside, 2));
    if (pass_over(layer, tag.name, end + 2)) {
        return;
    }
    if (str_starts_with(tag.name, STR("include")) || str_equal(tag.name, STR("render"))) {
        if (!take_include(filler, layer, &tag, end + 2)) {
            layer->at = end + 2;
        }
        return;
    }
    if (liquid_is_logic(str_skip(inside, 2))) {
        note_logic(layer, tag.name);
    }
    layer->at = end + 2;
}

static void take_braces(struct filler *filler, struct layer *layer)
{
    size_t end = find_end(layer, STR("}}"), &layer->value_end);
    struct str inside = str_first(rest_of(layer), end - layer->at);
    struct str value;
    size_t start;

    if (end == layer->text.len || inside.len > TAG_LEN_MAX ||
        !filler_value(filler, layer, str_skip(inside, 2), &value) || !pay(filler, value.len)) {
        layer->at += 2;
        return;
    }
    copy(filler, layer);
    start = filler->out.len;
    strbuf_add(&filler->out, text_clean(filler->arena, value, NULL));
    replace(filler, layer, start, end + 2);
}

/* WebC's :name="$data.title" in a tag of Eleventy's: name="A title". */
static void take_data(struct filler *filler, struct layer *layer)
{
    struct str path = str_skip(rest_of(layer), STR("$data.").len);
    size_t end = str_find(str_first(path, DATA_LEN_MAX), '"');
    size_t start = layer->at;
    size_t out;
    struct str name;
    struct str value;

    while (start > layer->copied && layer->at - start < DATA_LEN_MAX &&
           !byte_is_blank(layer->text.ptr[start - 1])) {
        start--;
    }
    name = str_first(str_skip(layer->text, start), layer->at - start);
    path = str_first(path, end);
    layer->at += STR("$data.").len;
    if (!str_starts_with(name, STR(":")) || !str_ends_with(name, STR("=\"")) ||
        !filler_value(filler, layer, path, &value) || str_find(value, '"') < value.len ||
        !pay(filler, value.len)) {
        return;
    }
    layer->at = start;
    copy(filler, layer);
    out = filler->out.len;
    strbuf_add(&filler->out, str_skip(name, 1));
    strbuf_add(&filler->out, text_clean(filler->arena, value, NULL));
    replace(filler, layer, out, start + name.len + STR("$data.").len + end);
}

/* How far away something may be put in. */
static size_t find_place(const struct filler *filler, struct layer *layer)
{
    struct str rest = rest_of(layer);
    bool webc = *filler->filling->capsule->blog.dialect->own_values == '\0';

    if (layer->brace < layer->at) {
        layer->brace = layer->at + str_find(rest, '{');
    }
    rest = str_first(rest, layer->brace - layer->at);
    return webc ? str_find_str(rest, STR("$data.")) : rest.len;
}

static void fill_layer(struct filler *filler, struct layer *layer)
{
    while (layer->at + 1 < layer->text.len && !layer->logic) {
        struct str rest;

        layer->at += find_place(filler, layer);
        rest = rest_of(layer);
        if (str_starts_with(rest, STR("{%"))) {
            take_tag(filler, layer);
        } else if (str_starts_with(rest, STR("{{"))) {
            take_braces(filler, layer);
        } else if (str_starts_with(rest, STR("$data."))) {
            take_data(filler, layer);
        } else {
            layer->at += rest.len > 0;
        }
    }
    layer->at = layer->text.len;
    copy(filler, layer);
}

struct filled fill(struct arena *arena, struct str text, struct filling *filling)
{
    struct filler *filler;
    struct layer layer = { .text = text };

    if (filling == NULL ||
        (str_find_str(text, STR("{{")) == text.len && str_find_str(text, STR("{%")) == text.len)) {
        return (struct filled){ .text = text };
    }
    filler = ARENA_NEW(arena, struct filler);
    *filler = (struct filler){ .arena = arena, .filling = filling, .patience = PUT_IN_MAX };
    map_init(&filler->names, arena);
    strbuf_init(&filler->out, arena, text.len + 2 * PUT_IN_MAX);
    fill_layer(filler, &layer);
    return (struct filled){ filler->insert_count == 0 ? text : strbuf_str(&filler->out),
                            filler->inserts, filler->insert_count };
}
