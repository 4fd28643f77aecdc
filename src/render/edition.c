/* All pages into one table, in one arena. */
#include "render/edition.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/utf8.h"
#include "content/site.h"
#include "gemtext_page.h"
#include "media.h"
#include "pages.h"

#define PAGE_MAX         ((size_t)64 << 20) /* a rendered page; its source has a limit of its own */
#define IN_MEMORY_MAX    ((uint64_t)1 << 20)   /* larger static files stay on disk, open */
#define STATIC_MAX       ((uint64_t)100 << 20) /* gemini.md, G42: larger files do not belong here */
#define EDITION_SIZE_MAX ((uint64_t)1 << 30)

struct edition {
    struct arena *arena;
    unsigned holds;
    struct page *pages;
    size_t count;
    size_t capacity;
    struct map paths; /* decoded path -> index into pages */
};

struct builder {
    struct edition *edition;
    const struct site *site;
    struct diag *diag;
    struct str gemini_type;
    uint64_t in_memory;
};

static void add_page(struct edition *edition, struct page page)
{
    page.path = arena_copy(edition->arena, page.path);
    page.number = edition->count;
    if (map_add(&edition->paths, page.path, edition->count)) {
        *ARENA_PUSH(edition->arena, edition->pages, edition->count, &edition->capacity) = page;
    } else if (page.fd != -1) {
        close(page.fd);
    }
}

static void add_body(struct builder *builder, struct str path, struct str type, struct str body)
{
    struct arena *arena = builder->edition->arena;

    add_page(builder->edition, (struct page){ .path = path,
                                              .kind = PAGE_BODY,
                                              .media_type = arena_copy(arena, type),
                                              .body = arena_copy(arena, body),
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
    struct strbuf body;

    strbuf_init(&body, scratch, PAGE_MAX);
    if (class->outline != NULL) {
        class->outline(builder->site, index, &outline);
        gemtext_page(&body, &outline, &builder->site->capsule.convert);
        add_body(builder, path, type_in(builder, outline.language, scratch), strbuf_str(&body));
    } else {
        class->write(&body, builder->site);
        add_body(builder, path, class->media_type, strbuf_str(&body));
    }
    if (body.full) {
        diag_error(builder->diag, (struct place){ NULL, 0 },
                   "the page at %.*s is larger than %zu bytes; it is cut there", STR_ARG(path),
                   PAGE_MAX);
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

/* ---- static files ---------------------------------------------------------------------------- */

static bool is_text(struct str type)
{
    return str_starts_with(type, STR("text/"));
}

/* LF line ends only, and no byte order mark: gemini.md, G38 and G39. */
static struct str tidy_text(struct arena *arena, struct str text)
{
    char *out;
    size_t len = 0;

    text = str_skip(text, str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0);
    if (str_find(text, '\r') == text.len) {
        return text;
    }
    out = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r') {
            out[len++] = text.ptr[i];
        } else if (i + 1 == text.len || text.ptr[i + 1] != '\n') {
            out[len++] = '\n';
        }
    }
    return (struct str){ out, len };
}

/* Text that is not UTF-8 has no charset we could name honestly: it is served as bytes. */
static struct str text_type(struct builder *builder, const struct static_file *file,
                            struct str type, struct str body)
{
    struct arena *arena = builder->edition->arena;

    if (!utf8_valid(body)) {
        diag_warn(builder->diag, (struct place){ file->file, 0 },
                  "not UTF-8; served as application/octet-stream");
        return STR("application/octet-stream");
    }
    if (str_equal(type, STR("text/gemini"))) {
        return builder->gemini_type;
    }
    return arena_printf(arena, "%.*s;charset=utf-8", STR_ARG(type));
}

static bool add_small(struct builder *builder, const struct static_file *file, struct str type)
{
    struct edition *edition = builder->edition;
    struct page page = { .path = file->path, .kind = PAGE_BODY, .media_type = type, .fd = -1 };

    if (!file_read(AT_FDCWD, file->file, (size_t)IN_MEMORY_MAX, edition->arena, &page.body)) {
        return false;
    }
    if (is_text(type)) {
        page.media_type = text_type(builder, file, type, page.body);
        page.body = tidy_text(edition->arena, page.body);
    }
    page.size = page.body.len;
    add_page(edition, page);
    if (str_ends_with(file->path, STR("/index.gmi")) && file->path.len > STR("/index.gmi").len) {
        page.path = str_first(file->path, file->path.len - STR("index.gmi").len);
        add_page(edition, page);
    }
    return true;
}

static bool add_large(struct builder *builder, const struct static_file *file, struct str type)
{
    struct page page = { .path = file->path, .kind = PAGE_BODY, .media_type = type };
    struct stat status;

    page.fd = file_open(AT_FDCWD, file->file, &status);
    if (page.fd == -1) {
        return false;
    }
    page.size = (uint64_t)status.st_size;
    add_page(builder->edition, page);
    return true;
}

static void add_static(struct builder *builder, const struct static_file *file)
{
    struct str type = media_type(file->path);
    bool small = file->size <= IN_MEMORY_MAX;
    struct place place = { file->file, 0 };

    if (file->size > STATIC_MAX) {
        diag_error(builder->diag, place, "larger than %" PRIu64 " MiB; left out", STATIC_MAX >> 20);
    } else if (small && builder->in_memory + file->size > EDITION_SIZE_MAX) {
        diag_error(builder->diag, place, "static files together pass %" PRIu64 " MiB; left out",
                   EDITION_SIZE_MAX >> 20);
    } else if (!(small ? add_small : add_large)(builder, file, type)) {
        diag_error(builder->diag, place, "cannot be read: %s; left out", strerror(errno));
    } else if (small) {
        builder->in_memory += file->size;
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void add_redirects(struct builder *builder)
{
    struct arena *arena = builder->edition->arena;

    for (size_t i = 0; i < builder->site->redirect_count; i++) {
        const struct redirect *redirect = &builder->site->redirects[i];

        add_page(builder->edition, (struct page){ .path = redirect->from,
                                                  .kind = PAGE_REDIRECT,
                                                  .location = arena_copy(arena, redirect->to),
                                                  .fd = -1 });
    }
}

struct edition *edition_create(const struct site *site, struct diag *diag)
{
    struct arena *arena = arena_create();
    struct edition *edition = ARENA_NEW(arena, struct edition);
    struct builder builder = { .edition = edition, .site = site, .diag = diag };

    *edition = (struct edition){ .arena = arena, .holds = 1 };
    map_init(&edition->paths, arena);
    builder.gemini_type = type_in(&builder, site->capsule.language, arena);
    render_pages(&builder);
    for (size_t i = 0; i < site->static_count; i++) {
        add_static(&builder, &site->statics[i]);
    }
    add_redirects(&builder);
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

const struct page *edition_find(const struct edition *edition, struct str path)
{
    size_t index;

    return map_find(&edition->paths, path, &index) ? &edition->pages[index] : NULL;
}

size_t edition_count(const struct edition *edition)
{
    return edition->count;
}

const struct page *edition_page(const struct edition *edition, size_t index)
{
    return &edition->pages[index];
}
