/* Links as far as their own text goes. That is settled once, when a file is read; only what depends
 * on other files is looked at again for each site. */
#include <string.h>

#include "content/address.h"
#include "links.h"
#include "name.h"

struct settler {
    struct arena *arena;
    struct str web; /* the blog's address there; empty: unknown */
    const char *file;
    struct diag *diag;
    struct str *urls;
    struct open_link *open;
    size_t open_count;
    size_t open_capacity;
};

/* ---- what a link is -------------------------------------------------------------------------- */

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

/* Whether a tag leads to a text or a file: others make addresses of their own. */
static bool is_reference(struct str inside)
{
    static const struct str names[] = { STR_INIT("ref"),        STR_INIT("relref"),
                                        STR_INIT("post_url"),   STR_INIT("link"),
                                        STR_INIT("post_path"),  STR_INIT("post_link"),
                                        STR_INIT("asset_path"), STR_INIT("get_url"),
                                        STR_INIT("url"),        STR_INIT("path") };
    struct str name;

    inside = str_trim(inside);
    str_cut(inside, ' ', &name, NULL);
    str_cut(name, '(', &name, NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(name, names[i])) {
            return true;
        }
    }
    return inside.len > 0 && strchr("\"'`", *inside.ptr) != NULL; /* a path with filters */
}

/*
 * `{{< ref "walking.md" >}}`, `{{% relref "walking" %}}`, `{% post_url 2025-09-08-walking %}`,
 * `{% link _posts/2025-09-08-walking.md %}`, `{{ '/walking' | url }}`: the name in it, with *tail
 * what follows; false for a link that is none of these. The name is empty when the tag means
 * something else.
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
    *name = is_reference(inside) ? named_in(inside) : STR("");
    *tail = str_skip(url, end + 2);
    return true;
}

/* An address of this blog on the web without its scheme and host, else an empty text. */
static struct str own_path(struct str web, struct str url)
{
    struct str host = str_skip(web, str_find_str(web, STR("://")) + 3);
    struct str rest = str_skip(url, str_find_str(url, STR("://")) + 3);
    struct str path = str_skip(rest, host.len);

    if (host.len == 0 || !str_equal_nocase(str_first(rest, host.len), host)) {
        return STR("");
    }
    return path.len == 0 ? STR("/") : strchr("/?#", *path.ptr) != NULL ? path : STR("");
}

static bool is_refused(struct str scheme)
{
    return str_equal_nocase(scheme, STR("javascript")) || str_equal_nocase(scheme, STR("data")) ||
           str_equal_nocase(scheme, STR("vbscript"));
}

static void leave_open(struct settler *settler, struct open_link open)
{
    *ARENA_PUSH(settler->arena, settler->open, settler->open_count, &settler->open_capacity) = open;
}

/* An address without blanks around it, whose scheme is said. */
static struct str settle_address(struct settler *settler, const struct link *link, size_t number,
                                 struct str url, struct str scheme)
{
    struct str own = scheme.len > 0 ? own_path(settler->web, url) : url;
    struct open_link open = { .link = link, .number = number, .url = url };

    if (is_refused(scheme)) {
        diag_warn(settler->diag, (struct place){ settler->file, link->line },
                  "%s of kind '%.*s:' is not linked", link->image ? "an image" : "a link",
                  STR_ARG(scheme));
        return STR("");
    }
    open.to = address_decode(settler->arena, address_path(own));
    if (open.to.len > 0) {
        leave_open(settler, open);
        return STR("");
    }
    return scheme.len > 0 ? url : STR(""); /* a place in this page is nothing to be asked for */
}

static struct str settle(struct settler *settler, const struct link *link, size_t number)
{
    struct str written = str_trim(link->url);
    struct open_link open = { .link = link, .number = number, .tag = true };
    struct str tail;
    struct str url;

    if (cut_tag(written, &open.to, &tail)) {
        leave_open(settler, open);
        return STR("");
    }
    if (link->image) {
        written = str_first(written, str_find(written, '#')); /* how to show it, not which */
    }
    url = address_clean(settler->arena, written);
    if (str_starts_with(url, STR("//"))) {
        url = arena_printf(settler->arena, "https:%.*s", STR_ARG(url));
    }
    return settle_address(settler, link, number, url, address_scheme(url));
}

static void settle_blocks(struct settler *settler, const struct block *block)
{
    for (; block != NULL; block = block->next) {
        for (size_t i = 0; i < block->link_count; i++) {
            settler->urls[block->first_link + i] =
                settle(settler, &block->links[i], block->first_link + i);
        }
        settle_blocks(settler, block->first);
    }
}

void links_settle(struct arena *arena, struct document *document, struct str web, const char *file,
                  struct diag *diag)
{
    struct settler settler = { .arena = arena, .web = web, .file = file, .diag = diag };

    settler.urls = ARENA_ARRAY(arena, struct str, document->link_count);
    settle_blocks(&settler, document->first);
    document->urls = settler.urls;
    document->open = settler.open;
    document->open_count = settler.open_count;
}

/* ---- without a site -------------------------------------------------------------------------- */

/* A text beside this one is taken to be published beside it. */
static struct str publish_source(struct arena *arena, struct str url)
{
    struct str path = address_path(url);
    struct str ending = name_ending(path);

    return ending.len == 0
               ? url
               : arena_printf(arena, "%.*s.gmi", (int)(path.len - ending.len), path.ptr);
}

void links_clean(struct arena *arena, struct document *document, const char *file,
                 struct diag *diag)
{
    struct str *urls = ARENA_ARRAY(arena, struct str, document->link_count);

    links_settle(arena, document, STR(""), file, diag);
    memcpy(urls, document->urls, document->link_count * sizeof *urls);
    for (size_t i = 0; i < document->open_count; i++) {
        const struct open_link *open = &document->open[i];

        urls[open->number] = open->tag ? STR("") : publish_source(arena, open->url);
    }
    document->urls = urls;
}
