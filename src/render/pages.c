/* Pages made of the site: the index, articles, pages, the feed. */
#include "pages.h"

#include <stdlib.h>

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

static void fill(struct outline *outline, const struct capsule *capsule, const struct post *post,
                 struct str template)
{
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
        { STR("byline"), post->byline ? join_words(arena, &post->authors) : STR("") },
        { STR("url"), post->url },
    };

    template_fill(outline, template, placeholders, sizeof placeholders / sizeof placeholders[0]);
}

static void foot(struct outline *outline, const struct capsule *capsule, const struct post *post)
{
    outline_gap(outline);
    fill(outline, capsule, post, capsule->templates.page_foot);
}

/* ---- the index ------------------------------------------------------------------------------- */

static size_t index_count(const struct site *site)
{
    size_t per_page = site->capsule.per_page;

    return site->post_count == 0 ? 1 : (site->post_count + per_page - 1) / per_page;
}

/* The home page lists the pages, too. */
static struct sheet index_sheet(const struct site *site, size_t index)
{
    size_t per_page = site->capsule.per_page;
    size_t first = index * per_page;
    size_t left = site->post_count - first;

    return (struct sheet){ .capsule = &site->capsule,
                           .number = index,
                           .total = index_count(site),
                           .posts = site->posts + first,
                           .post_count = left < per_page ? left : per_page,
                           .pages = site->pages,
                           .page_count = index == 0 ? site->page_count : 0,
                           .folders = site->page_count > site->post_count };
}

/* Page 1 is the home page. */
static struct str path_of_index(size_t number, struct arena *arena)
{
    return number == 0 ? STR("/") : arena_printf(arena, "/page/%zu", number + 1);
}

static struct str index_path(const struct sheet *sheet, struct arena *arena)
{
    return path_of_index(sheet->number, arena);
}

static void outline_entry(struct outline *outline, const struct capsule *capsule,
                          const struct post *post)
{
    struct str day = date_day(outline->arena, post->published);

    outline_gap(outline);
    outline_link(outline, post->url, ARENA_CONCAT(outline->arena, day, STR(" "), post->title));
    fill(outline, capsule, post, capsule->templates.entry);
}

static void outline_entries(struct outline *outline, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->post_count; i++) {
        outline_entry(outline, sheet->capsule, sheet->posts[i]);
    }
    if (sheet->post_count == 0 && sheet->page_count == 0) {
        outline_gap(outline);
        outline_text(outline, STR("Nothing has been posted yet."));
    }
}

static void outline_paging(struct outline *outline, const struct sheet *sheet)
{
    struct arena *arena = outline->arena;

    outline_gap(outline);
    if (sheet->number + 1 < sheet->total) {
        outline_link(outline, path_of_index(sheet->number + 1, arena), STR("Older posts"));
    }
    if (sheet->number > 0) {
        outline_link(outline, path_of_index(sheet->number - 1, arena), STR("Newer posts"));
    }
}

static bool is_in_folder(const struct post *page)
{
    return page->folders.len > 0 && str_find(page->slug, '/') < page->slug.len;
}

/* By folder, then by title, then by address. */
static int by_folder(const void *a, const void *b)
{
    const struct post *const *one = a;
    const struct post *const *other = b;
    int order = str_compare((*one)->folders, (*other)->folders);

    order = order != 0 ? order : str_compare((*one)->title, (*other)->title);
    return order != 0 ? order : str_compare((*one)->path, (*other)->path);
}

/* Pages in folders, where pages are most of what there is to read: nothing else may lead there. */
static void outline_folders(struct outline *outline, const struct sheet *sheet)
{
    const struct post **pages = ARENA_ARRAY(outline->arena, const struct post *, sheet->page_count);
    size_t count = 0;

    for (size_t i = 0; i < sheet->page_count; i++) {
        if (is_in_folder(sheet->pages[i])) {
            pages[count++] = sheet->pages[i];
        }
    }
    if (count > 1) {
        qsort(pages, count, sizeof *pages, by_folder);
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !str_equal(pages[i]->folders, pages[i - 1]->folders)) {
            outline_gap(outline);
            outline_heading(outline, 2, pages[i]->folders);
            outline_gap(outline);
        }
        outline_link(outline, pages[i]->url, pages[i]->title);
    }
}

/* Pages, the author's own links, the feed. */
static void outline_home_links(struct outline *outline, const struct sheet *sheet)
{
    const struct capsule *capsule = sheet->capsule;

    outline_gap(outline);
    for (size_t i = 0; i < sheet->page_count; i++) {
        if (!is_in_folder(sheet->pages[i])) {
            outline_link(outline, sheet->pages[i]->url, sheet->pages[i]->title);
        }
    }
    for (size_t i = 0; i < capsule->link_count; i++) {
        outline_link(outline, capsule->links[i].value, capsule->links[i].name);
    }
    outline_link(outline, STR("/atom.xml"), STR("Atom feed"));
    outline_on_gemini(outline, STR("/"), STR("The same on Gemini"));
    if (sheet->folders) {
        outline_folders(outline, sheet);
    }
}

static void outline_index(const struct sheet *sheet, struct outline *outline)
{
    const struct capsule *capsule = sheet->capsule;
    const struct post nobody = { 0 };

    outline_heading(outline, 1, capsule->title);
    outline_gap(outline);
    outline_text(outline, sheet->number == 0 ? capsule->description
                                             : arena_printf(outline->arena, "Page %zu of %zu",
                                                            sheet->number + 1, sheet->total));
    outline_entries(outline, sheet);
    outline_paging(outline, sheet);
    if (sheet->number == 0) {
        outline_home_links(outline, sheet);
    }
    foot(outline, capsule, &nobody);
}

/* ---- articles and pages ---------------------------------------------------------------------- */

static size_t post_count(const struct site *site)
{
    return site->post_count;
}

static struct sheet post_sheet(const struct site *site, size_t index)
{
    return (struct sheet){ .capsule = &site->capsule,
                           .post = site->posts[index],
                           .newer = index > 0 ? site->posts[index - 1] : NULL,
                           .older = index + 1 < site->post_count ? site->posts[index + 1] : NULL };
}

/* Of whatever has a post of its own. */
static struct str own_path(const struct sheet *sheet, struct arena *arena)
{
    (void)arena;
    return sheet->post->path;
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
    if (post != NULL) {
        outline_link(outline, post->url,
                     ARENA_CONCAT(outline->arena, which, STR(": "), post->title));
    }
}

/* What an article says, and what is known of it; translations have no neighbours. */
static void outline_article(const struct sheet *sheet, struct outline *outline)
{
    const struct capsule *capsule = sheet->capsule;
    const struct post *post = sheet->post;

    outline->language = post->language;
    outline_heading(outline, 1, post->title);
    outline_gap(outline);
    fill(outline, capsule, post, capsule->templates.post_head);
    outline_gap(outline);
    outline_document(outline, post);
    outline_gap(outline);
    fill(outline, capsule, post, capsule->templates.post_foot);
    outline_gap(outline);
    outline_translations(outline, post);
    outline_neighbour(outline, STR("Newer"), sheet->newer);
    outline_neighbour(outline, STR("Older"), sheet->older);
    outline_link(outline, STR("/"), capsule->title);
    foot(outline, capsule, post);
}

static size_t translation_count(const struct site *site)
{
    return site->translation_count;
}

static struct sheet translation_sheet(const struct site *site, size_t index)
{
    return (struct sheet){ .capsule = &site->capsule, .post = site->translations[index] };
}

static size_t page_count(const struct site *site)
{
    return site->page_count;
}

static struct sheet page_sheet(const struct site *site, size_t index)
{
    return (struct sheet){ .capsule = &site->capsule, .post = site->pages[index] };
}

static void outline_page(const struct sheet *sheet, struct outline *outline)
{
    const struct post *page = sheet->post;

    outline->language = page->language;
    outline_heading(outline, 1, page->title);
    outline_gap(outline);
    outline_document(outline, page);
    outline_gap(outline);
    outline_translations(outline, page);
    outline_link(outline, STR("/"), sheet->capsule->title);
    foot(outline, sheet->capsule, page);
}

/* ---- bytes that are the same everywhere ------------------------------------------------------ */

static size_t source_count(const struct site *site)
{
    return site->capsule.sources ? site->post_count : 0;
}

static struct sheet source_sheet(const struct site *site, size_t index)
{
    return (struct sheet){ .capsule = &site->capsule, .post = site->posts[index] };
}

/* Beside its article: "/posts/walking.md". */
static struct str source_path(const struct sheet *sheet, struct arena *arena)
{
    struct str stem = sheet->post->path;

    if (str_ends_with(stem, STR(".gmi"))) {
        stem.len -= STR(".gmi").len;
    }
    return ARENA_CONCAT(arena, stem, STR(".md"));
}

/* Front matter may hold what is nobody's business: of it, the title is all that is shown. */
static void write_source(const struct sheet *sheet, struct strbuf *out)
{
    strbuf_addf(out, "# %.*s\n\n", STR_ARG(sheet->post->title));
    strbuf_add(out, sheet->post->source);
}

static size_t one(const struct site *site)
{
    (void)site;
    return 1;
}

static struct sheet feed_sheet(const struct site *site, size_t index)
{
    size_t most = site->capsule.feed_entries;

    (void)index;
    return (struct sheet){ .capsule = &site->capsule,
                           .posts = site->posts,
                           .post_count = site->post_count < most ? site->post_count : most };
}

static struct str feed_path(const struct sheet *sheet, struct arena *arena)
{
    (void)sheet;
    (void)arena;
    return STR("/atom.xml");
}

/* ---- the table ------------------------------------------------------------------------------- */

const struct page_class page_classes[] = {
    { index_count, index_sheet, index_path, outline_index, .menu = true },
    { post_count, post_sheet, own_path, outline_article },
    { page_count, page_sheet, own_path, outline_page },
    { translation_count, translation_sheet, own_path, outline_article },
    { source_count, source_sheet, source_path, .write = write_source,
      .media_type = STR_INIT("text/markdown;charset=utf-8") },
    { one, feed_sheet, feed_path, .write = atom_write,
      .media_type = STR_INIT("application/atom+xml") },
};

const size_t page_class_count = sizeof page_classes / sizeof page_classes[0];
