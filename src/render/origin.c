/* Hashes of all that a renderer reads. Documents are told by the version of their post, so that
 * none has to be walked. */
#include "origin.h"

#include "base/hash.h"

uint64_t origin_text(uint64_t origin, struct str text)
{
    return hash_bytes(origin, text.ptr, text.len);
}

uint64_t origin_number(uint64_t origin, uint64_t number)
{
    return hash_number(origin, number);
}

uint64_t origin_wishes(uint64_t origin, const struct capsule *capsule)
{
    const uint64_t numbers[] = {
        (uint64_t)capsule->convert.links,
        (uint64_t)capsule->convert.emphasis,
        capsule->gopher.wrap,
        (uint64_t)capsule->gopher.charset,
        capsule->gopher.final_dot,
    };

    return hash_bytes(origin, numbers, sizeof numbers);
}

uint64_t origin_url(uint64_t origin, struct str url, const struct places *places)
{
    origin = origin_text(origin, url);
    if (places != NULL) {
        struct menu_item item;

        if (places_find_own(places, url, &item)) {
            origin = origin_number(origin, (uint64_t)item.type);
            origin = origin_text(origin, item.selector);
        }
    }
    return origin;
}

static uint64_t add_document(uint64_t origin, const struct post *post, const struct places *places)
{
    const struct document *document = &post->document;

    origin = origin_number(origin, post->version);
    for (size_t i = 0; places != NULL && document->open_urls != NULL && i < document->open_count;
         i++) {
        origin = origin_url(origin, document->open_urls[i], places);
    }
    return origin;
}

static uint64_t add_line(uint64_t origin, const struct outline_line *line,
                         const struct places *places)
{
    struct outline_line read;

    origin = origin_number(origin, (uint64_t)line->kind);
    origin = origin_number(origin, (uint64_t)line->level);
    origin = origin_text(origin, line->text);
    origin = origin_url(origin, line->url, places);
    if (line->kind == OUTLINE_GEMTEXT) {
        read = outline_read_gemtext(line->text);
        origin = origin_url(origin, read.url, places);
    }
    return line->post != NULL ? add_document(origin, line->post, places) : origin;
}

uint64_t origin_outline(uint64_t origin, const struct outline *outline, const struct places *places)
{
    if (places != NULL) {
        origin = origin_text(origin_number(origin, places->port), places->host);
        origin = origin_text(origin, places->gemini);
    }
    for (size_t i = 0; i < outline->count; i++) {
        origin = add_line(origin, &outline->lines[i], places);
    }
    return origin;
}
