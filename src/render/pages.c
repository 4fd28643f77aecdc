/* Pages made of the site: the index, articles, pages. */
#include "pages.h"

#include "gemtext.h"
#include "template.h"

static struct str join_tags(struct arena *arena, const struct words *tags)
{
    struct strbuf text;

    strbuf_init(&text, arena, 4096);
    for (size_t i = 0; i < tags->count; i++) {
        strbuf_add(&text, i > 0 ? STR(", ") : STR(""));
        strbuf_add(&text, tags->items[i]);
    }
    return strbuf_str(&text);
}

/* A date alone is shown without the time of day that nobody wrote. */
static struct str show_date(struct arena *arena, const struct capsule *capsule, struct date date)
{
    return date_format(arena, date.has_time ? capsule->date_format.ptr : "%B %-d, %Y", date);
}

static void fill(struct strbuf *out, const struct site *site, const struct post *post,
                 struct str template)
{
    const struct capsule *capsule = &site->capsule;
    const struct placeholder placeholders[] = {
        { STR("title"), post->title },
        { STR("posted"),
          post->has_published ? show_date(out->arena, capsule, post->published) : STR("") },
        { STR("updated"),
          post->has_updated ? show_date(out->arena, capsule, post->updated) : STR("") },
        { STR("description"), post->description },
        { STR("tags"), join_tags(out->arena, &post->tags) },
        { STR("author"), capsule->author },
        { STR("url"), post->url },
    };

    template_fill(out, template, placeholders, sizeof placeholders / sizeof placeholders[0]);
}

/* An empty line before whatever comes next. */
static void part(struct strbuf *out)
{
    if (out->len > 0 && !str_ends_with(strbuf_str(out), STR("\n\n"))) {
        strbuf_add_byte(out, '\n');
    }
}

/* The author's own lines in a template stand apart from the text, if there are any. */
static void fill_apart(struct strbuf *out, const struct site *site, const struct post *post,
                       struct str template)
{
    size_t before;

    part(out);
    before = out->len;
    fill(out, site, post, template);
    if (out->len == before && before > 0) {
        strbuf_truncate(out, before - 1);
    }
}

/* ---- the index ------------------------------------------------------------------------------- */

size_t pages_index_count(const struct site *site)
{
    size_t per_page = site->capsule.per_page;

    return site->post_count == 0 ? 1 : (site->post_count + per_page - 1) / per_page;
}

static void write_entry(struct strbuf *out, const struct site *site, const struct post *post)
{
    struct str day = date_day(out->arena, post->published);

    part(out);
    gemtext_link(out, post->url,
                 arena_printf(out->arena, "%.*s %.*s", STR_ARG(day), STR_ARG(post->title)));
    fill(out, site, post, site->capsule.templates.entry);
}

static void write_entries(struct strbuf *out, const struct site *site, size_t number)
{
    size_t first = (number - 1) * site->capsule.per_page;

    for (size_t i = first; i < site->post_count && i < first + site->capsule.per_page; i++) {
        write_entry(out, site, site->posts[i]);
    }
    if (site->post_count == 0) {
        part(out);
        gemtext_text(out, STR("Nothing has been posted yet."));
    }
}

static void write_paging(struct strbuf *out, size_t number, size_t count)
{
    part(out);
    if (number < count) {
        gemtext_link(out, arena_printf(out->arena, "/page/%zu", number + 1), STR("Older posts"));
    }
    if (number == 2) {
        gemtext_link(out, STR("/"), STR("Newer posts"));
    } else if (number > 2) {
        gemtext_link(out, arena_printf(out->arena, "/page/%zu", number - 1), STR("Newer posts"));
    }
}

/* Pages, the author's own links, the feed. */
static void write_home_links(struct strbuf *out, const struct site *site)
{
    part(out);
    for (size_t i = 0; i < site->page_count; i++) {
        gemtext_link(out, site->pages[i]->url, site->pages[i]->title);
    }
    for (size_t i = 0; i < site->capsule.link_count; i++) {
        gemtext_link(out, site->capsule.links[i].value, site->capsule.links[i].name);
    }
    gemtext_link(out, STR("/atom.xml"), STR("Atom feed"));
}

void pages_index(struct strbuf *out, const struct site *site, size_t number)
{
    const struct capsule *capsule = &site->capsule;
    size_t count = pages_index_count(site);

    gemtext_heading(out, 1, capsule->title);
    part(out);
    if (number == 1) {
        gemtext_text(out, capsule->description);
    } else {
        gemtext_text(out, arena_printf(out->arena, "Page %zu of %zu", number, count));
    }
    write_entries(out, site, number);
    if (count > 1) {
        write_paging(out, number, count);
    }
    if (number == 1) {
        write_home_links(out, site);
    }
    if (capsule->templates.page_foot.len > 0) {
        const struct post nobody = { 0 };

        fill_apart(out, site, &nobody, capsule->templates.page_foot);
    }
}

/* ---- articles and pages ---------------------------------------------------------------------- */

static void write_neighbour(struct strbuf *out, const char *which, const struct post *post)
{
    gemtext_link(out, post->url, arena_printf(out->arena, "%s: %.*s", which, STR_ARG(post->title)));
}

static void write_home(struct strbuf *out, const struct site *site)
{
    gemtext_link(out, STR("/"), site->capsule.title);
}

void pages_post(struct strbuf *out, const struct site *site, size_t index)
{
    const struct post *post = site->posts[index];
    const struct templates *templates = &site->capsule.templates;

    gemtext_heading(out, 1, post->title);
    fill_apart(out, site, post, templates->post_head);
    part(out);
    gemtext_document(out, &post->document, post->title, &site->capsule.convert);
    fill_apart(out, site, post, templates->post_foot);
    part(out);
    if (index > 0) {
        write_neighbour(out, "Newer", site->posts[index - 1]);
    }
    if (index + 1 < site->post_count) {
        write_neighbour(out, "Older", site->posts[index + 1]);
    }
    write_home(out, site);
    if (templates->page_foot.len > 0) {
        fill_apart(out, site, post, templates->page_foot);
    }
}

void pages_page(struct strbuf *out, const struct site *site, size_t index)
{
    const struct post *page = site->pages[index];

    gemtext_heading(out, 1, page->title);
    part(out);
    gemtext_document(out, &page->document, page->title, &site->capsule.convert);
    part(out);
    write_home(out, site);
    if (site->capsule.templates.page_foot.len > 0) {
        fill_apart(out, site, page, site->capsule.templates.page_foot);
    }
}
