/* Pages made of the site: the index, articles, pages, the feed. */
#include "pages.h"

#include "atom.h"
#include "template.h"

static struct str join_words(struct arena *arena, const struct words *words)
{
    struct strbuf text;

    strbuf_init(&text, arena, 4096);
    for (size_t i = 0; i < words->count; i++) {
        strbuf_add(&text, i > 0 ? STR(", ") : STR(""));
        strbuf_add(&text, words->items[i]);
    }
    return strbuf_str(&text);
}

/* A date alone is shown without the time of day that nobody wrote. */
static struct str show_date(struct arena *arena, const struct capsule *capsule, struct date date)
{
    return date_format(arena, date.has_time ? capsule->date_format.ptr : "%B %-d, %Y", date);
}

static void fill(struct outline *outline, const struct site *site, const struct post *post,
                 struct str template)
{
    const struct capsule *capsule = &site->capsule;
    struct arena *arena = outline->arena;

    if (template.len == 0) {
        return; /* as most are, while dates and words cost something to put together */
    }

    const struct placeholder placeholders[] = {
        { STR("title"), post->title },
        { STR("posted"),
          post->has_published ? show_date(arena, capsule, post->published) : STR("") },
        { STR("updated"), post->has_updated ? show_date(arena, capsule, post->updated) : STR("") },
        { STR("description"), post->description },
        { STR("tags"), join_words(arena, &post->tags) },
        { STR("author"),
          post->authors.count > 0 ? join_words(outline->arena, &post->authors) : capsule->author },
        { STR("url"), post->url },
    };

    template_fill(outline, template, placeholders, sizeof placeholders / sizeof placeholders[0]);
}

static void foot(struct outline *outline, const struct site *site, const struct post *post)
{
    outline_gap(outline);
    fill(outline, site, post, site->capsule.templates.page_foot);
}

/* ---- the index ------------------------------------------------------------------------------- */

static size_t index_count(const struct site *site)
{
    size_t per_page = site->capsule.per_page;

    return site->post_count == 0 ? 1 : (site->post_count + per_page - 1) / per_page;
}

/* Page 1 is the home page. */
static struct str index_path(const struct site *site, size_t index, struct arena *arena)
{
    (void)site;
    return index == 0 ? STR("/") : arena_printf(arena, "/page/%zu", index + 1);
}

static void outline_entry(struct outline *outline, const struct site *site, const struct post *post)
{
    struct str day = date_day(outline->arena, post->published);

    outline_gap(outline);
    outline_link(outline, post->url, ARENA_CONCAT(outline->arena, day, STR(" "), post->title));
    fill(outline, site, post, site->capsule.templates.entry);
}

static void outline_entries(struct outline *outline, const struct site *site, size_t index)
{
    size_t first = index * site->capsule.per_page;

    for (size_t i = first; i < site->post_count && i < first + site->capsule.per_page; i++) {
        outline_entry(outline, site, site->posts[i]);
    }
    if (site->post_count == 0 && site->page_count == 0) {
        outline_gap(outline);
        outline_text(outline, STR("Nothing has been posted yet."));
    }
}

static void outline_paging(struct outline *outline, const struct site *site, size_t index)
{
    struct arena *arena = outline->arena;

    outline_gap(outline);
    if (index + 1 < index_count(site)) {
        outline_link(outline, index_path(site, index + 1, arena), STR("Older posts"));
    }
    if (index > 0) {
        outline_link(outline, index_path(site, index - 1, arena), STR("Newer posts"));
    }
}

/* Pages (those in folders, too, where there is nothing else to read), the author's own links, the
 * feed. */
static void outline_home_links(struct outline *outline, const struct site *site)
{
    outline_gap(outline);
    for (size_t i = 0; i < site->page_count; i++) {
        struct str slug = site->pages[i]->slug;

        if (site->post_count == 0 || str_find(slug, '/') == slug.len) {
            outline_link(outline, site->pages[i]->url, site->pages[i]->title);
        }
    }
    for (size_t i = 0; i < site->capsule.link_count; i++) {
        outline_link(outline, site->capsule.links[i].value, site->capsule.links[i].name);
    }
    outline_link(outline, STR("/atom.xml"), STR("Atom feed"));
    outline_on_gemini(outline, STR("/"), STR("The same on Gemini"));
}

static void outline_index(const struct site *site, size_t index, struct outline *outline)
{
    const struct post nobody = { 0 };

    outline_heading(outline, 1, site->capsule.title);
    outline_gap(outline);
    outline_text(outline, index == 0 ? site->capsule.description
                                     : arena_printf(outline->arena, "Page %zu of %zu", index + 1,
                                                    index_count(site)));
    outline_entries(outline, site, index);
    outline_paging(outline, site, index);
    if (index == 0) {
        outline_home_links(outline, site);
    }
    foot(outline, site, &nobody);
}

/* ---- articles and pages ---------------------------------------------------------------------- */

static size_t post_count(const struct site *site)
{
    return site->post_count;
}

static struct str post_path(const struct site *site, size_t index, struct arena *arena)
{
    (void)arena;
    return site->posts[index]->path;
}

/* "es: Primera luz", for each language a text is there in. */
static void outline_translations(struct outline *outline, const struct post *post)
{
    for (const struct post *one = post->translations; one != NULL; one = one->next) {
        outline_link(outline, one->url,
                     ARENA_CONCAT(outline->arena, one->language, STR(": "), one->title));
    }
}

static void outline_neighbour(struct outline *outline, struct str which, const struct post *post)
{
    outline_link(outline, post->url, ARENA_CONCAT(outline->arena, which, STR(": "), post->title));
}

/* What an article says, and what is known of it. */
static void outline_article(const struct site *site, const struct post *post,
                            struct outline *outline)
{
    const struct templates *templates = &site->capsule.templates;

    outline->language = post->language;
    outline_heading(outline, 1, post->title);
    outline_gap(outline);
    fill(outline, site, post, templates->post_head);
    outline_gap(outline);
    outline_document(outline, post);
    outline_gap(outline);
    fill(outline, site, post, templates->post_foot);
    outline_gap(outline);
    outline_translations(outline, post);
}

static void outline_post(const struct site *site, size_t index, struct outline *outline)
{
    const struct post *post = site->posts[index];

    outline_article(site, post, outline);
    if (index > 0) {
        outline_neighbour(outline, STR("Newer"), site->posts[index - 1]);
    }
    if (index + 1 < site->post_count) {
        outline_neighbour(outline, STR("Older"), site->posts[index + 1]);
    }
    outline_link(outline, STR("/"), site->capsule.title);
    foot(outline, site, post);
}

static size_t translation_count(const struct site *site)
{
    return site->translation_count;
}

static struct str translation_path(const struct site *site, size_t index, struct arena *arena)
{
    (void)arena;
    return site->translations[index]->path;
}

static void outline_translation(const struct site *site, size_t index, struct outline *outline)
{
    outline_article(site, site->translations[index], outline);
    outline_link(outline, STR("/"), site->capsule.title);
    foot(outline, site, site->translations[index]);
}

static size_t page_count(const struct site *site)
{
    return site->page_count;
}

static struct str page_path(const struct site *site, size_t index, struct arena *arena)
{
    (void)arena;
    return site->pages[index]->path;
}

static void outline_page(const struct site *site, size_t index, struct outline *outline)
{
    const struct post *page = site->pages[index];

    outline->language = page->language;
    outline_heading(outline, 1, page->title);
    outline_gap(outline);
    outline_document(outline, page);
    outline_gap(outline);
    outline_translations(outline, page);
    outline_link(outline, STR("/"), site->capsule.title);
    foot(outline, site, page);
}

/* ---- the table ------------------------------------------------------------------------------- */

static size_t one(const struct site *site)
{
    (void)site;
    return 1;
}

static struct str feed_path(const struct site *site, size_t index, struct arena *arena)
{
    (void)site;
    (void)index;
    (void)arena;
    return STR("/atom.xml");
}

/* ---- bytes that are the same everywhere ------------------------------------------------------ */

static size_t source_count(const struct site *site)
{
    return site->capsule.sources ? site->post_count : 0;
}

/* Beside its article: "/posts/walking.md". */
static struct str source_path(const struct site *site, size_t index, struct arena *arena)
{
    struct str stem = site->posts[index]->path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
    }
    return ARENA_CONCAT(arena, stem, STR(".md"));
}

/* Front matter may hold what is nobody's business: of it, the title is all that is shown. */
static void write_source(const struct site *site, size_t index, struct strbuf *out)
{
    const struct post *post = site->posts[index];

    strbuf_addf(out, "# %.*s\n\n", STR_ARG(post->title));
    strbuf_add(out, post->source);
}

static void write_feed(const struct site *site, size_t index, struct strbuf *out)
{
    (void)index;
    atom_write(out, site);
}

const struct page_class page_classes[] = {
    { index_count, index_path, outline_index, .menu = true },
    { post_count, post_path, outline_post },
    { page_count, page_path, outline_page },
    { translation_count, translation_path, outline_translation },
    { source_count, source_path, .write = write_source,
      .media_type = STR_INIT("text/markdown;charset=utf-8") },
    { one, feed_path, .write = write_feed, .media_type = STR_INIT("application/atom+xml") },
};

const size_t page_class_count = sizeof page_classes / sizeof page_classes[0];
