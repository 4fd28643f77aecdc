/* One file to one post: the table of front matter's keys, and the names others have for them. */
#include "content/post.h"

#include "base/utf8.h"
#include "base/zone.h"
#include "front_matter.h"
#include "markdown.h"
#include "post_read.h"
#include "slug.h"

static const char post_consequence[] = "post left out";
static const char page_consequence[] = "page left out";

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Source: front-matter.md, section 1. */
static const struct field post_fields[] = {
    { "title", FIELD_TEXT, offsetof(struct post, title), .required = true, .max = 1000 },
    { "date", FIELD_DATE, offsetof(struct post, published), .required = true,
      .also = NAMES("pubDatetime", "pubDate", "publishDate", "pubdate", "datetime") },
    { "updated", FIELD_DATE, offsetof(struct post, updated),
      .also = NAMES("modDatetime", "modDate", "lastmod", "modified") },
    { "description", FIELD_TEXT, offsetof(struct post, description),
      .also = NAMES("summary", "excerpt") },
    { "tags", FIELD_WORDS, offsetof(struct post, tags), .also = NAMES("tag", "categories") },
    { "draft", FIELD_BOOL, offsetof(struct post, draft) },
    { "slug", FIELD_TEXT, offsetof(struct post, slug), .also = NAMES("postSlug") },
    { "aliases", FIELD_WORDS, offsetof(struct post, aliases), .also = NAMES("redirect_from") },
    { "author", FIELD_KNOWN, 0, .also = NAMES("authors") },
    { "featured", FIELD_KNOWN, 0 },
    { "category", FIELD_KNOWN, 0 },
    { "layout", FIELD_KNOWN, 0 },
};

#define FIELD_COUNT (sizeof post_fields / sizeof post_fields[0])
#define DATE_FIELD  1

static const struct fields post_table = { post_fields, FIELD_COUNT, false, post_consequence };

/* The same for pages, but that no date is required. */
static struct fields page_table(struct field fields[FIELD_COUNT])
{
    memcpy(fields, post_fields, sizeof post_fields);
    fields[DATE_FIELD].required = false;
    return (struct fields){ fields, FIELD_COUNT, false, page_consequence };
}

/* Text made readable, with one warning that says how much of it was not. */
static struct str clean_file(struct arena *arena, const char *file, struct str text,
                             struct diag *diag)
{
    size_t malformed;
    struct str clean = utf8_clean(arena, text, &malformed);

    if (malformed > 0) {
        int line = 1;
        struct str rest = text;

        for (struct str one; str_next_line(&rest, &one) && utf8_valid(one);) {
            line++;
        }
        diag_warn(diag, (struct place){ file, line }, "not UTF-8: %zu byte%s shown as U+FFFD",
                  malformed, malformed == 1 ? " is" : "s are");
    }
    return clean;
}

static bool read_fields(struct arena *arena, struct str head, bool page, struct post *post,
                        const struct capsule *capsule, struct diag *diag)
{
    struct field fields[FIELD_COUNT];
    struct fields table = page ? page_table(fields) : post_table;
    struct yaml *root =
        yaml_read(arena, head, (struct place){ post->file, 2 }, table.consequence, diag);

    if (root == NULL) {
        return false;
    }
    root->line = 1;
    if (!fields_fill(&table, capsule->aliases, capsule->alias_count, arena, root, post, post->file,
                     diag)) {
        return false;
    }
    post->has_published =
        fields_find(&table, capsule->aliases, capsule->alias_count, root, "date") != NULL;
    post->has_updated =
        fields_find(&table, capsule->aliases, capsule->alias_count, root, "updated") != NULL;
    if (post->slug.len > 0 && !slug_is_sound(post->slug)) {
        const struct yaml *slug =
            fields_find(&table, capsule->aliases, capsule->alias_count, root, "slug");

        diag_warn(diag, (struct place){ post->file, slug->line },
                  "'slug': '%.*s' cannot stand in an address; the file's name is used instead",
                  STR_ARG(post->slug));
        post->slug = STR("");
    }
    return true;
}

/* A date stays in the zone it was written in, unless the capsule has one; without any, UTC. */
static void settle_date(const struct capsule *capsule, struct date *date)
{
    if (capsule->timezone.len > 0 || !date->has_zone) {
        zone_apply(capsule->timezone, date);
    }
}

struct post *post_read(struct arena *arena, const char *file, struct str name, struct str text,
                       bool page, const struct capsule *capsule, struct diag *diag)
{
    const char *consequence = page ? page_consequence : post_consequence;
    struct post *post = ARENA_NEW(arena, struct post);
    struct str head;
    struct str body;
    int body_line;

    post->file = file;
    text = clean_file(arena, file, text, diag);
    switch (front_matter_split(text, &head, &body, &body_line)) {
    case FRONT_MATTER_OPEN:
        diag_error(diag, (struct place){ file, 1 },
                   "front matter is opened by '---' and never closed; %s", consequence);
        return NULL;
    case FRONT_MATTER_NONE:
        diag_error(diag, (struct place){ file, 1 },
                   "no front matter: the first line must be '---'; %s", consequence);
        return NULL;
    case FRONT_MATTER_YAML:
        break;
    }
    if (!read_fields(arena, head, page, post, capsule, diag)) {
        return NULL;
    }
    settle_date(capsule, &post->published);
    settle_date(capsule, &post->updated);
    if (post->slug.len == 0) {
        post->slug = slug_from_name(arena, name);
    }
    if (post->slug.len == 0) {
        diag_error(diag, (struct place){ file, 1 },
                   "the file's name makes no address, give it a 'slug'; %s", consequence);
        return NULL;
    }
    post->document = markdown_parse(arena, body, (struct place){ file, body_line }, diag);
    return post;
}
