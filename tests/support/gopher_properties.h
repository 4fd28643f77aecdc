/* What holds of a document as Gopher's text whatever the input. Source: gopher.md, section 6. */
#ifndef TESTS_GOPHER_PROPERTIES_H
#define TESTS_GOPHER_PROPERTIES_H

#include "base/charset.h"
#include "base/wrap.h"
#include "gophertext.h"
#include "properties.h"

static const struct gopher_options gopher_defaults = { 67, CHARSET_UTF8, true };

static inline struct str write_gopher(struct arena *arena, const struct post *post,
                                      const struct convert_options *convert,
                                      const struct gopher_options *options)
{
    const struct places_self self = { STR("ex.org"), STR("ex.org"), 70, 1965 };
    struct outline outline = { .arena = arena };
    struct places places;
    struct strbuf out;

    places_init(&places, arena, &self);
    outline_document(&outline, post);
    strbuf_init(&out, arena, (size_t)256 << 20);
    gophertext_page(&out, &outline, &places, convert, options);
    return strbuf_str(&out);
}

static inline struct str convert_to_gopher(struct arena *arena, struct str source,
                                           const struct convert_options *convert,
                                           const struct gopher_options *options)
{
    struct post post = { .document = parse_markdown(arena, source) };

    return write_gopher(arena, &post, convert, options);
}

/* Whether nothing in it may be wider than the page: no code, whose lines stay as they are. */
static inline bool is_wrapped(const struct block *block)
{
    for (; block != NULL; block = block->next) {
        if (block->kind == BLOCK_CODE || !is_wrapped(block->first)) {
            return false;
        }
    }
    return true;
}

static inline const char *broken_gopher_line(struct str line, bool wrapped,
                                             const struct gopher_options *options)
{
    struct str rest = line;

    while (rest.len > 0) {
        uint32_t character = utf8_next(&rest);

        if (!utf8_printable(character) || character == '\t') {
            return "a control character";
        }
        if ((options->charset == CHARSET_ASCII && character >= 0x80) ||
            (options->charset == CHARSET_LATIN1 && character >= 0x100)) {
            return "a character that the set lacks";
        }
    }
    if (wrapped && utf8_width(line) > options->wrap && !wrap_is_url(line) && *line.ptr != '[') {
        return "a line wider than the page";
    }
    if (str_starts_with(line, STR(".")) || str_ends_with(line, STR(" "))) {
        return "a dot at the start, or a blank at the end of a line";
    }
    return NULL;
}

/* NULL when every property holds, else which does not. */
static inline const char *broken_gopher_with(struct arena *arena, struct str source,
                                             const struct convert_options *convert,
                                             const struct gopher_options *options)
{
    struct post post = { .document = parse_markdown(arena, source) };
    struct str output = write_gopher(arena, &post, convert, options);
    bool wrapped = is_wrapped(post.document.first);
    struct str line = STR("x");

    if (!utf8_valid(output) || str_starts_with(output, STR("\n")) ||
        str_ends_with(output, STR("\n\n"))) {
        return "no text, or empty lines at an end";
    }
    while (str_next_line(&output, &line)) {
        const char *broken = broken_gopher_line(line, wrapped, options);

        if (broken != NULL) {
            return broken;
        }
    }
    return NULL;
}

static inline const char *broken_gopher(struct arena *arena, struct str source,
                                        const struct convert_options *convert)
{
    const struct gopher_options narrow = { 30, CHARSET_ASCII, true };
    const struct gopher_options latin = { 200, CHARSET_LATIN1, true };
    const char *broken = broken_gopher_with(arena, source, convert, &gopher_defaults);

    broken = broken != NULL ? broken : broken_gopher_with(arena, source, convert, &narrow);
    return broken != NULL ? broken : broken_gopher_with(arena, source, convert, &latin);
}

#endif
