/* All pages into tables, one for each protocol, in one arena. */
#include "render/edition.h"

#include "base/hash.h"
#include "base/map.h"
#include "build.h"
#include "gemtext_page.h"
#include "origin.h"

struct edition {
    struct arena *arena;
    unsigned holds;
    struct page *pages;
    size_t count;
    size_t capacity;
    struct body **bodies; /* as many, held; NULL for a redirect */
    size_t body_capacity;
    struct map tables[EDITION_TABLES]; /* decoded path -> index into pages */
};

/* ---- entries --------------------------------------------------------------------------------- */

struct body *build_take(const struct builder *builder, enum edition_table table, struct str path,
                        uint64_t origin)
{
    const struct edition *before = builder->options->before;
    const struct page *page = before != NULL ? edition_find(before, table, path) : NULL;
    struct body *body = page != NULL ? before->bodies[page->number] : NULL;

    return body != NULL && body->origin == origin && origin != 0 ? body_hold(body) : NULL;
}

/* Returns false, and nothing happens, when there is a page at its path already. */
static bool enter(struct builder *builder, enum edition_table table, struct page page,
                  struct body *body)
{
    struct edition *edition = builder->edition;

    page.path = arena_copy(builder->arena, page.path);
    page.number = edition->count;
    if (!map_add(&edition->tables[table], page.path, page.number)) {
        return false;
    }
    edition->bodies = arena_grow(builder->arena, edition->bodies, edition->count,
                                 &edition->body_capacity, sizeof body);
    edition->bodies[edition->count] = body;
    *ARENA_PUSH(builder->arena, edition->pages, edition->count, &edition->capacity) = page;
    return true;
}

void build_add(struct builder *builder, enum edition_table table, struct str path,
               struct body *body)
{
    struct page page = { .path = path,
                         .kind = PAGE_BODY,
                         .media_type = body->media_type,
                         .body = body->bytes,
                         .fd = body->fd,
                         .size = body->size };

    if (!enter(builder, table, page, body)) {
        body_release(body);
    }
}

static void add_redirect(struct builder *builder, const struct redirect *redirect)
{
    struct page page = { .path = redirect->from,
                         .kind = PAGE_REDIRECT,
                         .location = arena_copy(builder->arena, redirect->to),
                         .fd = -1 };

    enter(builder, EDITION_GEMINI, page, NULL);
}

void build_add_name(struct builder *builder, enum edition_table table, struct str path,
                    size_t number)
{
    map_add(&builder->edition->tables[table], arena_copy(builder->arena, path), number);
}

/* ---- rendered pages -------------------------------------------------------------------------- */

/* Gemtext in a language, or in the capsule's when none is said. */
static struct str type_in(const struct builder *builder, struct str language, struct arena *arena)
{
    return language.len == 0
               ? builder->gemini_type
               : arena_printf(arena, "text/gemini;charset=utf-8;lang=%.*s", STR_ARG(language));
}

/* What is cut for its length is worth a word. */
static struct str finished(const struct builder *builder, const struct strbuf *bytes,
                           struct str path)
{
    if (bytes->full) {
        diag_error(builder->diag, (struct place){ NULL, 0 },
                   "the page at %.*s is larger than %zu bytes; it is cut there", STR_ARG(path),
                   PAGE_MAX);
    }
    return strbuf_str(bytes);
}

static void add_outline(struct builder *builder, struct str path, const struct outline *outline)
{
    struct str type = type_in(builder, outline->language, outline->arena);
    uint64_t origin = origin_outline(origin_text(builder->origin, type), outline, NULL);
    struct body *body = build_take(builder, EDITION_GEMINI, path, origin);

    if (body == NULL) {
        struct strbuf bytes;

        strbuf_init(&bytes, outline->arena, PAGE_MAX);
        gemtext_page(&bytes, outline, &builder->site->capsule.convert);
        body = body_create(origin, type, finished(builder, &bytes, path));
    }
    build_add(builder, EDITION_GEMINI, path, body);
}

static void render_outline(struct builder *builder, const struct page_class *class, size_t index,
                           struct arena *scratch)
{
    struct str path = class->path(builder->site, index, scratch);
    struct outline outline = { .arena = scratch };

    class->outline(builder->site, index, &outline);
    add_outline(builder, path, &outline);
    if (builder->options->gopher) {
        build_gopher_outline(builder, class, path, &outline);
    }
}

static void write_bytes(struct builder *builder, const struct page_class *class, size_t index,
                        struct arena *scratch)
{
    struct str path = class->path(builder->site, index, scratch);
    struct strbuf written;
    struct str bytes;
    struct body *body;
    uint64_t origin;

    strbuf_init(&written, scratch, PAGE_MAX);
    class->write(builder->site, index, &written);
    bytes = finished(builder, &written, path);
    origin = origin_text(builder->origin, bytes);
    body = build_take(builder, EDITION_GEMINI, path, origin);
    build_add(builder, EDITION_GEMINI, path,
              body != NULL ? body : body_create(origin, class->media_type, bytes));
    if (builder->options->gopher) {
        build_gopher_bytes(builder, class, path, bytes);
    }
}

static void render_pages(struct builder *builder)
{
    for (size_t i = 0; i < page_class_count; i++) {
        const struct page_class *class = &page_classes[i];
        size_t count = class->count(builder->site);

        for (size_t index = 0; index < count && pause_to_look(builder->options->pause); index++) {
            struct arena *scratch = arena_create();

            (class->outline != NULL ? render_outline : write_bytes)(builder, class, index, scratch);
            arena_destroy(scratch);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void add_redirects(struct builder *builder)
{
    for (size_t i = 0; i < builder->site->redirect_count; i++) {
        add_redirect(builder, &builder->site->redirects[i]);
    }
}

/* Tables that grow step by step leave their smaller selves behind. */
static void expect_as_many(struct edition *edition, const struct edition *before)
{
    edition->capacity = edition->body_capacity = before->count;
    edition->pages = ARENA_ARRAY(edition->arena, struct page, before->count);
    edition->bodies = ARENA_ARRAY(edition->arena, struct body *, before->count);
    for (int i = 0; i < EDITION_TABLES; i++) {
        map_reserve(&edition->tables[i], before->tables[i].count);
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
    if (options->before != NULL) {
        expect_as_many(edition, options->before);
    }
    builder.gemini_type = type_in(&builder, site->capsule.language, arena);
    builder.origin = origin_wishes(HASH_START, &site->capsule);
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
        body_release(edition->bodies[i]);
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
