/* Manuscripts to a site. A manuscript is never written: a site has copies of its posts' heads, with
 * the addresses that only the site as a whole can give them. */
#include "assemble.h"

#include <stdlib.h>

#include "atlas.h"
#include "base/hash.h"
#include "base/map.h"
#include "leads.h"
#include "links.h"
#include "manuscript.h"

struct assembler {
    struct site *site;
    const struct plan *plan;
    const struct site_options *options;
    struct diag *diag;
    struct arena *scratch; /* freed once the site is assembled */
    size_t passed_over;    /* texts that the blog's generator would not take either */
};

/* ---- who is shown ---------------------------------------------------------------------------- */

/* Why a post is not to be seen; NULL when it is. */
static const char *reason_to_wait(const struct assembler *assembler, const struct post *post)
{
    int64_t now = assembler->options->now;

    if (post->draft) {
        return "draft";
    }
    if (post->expires_s != 0 && post->expires_s <= now) {
        return "expired";
    }
    return post->has_published && post->due_s > now && !assembler->site->capsule.future
               ? "scheduled"
               : NULL;
}

static void count_waiting(struct site *site, const struct post *post, bool scheduled)
{
    if (!scheduled) {
        site->draft_count++;
        return;
    }
    site->scheduled_count++;
    if (site->next_scheduled == 0 || post->due_s < site->next_scheduled) {
        site->next_scheduled = post->due_s;
    }
}

/* The site's own copy of a post, whose words say why it is not published yet. */
static void mark(struct assembler *assembler, struct post *post, const char *reason)
{
    if (assembler->options->drafts == DRAFTS_MARKED) {
        post->title =
            arena_printf(assembler->site->arena, "[%s] %.*s", reason, STR_ARG(post->title));
    }
    if (!post->has_published) {
        post->published = (struct date){ .seconds = assembler->options->now };
    }
    post->names = hash_bytes(post->names, post->title.ptr, post->title.len);
    post->names = hash_number(post->names, (uint64_t)post->published.seconds);
    post->version = hash_number(post->version, post->names);
}

/* The site's copy of a post, unless there is a reason not to show it. */
static struct post *show(struct assembler *assembler, const struct post *read)
{
    const char *reason = reason_to_wait(assembler, read);
    struct post *post;

    if (reason != NULL) {
        count_waiting(assembler->site, read, strcmp(reason, "scheduled") == 0);
        if (assembler->options->drafts == DRAFTS_HELD_BACK) {
            return NULL;
        }
    }
    post = ARENA_NEW(assembler->site->arena, struct post);
    *post = *read;
    if (reason != NULL) {
        mark(assembler, post, reason);
    }
    return post;
}

static void add_text(struct assembler *assembler, struct text *text)
{
    struct site *site = assembler->site;
    const struct manuscript *manuscript = text->manuscript;
    struct post *post;

    if (manuscript->reading != READ_POST) {
        site->broken_count += manuscript->reading == READ_BROKEN;
        assembler->passed_over += manuscript->reading == READ_PASSED_OVER;
        return;
    }
    post = text->shown = show(assembler, &manuscript->post);
    if (post == NULL) {
        return;
    }
    if (post->original.len > 0) {
        site->translations[site->translation_count++] = post;
    } else if (post->page) {
        site->pages[site->page_count++] = post;
    } else {
        site->posts[site->post_count++] = post;
    }
}

static void add_texts(struct assembler *assembler)
{
    struct site *site = assembler->site;

    site->posts = ARENA_ARRAY(site->arena, struct post *, site->text_count);
    site->pages = ARENA_ARRAY(site->arena, struct post *, site->text_count);
    site->translations = ARENA_ARRAY(site->arena, struct post *, site->text_count);
    for (size_t i = 0; i < site->text_count; i++) {
        add_text(assembler, &site->texts[i]);
    }
}

/* ---- links ----------------------------------------------------------------------------------- */

static void report_dead(struct diag *diag, const struct post *post, const struct link *link)
{
    diag_warn(diag, (struct place){ post->file, link->line },
              "%s '%.*s' leads nowhere: there is no such %s", link->image ? "image" : "link",
              STR_ARG(str_first(link->url, 200)), link->image ? "file" : "address");
}

/* Which of the plan's files texts lead to. */
static void follow_leads(struct assembler *assembler, const struct text *text, bool *mentioned)
{
    const struct leads *leads = text->leads;

    for (size_t i = 0; i < leads->file_count; i++) {
        mentioned[leads->files[i]] = true;
    }
    for (size_t i = 0; i < leads->dead_count; i++) {
        report_dead(assembler->diag, text->shown, leads->dead[i]);
    }
}

/* What was found the last time holds while all addresses are what they were. */
static void resolve_links(struct assembler *assembler, bool *mentioned)
{
    struct site *site = assembler->site;
    const struct site *before = assembler->options->before;
    bool same_addresses = before != NULL && before->atlas == site->atlas;

    for (size_t i = 0; i < site->text_count; i++) {
        struct text *text = &site->texts[i];
        struct post *post = text->shown;

        if (!same_addresses || post == NULL) {
            leads_release(text->leads);
            text->leads = NULL;
        }
        if (post != NULL && text->leads == NULL) {
            text->leads = links_resolve(site, &site->atlas->targets, post);
        }
        if (text->leads != NULL) {
            post->document.open_urls = text->leads->urls;
            follow_leads(assembler, text, mentioned);
        }
    }
}

static bool same_words(const struct words *a, const struct words *b)
{
    bool same = a->count == b->count;

    for (size_t i = 0; same && i < a->count; i++) {
        same = str_equal(a->items[i], b->items[i]);
    }
    return same;
}

/* Whether the posts name different authors, the blog's own counted. */
static bool has_several_authors(const struct site *site, const struct words *own)
{
    const struct words *first = own->count > 0 ? own : NULL;

    for (size_t i = 0; i < site->post_count; i++) {
        const struct words *authors = &site->posts[i]->authors;

        if (first != NULL && authors->count > 0 && !same_words(first, authors)) {
            return true;
        }
        first = authors->count > 0 ? authors : first;
    }
    return false;
}

/* Who wrote most posts, if there is such an author; else the blog's. Source: Boyer and Moore,
 * "MJRTY: A Fast Majority Vote Algorithm". */
static const struct words *usual_author(const struct site *site, const struct words *own)
{
    const struct words *usual = own;
    size_t votes = 0;

    for (size_t i = 0; i < site->post_count; i++) {
        const struct words *authors =
            site->posts[i]->authors.count > 0 ? &site->posts[i]->authors : own;

        usual = votes == 0 ? authors : usual;
        votes = same_words(usual, authors) ? votes + 1 : votes - 1;
    }
    votes = 0;
    for (size_t i = 0; i < site->post_count; i++) {
        votes += same_words(usual, &site->posts[i]->authors);
    }
    return votes * 2 > site->post_count ? usual : own;
}

/* Who wrote a post is said where not all are by the same; who writes most of them, or has the blog,
 * needs no name. */
static void settle_bylines(struct site *site)
{
    const struct words own = { &site->capsule.author, site->capsule.author.len > 0 };
    const struct words *usual = usual_author(site, &own);
    bool several = has_several_authors(site, &own);

    for (size_t i = 0; i < site->text_count; i++) {
        struct post *post = site->texts[i].shown;

        if (post != NULL) {
            post->byline = several && post->authors.count > 0 &&
                           !same_words(&post->authors, &own) && !same_words(&post->authors, usual);
        }
    }
}

/* What only the site could say of a post tells it from others, too. */
static void settle_versions(struct site *site)
{
    for (size_t i = 0; i < site->text_count; i++) {
        struct post *post = site->texts[i].shown;
        const struct leads *leads = site->texts[i].leads;

        if (post != NULL) {
            post->version = hash_bytes(post->version, post->url.ptr, post->url.len);
            post->version = hash_number(post->version, leads != NULL ? leads->origin : 0);
            post->version = hash_number(post->version, post->byline);
        }
    }
}

/* ---- files ----------------------------------------------------------------------------------- */

static struct static_file serve_file(const struct assembler *assembler, struct str path,
                                     const struct source *source)
{
    bool fresh = file_stamp_is_fresh(&source->stamp, assembler->options->now);
    uint64_t version = fresh ? 0 : hash_bytes(HASH_START, &source->stamp, sizeof source->stamp);
    const char *file = arena_copy(assembler->site->arena, str_from(source->file)).ptr;

    return (struct static_file){ path, file, source->stamp.size, version };
}

static int by_path(const void *a, const void *b)
{
    return str_compare(((const struct static_file *)a)->path,
                       ((const struct static_file *)b)->path);
}

/* Static files, and what a text mentions. */
static void add_files(struct assembler *assembler, const bool *mentioned)
{
    struct site *site = assembler->site;
    const struct plan *plan = assembler->plan;
    size_t capacity = 0;

    for (size_t i = 0; i < plan->file_count; i++) {
        struct str path = site->atlas->files[i];

        if (path.len > 0 && (plan->files[i]->kind == SOURCE_STATIC || mentioned[i])) {
            *ARENA_PUSH(site->arena, site->statics, site->static_count, &capacity) =
                serve_file(assembler, path, plan->files[i]);
        }
    }
    if (site->static_count > 1) {
        qsort(site->statics, site->static_count, sizeof *site->statics, by_path);
    }
}

/* ---- translations ---------------------------------------------------------------------------- */

/* An original knows its translations. One whose original is not shown stands alone. */
static void join_translations(struct assembler *assembler)
{
    struct site *site = assembler->site;
    struct map originals;

    if (site->translation_count == 0) {
        return;
    }
    map_init(&originals, assembler->scratch);
    for (size_t i = 0; i < site->text_count; i++) {
        const struct post *post = site->texts[i].shown;

        if (post != NULL && post->original.len == 0) {
            map_add(&originals, post->place, i);
        }
    }
    for (size_t i = site->translation_count; i > 0; i--) {
        struct post *translation = site->translations[i - 1];
        size_t found;

        if (map_find(&originals, translation->original, &found)) {
            struct post *original = site->texts[found].shown;

            translation->next = original->translations;
            original->translations = translation;
        }
    }
}

/* ---- what is worth a word -------------------------------------------------------------------- */

/* A blog of which nothing is left was probably taken for something it is not. */
static void report_nothing(struct assembler *assembler)
{
    const struct site *site = assembler->site;

    if (assembler->passed_over > 0 && site->post_count + site->page_count == 0) {
        diag_warn(assembler->diag, (struct place){ site->dir, 0 },
                  "nothing to show: %zu text%s passed over, which %s would not take for posts or "
                  "pages; 'dialect' in %s says whose conventions hold",
                  assembler->passed_over, assembler->passed_over == 1 ? " was" : "s were",
                  site->capsule.blog.dialect->title, CAPSULE_FILE);
    }
}

/* The dates that we and the web blog read alike, and their author perhaps otherwise. */
static void report_guessed_dates(struct assembler *assembler)
{
    const struct site *site = assembler->site;
    const struct capsule *capsule = &site->capsule;
    const struct post *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < site->post_count; i++) {
        if (site->posts[i]->guessed_utc) {
            first = first == NULL ? site->posts[i] : first;
            count++;
        }
    }
    if (first != NULL) {
        diag_warn(
            assembler->diag, (struct place){ first->file, 1 },
            "a time without a zone is UTC to %s, though the blog's zone is %.*s (%zu post%s); "
            "'naive_dates: local' in %s would read it there, 'utc' silences this",
            capsule->blog.dialect->title, STR_ARG(capsule->timezone), count, count == 1 ? "" : "s",
            CAPSULE_FILE);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void settle_addresses(struct assembler *assembler)
{
    struct site *site = assembler->site;
    const struct site *before = assembler->options->before;

    site->atlas = atlas_settle(site, assembler->plan, before != NULL ? before->atlas : NULL);
    site->redirects = site->atlas->redirects;
    site->redirect_count = site->atlas->redirect_count;
    diag_add(assembler->diag, &site->atlas->problems);
}

void site_assemble(struct site *site, const struct plan *plan, const struct site_options *options,
                   struct diag *diag)
{
    struct assembler assembler = {
        .site = site, .plan = plan, .options = options, .diag = diag, .scratch = arena_create()
    };
    bool *mentioned = ARENA_ARRAY(assembler.scratch, bool, plan->file_count);

    add_texts(&assembler);
    settle_addresses(&assembler);
    join_translations(&assembler);
    resolve_links(&assembler, mentioned);
    settle_bylines(site);
    settle_versions(site);
    add_files(&assembler, mentioned);
    report_guessed_dates(&assembler);
    report_nothing(&assembler);
    arena_destroy(assembler.scratch);
}
