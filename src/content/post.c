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

struct reader {
    struct arena *arena;   /* the post's */
    struct arena *scratch; /* freed once the post is read */
    const struct source *source;
    const struct capsule *capsule;
    struct diag *diag;
    struct post *post;
};

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

static bool read_fields(struct reader *reader, struct str head)
{
    struct post *post = reader->post;
    const struct capsule *capsule = reader->capsule;
    struct field fields[FIELD_COUNT];
    struct fields table = reader->source->kind == SOURCE_PAGE ? page_table(fields) : post_table;
    struct yaml *root = yaml_read(reader->scratch, head, (struct place){ post->file, 2 },
                                  table.consequence, reader->diag);

    if (root == NULL) {
        return false;
    }
    root->line = 1;
    if (!fields_fill(&table, capsule->aliases, capsule->alias_count, reader->arena, root, post,
                     post->file, reader->diag)) {
        return false;
    }
    post->has_published =
        fields_find(&table, capsule->aliases, capsule->alias_count, root, "date") != NULL;
    post->has_updated =
        fields_find(&table, capsule->aliases, capsule->alias_count, root, "updated") != NULL;
    if (post->slug.len > 0 && !slug_is_sound(post->slug)) {
        const struct yaml *slug =
            fields_find(&table, capsule->aliases, capsule->alias_count, root, "slug");

        diag_warn(reader->diag, (struct place){ post->file, slug->line },
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

/* The post without its document; false after reporting an error. */
static bool read_head(struct reader *reader, struct str head, const char *consequence)
{
    struct post *post = reader->post;

    if (!read_fields(reader, head)) {
        return false;
    }
    settle_date(reader->capsule, &post->published);
    settle_date(reader->capsule, &post->updated);
    if (post->slug.len == 0) {
        post->slug = slug_make(reader->arena, SLUG_GITHUB, reader->source->stem);
    }
    if (post->slug.len == 0) {
        diag_error(reader->diag, (struct place){ post->file, 1 },
                   "the file's name makes no address, give it a 'slug'; %s", consequence);
        return false;
    }
    return true;
}

static bool read_post(struct reader *reader, struct str text)
{
    const char *consequence =
        reader->source->kind == SOURCE_PAGE ? page_consequence : post_consequence;
    struct place place = { reader->source->file, 1 };
    struct str head;
    struct str body;

    text = clean_file(reader, text);
    switch (front_matter_split(text, &head, &body, &place.line)) {
    case FRONT_MATTER_OPEN:
        place.line = 1;
        diag_error(reader->diag, place, "front matter is opened by '---' and never closed; %s",
                   consequence);
        return false;
    case FRONT_MATTER_NONE:
        diag_error(reader->diag, place, "no front matter: the first line must be '---'; %s",
                   consequence);
        return false;
    case FRONT_MATTER_YAML:
        break;
    }
    if (!read_head(reader, head, consequence)) {
        return false;
    }
    reader->post->document = markdown_parse(reader->arena, body, place, reader->diag);
    return true;
}

struct post *post_read(struct arena *arena, const struct source *source, struct str text,
                       const struct capsule *capsule, struct diag *diag)
{
    struct reader reader = { arena,   arena_create(), source,
                             capsule, diag,           ARENA_NEW(arena, struct post) };
    bool ok;

    reader.post->file = source->file;
    ok = read_post(&reader, text);
    arena_destroy(reader.scratch);
    return ok ? reader.post : NULL;
}
