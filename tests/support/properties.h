/* What holds of a conversion whatever the input. Source: gemtext.md, section 6. */
#ifndef TESTS_PROPERTIES_H
#define TESTS_PROPERTIES_H

#include "base/diag.h"
#include "base/utf8.h"
#include "gemtext.h"
#include "line_properties.h"
#include "links.h"
#include "markdown.h"
#include "word_properties.h"

static inline struct document parse_markdown(struct arena *arena, struct str source)
{
    bool kramdown = str_starts_with(source, STR("<!-- kramdown -->"));
    struct diag diag;
    struct document document;

    diag_init(&diag, arena);
    document = markdown_parse(arena, source, (struct place){ "test.md", 1 },
                              (struct markdown_manner){ .kramdown = kramdown }, &diag);
    links_clean(arena, &document, "test.md", &diag);
    return document;
}

static inline struct str write_document(struct arena *arena, const struct document *document,
                                        const struct convert_options *options)
{
    struct strbuf out;

    strbuf_init(&out, arena, (size_t)256 << 20);
    gemtext_document(&out, document, STR(""), options);
    return strbuf_str(&out);
}

static inline struct str convert_markdown(struct arena *arena, struct str source,
                                          const struct convert_options *options)
{
    struct document document = parse_markdown(arena, source);

    return write_document(arena, &document, options);
}

/* A link line's address, or an empty text. */
static inline struct str link_address(struct str line)
{
    struct str address;

    if (!str_starts_with(line, STR("=> "))) {
        return STR("");
    }
    str_cut(str_skip(line, 3), ' ', &address, NULL);
    return address;
}

static inline bool is_sound_address(struct str address)
{
    for (size_t i = 0; i < address.len; i++) {
        if (address.ptr[i] <= ' ' || address.ptr[i] == 0x7F) { /* char is signed or bytes differ */
            return false;
        }
        if ((unsigned char)address.ptr[i] >= 0x80) {
            return false;
        }
    }
    return address.len > 0;
}

static inline const char *broken_line(struct str output)
{
    struct str line;
    bool preformatted = false;
    bool blank = true; /* so that none may stand at the start */

    while (str_next_line(&output, &line)) {
        if (str_starts_with(line, STR("```"))) {
            preformatted = !preformatted;
            blank = false;
            continue;
        }
        if (preformatted) {
            continue;
        }
        if (line.len == 0 && blank) {
            return "empty lines at the start or two together";
        }
        blank = line.len == 0;
        if (str_starts_with(line, STR("=>")) && !is_sound_address(link_address(line))) {
            return "a link line without a sound address";
        }
    }
    return preformatted ? "a preformatted block is never closed" : NULL;
}

/* Whether every address of the blocks stands on a link line of the output. */
static inline bool has_every_link(const struct block *block, const struct str *urls,
                                  struct str output)
{
    for (; block != NULL; block = block->next) {
        for (size_t i = 0; i < block->link_count; i++) {
            struct str rest = output;
            struct str line;
            struct str url = document_url(urls, block, i);
            bool found = url.len == 0;

            while (!found && str_next_line(&rest, &line)) {
                found = str_equal(link_address(line), url);
            }
            if (!found) {
                return false;
            }
        }
        if (!has_every_link(block->first, urls, output)) {
            return false;
        }
    }
    return true;
}

/* NULL when every property holds, else which does not. */
static inline const char *broken_property(struct arena *arena, struct str source,
                                          const struct convert_options *options)
{
    struct document document = parse_markdown(arena, source);
    struct str output = write_document(arena, &document, options);
    const char *broken = broken_line(output);

    if (!utf8_valid(output) || utf8_clean(arena, output, NULL).ptr != output.ptr) {
        return "bytes that are no text";
    }
    if (output.len > 0 &&
        (!str_ends_with(output, STR("\n")) || str_ends_with(output, STR("\n\n")))) {
        return "does not end in one line end";
    }
    if (broken == NULL && source.len < 65536 &&
        !has_every_link(document.first, document.urls, output)) {
        broken = "a link is lost";
    }
    if (broken == NULL) {
        broken = broken_line_types(arena, &document, options, output);
    }
    if (broken == NULL) {
        broken = broken_words(arena, &document, options, output);
    }
    if (!str_equal(output, convert_markdown(arena, source, options))) {
        return "converting twice gives different bytes";
    }
    return broken;
}

#endif
