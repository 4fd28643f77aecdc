/* One file to one post: its front matter, its name and its text put together by the rules of the
 * blog's dialect. */
#include "content/post.h"

#include "base/utf8.h"
#include "base/zone.h"
#include "language.h"
#include "links.h"
#include "markdown.h"
#include "name.h"
#include "plain.h"
#include "post_parts.h"

/* ---- text ------------------------------------------------------------------------------------ */

/* Text made readable, with one warning that says how much of it was not. */
static struct str clean_file(struct reader *reader, struct str text)
{
    size_t malformed;
    struct str clean = utf8_clean(reader->scratch, text, &malformed);

    if (malformed > 0) {
        int line = 1;
        struct str rest = text;

        for (struct str one; str_next_line(&rest, &one) && utf8_valid(one);) {
            line++;
        }
        diag_warn(reader->diag, (struct place){ reader->source->file, line },
                  "not UTF-8: %zu byte%s shown as U+FFFD", malformed,
                  malformed == 1 ? " is" : "s are");
    }
    return clean;
}

/* ---- title ----------------------------------------------------------------------------------- */

/* The heading a text begins with, or its first one of the highest level. */
static struct str heading_title(struct reader *reader)
{
    const struct block *block = reader->post->document.first;

    for (bool first = true; block != NULL; block = block->next, first = false) {
        if (block->kind == BLOCK_HEADING && (first || block->level == 1)) {
            return str_trim(document_plain_text(reader->arena, block, 0, block->run_count));
        }
    }
    return STR("");
}

/* "first-light" to "First light", or to "First Light" as Jekyll has it. */
static struct str name_title(struct reader *reader)
{
    bool every_word = reader->dialect->tags_by_blanks;
    struct str stem = reader->source->stem;
    char *title = arena_alloc(reader->arena, stem.len + 1);

    for (size_t i = 0; i < stem.len; i++) {
        char c = stem.ptr[i];
        bool starts = i == 0 || (every_word && title[i - 1] == ' ');

        title[i] = c == '-' || c == '_'                     ? ' '
                   : starts && byte_is_alpha(c) && c >= 'a' ? (char)(c - 'a' + 'A')
                                                            : c;
    }
    return (struct str){ title, stem.len };
}

static void settle_title(struct reader *reader, bool has_front_matter)
{
    struct post *post = reader->post;

    post->title = plain_title(reader->arena, reader->scratch, reader->head.title);
    if (post->title.len == 0) {
        post->title = heading_title(reader);
    }
    if (post->title.len == 0) {
        post->title = name_title(reader);
        if (has_front_matter && reader->dialect->needs_title) {
            diag_warn(reader->diag, (struct place){ post->file, 1 },
                      "'title' is missing; it is called '%.*s' after its file",
                      STR_ARG(post->title));
        }
    }
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* The zone dates are shown in: the post's own, else the capsule's; empty: each date's. */
static struct str zone_of(const struct reader *reader)
{
    struct str own = reader->head.timezone;

    return own.len > 0 && zone_exists(own) ? own : reader->capsule->timezone;
}

/* A day alone is that day wherever the author is. A time without a zone is the author's local time,
 * or UTC where the dialect takes it for that; then it is shown in the author's zone. */
static void settle_date(struct reader *reader, struct date *date)
{
    const struct capsule *capsule = reader->capsule;
    struct str zone = zone_of(reader);
    bool utc = capsule->naive_dates == NAIVE_UTC ||
               (capsule->naive_dates == NAIVE_AUTO && reader->dialect->utc_dates);

    if (date->has_time && !date->has_zone && utc) {
        date->has_zone = true;
        reader->post->guessed_utc |=
            capsule->naive_dates == NAIVE_AUTO && zone.len > 0 && !str_equal(zone, STR("UTC"));
    }
    if (zone.len > 0 || !date->has_zone) {
        zone_apply(zone, date);
    }
}

/* By its front matter, its name, or the address it has on the web. */
static bool has_any_date(const struct reader *reader)
{
    return reader->head.has_date || reader->head.has_publish || reader->source->has_date ||
           reader->has_address_date;
}

/* Returns false after reporting when a post has no date. */
static bool settle_dates(struct reader *reader, bool has_front_matter)
{
    struct post *post = reader->post;
    struct head *head = &reader->head;

    post->has_published = has_any_date(reader);
    post->published = head->has_date             ? head->date
                      : head->has_publish        ? head->publish
                      : reader->source->has_date ? reader->source->dated
                                                 : reader->address_date;
    post->has_updated = head->has_updated;
    post->updated = head->updated;
    settle_date(reader, &post->published);
    settle_date(reader, &post->updated);
    settle_date(reader, &head->publish);
    settle_date(reader, &head->expires);
    post->due_s = post->published.seconds;
    if (head->has_publish && head->publish.seconds > post->due_s) {
        post->due_s = head->publish.seconds;
    }
    post->due_s -= reader->dialect->margin_s;
    post->expires_s = head->has_expires ? head->expires.seconds : 0;
    if (post->has_published || post->page || post->draft) {
        return true;
    }
    diag_error(reader->diag, (struct place){ post->file, 1 }, "%s; %s",
               has_front_matter ? "'date' is missing"
                                : "no front matter, and no date in the file's name",
               reader->consequence);
    return false;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void settle_language(struct reader *reader)
{
    struct str language = language_tag(reader->arena, reader->head.language);

    if (language.len == 0) {
        language = language_tag(reader->arena, reader->source->language);
    }
    if (!language_same(language, reader->capsule->language)) {
        reader->post->language = language;
    }
}

/* Eleventy's collections are made with tags: those of all posts say nothing to readers. */
static struct words tags_of(const struct reader *reader)
{
    const struct head *head = &reader->head;
    struct words tags = head->tags.count > 0 ? head->tags : head->categories;
    struct words kept = { tags.items, 0 };

    for (size_t i = 0; i < tags.count; i++) {
        if (strcmp(reader->dialect->name, "eleventy") != 0 ||
            (!str_equal(tags.items[i], STR("posts")) && !str_equal(tags.items[i], STR("post")))) {
            kept.items[kept.count++] = tags.items[i];
        }
    }
    return kept;
}

/* What kind of text it is, now that its date is known. */
static enum reading settle_kind(struct reader *reader)
{
    const struct head *head = &reader->head;
    bool dated = has_any_date(reader);

    reader->post->page =
        reader->source->kind == SOURCE_PAGE || (reader->source->kind == SOURCE_EITHER && !dated);
    reader->consequence = reader->post->page ? "page left out" : "post left out";
    return head->hidden || (reader->source->kind == SOURCE_ENTRY && !dated) ? READ_PASSED_OVER
                                                                            : READ_POST;
}

/* What is to be put into the text; NULL when it is no template. */
static struct filling *find_filling(struct reader *reader)
{
    reader->filling = (struct filling){ .arena = reader->arena,
                                        .source = reader->source,
                                        .capsule = reader->capsule,
                                        .trees = reader->head.trees,
                                        .tree_count = reader->head.tree_count };
    return reader->capsule->liquid && !reader->head.no_template ? &reader->filling : NULL;
}

static struct markdown_manner manner_of(struct reader *reader)
{
    return (struct markdown_manner){ .filling = find_filling(reader),
                                     .breaks = reader->capsule->breaks,
                                     .kramdown = reader->capsule->kramdown };
}

static bool has_link(const struct block *block, struct str url)
{
    for (; block != NULL; block = block->next) {
        for (size_t i = 0; i < block->link_count; i++) {
            if (str_equal(block->links[i].url, url)) {
                return true;
            }
        }
        if (has_link(block->first, url)) {
            return true;
        }
    }
    return false;
}

/* A post about something elsewhere begins with the link to it, which its text may leave to its head
 * alone. */
static void settle_link(struct reader *reader)
{
    struct document *document = &reader->post->document;
    struct str url = reader->head.link;
    struct block **at = &document->first;
    struct block *block;

    if (url.len == 0 || has_link(document->first, url)) {
        return;
    }
    if (*at != NULL && (*at)->kind == BLOCK_HEADING && (*at)->level == 1) {
        at = &(*at)->next; /* which may be the title again */
    }
    block = ARENA_NEW(reader->arena, struct block);
    *block = (struct block){ .kind = BLOCK_PARAGRAPH,
                             .line = 1,
                             .next = *at,
                             .runs = ARENA_ARRAY(reader->arena, struct run, 2),
                             .run_count = 2,
                             .links = ARENA_NEW(reader->arena, struct link),
                             .link_count = 1,
                             .first_link = document->link_count };
    block->runs[0] = (struct run){ .kind = RUN_LINK };
    block->runs[1] = (struct run){ .kind = RUN_LINK, .close = true };
    block->links[0] = (struct link){ .url = url, .line = 1 };
    *at = block;
    document->link_count++;
}

static enum reading settle(struct reader *reader, struct str body, struct place place,
                           bool has_front_matter)
{
    struct post *post = reader->post;
    enum reading kind = settle_kind(reader);

    if (kind != READ_POST) {
        return kind;
    }
    post->description = plain_description(reader->arena, reader->scratch, reader->head.description);
    post->tags = tags_of(reader);
    post->authors = reader->head.authors;
    post->aliases = reader->head.aliases;
    post->draft = reader->head.draft || reader->source->draft;
    post->original = reader->source->original;
    settle_language(reader);
    if (!settle_dates(reader, has_front_matter)) {
        return READ_BROKEN;
    }
    post->document = markdown_parse(reader->arena, body, place, manner_of(reader), reader->diag);
    settle_title(reader, has_front_matter);
    settle_link(reader);
    links_settle(reader->arena, &post->document, reader->capsule->web, post->file, reader->diag);
    if (reader->capsule->sources) {
        post->source = arena_copy(reader->arena, body);
    }
    if (!post_settle_slug(reader)) {
        return READ_BROKEN;
    }
    post_settle_web(reader);
    return READ_POST;
}

/* Generators take no notice of such a file, either, but its author wanted it to be a text. */
static void report_late_head(struct reader *reader, struct str text)
{
    struct str trimmed = str_trim(text);
    struct place place = { reader->source->file, 1 };

    if (!str_starts_with(trimmed, STR("---\n"))) {
        return;
    }
    for (const char *at = text.ptr; at < trimmed.ptr; at++) {
        place.line += *at == '\n';
    }
    diag_warn(reader->diag, place,
              "front matter must begin at the very start of the file; it is no %s text",
              reader->dialect->title);
}

static enum reading read_post(struct reader *reader, struct str text)
{
    struct head_source from = { .source = reader->source,
                                .line = 1,
                                .capsule = reader->capsule,
                                .consequence = reader->consequence };
    struct place place = { reader->source->file, 1 };
    struct str body;
    bool has_front_matter;

    text = clean_file(reader, text);
    from.kind = front_matter_split(text, &from.text, &from.line, &body, &place.line);
    has_front_matter = from.kind != FRONT_MATTER_NONE || reader->source->own_data;
    if (!has_front_matter && reader->dialect->needs_front_matter &&
        reader->capsule->blog.configured) {
        report_late_head(reader, text);
        return READ_PASSED_OVER;
    }
    if (from.kind == FRONT_MATTER_OPEN) {
        diag_error(reader->diag, place, "front matter is opened and never closed; %s",
                   reader->consequence);
        return READ_BROKEN;
    }
    if (from.kind == FRONT_MATTER_NONE) {
        from.text = STR("");
    }
    if (!head_read(reader->arena, reader->scratch, &from, &reader->head, reader->diag)) {
        return READ_BROKEN;
    }
    reader->has_address_date = name_path_date(reader->head.permalink, &reader->address_date);
    return settle(reader, body, place, has_front_matter);
}

void post_read(struct manuscript *manuscript, struct str text, const struct capsule *capsule,
               struct diag *diag)
{
    const struct source *source = &manuscript->source;
    struct reader reader = {
        .arena = manuscript->arena,
        .scratch = arena_create(),
        .source = source,
        .capsule = capsule,
        .dialect = capsule->blog.dialect,
        .diag = diag,
        .consequence = source->kind == SOURCE_PAGE ? "page left out" : "post left out",
        .post = &manuscript->post,
    };

    manuscript->post =
        (struct post){ .file = source->file, .place = source->path, .folders = source->folders };
    manuscript->reading = read_post(&reader, text);
    manuscript->seen = reader.filling.seen;
    manuscript->seen_count = reader.filling.seen_count;
    arena_destroy(reader.scratch);
}
