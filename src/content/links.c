/* Links between posts, to pages, to files: by address, by web address, by file name. */
#include "links.h"

#include "address.h"

struct resolver {
    struct arena *arena;
    const struct site *site;       /* NULL: nothing to look up */
    const struct targets *targets; /* likewise */
    const struct post *post;       /* whose links are resolved */
    const char *file;
    struct diag *diag;
};

/* ---- what there is --------------------------------------------------------------------------- */

static size_t add_target(struct targets *targets, struct arena *arena, struct str path)
{
    size_t index = targets->count;

    *ARENA_PUSH(arena, targets->paths, targets->count, &targets->capacity) = path;
    map_add(&targets->addresses, path, index);
    return index;
}

/* The shapes a page's address has on the web: /posts/x, /posts/x/, /posts/x.html. */
static void add_page(struct targets *targets, struct arena *arena, const struct post *post)
{
    static const struct str endings[] = { STR_INIT(""), STR_INIT("/"), STR_INIT(".html") };
    size_t index = add_target(targets, arena, post->path);
    struct str stem = post->path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
    }
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        map_add(&targets->addresses,
                arena_printf(arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(endings[i])), index);
    }
    map_add(&targets->files, str_from(post->file), index);
}

void targets_gather(struct targets *targets, const struct site *site)
{
    struct arena *arena = site->arena;

    *targets = (struct targets){ 0 };
    map_init(&targets->addresses, arena);
    map_init(&targets->files, arena);
    add_target(targets, arena, STR("/"));
    add_target(targets, arena, STR("/atom.xml"));
    for (size_t page = 2; (page - 1) * site->capsule.per_page < site->post_count; page++) {
        add_target(targets, arena, arena_printf(arena, "/page/%zu", page));
    }
    for (size_t i = 0; i < site->post_count; i++) {
        add_page(targets, arena, site->posts[i]);
    }
    for (size_t i = 0; i < site->page_count; i++) {
        add_page(targets, arena, site->pages[i]);
    }
    for (size_t i = 0; i < site->static_count; i++) {
        add_target(targets, arena, site->statics[i].path);
        if (str_ends_with(site->statics[i].path, STR("/index.gmi"))) {
            struct str folder = site->statics[i].path;

            folder.len -= STR("index.gmi").len;
            add_target(targets, arena, folder);
        }
    }
    for (size_t i = 0; i < site->redirect_count; i++) {
        size_t index;

        if (map_find(&targets->addresses, address_decode(arena, site->redirects[i].to), &index)) {
            map_add(&targets->addresses, site->redirects[i].from, index);
        }
    }
}

/* ---- one link -------------------------------------------------------------------------------- */

static struct place link_place(const struct resolver *resolver, const struct link *link)
{
    return (struct place){ resolver->file, link->line };
}

static bool find_address(const struct resolver *resolver, struct str path, struct str *found)
{
    size_t index;

    if (!map_find(&resolver->targets->addresses, path, &index)) {
        return false;
    }
    *found = address_encode(resolver->arena, resolver->targets->paths[index]);
    return true;
}

static bool is_markdown(struct str path)
{
    return str_ends_with(path, STR(".md")) || str_ends_with(path, STR(".markdown")) ||
           str_ends_with(path, STR(".mdx"));
}

/* "../other.md": a file beside this one. */
static bool find_file(const struct resolver *resolver, struct str path, struct str *found)
{
    struct str file = str_from(resolver->file);
    struct str joined;
    size_t index;

    if (!is_markdown(path) || str_starts_with(path, STR("/"))) {
        return false;
    }
    joined =
        address_join(resolver->arena, arena_printf(resolver->arena, "/%.*s", STR_ARG(file)), path);
    if (!map_find(&resolver->targets->files, str_skip(joined, !str_starts_with(file, STR("/"))),
                  &index)) {
        return false;
    }
    *found = address_encode(resolver->arena, resolver->targets->paths[index]);
    return true;
}

/* Relative to this page's address here, or to its folder-like address on the web. */
static bool find_relative(const struct resolver *resolver, struct str path, struct str *found)
{
    struct arena *arena = resolver->arena;
    struct str here = resolver->post->path;
    struct str web = arena_printf(arena, "%.*s/", STR_ARG(here));

    return find_address(resolver, address_join(arena, here, path), found) ||
           find_address(resolver, address_join(arena, web, path), found);
}

/* An address of this site without its scheme and host, else an empty text. */
static struct str own_path(const struct resolver *resolver, struct str url)
{
    struct str web = resolver->site->capsule.web;
    struct str rest = str_skip(url, web.len);

    if (web.len == 0 || !str_starts_with(url, web)) {
        return STR("");
    }
    return rest.len == 0 ? STR("/") : *rest.ptr == '/' ? rest : STR("");
}

/* A link without a scheme: it should lead to something of ours. */
static struct str resolve_local(const struct resolver *resolver, const struct link *link,
                                struct str url)
{
    struct str path = address_decode(resolver->arena, address_path(url));
    struct str web = resolver->site->capsule.web;
    struct str found;

    if (path.len == 0) {
        return STR("");
    }
    if (find_file(resolver, path, &found) ||
        (*path.ptr == '/' ? find_address(resolver, path, &found)
                          : find_relative(resolver, path, &found))) {
        return found;
    }
    if (web.len > 0) {
        struct str absolute =
            *path.ptr == '/' ? url : address_join(resolver->arena, resolver->post->path, url);

        return arena_printf(resolver->arena, "%.*s%.*s", STR_ARG(web), STR_ARG(absolute));
    }
    diag_warn(resolver->diag, link_place(resolver, link),
              "%s '%.*s' leads nowhere: there is no such %s", link->image ? "image" : "link",
              STR_ARG(str_first(url, 200)), link->image ? "file" : "address");
    return url;
}

/* Without a site to ask, a markdown file beside this one is taken to be published beside it. */
static struct str publish_source(const struct resolver *resolver, struct str url)
{
    struct str path = address_path(url);

    if (!is_markdown(path)) {
        return url;
    }
    while (path.ptr[path.len - 1] != '.') {
        path.len--;
    }
    return arena_printf(resolver->arena, "%.*sgmi", STR_ARG(path));
}

static bool is_refused(struct str scheme)
{
    return str_equal_nocase(scheme, STR("javascript")) || str_equal_nocase(scheme, STR("data")) ||
           str_equal_nocase(scheme, STR("vbscript"));
}

/* Where a link leads: an address fit to be sent, or an empty text. */
static struct str resolve(const struct resolver *resolver, const struct link *link)
{
    struct str url = address_clean(resolver->arena, link->url);
    struct str scheme = address_scheme(url);
    struct str own;

    if (is_refused(scheme)) {
        diag_warn(resolver->diag, link_place(resolver, link), "%s of kind '%.*s:' is not linked",
                  link->image ? "an image" : "a link", STR_ARG(scheme));
        return STR("");
    }
    if (str_starts_with(url, STR("#"))) {
        return STR(""); /* a place in this page is nothing a request could ask for */
    }
    if (str_starts_with(url, STR("//"))) {
        return arena_printf(resolver->arena, "https:%.*s", STR_ARG(url));
    }
    if (url.len == 0) {
        return url;
    }
    if (resolver->site == NULL) {
        return scheme.len == 0 ? publish_source(resolver, url) : url;
    }
    if (scheme.len == 0) {
        return resolve_local(resolver, link, url);
    }
    own = own_path(resolver, url);
    if (own.len > 0) {
        find_address(resolver, address_decode(resolver->arena, address_path(own)), &url);
    }
    return url;
}

static void resolve_blocks(const struct resolver *resolver, const struct block *block,
                           struct str *urls)
{
    for (; block != NULL; block = block->next) {
        for (size_t i = 0; i < block->link_count; i++) {
            urls[block->first_link + i] = resolve(resolver, &block->links[i]);
        }
        resolve_blocks(resolver, block->first, urls);
    }
}

static void resolve_document(const struct resolver *resolver, struct document *document)
{
    struct str *urls = ARENA_ARRAY(resolver->arena, struct str, document->link_count);

    resolve_blocks(resolver, document->first, urls);
    document->urls = urls;
}

void links_resolve(struct site *site, const struct targets *targets, struct diag *diag)
{
    for (size_t i = 0; i < site->post_count + site->page_count; i++) {
        struct post *post =
            i < site->post_count ? site->posts[i] : site->pages[i - site->post_count];
        struct resolver resolver = { site->arena, site, targets, post, post->file, diag };

        resolve_document(&resolver, &post->document);
    }
}

void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag)
{
    struct resolver resolver = { .arena = arena, .file = file, .diag = diag };

    resolve_document(&resolver, document);
}
