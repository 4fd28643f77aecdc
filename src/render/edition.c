/* All pages into tables, one for each protocol, in one arena. */
#include "render/edition.h"

#include "base/hash.h"
#include "base/map.h"
#include "build.h"
#include "gemtext_page.h"
#include "origin.h"

/* What a page was made of. */
struct made {
    struct body *body; /* held; NULL for a redirect */
    uint64_t sheet;    /* see build.h */
};

struct edition {
    struct site *site; /* held, for texts that need not be copied */
    struct arena *arena;
    unsigned holds;
    struct page *pages;
    size_t count;
    size_t capacity;
    struct made *made; /* as many */
    size_t made_capacity;
    struct map tables[EDITION_TABLES]; /* decoded path -> index into pages */
};

/* ---- entries --------------------------------------------------------------------------------- */

/* What the edition before has in a place, or NULL. */
static const struct made *find_made(const struct builder *builder, const struct entry *entry)
{
    const struct edition *before = builder->options->before;
    const struct page *page =
        before != NULL ? edition_find(before, entry->table, entry->path) : NULL;

    return page != NULL && page->kind == PAGE_BODY ? &before->made[page->number] : NULL;
}

struct body *build_keep(const struct builder *builder, const struct entry *entry)
{
    const struct made *made = entry->sheet != 0 ? find_made(builder, entry) : NULL;

    return made != NULL && made->sheet == entry->sheet ? body_hold(made->body) : NULL;
}

struct body *build_take(const struct builder *builder, const struct entry *entry, uint64_t origin)
{
    const struct made *made = origin != 0 ? find_made(builder, entry) : NULL;

    return made != NULL && made->body->origin == origin ? body_hold(made->body) : NULL;
}

/* Returns false, and nothing happens, when there is a page at its path already. */
static bool enter(struct builder *builder, enum edition_table table, struct page page,
                  struct made made)
{
    struct edition *edition = builder->edition;

    page.number = edition->count;
    if (!map_add(&edition->tables[table], page.path, page.number)) {
        return false;
    }
    edition->made = arena_grow(builder->arena, edition->made, edition->count,
                               &edition->made_capacity, sizeof made);
    edition->made[edition->count] = made;
    *ARENA_PUSH(builder->arena, edition->pages, edition->count, &edition->capacity) = page;
    return true;
}

void build_add(struct builder *builder, const struct entry *entry, struct body *body)
{
    struct page page = { .path = arena_copy(builder->arena, entry->path),
                         .kind = PAGE_BODY,
                         .media_type = body->media_type,
                         .body = body->bytes,
                         .fd = body->fd,
                         .size = body->size };

    if (!enter(builder, entry->table, page, (struct made){ body, entry->sheet })) {
        body_release(body);
    }
}

static void add_redirect(struct builder *builder, const struct redirect *redirect)
{
    struct page page = {
        .path = redirect->from, .kind = PAGE_REDIRECT, .location = redirect->to, .fd = -1
    };

    enter(builder, EDITION_GEMINI, page, (struct made){ 0 });
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

static struct body *make_outline(const struct builder *builder, const struct outline *outline,
                                 const struct entry *entry)
{
    struct str type = type_in(builder, outline->language, outline->arena);
    uint64_t origin = origin_outline(origin_text(builder->origin, type), outline, NULL);
    struct body *body = build_take(builder, entry, origin);
    struct strbuf bytes;

    if (body != NULL) {
        return body;
    }
    strbuf_init(&bytes, outline->arena, PAGE_MAX);
    gemtext_page(&bytes, outline, &builder->site->capsule.convert);
    return body_create(origin, type, finished(builder, &bytes, entry->path));
}

static struct body *make_gemini(const struct builder *builder, const struct draft *draft,
                                const struct entry *entry)
{
    uint64_t origin = origin_text(builder->origin, draft->bytes);
    struct body *body;

    if (draft->class->outline != NULL) {
        return make_outline(builder, &draft->outline, entry);
    }
    body = build_take(builder, entry, origin);
    return body != NULL ? body : body_create(origin, draft->class->media_type, draft->bytes);
}

/* In whatever format, once for all tables. */
static void write_draft(const struct builder *builder, const struct sheet *sheet, struct str path,
                        struct draft *draft)
{
    struct strbuf bytes;

    if (draft->class->outline != NULL) {
        draft->class->outline(sheet, &draft->outline);
        return;
    }
    strbuf_init(&bytes, draft->outline.arena, PAGE_MAX);
    draft->class->write(sheet, &bytes);
    draft->bytes = finished(builder, &bytes, path);
}

static struct body *(*const makers[])(const struct builder *builder, const struct draft *draft,
                                      const struct entry *entry) = {
    [EDITION_GEMINI] = make_gemini,
    [EDITION_GOPHER] = build_gopher_page,
};

static void render_page(struct builder *builder, const struct page_class *class, size_t index,
                        struct arena *scratch)
{
    struct sheet sheet = class->sheet(builder->site, index);
    struct draft draft = { .class = class, .outline = { .arena = scratch } };
    struct entry entries[EDITION_TABLES];
    struct body *bodies[EDITION_TABLES];
    int tables = builder->options->gopher ? EDITION_TABLES : EDITION_GOPHER;
    bool kept = true;

    entries[EDITION_GEMINI] =
        (struct entry){ EDITION_GEMINI, class->path(&sheet, scratch),
                        builder->settings != 0 ? sheet_origin(builder->settings, &sheet) : 0 };
    if (builder->options->gopher) {
        entries[EDITION_GOPHER] =
            build_gopher_entry(builder, class, &sheet, &entries[EDITION_GEMINI], scratch);
    }
    for (int i = 0; i < tables; i++) {
        bodies[i] = build_keep(builder, &entries[i]);
        kept &= bodies[i] != NULL;
    }
    if (!kept) {
        write_draft(builder, &sheet, entries[EDITION_GEMINI].path, &draft);
    }
    for (int i = 0; i < tables; i++) {
        if (bodies[i] == NULL) {
            bodies[i] = makers[i](builder, &draft, &entries[i]);
        }
        build_add(builder, &entries[i], bodies[i]);
    }
}

static void render_pages(struct builder *builder)
{
    for (size_t i = 0; i < page_class_count; i++) {
        const struct page_class *class = &page_classes[i];
        size_t count = class->count(builder->site);

        for (size_t index = 0; index < count && pause_to_look(builder->options->pause); index++) {
            struct arena *scratch = arena_create();

            render_page(builder, class, index, scratch);
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
    edition->capacity = edition->made_capacity = before->count;
    edition->pages = ARENA_ARRAY(edition->arena, struct page, before->count);
    edition->made = ARENA_ARRAY(edition->arena, struct made, before->count);
    for (int i = 0; i < EDITION_TABLES; i++) {
        map_reserve(&edition->tables[i], before->tables[i].count);
    }
}

struct edition *edition_create(struct site *site, const struct edition_options *options,
                               struct diag *diag)
{
    struct arena *arena = arena_create();
    struct edition *edition = ARENA_NEW(arena, struct edition);
    struct builder builder = { edition, arena, site, options, diag, .plans = arena_create() };

    *edition = (struct edition){ .site = site_hold(site), .arena = arena, .holds = 1 };
    for (int i = 0; i < EDITION_TABLES; i++) {
        map_init(&edition->tables[i], arena);
    }
    if (options->before != NULL) {
        expect_as_many(edition, options->before);
    }
    builder.gemini_type = type_in(&builder, site->capsule.language, arena);
    builder.origin = origin_wishes(HASH_START, &site->capsule);
    builder.settings = site->settings != 0 ? origin_number(builder.origin, site->settings) : 0;
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
        body_release(edition->made[i].body);
    }
    site_release(edition->site);
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
