/* What a post is called: its slug, and the address it has on the web. */
#include "base/strbuf.h"
#include "content/slug.h"
#include "name.h"
#include "permalink.h"
#include "post_parts.h"

static struct str trim_slashes(struct str path)
{
    while (str_starts_with(path, STR("/"))) {
        path = str_skip(path, 1);
    }
    while (str_ends_with(path, STR("/"))) {
        path.len--;
    }
    return path;
}

/* The author's own slug, as the dialect takes it; empty when it can be none. */
static struct str own_slug(struct reader *reader)
{
    struct str slug = trim_slashes(reader->head.slug);

    if (slug.len > 0 && reader->dialect->own_slug_made) {
        slug = slug_make(reader->arena, reader->dialect->slug, slug);
    }
    if (reader->head.slug.len > 0 && !slug_is_sound(slug)) {
        diag_warn(reader->diag, (struct place){ reader->post->file, reader->head.slug_line },
                  "'slug': '%.*s' cannot stand in an address; the file's name is used instead",
                  STR_ARG(reader->head.slug));
        return STR("");
    }
    return slug;
}

/* The folders above a text but those with an underscore, each as the dialect writes it. */
static struct str slug_folders(struct reader *reader)
{
    struct str rest = reader->source->folders;
    struct strbuf kept;

    strbuf_init(&kept, reader->scratch, rest.len + 2);
    for (bool more = rest.len > 0; more;) {
        struct str part;

        more = str_cut(rest, '/', &part, &rest);
        if (!str_starts_with(part, STR("_"))) {
            strbuf_add(&kept, kept.len > 0 ? STR("/") : STR(""));
            strbuf_add(&kept, part);
        }
    }
    return slug_path(reader->arena, reader->dialect->folders, strbuf_str(&kept));
}

bool post_settle_slug(struct reader *reader)
{
    struct post *post = reader->post;
    struct str title = str_trim(reader->head.title);
    bool by_title = reader->dialect->slug_from_title && title.len > 0;

    post->slug = own_slug(reader);
    if (post->slug.len == 0) {
        post->slug = slug_make(reader->arena, reader->capsule->slug,
                               by_title ? title : reader->source->stem);
    }
    if (reader->dialect->folders_in_slug || post->page) {
        struct str folders = slug_folders(reader);

        if (folders.len > 0) {
            post->slug = arena_printf(reader->arena, "%.*s/%.*s", STR_ARG(folders),
                                      STR_ARG(name_last(post->slug)));
        }
    }
    if (!slug_is_sound(post->slug)) {
        diag_error(reader->diag, (struct place){ post->file, 1 },
                   "the file's name makes no address, give it a 'slug'; %s", reader->consequence);
        return false;
    }
    post->slug = arena_copy(reader->arena, post->slug);
    return true;
}

/* Jekyll's and Hexo's categories are folders, too: those above _posts. */
static struct words categories_of(struct reader *reader)
{
    struct words categories = reader->head.categories;
    struct str folders = reader->source->folders;
    size_t posts = str_find_str(folders, STR("_posts"));

    if (categories.count == 0 && posts < folders.len && posts > 0) {
        categories = (struct words){ ARENA_NEW(reader->scratch, struct str), 1 };
        categories.items[0] = str_first(folders, posts - 1);
    } else if (reader->dialect->slug == SLUG_JEKYLL && categories.count > 0) {
        struct words lower = { ARENA_ARRAY(reader->scratch, struct str, categories.count),
                               categories.count };

        for (size_t i = 0; i < categories.count; i++) {
            lower.items[i] = slug_lower(reader->scratch, categories.items[i]);
        }
        categories = lower;
    }
    return categories;
}

/* What a generator means by :title. */
static struct str permalink_title(struct reader *reader)
{
    struct str folders = reader->source->folders;

    if (reader->dialect->slug == SLUG_HUGO) {
        return slug_make(reader->scratch, SLUG_HUGO, reader->post->title);
    }
    if (reader->dialect->web != NULL && str_starts_with(folders, STR("_posts/")) &&
        reader->dialect->slug == SLUG_AS_IS) {
        return arena_printf(reader->scratch, "%.*s/%.*s", STR_ARG(str_skip(folders, 7)),
                            STR_ARG(reader->source->stem));
    }
    return reader->dialect->slug == SLUG_AS_IS ? reader->source->stem : reader->post->slug;
}

/* The pattern of its address on the web: its own, its section's, the blog's, the dialect's. */
static struct str web_pattern(const struct reader *reader)
{
    const struct capsule *capsule = reader->capsule;
    const char *pattern = reader->dialect->web;
    struct str section;

    str_cut(reader->source->folders, '/', &section, NULL);
    if (reader->head.permalink.len > 0) {
        return reader->head.permalink;
    }
    for (size_t i = 0; i < capsule->permalink_count; i++) {
        struct str name = capsule->permalinks[i].name;

        if (name.len == 0 ? !reader->post->page : str_equal_nocase(name, section)) {
            return capsule->permalinks[i].value;
        }
    }
    return reader->post->page && pattern != NULL ? STR("/:folders/:slug/")
           : pattern != NULL                     ? str_from(pattern)
                                                 : STR("");
}

/* Zola's `path` and Hugo's `url` from the root are all of an address, the language included. */
static bool has_whole_path(const struct reader *reader)
{
    struct str own = reader->head.permalink;

    return own.len > 0 && (*own.ptr == '/' || reader->dialect->slug == SLUG_ZOLA);
}

void post_settle_web(struct reader *reader)
{
    struct post *post = reader->post;
    struct str pattern = web_pattern(reader);
    struct str language = reader->source->language;
    struct permalink facts = {
        .slug = post->page ? name_last(post->slug) : post->slug,
        .name = reader->source->stem,
        .file = reader->source->name,
        .folders = slug_path(reader->scratch, reader->dialect->folders, reader->source->folders),
        .categories = categories_of(reader),
        .date = post->published,
    };

    if (pattern.len == 0) {
        return;
    }
    facts.title = permalink_title(reader);
    pattern = permalink_fill(reader->scratch, pattern, &facts);
    if (has_whole_path(reader)) {
        language = STR("");
    }
    post->web =
        arena_printf(reader->arena, "%s%.*s%s%.*s", language.len > 0 ? "/" : "", STR_ARG(language),
                     str_starts_with(pattern, STR("/")) ? "" : "/", STR_ARG(pattern));
}
