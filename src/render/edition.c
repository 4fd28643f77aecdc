/* All pages into tables, one for each protocol, in one arena. */
#include "render/edition.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "build.h"
#include "gemtext_page.h"

struct edition {
    struct arena *arena;
    unsigned holds;
    struct page *pages;
    size_t count;
    size_t capacity;
    struct map tables[EDITION_TABLES]; /* decoded path -> index into pages */
};

bool build_add(struct builder *builder, enum edition_table table, struct page page)
{
    struct edition *edition = builder->edition;

    page.path = arena_copy(builder->arena, page.path);
    page.number = edition->count;
    if (!map_add(&edition->tables[table], page.path, page.number)) {
        return false;
    }
    *ARENA_PUSH(builder->arena, edition->pages, edition->count, &edition->capacity) = page;
    return true;
}

void build_add_name(struct builder *builder, enum edition_table table, struct str path,
                    size_t number)
{
    map_add(&builder->edition->tables[table], arena_copy(builder->arena, path), number);
}

void build_add_body(struct builder *builder, enum edition_table table, struct str path,
                    struct str type, struct str body)
{
    build_add(builder, table,
              (struct page){ .path = path,
                             .kind = PAGE_BODY,
                             .media_type = arena_copy(builder->arena, type),
                             .body = arena_copy(builder->arena, body),
                             .fd = -1,
                             .size = body.len });
}

/* ---- rendered pages -------------------------------------------------------------------------- */

/* Gemtext in a language, or in the capsule's when none is said. */
static struct str type_in(const struct builder *builder, struct str language, struct arena *arena)
{
    return language.len == 0
               ? builder->gemini_type
               : arena_printf(arena, "text/gemini;charset=utf-8;lang=%.*s", STR_ARG(language));
}

static void render_page(struct builder *builder, const struct page_class *class, size_t index)
{
    struct arena *scratch = arena_create();
    struct str path = class->path(builder->site, index, scratch);
    struct outline outline = { .arena = scratch };
    struct str type;
    struct strbuf body;

    strbuf_init(&body, scratch, PAGE_MAX);
    if (class->outline != NULL) {
        class->outline(builder->site, index, &outline);
        gemtext_page(&body, &outline, &builder->site->capsule.convert);
        type = type_in(builder, outline.language, scratch);
    } else {
        class->write(builder->site, index, &body);
        type = class->media_type;
    }
    if (body.full) {
        diag_error(builder->diag, (struct place){ NULL, 0 },
                   "the page at %.*s is larger than %zu bytes; it is cut there", STR_ARG(path),
                   PAGE_MAX);
    }
    build_add_body(builder, EDITION_GEMINI, path, type, strbuf_str(&body));
    if (builder->options->gopher) {
        build_gopher_page(builder, class, path, &outline, strbuf_str(&body));
    }
    arena_destroy(scratch);
}

static void render_pages(struct builder *builder)
{
    for (size_t i = 0; i < page_class_count; i++) {
        size_t count = page_classes[i].count(builder->site);

        for (size_t index = 0; index < count; index++) {
            render_page(builder, &page_classes[i], index);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void add_redirects(struct builder *builder)
{
    for (size_t i = 0; i < builder->site->redirect_count; i++) {
        const struct redirect *redirect = &builder->site->redirects[i];

        build_add(builder, EDITION_GEMINI,
                  (struct page){ .path = redirect->from,
                                 .kind = PAGE_REDIRECT,
                                 .location = arena_copy(builder->arena, redirect->to),
                                 .fd = -1 });
    }
}

struct edition *edition_create(const struct site *site, const struct edition_options *options,
                               struct diag *diag)
{
    struct arena *arena = arena_create();
    struct edition *edition = ARENA_NEW(arena, struct edition);
    struct builder builder = { edition, arena, site, options, diag, .plans = arena_create() };

    *edition = (struct edition){ .arena = arena, .holds = 1 };
    for (int i = 0; i < EDITION_TABLES; i++) {
        map_init(&edition->tables[i], arena);
    }
    builder.gemini_type = type_in(&builder, site->capsule.language, arena);
    if (options->gopher) {
        build_gopher_places(&builder);
    }
    render_pages(&builder);
    build_statics(&builder);
    add_redirects(&builder);
    if (options->gopher) {
        build_gopher_rest(&builder);
    }
    arena_destroy(builder.plans);
    return edition;
}

struct edition *edition_hold(struct edition *edition)
{
    edition->holds++;
    return edition;
}

void edition_release(struct edition *edition)
{
    if (edition == NULL || --edition->holds > 0) {
        return;
    }
    for (size_t i = 0; i < edition->count; i++) {
        if (edition->pages[i].fd != -1) {
            close(edition->pages[i].fd);
        }
    }
    arena_destroy(edition->arena);
}

const struct page *edition_find(const struct edition *edition, enum edition_table table,
                                struct str path)
{
    size_t number;

    return map_find(&edition->tables[table], path, &number) ? &edition->pages[number] : NULL;
}

size_t edition_count(const struct edition *edition)
{
    return edition->count;
}

const struct page *edition_page(const struct edition *edition, size_t number)
{
    return &edition->pages[number];
}
