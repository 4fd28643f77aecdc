/* Links between posts, to pages, to files: by address, by web address, by file name, and by what
 * generators have for that: ref, post_url, @/. */
#include "links.h"

#include "content/address.h"
#include "name.h"

struct resolver {
    struct arena *arena;
    const struct site *site;       /* NULL: nothing to look up */
    const struct targets *targets; /* likewise */
    const struct post *post;       /* whose links are resolved */
    const char *file;
    struct diag *diag;
};

static struct str encode_target(const struct resolver *resolver, struct target *target)
{
    target->mentioned = true;
    return address_encode(resolver->arena, target->path);
}

static void report_dead(const struct resolver *resolver, const struct link *link)
{
    diag_warn(resolver->diag, (struct place){ resolver->file, link->line },
              "%s '%.*s' leads nowhere: there is no such %s", link->image ? "image" : "link",
              STR_ARG(str_first(link->url, 200)), link->image ? "file" : "address");
}

/* ---- names of texts -------------------------------------------------------------------------- */

static bool is_text(struct str path)
{
    return name_ending(path).len > 0;
}

/* A path relative to the folder a text is in, both below the folder of texts. */
static struct str join_place(const struct resolver *resolver, struct str place, struct str path)
{
    return str_skip(
        address_join(resolver->arena, arena_printf(resolver->arena, "/%.*s", STR_ARG(place)), path),
        1);
}

static struct target *find_text(const struct resolver *resolver, struct str name)
{
    struct target *found =
        targets_find_text(resolver->targets, join_place(resolver, resolver->post->place, name));

    return found != NULL ? found : targets_find_text(resolver->targets, name);
}

/* What a shortcode or tag names: the text in quotes, else the second word. */
static struct str named_in(struct str inside)
{
    static const char quotes[] = "\"'`";
    struct str name;

    for (const char *quote = quotes; *quote != '\0'; quote++) {
        struct str after;

        if (str_cut(inside, *quote, NULL, &after) && str_cut(after, *quote, &name, NULL)) {
            return name;
        }
    }
    inside = str_trim(inside);
    str_cut(inside, ' ', NULL, &name);
    return str_trim(name);
}

/*
 * `{{< ref "walking.md" >}}`, `{{% relref "walking" %}}`, `{% post_url 2025-09-08-walking %}`,
 * `{% link _posts/2025-09-08-walking.md %}`, `{{ '/walking' | url }}`: the name in it, with *tail
 * what follows; false for a link that is none of these.
 */
static bool cut_tag(struct str url, struct str *name, struct str *tail)
{
    bool braces = str_starts_with(url, STR("{{"));
    struct str close = braces ? STR("}}") : STR("%}");
    size_t end = str_find_str(url, close);
    struct str inside;

    if ((!braces && !str_starts_with(url, STR("{%"))) || end == url.len) {
        return false;
    }
    inside = str_first(str_skip(url, 2), end - 2);
    while (inside.len > 0 && strchr("<%-", *inside.ptr) != NULL) {
        inside = str_skip(inside, 1);
    }
    while (inside.len > 0 && strchr(">%-", inside.ptr[inside.len - 1]) != NULL) {
        inside.len--;
    }
    *name = named_in(inside);
    *tail = str_skip(url, end + 2);
    return true;
}

static struct str resolve_tag(const struct resolver *resolver, const struct link *link,
                              struct str name)
{
    struct str path;
    struct target *found;

    str_cut(name, '#', &path, NULL);
    if (path.len == 0) {
        return STR(""); /* a heading of this page */
    }
    found = resolver->site != NULL ? find_text(resolver, path) : NULL;
    if (found == NULL && resolver->site != NULL) {
        found = targets_find_address(resolver->targets, path);
    }
    if (found != NULL) {
        return encode_target(resolver, found);
    }
    if (resolver->site != NULL) {
        report_dead(resolver, link);
    }
    return STR("");
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* "../other.md", "pictures/a.png": a file beside this one, or in the folder that is named after it.
 */
static struct target *find_file(const struct resolver *resolver, struct str path)
{
    struct str file = str_from(resolver->file);
    bool absolute = str_starts_with(file, STR("/"));
    struct str bundle = str_first(file, file.len - name_ending(file).len);
    struct str bases[] = { file, arena_printf(resolver->arena, "%.*s/", STR_ARG(bundle)) };
    struct target *found = NULL;

    for (size_t i = 0; found == NULL && i < sizeof bases / sizeof bases[0]; i++) {
        struct str base = arena_printf(resolver->arena, "/%.*s", STR_ARG(bases[i]));

        found = targets_find_file(resolver->targets,
                                  str_skip(address_join(resolver->arena, base, path), !absolute));
    }
    return found;
}

/* Relative to this page's address, here or on the web, or to the folder its address would be. */
static struct target *find_relative(const struct resolver *resolver, struct str path)
{
    struct arena *arena = resolver->arena;
    const struct post *post = resolver->post;
    struct str bases[] = { post->path, arena_printf(arena, "%.*s/", STR_ARG(post->path)),
                           post->web };
    struct target *found = NULL;

    for (size_t i = 0; found == NULL && i < sizeof bases / sizeof bases[0]; i++) {
        if (bases[i].len > 0) {
            found = targets_find_address(resolver->targets, address_join(arena, bases[i], path));
        }
    }
    return found;
}

/* The path of the blog's address on the web: "/blog" of "https://example.org/blog". */
static struct str web_folder(struct str web)
{
    struct str rest = str_skip(web, str_find_str(web, STR("://")) + 3);

    return str_skip(rest, str_find(rest, '/'));
}

static struct target *find_absolute(const struct resolver *resolver, struct str path)
{
    struct str folder = web_folder(resolver->site->capsule.web);
    struct target *found = targets_find_address(resolver->targets, path);

    if (found == NULL && folder.len > 0 && str_starts_with(path, folder)) {
        path = str_skip(path, folder.len);
        found = targets_find_address(resolver->targets, path.len > 0 ? path : STR("/"));
    }
    return found != NULL || !is_text(path) ? found : targets_find_text(resolver->targets, path);
}

/* What a decoded path without scheme leads to here, or NULL. */
static struct target *find_local(const struct resolver *resolver, struct str path)
{
    struct target *found;

    if (str_starts_with(path,
                        STR("@"))) { /* "@/blog/walking.md", "@/assets/a.png", "@assets/a.png" */
        path = str_skip(path, path.len > 1 && path.ptr[1] == '/' ? 2 : 1);
        found = is_text(path) ? targets_find_text(resolver->targets, path) : NULL;
        return found != NULL
                   ? found
                   : targets_find_address(resolver->targets,
                                          arena_printf(resolver->arena, "/%.*s", STR_ARG(path)));
    }
    if (str_starts_with(path, STR("/"))) {
        return find_absolute(resolver, path);
    }
    found = find_file(resolver, path);
    if (found == NULL && is_text(path)) {
        found = find_text(resolver, path);
    }
    return found != NULL ? found : find_relative(resolver, path);
}

/* ---- addresses ------------------------------------------------------------------------------- */

/* An address of this blog on the web without its scheme and host, else an empty text. */
static struct str own_path(const struct resolver *resolver, struct str url)
{
    struct str web = resolver->site->capsule.web;
    struct str host = str_skip(web, str_find_str(web, STR("://")) + 3);
    struct str rest = str_skip(url, str_find_str(url, STR("://")) + 3);
    struct str path = str_skip(rest, host.len);

    if (host.len == 0 || !str_equal_nocase(str_first(rest, host.len), host)) {
        return STR("");
    }
    return path.len == 0 ? STR("/") : strchr("/?#", *path.ptr) != NULL ? path : STR("");
}

/* Whether we would know it if there were such a thing: it is named as a file of the blog's source,
 * or stands where articles stand, or is a file and the whole blog lies before us. */
static bool is_missed(const struct resolver *resolver, const struct link *link, struct str path)
{
    const struct capsule *capsule = &resolver->site->capsule;
    struct str folder = path;
    size_t unused;

    bool whole = capsule->blog.below.len == 0;

    if (!is_text(path) &&
        (str_starts_with(path, STR("@")) || (link->image && capsule->web.len > 0))) {
        return capsule->blog.configured && whole;
    }
    if (is_text(path) || capsule->web.len == 0) {
        return true;
    }
    folder.len -= str_ends_with(folder, STR("/"));
    folder = str_first(folder, folder.len - name_last(folder).len);
    return folder.len > 1 && str_find(name_last(path), '.') == name_last(path).len &&
           map_find(&resolver->targets->folders, folder, &unused);
}

/* A link without a scheme: it should lead to something of ours. */
static struct str resolve_local(const struct resolver *resolver, const struct link *link,
                                struct str url)
{
    struct arena *arena = resolver->arena;
    struct str path = address_decode(arena, address_path(url));
    const struct post *post = resolver->post;
    struct str web = resolver->site->capsule.web;
    struct target *found;

    if (path.len == 0) {
        return STR("");
    }
    found = find_local(resolver, path);
    if (found != NULL) {
        return encode_target(resolver, found);
    }
    if (is_missed(resolver, link, path)) {
        report_dead(resolver, link);
    }
    if (web.len == 0 || str_starts_with(path, STR("@"))) {
        return str_starts_with(path, STR("@")) ? STR("") : url;
    }
    if (*path.ptr != '/') {
        url = address_join(arena, post->web.len > 0 ? post->web : post->path, url);
    } else if (web_folder(web).len > 0 && str_starts_with(path, web_folder(web))) {
        url = str_skip(url, web_folder(web).len);
    }
    return arena_printf(arena, "%.*s%.*s", STR_ARG(web), STR_ARG(url));
}

/* Without a site to ask, a text beside this one is taken to be published beside it. */
static struct str publish_source(const struct resolver *resolver, struct str url)
{
    struct str path = address_path(url);
    struct str ending = name_ending(path);

    return ending.len == 0
               ? url
               : arena_printf(resolver->arena, "%.*s.gmi", (int)(path.len - ending.len), path.ptr);
}

static bool is_refused(struct str scheme)
{
    return str_equal_nocase(scheme, STR("javascript")) || str_equal_nocase(scheme, STR("data")) ||
           str_equal_nocase(scheme, STR("vbscript"));
}

/* A link with a scheme; one to the blog on the web stays here, where there is the same. */
static struct str resolve_foreign(const struct resolver *resolver, const struct link *link,
                                  struct str url)
{
    struct str own = resolver->site != NULL ? own_path(resolver, url) : STR("");
    struct str path = address_decode(resolver->arena, address_path(own));
    struct target *found = path.len > 0 ? targets_find_address(resolver->targets, path) : NULL;

    if (found != NULL) {
        return encode_target(resolver, found);
    }
    if (path.len > 0 && !link->image && is_missed(resolver, link, path)) {
        report_dead(resolver, link);
    }
    return url;
}

/* Where a link leads: an address fit to be sent, or an empty text. */
static struct str resolve(const struct resolver *resolver, const struct link *link)
{
    struct str written = str_trim(link->url);
    struct str name;
    struct str tail;
    struct str url;
    struct str scheme;

    if (cut_tag(written, &name, &tail)) {
        return resolve_tag(resolver, link, name);
    }
    url = address_clean(resolver->arena, written);
    scheme = address_scheme(url);
    if (is_refused(scheme)) {
        diag_warn(resolver->diag, (struct place){ resolver->file, link->line },
                  "%s of kind '%.*s:' is not linked", link->image ? "an image" : "a link",
                  STR_ARG(scheme));
        return STR("");
    }
    if (str_starts_with(url, STR("#"))) {
        return STR(""); /* a place in this page is nothing a request could ask for */
    }
    if (str_starts_with(url, STR("//"))) {
        url = arena_printf(resolver->arena, "https:%.*s", STR_ARG(url));
        scheme = STR("https");
    }
    if (url.len == 0) {
        return url;
    }
    if (scheme.len > 0) {
        return resolve_foreign(resolver, link, url);
    }
    return resolver->site == NULL ? publish_source(resolver, url)
                                  : resolve_local(resolver, link, url);
}

/* ---- documents ------------------------------------------------------------------------------- */

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

static void resolve_posts(struct site *site, const struct targets *targets, struct post **posts,
                          size_t count, struct diag *diag)
{
    for (size_t i = 0; i < count; i++) {
        struct resolver resolver = { site->arena, site, targets, posts[i], posts[i]->file, diag };

        resolve_document(&resolver, &posts[i]->document);
    }
}

void links_resolve(struct site *site, struct targets *targets, struct diag *diag)
{
    resolve_posts(site, targets, site->posts, site->post_count, diag);
    resolve_posts(site, targets, site->pages, site->page_count, diag);
    resolve_posts(site, targets, site->translations, site->translation_count, diag);
}

void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag)
{
    struct resolver resolver = { .arena = arena, .file = file, .diag = diag };

    resolve_document(&resolver, document);
}
