/* Gopher's table of an edition: the pages that Gemini has, written for it, and a few of its own. */
#include <unistd.h>

#include "base/charset.h"
#include "base/map.h"
#include "build.h"
#include "content/address.h"
#include "gophermap.h"
#include "gophertext.h"
#include "media.h"
#include "origin.h"

#define GOPHER_PORT   70
#define GEMINI_PORT   1965
#define CAPS_EXPIRE_S 86400 /* a day */
#define MENU          "application/gopher-menu"

static const struct gopher_options *options_of(const struct builder *builder)
{
    return &builder->site->capsule.gopher;
}

/* ---- places ---------------------------------------------------------------------------------- */

/* "/posts/a.gmi" is "/posts/a.txt" here: what it is, its name must say. */
static struct str text_selector(struct arena *arena, struct str path)
{
    struct str stem = path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
    } else if (str_ends_with(stem, STR("/")) && stem.len > 1) {
        stem.len--;
    }
    return ARENA_CONCAT(arena, stem, STR(".txt"));
}

/* Give a path its place in the menus, with a word when nobody could ask for it there. */
static void place(struct builder *builder, struct str path, char type, struct str selector)
{
    if (selector.len > GOPHER_SELECTOR_MAX) {
        diag_warn(builder->diag, (struct place){ NULL, 0 },
                  "the selector %.*s... is longer than %d bytes; menus on Gopher name it without a "
                  "link",
                  STR_ARG(str_first(selector, 60)), GOPHER_SELECTOR_MAX);
    }
    places_add(&builder->places, path, type, selector);
}

static void place_pages(struct builder *builder, const struct page_class *class)
{
    struct arena *arena = builder->plans;
    size_t count = class->count(builder->site);

    for (size_t i = 0; i < count; i++) {
        struct sheet sheet = class->sheet(builder->site, i);
        struct str path = class->path(&sheet, arena);
        bool text = class->outline != NULL && !class->menu;
        char type = class->menu ? '1' : text ? '0' : media_item_type(class->media_type);

        place(builder, path, type, text ? text_selector(arena, path) : path);
    }
}

/* The folder that holds a path, without a slash at its end; empty for the topmost. */
static struct str folder_of(struct str path)
{
    do {
        path.len--;
    } while (path.len > 0 && path.ptr[path.len] != '/');
    return path;
}

static void place_statics(struct builder *builder)
{
    for (size_t i = 0; i < builder->site->static_count; i++) {
        struct str path = builder->site->statics[i].path;

        place(builder, path, media_item_type(media_type(path)), path);
        for (path = folder_of(path); path.len > 0; path = folder_of(path)) {
            places_add(&builder->places, path, '1', path);
            places_add(&builder->places, ARENA_CONCAT(builder->plans, path, STR("/")), '1', path);
        }
    }
}

/* ---- signposts ------------------------------------------------------------------------------- */

/* A line whose address is filled in for each page may lead anywhere. */
static uint64_t add_template(uint64_t origin, struct str template, const struct places *places)
{
    struct str line;

    while (str_next_line(&template, &line)) {
        struct str url = outline_read_gemtext(line).url;

        origin = str_find(url, '{') < url.len ? origin_number(origin, places->origin)
                                              : origin_url(origin, url, places);
    }
    return origin;
}

static uint64_t find_signposts(const struct capsule *capsule, const struct places *places)
{
    const struct templates *templates = &capsule->templates;
    uint64_t origin = places->self;

    for (size_t i = 0; i < capsule->link_count; i++) {
        origin = origin_url(origin, capsule->links[i].value, places);
    }
    origin = add_template(origin, templates->entry, places);
    origin = add_template(origin, templates->post_head, places);
    origin = add_template(origin, templates->post_foot, places);
    return add_template(origin, templates->page_foot, places);
}

void build_gopher_places(struct builder *builder)
{
    const struct edition_options *options = builder->options;
    struct str canonical = builder->site->capsule.hosts.items[0];
    const struct places_self self = {
        .gopher_host = options->gopher_host.len > 0 ? options->gopher_host : canonical,
        .gemini_host = canonical,
        .gopher_port = options->gopher_port != 0 ? options->gopher_port : GOPHER_PORT,
        .gemini_port = options->gemini_port != 0 ? options->gemini_port : GEMINI_PORT,
    };

    places_init(&builder->places, builder->plans, &self);
    for (size_t i = 0; i < page_class_count; i++) {
        place_pages(builder, &page_classes[i]);
    }
    place_statics(builder);
    builder->signposts = find_signposts(&builder->site->capsule, &builder->places);
}

/* ---- pages ----------------------------------------------------------------------------------- */

static struct str send_text(const struct builder *builder, struct arena *arena, struct str text)
{
    return gophertext_send(arena, text, options_of(builder)->final_dot);
}

static struct body *write_menu(const struct builder *builder, const struct outline *outline,
                               uint64_t origin)
{
    struct strbuf menu;

    strbuf_init(&menu, outline->arena, PAGE_MAX);
    gophermap_page(&menu, outline, &builder->places, options_of(builder));
    return body_create(origin, STR(MENU), strbuf_str(&menu));
}

static struct body *write_text(const struct builder *builder, struct arena *scratch,
                               struct str text, uint64_t origin)
{
    static const struct str media[] = {
        [CHARSET_UTF8] = STR_INIT("text/plain;charset=utf-8"),
        [CHARSET_LATIN1] = STR_INIT("text/plain;charset=iso-8859-1"),
        [CHARSET_ASCII] = STR_INIT("text/plain;charset=us-ascii"),
    };
    enum charset charset = (enum charset)options_of(builder)->charset;

    text = send_text(builder, scratch, charset_encode(scratch, text, charset));
    return body_create(origin, media[charset], text);
}

static struct body *write_article(const struct builder *builder, const struct outline *outline,
                                  uint64_t origin)
{
    struct strbuf text;

    strbuf_init(&text, outline->arena, PAGE_MAX);
    gophertext_page(&text, outline, &builder->places, &builder->site->capsule.convert,
                    options_of(builder));
    return write_text(builder, outline->arena, strbuf_str(&text), origin);
}

static struct body *make_outline(const struct builder *builder, const struct draft *draft,
                                 const struct entry *entry)
{
    const struct outline *outline = &draft->outline;
    uint64_t origin = origin_outline(builder->origin, outline, &builder->places);
    struct body *body = build_take(builder, entry, origin);

    return body != NULL
               ? body
               : (draft->class->menu ? write_menu : write_article)(builder, outline, origin);
}

static struct body *make_bytes(const struct builder *builder, const struct draft *draft,
                               const struct entry *entry)
{
    uint64_t origin = origin_text(builder->origin, draft->bytes);
    struct body *body = build_take(builder, entry, origin);
    struct str bytes = send_text(builder, draft->outline.arena, draft->bytes);

    return body != NULL ? body : body_create(origin, draft->class->media_type, bytes);
}

struct body *build_gopher_page(const struct builder *builder, const struct draft *draft,
                               const struct entry *entry)
{
    return (draft->class->outline != NULL ? make_outline : make_bytes)(builder, draft, entry);
}

/* Beside what is on its sheet, a page there depends on what its links lead to: texts are always the
 * same, but a path may have become a file's, or a folder's. */
static uint64_t origin_there(const struct builder *builder, const struct sheet *sheet,
                             uint64_t origin)
{
    const struct document *document = sheet->post != NULL ? &sheet->post->document : NULL;

    origin = origin_number(origin, builder->signposts);
    for (size_t i = 0; document != NULL && i < document->open_count; i++) {
        origin = origin_url(origin, document->open_urls[i], &builder->places);
    }
    return origin;
}

struct entry build_gopher_entry(const struct builder *builder, const struct page_class *class,
                                const struct sheet *sheet, const struct entry *gemini,
                                struct arena *scratch)
{
    bool text = class->outline != NULL && !class->menu;
    uint64_t origin = gemini->sheet;

    return (struct entry){
        .table = EDITION_GOPHER,
        .path = text ? text_selector(scratch, gemini->path) : gemini->path,
        .sheet = origin != 0 ? origin_there(builder, sheet, origin) : 0,
    };
}

/* ---- static files ---------------------------------------------------------------------------- */

/* A large text file, which Gemini sends as it lies on the disk; here its lines are made over. */
static bool read_large(const struct page *page, struct arena *scratch, struct str *text)
{
    char *bytes = arena_alloc(scratch, page->size);
    uint64_t len = 0;

    while (len < page->size) {
        ssize_t got = pread(page->fd, bytes + len, page->size - len, (off_t)len);

        if (got <= 0) {
            return false;
        }
        len += (uint64_t)got;
    }
    *text = (struct str){ bytes, len };
    return true;
}

/* NULL when it cannot be read. */
static struct body *send_static(const struct builder *builder, const struct page *page,
                                uint64_t origin)
{
    struct arena *scratch = arena_create();
    struct str text = page->body;
    struct body *body = NULL;

    if (page->fd == -1 || read_large(page, scratch, &text)) {
        body = body_create(origin, media_type(page->path), send_text(builder, scratch, text));
    }
    arena_destroy(scratch);
    return body;
}

static void add_static(struct builder *builder, const struct static_file *file)
{
    const struct page *page = edition_find(builder->edition, EDITION_GEMINI, file->path);
    const struct entry entry = { EDITION_GOPHER, file->path, 0 };
    uint64_t origin = build_static_origin(builder, file);
    struct body *body;

    if (page == NULL || page->kind != PAGE_BODY) {
        return;
    }
    if (media_item_type(media_type(file->path)) != '0' ||
        (page->fd != -1 && builder->in_memory + page->size > EDITION_SIZE_MAX)) {
        build_add_name(builder, EDITION_GOPHER, file->path, page->number); /* as it is */
        return;
    }
    body = build_take(builder, &entry, origin);
    if (body == NULL) {
        body = send_static(builder, page, origin);
    }
    if (body != NULL) {
        builder->in_memory += page->fd == -1 ? 0 : page->size;
        build_add(builder, &entry, body);
    }
}

/* ---- folders --------------------------------------------------------------------------------- */

struct folder {
    struct str path; /* without a slash at its end */
    struct outline outline;
};

struct folders {
    struct builder *builder;
    struct map paths;
    struct folder *each;
    size_t count;
    size_t capacity;
};

static struct str name_of(struct str path)
{
    return str_skip(path, folder_of(path).len + 1);
}

static size_t find_folder(struct folders *folders, struct str path);

/* What is in a folder is a line of its menu; at the top, the home page stands instead of a menu. */
static void add_to_folder(struct folders *folders, struct str path)
{
    struct str above = folder_of(path);

    if (above.len > 0) {
        size_t index = find_folder(folders, above); /* which may move them all */
        struct outline *outline = &folders->each[index].outline;

        outline_link(outline, address_encode(outline->arena, path), name_of(path));
    }
}

static size_t find_folder(struct folders *folders, struct str path)
{
    struct arena *arena = folders->builder->plans;
    struct str above = folder_of(path);
    struct folder *folder;
    size_t index;

    if (map_find(&folders->paths, path, &index)) {
        return index;
    }
    index = folders->count;
    map_add(&folders->paths, path, index);
    folder = ARENA_PUSH(arena, folders->each, folders->count, &folders->capacity);
    *folder = (struct folder){ path, { .arena = arena } };
    outline_heading(&folder->outline, 1, path);
    outline_gap(&folder->outline);
    outline_link(&folder->outline, above.len > 0 ? address_encode(arena, above) : STR("/"),
                 STR(".."));
    add_to_folder(folders, path);
    return index;
}

static void add_folders(struct builder *builder)
{
    struct folders folders = { .builder = builder };

    map_init(&folders.paths, builder->plans);
    for (size_t i = 0; i < builder->site->static_count; i++) {
        add_to_folder(&folders, builder->site->statics[i].path);
    }
    for (size_t i = 0; i < folders.count; i++) {
        const struct entry entry = { EDITION_GOPHER, folders.each[i].path, 0 };

        build_add(builder, &entry, write_menu(builder, &folders.each[i].outline, 0));
    }
}

/* ---- what is found by other names ------------------------------------------------------------ */

static void add_alias(struct builder *builder, struct str path, struct str selector)
{
    const struct page *page = edition_find(builder->edition, EDITION_GOPHER, selector);

    if (page != NULL) {
        build_add_name(builder, EDITION_GOPHER, path, page->number);
    }
}

/* Gemini's addresses work here, too; there are no redirects, so old ones lead to the page itself.
 */
static void add_aliases(struct builder *builder)
{
    const struct places *places = &builder->places;

    for (size_t i = 0; i < places->count; i++) {
        struct str selector = places->own[i].selector;

        add_alias(builder, places->own[i].path, selector);
        if (places->own[i].type == '1' && !str_ends_with(selector, STR("/"))) {
            add_alias(builder, ARENA_CONCAT(builder->plans, selector, STR("/")), selector);
        }
    }
    for (size_t i = 0; i < builder->site->redirect_count; i++) {
        const struct redirect *redirect = &builder->site->redirects[i];
        struct menu_item item;

        if (places_find(places, redirect->to, &item)) {
            add_alias(builder, redirect->from, item.selector);
        }
    }
}

/* Source: gopher.md R28. */
static void add_caps(struct builder *builder)
{
    const struct capsule *capsule = &builder->site->capsule;
    const struct entry entry = { EDITION_GOPHER, STR("/caps.txt"), 0 };
    struct strbuf caps;

    strbuf_init(&caps, builder->plans, PAGE_MAX);
    strbuf_addf(&caps,
                "CAPS\n"
                "CapsVersion=1\n"
                "ExpireCapsAfter=%d\n"
                "PathDelimeter=/\n"
                "PathIdentity=.\n"
                "PathParent=..\n"
                "PathParentDouble=FALSE\n"
                "PathKeepPreDelimeter=FALSE\n"
                "ServerSoftware=Splashdown\n"
                "ServerSoftwareVersion=" SPLASHDOWN_VERSION "\n"
                "ServerDefaultEncoding=%.*s\n"
                "ServerDescription=%.*s\n",
                CAPS_EXPIRE_S, STR_ARG(charset_labels[capsule->gopher.charset]),
                STR_ARG(charset_fit(builder->plans, capsule->title,
                                    (enum charset)capsule->gopher.charset)));
    build_add(builder, &entry, write_text(builder, builder->plans, strbuf_str(&caps), 0));
}

void build_gopher_rest(struct builder *builder)
{
    for (size_t i = 0; i < builder->site->static_count; i++) {
        add_static(builder, &builder->site->statics[i]);
    }
    add_folders(builder);
    add_caps(builder);
    add_aliases(builder);
}
