/* Links between posts, to pages, to files: by address, by web address, by file name, and by what
 * generators have for that: ref, post_url, @/. What needs no other file is in links_settle.c. */
#include "links.h"

#include "content/address.h"
#include "name.h"
#include "targets.h"

struct resolver {
    struct arena *arena; /* freed once the post's links are resolved */
    const struct site *site;
    const struct targets *targets;
    const struct post *post; /* whose links are resolved */
    struct str beside[2]; /* whence files are looked for: the post's own, and one in the folder that
                           * is named after it */
    struct leads found;
    size_t file_capacity;
    size_t dead_capacity;
};

static struct str mention(struct resolver *resolver, const struct target *target)
{
    if (target->file != TARGET_NO_FILE) {
        *ARENA_PUSH(resolver->arena, resolver->found.files, resolver->found.file_count,
                    &resolver->file_capacity) = target->file;
    }
    return target->url;
}

static void miss(struct resolver *resolver, const struct link *link)
{
    *ARENA_PUSH(resolver->arena, resolver->found.dead, resolver->found.dead_count,
                &resolver->dead_capacity) = link;
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
        address_join(resolver->arena, ARENA_CONCAT(resolver->arena, STR("/"), place), path), 1);
}

static const struct target *find_text(const struct resolver *resolver, struct str name)
{
    const struct target *found =
        targets_find_text(resolver->targets, join_place(resolver, resolver->post->place, name));

    return found != NULL ? found : targets_find_text(resolver->targets, name);
}

static struct str resolve_tag(struct resolver *resolver, const struct open_link *open)
{
    struct str path;
    const struct target *found;

    str_cut(open->to, '#', &path, NULL);
    if (path.len == 0) {
        return STR(""); /* a heading of this page */
    }
    found = find_text(resolver, path);
    if (found == NULL) {
        found = targets_find_address(resolver->targets, path);
    }
    if (found == NULL) {
        miss(resolver, open->link);
        return STR("");
    }
    return mention(resolver, found);
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* "../other.md", "pictures/a.png": a file beside this one, or in the folder that is named after it.
 */
static const struct target *find_file(const struct resolver *resolver, struct str path)
{
    bool absolute = *resolver->post->file == '/';
    const struct target *found = NULL;

    for (size_t i = 0; found == NULL && i < 2; i++) {
        struct str file = address_join(resolver->arena, resolver->beside[i], path);

        found = targets_find_file(resolver->targets, str_skip(file, !absolute));
    }
    return found;
}

/* Relative to this page's address, here or on the web, or to the folder its address would be. */
static const struct target *find_relative(const struct resolver *resolver, struct str path)
{
    struct arena *arena = resolver->arena;
    const struct post *post = resolver->post;
    struct str bases[] = { post->path, ARENA_CONCAT(arena, post->path, STR("/")), post->web };
    const struct target *found = NULL;

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

/* By its last part, which is the file's name in most blogs: where texts stand on the web, or
 * anywhere when nobody knows where they do. */
static const struct target *find_by_name(const struct resolver *resolver, struct str path)
{
    struct str folder;
    size_t unused;

    path.len -= str_ends_with(path, STR("/"));
    folder = str_first(path, path.len - name_last(path).len);
    if (resolver->site->capsule.blog.dialect->web != NULL &&
        !map_find(&resolver->targets->folders, folder, &unused)) {
        return NULL;
    }
    return targets_find_name(resolver->targets, name_last(path));
}

static const struct target *find_absolute(const struct resolver *resolver, struct str path)
{
    struct str folder = web_folder(resolver->site->capsule.web);
    const struct target *found = targets_find_address(resolver->targets, path);

    if (found == NULL && folder.len > 0 && str_starts_with(path, folder)) {
        path = str_skip(path, folder.len);
        found = targets_find_address(resolver->targets, path.len > 0 ? path : STR("/"));
    }
    if (found != NULL) {
        return found;
    }
    return is_text(path) ? targets_find_text(resolver->targets, path)
                         : find_by_name(resolver, path);
}

/* What shortcodes take is often named from the top of the blog, or of its assets. */
static const struct target *find_from_top(const struct resolver *resolver, struct str path)
{
    const struct words *assets = &resolver->site->capsule.assets;
    struct arena *arena = resolver->arena;
    const struct target *found = find_absolute(resolver, ARENA_CONCAT(arena, STR("/"), path));

    for (size_t i = 0; found == NULL && i < assets->count; i++) {
        found = targets_find_address(
            resolver->targets,
            ARENA_CONCAT(arena, STR("/"), name_last(assets->items[i]), STR("/"), path));
    }
    return found;
}

/* What a decoded path without scheme leads to here, or NULL. */
static const struct target *find_local(const struct resolver *resolver, struct str path)
{
    const struct target *found;

    if (str_starts_with(path,
                        STR("@"))) { /* "@/blog/walking.md", "@/assets/a.png", "@assets/a.png" */
        path = str_skip(path, path.len > 1 && path.ptr[1] == '/' ? 2 : 1);
        found = is_text(path) ? targets_find_text(resolver->targets, path) : NULL;
        return found != NULL ? found
                             : targets_find_address(resolver->targets,
                                                    ARENA_CONCAT(resolver->arena, STR("/"), path));
    }
    if (str_starts_with(path, STR("/"))) {
        return find_absolute(resolver, path);
    }
    found = find_file(resolver, path);
    if (found == NULL && is_text(path)) {
        found = find_text(resolver, path);
    }
    if (found == NULL) {
        found = find_relative(resolver, path);
    }
    return found != NULL ? found : find_from_top(resolver, path);
}

/* ---- addresses ------------------------------------------------------------------------------- */

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

/* Sections whose list is that of all posts, which is the home page here. */
static bool is_blog(struct str folder)
{
    static const struct str names[] = { STR_INIT("/"), STR_INIT("/blog/"), STR_INIT("/posts/"),
                                        STR_INIT("/post/"), STR_INIT("/articles/") };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(folder, names[i])) {
            return true;
        }
    }
    return false;
}

/* "@/notes/_index.md": a section's list, which only the web has; empty for all else. */
static struct str section_on_web(const struct resolver *resolver, struct str path)
{
    struct str web = resolver->site->capsule.web;
    struct str folder = str_skip(path, 1);

    if (web.len == 0 || !str_starts_with(path, STR("@/")) ||
        !str_equal(name_last(path), STR("_index.md"))) {
        return STR("");
    }
    folder.len -= STR("_index.md").len;
    return is_blog(folder)
               ? STR("")
               : ARENA_CONCAT(resolver->arena, web, address_encode(resolver->arena, folder));
}

/* A link without a scheme: it should lead to something of ours. */
static struct str resolve_local(struct resolver *resolver, const struct open_link *open)
{
    const struct post *post = resolver->post;
    struct str web = resolver->site->capsule.web;
    struct str section = section_on_web(resolver, open->to);
    const struct target *found = section.len == 0 ? find_local(resolver, open->to) : NULL;
    struct str url = open->url;

    if (section.len > 0) {
        return section;
    }
    if (found != NULL) {
        return mention(resolver, found);
    }
    if (is_missed(resolver, open->link, open->to)) {
        miss(resolver, open->link);
    }
    if (web.len == 0 || str_starts_with(open->to, STR("@"))) {
        return str_starts_with(open->to, STR("@")) ? STR("") : url;
    }
    if (*open->to.ptr != '/') {
        url = address_join(resolver->arena, post->web.len > 0 ? post->web : post->path, url);
    } else if (web_folder(web).len > 0 && str_starts_with(open->to, web_folder(web))) {
        url = str_skip(url, web_folder(web).len);
    }
    return ARENA_CONCAT(resolver->arena, web, url);
}

/* A link to the blog on the web; it stays here, where there is the same. */
static struct str resolve_own(struct resolver *resolver, const struct open_link *open)
{
    const struct target *found = find_absolute(resolver, open->to);

    if (found != NULL) {
        return mention(resolver, found);
    }
    if (!open->link->image && is_missed(resolver, open->link, open->to)) {
        miss(resolver, open->link);
    }
    return open->url;
}

/* Where a link leads: an address fit to be sent, or an empty text. */
static struct str resolve(struct resolver *resolver, const struct open_link *open)
{
    if (open->tag) {
        return resolve_tag(resolver, open);
    }
    return address_scheme(open->url).len > 0 ? resolve_own(resolver, open)
                                             : resolve_local(resolver, open);
}

static struct resolver start(const struct site *site, const struct targets *targets,
                             const struct post *post)
{
    struct str file = str_from(post->file);
    struct str bundle = str_first(file, file.len - name_ending(file).len);
    struct arena *arena = arena_create();

    return (struct resolver){ .arena = arena,
                              .site = site,
                              .targets = targets,
                              .post = post,
                              .beside = { ARENA_CONCAT(arena, STR("/"), file),
                                          ARENA_CONCAT(arena, STR("/"), bundle, STR("/")) } };
}

struct leads *links_resolve(const struct site *site, const struct targets *targets,
                            const struct post *post)
{
    const struct document *document = &post->document;
    struct resolver resolver;
    struct leads *leads;
    struct str *urls;

    if (document->open_count == 0) {
        return NULL;
    }
    resolver = start(site, targets, post);
    urls = ARENA_ARRAY(resolver.arena, struct str, document->open_count);
    for (size_t i = 0; i < document->open_count; i++) {
        urls[i] = resolve(&resolver, &document->open[i]);
    }
    leads = leads_create(urls, document->open_count, &resolver.found);
    arena_destroy(resolver.arena);
    return leads;
}
