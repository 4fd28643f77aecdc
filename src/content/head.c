/* The table of front matter's keys and of the names others have for them, and what a table cannot
 * take: fields that come in every shape. */
#include "head.h"

#include "base/toml.h"
#include "base/utf8.h"
#include "data.h"
#include "permalink_template.h"
#include "script.h"

#define WORDS_MAX    200
#define TREES_MAX    64
#define DEFAULTS_MAX 32 /* of one text; the other trees are its data files and its own */

/* The fields, and those whose shape is the author's choice. */
struct draft {
    struct head head;
    const struct yaml *tags;
    const struct yaml *categories;
    const struct yaml *taxonomies;
    const struct yaml *authors;
    const struct yaml *extra;
    const struct yaml *published;
    const struct yaml *permalink;
    const struct yaml *link;
    bool render;
    bool template;
    const struct yaml *trees[TREES_MAX]; /* all that it was taken from, the last counts most */
    size_t tree_count;
};

#define NAMES(...)   ((const char *const[]){ __VA_ARGS__, NULL })
#define HEAD(member) offsetof(struct draft, head.member)

/* Source: front-matter.md, section 1. */
static const struct field post_fields[] = {
    { "title", FIELD_LINES, HEAD(title), .max = 1000 },
    { "date", FIELD_DATE, HEAD(date),
      .also = NAMES("pubDatetime", "pubDate", "datetime", "publishedAt", "createdAt", "created",
                    "date_created") },
    { "publishDate", FIELD_DATE, HEAD(publish),
      .also = NAMES("pubdate", "published_at", "publish_date") },
    { "published", FIELD_NODE, offsetof(struct draft, published) },
    { "updated", FIELD_DATE, HEAD(updated),
      .also = NAMES("modDatetime", "modDate", "lastmod", "modified", "updatedDate", "updatedAt",
                    "updated_at", "last_modified_at") },
    { "expiryDate", FIELD_DATE, HEAD(expires), .also = NAMES("unpublishdate") },
    { "description", FIELD_TEXT, HEAD(description), .also = NAMES("summary", "excerpt", "desc") },
    { "tags", FIELD_NODE, offsetof(struct draft, tags), .also = NAMES("tag", "topics") },
    { "categories", FIELD_NODE, offsetof(struct draft, categories), .also = NAMES("category") },
    { "taxonomies", FIELD_NODE, offsetof(struct draft, taxonomies) },
    { "authors", FIELD_NODE, offsetof(struct draft, authors), .also = NAMES("author") },
    { "link", FIELD_NODE, offsetof(struct draft, link),
      .also = NAMES("external_url", "externalUrl") },
    { "draft", FIELD_BOOL, HEAD(draft), .also = NAMES("isDraft") },
    { "render", FIELD_BOOL, offsetof(struct draft, render) },
    { "render_with_liquid", FIELD_BOOL, offsetof(struct draft, template) },
    { "slug", FIELD_TEXT, HEAD(slug), .also = NAMES("postSlug") },
    { "permalink", FIELD_NODE, offsetof(struct draft, permalink), .also = NAMES("url", "path") },
    { "aliases", FIELD_WORDS, HEAD(aliases), .also = NAMES("redirect_from", "alias") },
    { "language", FIELD_TEXT, HEAD(language), .also = NAMES("lang", "locale"), .max = 35 },
    { "timezone", FIELD_TEXT, HEAD(timezone), .max = 64 },
    { "featured", FIELD_KNOWN, 0 },
    { "layout", FIELD_KNOWN, 0 },
    { "type", FIELD_KNOWN, 0 },
    { "weight", FIELD_KNOWN, 0 },
    { "extra", FIELD_NODE, offsetof(struct draft, extra) },
    { "params", FIELD_KNOWN, 0 },
    { "series", FIELD_KNOWN, 0 },
    { "cover", FIELD_KNOWN, 0 },
    { "image", FIELD_KNOWN, 0, .also = NAMES("images") },
    { "comments", FIELD_KNOWN, 0 },
};

#define FIELD_COUNT (sizeof post_fields / sizeof post_fields[0])

/* ---- words in every shape -------------------------------------------------------------------- */

struct gatherer {
    struct arena *arena;
    struct words words;
    size_t capacity;
    bool by_blanks; /* one text is several words */
    bool names;     /* a map is of one thing, and without a name says nothing of it */
};

static void add_word(struct gatherer *gatherer, struct str word)
{
    word = str_trim(utf8_clean(gatherer->arena, word, NULL));
    if (word.len > 0 && gatherer->words.count < WORDS_MAX) {
        *ARENA_PUSH(gatherer->arena, gatherer->words.items, gatherer->words.count,
                    &gatherer->capacity) = arena_copy(gatherer->arena, word);
    }
}

/* "a, b": several; "a b": several where the dialect says so. */
static void add_text(struct gatherer *gatherer, struct str text)
{
    char separator = str_find(text, ',') < text.len ? ',' : gatherer->by_blanks ? ' ' : '\n';

    for (bool more = true; more;) {
        struct str word;

        more = str_cut(text, separator, &word, &text);
        add_word(gatherer, word);
    }
}

/* What a map that describes one thing calls it: {name: …, url: …}. */
static const struct yaml *name_in(const struct yaml *map)
{
    static const struct str names[] = { STR_INIT("name"), STR_INIT("title"), STR_INIT("label") };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct yaml *value = yaml_find(map, names[i]);

        if (value != NULL && value->kind == YAML_SCALAR) {
            return value;
        }
    }
    return NULL;
}

/* A list, a text, a map with a name in it, or a map whose keys are the words; lists in lists too.
 */
static void gather(struct gatherer *gatherer, const struct yaml *node, bool in_list)
{
    const struct yaml *name;

    switch (node->kind) {
    case YAML_SCALAR:
        if (!yaml_is_null(node)) {
            (in_list ? add_word : add_text)(gatherer, node->text);
        }
        break;
    case YAML_LIST:
        for (const struct yaml *item = node->first; item != NULL; item = item->next) {
            gather(gatherer, item, true);
        }
        break;
    case YAML_MAP:
        name = name_in(node);
        if (name != NULL) {
            add_word(gatherer, name->text);
            break;
        }
        for (const struct yaml *pair = node->first; pair != NULL && !gatherer->names;
             pair = pair->next) {
            add_word(gatherer, pair->key);
        }
        break;
    }
}

static struct words words_of(struct gatherer gatherer, const struct yaml *node)
{
    if (node != NULL) {
        gather(&gatherer, node, false);
    }
    return gatherer.words;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static const struct yaml *member(const struct yaml *map, struct str key)
{
    return map != NULL && map->kind == YAML_MAP ? yaml_find(map, key) : NULL;
}

static void settle_words(struct arena *arena, struct draft *draft, bool by_blanks)
{
    struct head *head = &draft->head;
    const struct yaml *tags =
        draft->tags != NULL ? draft->tags : member(draft->taxonomies, STR("tags"));
    const struct yaml *categories = draft->categories != NULL
                                        ? draft->categories
                                        : member(draft->taxonomies, STR("categories"));
    const struct yaml *authors =
        draft->authors != NULL ? draft->authors : member(draft->extra, STR("author"));
    const struct gatherer tag = { .arena = arena, .by_blanks = by_blanks };

    head->tags = words_of(tag, tags);
    head->categories = words_of(tag, categories);
    head->authors = words_of((struct gatherer){ .arena = arena, .names = true }, authors);
}

/* Jekyll's `published` is a truth value, Hugo's a date. */
static void settle_published(struct draft *draft)
{
    const struct yaml *published = draft->published;

    if (published == NULL || published->kind != YAML_SCALAR) {
        return;
    }
    if (str_equal_nocase(published->text, STR("false")) ||
        str_equal_nocase(published->text, STR("no"))) {
        draft->head.draft = true;
    } else if (!draft->head.has_publish) {
        draft->head.has_publish = date_parse(published->text, &draft->head.publish);
    }
}

/* A pattern of Eleventy's, filled in as far as it can be. */
static struct str template_pattern(struct arena *arena, const struct draft *draft,
                                   const struct source *source, struct str text)
{
    struct template_facts facts = {
        .slug = source->stem,
        .stem = arena_printf(arena, "/%.*s/%.*s", STR_ARG(source->folders), STR_ARG(source->name)),
        .trees = draft->trees,
        .tree_count = draft->tree_count
    };

    return permalink_from_template(arena, text, &facts);
}

static void settle_link(struct arena *arena, struct draft *draft)
{
    struct str link = draft->link != NULL && draft->link->kind == YAML_SCALAR
                          ? str_trim(draft->link->text)
                          : STR("");

    if (str_starts_with(link, STR("https://")) || str_starts_with(link, STR("http://")) ||
        str_starts_with(link, STR("gemini://"))) {
        draft->head.link = arena_copy(arena, link);
    }
}

/* Eleventy's `permalink: false` means no page. */
static void settle_permalink(struct arena *arena, struct arena *scratch,
                             const struct source *source, struct draft *draft)
{
    const struct yaml *permalink = draft->permalink;

    draft->head.hidden = !draft->render;
    if (permalink == NULL || permalink->kind != YAML_SCALAR) {
        return;
    }
    if (permalink->plain && str_equal(permalink->text, STR("false"))) {
        draft->head.hidden = true;
        return;
    }
    draft->head.permalink = str_trim(permalink->text);
    if (str_find(permalink->text, '{') < permalink->text.len) {
        draft->head.permalink = template_pattern(scratch, draft, source, permalink->text);
    }
    draft->head.permalink = arena_copy(arena, draft->head.permalink);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static const struct yaml *read_tree(struct arena *scratch, const struct head_source *from,
                                    struct diag *diag)
{
    struct place place = { from->source->file, from->line };

    switch (from->kind) {
    case FRONT_MATTER_TOML:
        return toml_read(scratch, from->text, place, from->consequence, diag);
    case FRONT_MATTER_SCRIPT:
        return script_read(scratch, from->text);
    default: /* JSON is YAML */
        return yaml_read(scratch, from->text, place, from->consequence, diag);
    }
}

/* Eleventy may take a date from the file's system or its history, where nobody who reads later
 * would find the same: it counts as none. */
static bool is_looked_up(const struct yaml *pair)
{
    static const struct str dates[] = { STR_INIT("Last Modified"), STR_INIT("Created"),
                                        STR_INIT("git Last Modified"), STR_INIT("git Created") };

    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        if (str_equal(pair->key, STR("date")) && str_equal_nocase(pair->text, dates[i])) {
            return true;
        }
    }
    return false;
}

static const struct yaml *without_dates_looked_up(struct arena *arena, const struct yaml *root)
{
    struct yaml *kept = ARENA_NEW(arena, struct yaml);
    struct yaml **end = &kept->first;

    *kept = *root;
    for (const struct yaml *pair = root->first; pair != NULL; pair = pair->next) {
        if (!is_looked_up(pair)) {
            *end = ARENA_NEW(arena, struct yaml);
            **end = *pair;
            end = &(*end)->next;
        }
    }
    *end = NULL;
    return kept;
}

/* A date nobody can read need not cost the post, when its file's name has one. */
static const struct yaml *without_bad_date(struct arena *arena, const struct head_source *from,
                                           const struct yaml *root, struct diag *diag)
{
    const struct yaml *date = yaml_find(root, STR("date"));
    struct yaml *copy;
    struct date unused;

    if (date == NULL || date->kind != YAML_SCALAR || yaml_is_null(date) ||
        !from->source->has_date || date_parse(date->text, &unused)) {
        return root;
    }
    diag_warn(diag, (struct place){ from->source->file, date->line },
              "'date': '%.*s' is no date; that of the file's name counts", STR_ARG(date->text));
    copy = ARENA_NEW(arena, struct yaml);
    *copy = *root;
    for (struct yaml **end = &copy->first; *end != NULL; end = &(*end)->next) {
        struct yaml *pair = ARENA_NEW(arena, struct yaml);

        *pair = **end;
        if (str_equal(pair->key, STR("date"))) {
            pair->text = STR("");
            pair->plain = true; /* null */
        }
        *end = pair;
    }
    return copy;
}

/* Take what a tree says over what was known before. */
static bool take_tree(struct arena *arena, const struct head_source *from, const struct yaml *root,
                      const char *file, struct draft *draft, struct diag *diag)
{
    const struct fields table = { post_fields, FIELD_COUNT, false, from->consequence };
    const struct capsule *capsule = from->capsule;
    struct head *head = &draft->head;
    const struct {
        const char *name;
        bool *has;
    } dates[] = { { "date", &head->has_date },
                  { "publishDate", &head->has_publish },
                  { "updated", &head->has_updated },
                  { "expiryDate", &head->has_expires } };
    const struct yaml *found;

    if (!fields_fill(&table, capsule->aliases, capsule->alias_count, arena, root, draft, file,
                     diag)) {
        return false;
    }
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        found = fields_find(&table, capsule->aliases, capsule->alias_count, root, dates[i].name);
        *dates[i].has |= found != NULL && found->text.len > 0;
    }
    draft->trees[draft->tree_count++] = root;
    found = fields_find(&table, capsule->aliases, capsule->alias_count, root, "slug");
    head->slug_line = found != NULL ? found->line : head->slug_line;
    return true;
}

/* The layout of a text may say what addresses its texts have; all else counts more. */
static void take_layout(struct arena *scratch, const struct head_source *from, struct draft *draft)
{
    const struct blog *blog = &from->capsule->blog;
    const struct yaml *layout = NULL;
    const struct yaml *tree;

    for (size_t i = draft->tree_count; i > 0 && layout == NULL; i--) {
        layout = yaml_find(draft->trees[i - 1], STR("layout"));
    }
    if (draft->permalink != NULL || layout == NULL || layout->kind != YAML_SCALAR ||
        !blog->dialect->data_files) {
        return;
    }
    tree = data_of_layout(scratch, blog->top, layout->text);
    draft->permalink = tree != NULL ? tree->first : NULL;
}

static bool default_applies(const struct front_default *one, const struct source *source)
{
    struct str rest = str_skip(source->path, one->path.len);
    struct str type = source->kind == SOURCE_PAGE ? STR("pages")
                      : source->draft             ? STR("drafts")
                                                  : STR("posts");
    struct str collection;

    str_cut(source->folders, '/', &collection, NULL);
    return str_starts_with(source->path, one->path) &&
           (one->path.len == 0 || (rest.len > 0 && *rest.ptr == '/')) &&
           (one->type.len == 0 || str_equal(one->type, type) || str_equal(one->type, collection));
}

/* What the blog's settings say for texts like this one. */
static void take_defaults(struct arena *arena, struct arena *scratch,
                          const struct head_source *from, struct draft *draft)
{
    const struct capsule *capsule = from->capsule;
    struct diag nobody;

    diag_init(&nobody, scratch);
    for (size_t i = 0; i < capsule->default_count && draft->tree_count < DEFAULTS_MAX; i++) {
        if (default_applies(&capsule->defaults[i], from->source)) {
            take_tree(arena, from, capsule->defaults[i].values, from->source->file, draft, &nobody);
        }
    }
}

/* What stands in other files, the farthest first. Mistakes in a file that many texts share are
 * their generator's to report; its tags are names of collections. */
static bool take_data(struct arena *arena, struct arena *scratch, const struct head_source *from,
                      struct draft *draft, struct diag *diag)
{
    const struct source *source = from->source;
    struct diag nobody;
    bool ok = true;

    diag_init(&nobody, scratch);
    for (size_t i = source->data.count; i > 0 && ok; i--) {
        bool own = i == 1 && source->own_data;
        struct str file = source->data.items[i - 1];
        struct diag *told = own ? diag : &nobody;
        size_t errors = diag->errors;
        const struct yaml *tree = data_read(scratch, file, from->consequence, told);

        ok = tree != NULL ? take_tree(arena, from, tree, file.ptr, draft, told) || !own
                          : diag->errors == errors;
        draft->tags = own ? draft->tags : NULL;
    }
    return ok;
}

static const struct yaml *const *keep_trees(struct arena *arena, const struct draft *draft,
                                            size_t *count)
{
    const struct yaml **trees = ARENA_ARRAY(arena, const struct yaml *, draft->tree_count);

    for (size_t i = 0; i < draft->tree_count; i++) {
        trees[i] = draft->trees[i];
    }
    *count = draft->tree_count;
    return trees;
}

bool head_read(struct arena *arena, struct arena *scratch, const struct head_source *from,
               struct head *head, struct diag *diag)
{
    struct draft draft = { .render = true, .template = true };
    const struct yaml *root = read_tree(scratch, from, diag);

    if (root != NULL && from->capsule->blog.dialect->data_files) {
        root = without_dates_looked_up(scratch, root);
    }
    if (root != NULL && root->kind == YAML_MAP) {
        root = without_bad_date(scratch, from, root, diag);
    }
    take_defaults(arena, scratch, from, &draft);
    if (root == NULL || !take_data(arena, scratch, from, &draft, diag) ||
        !take_tree(arena, from, root, from->source->file, &draft, diag)) {
        return false;
    }
    settle_words(arena, &draft, from->capsule->blog.dialect->tags_by_blanks);
    settle_published(&draft);
    take_layout(scratch, from, &draft);
    settle_permalink(arena, scratch, from->source, &draft);
    settle_link(arena, &draft);
    *head = draft.head;
    head->no_template = !draft.template;
    head->trees = keep_trees(scratch, &draft, &head->tree_count);
    return true;
}
