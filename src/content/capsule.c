/* The author's file: a table of keys, and what a table cannot check. */
#include "content/capsule.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/charset.h"
#include "base/file.h"
#include "base/hostname.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "settings.h"

#define CAPSULE_FILE_MAX ((size_t)1 << 20) /* redirects of a large blog fit many times over */

static const char consequence[] = "nothing is served from this folder";
static const char *const sort_orders[] = { "published", "updated", NULL };
static const char *const link_styles[] = { "after", "numbered", "end", NULL };
static const char *const naive_readings[] = { "auto", "utc", "local", NULL };
static const char *const emphasis_styles[] = { "none", "marks", NULL };

/* What the file says before it is checked further. */
struct draft {
    int dialect; /* index into dialect_names */
    const struct yaml *fields;
    const struct yaml *links;
    const struct yaml *templates;
    const struct yaml *convert;
    const struct yaml *redirects;
    const struct yaml *gopher;
    struct capsule read;
};

#define CAPSULE(member) offsetof(struct draft, read.member)

static const struct field capsule_fields[] = {
    { "title", FIELD_TEXT, CAPSULE(title), .max = 500,
      .help = "head of the index and title of the feed" },
    { "description", FIELD_TEXT, CAPSULE(description), .max = 2000, .help = "under the title" },
    { "author", FIELD_TEXT, CAPSULE(author), .max = 500, .help = "author of the feed" },
    { "hosts", FIELD_WORDS, CAPSULE(hosts), .help = "names it answers to, the first is canonical" },
    { "web", FIELD_TEXT, CAPSULE(web), .max = 500, .help = "address of the same blog on the web" },
    { "language", FIELD_TEXT, CAPSULE(language), .max = 35, .help = "language tag of the texts" },
    { "timezone", FIELD_TEXT, CAPSULE(timezone), .max = 64,
      .help = "zone that dates are shown in" },
    { "posts", FIELD_WORDS, CAPSULE(posts), .help = "folders of posts" },
    { "pages", FIELD_WORDS, CAPSULE(pages), .help = "folders of pages" },
    { "static", FIELD_WORDS, CAPSULE(statics), .help = "folders of files served as they are" },
    { "dialect", FIELD_CHOICE, offsetof(struct draft, dialect), .choices = dialect_names,
      .help = "whose conventions the texts follow" },
    { "naive_dates", FIELD_CHOICE, CAPSULE(naive_dates), .choices = naive_readings,
      .help = "what a time without a zone means" },
    { "post_url", FIELD_TEXT, CAPSULE(post_url), .max = 200,
      .help = "pattern of a post's address" },
    { "fields", FIELD_NODE, offsetof(struct draft, fields), .help = "more names for fields" },
    { "sources", FIELD_BOOL, CAPSULE(sources), .help = "serve posts as markdown, too" },
    { "sort", FIELD_CHOICE, CAPSULE(sort), .choices = sort_orders, .help = "order of the index" },
    { "per_page", FIELD_NUMBER, CAPSULE(per_page), .min = 1, .max = 1000,
      .help = "posts on a page of the index" },
    { "feed_entries", FIELD_NUMBER, CAPSULE(feed_entries), .min = 1, .max = 1000,
      .help = "posts in the feed" },
    { "date_format", FIELD_TEXT, CAPSULE(date_format), .max = 100, .help = "as strftime" },
    { "links", FIELD_NODE, offsetof(struct draft, links), .help = "lines for the home page" },
    { "templates", FIELD_NODE, offsetof(struct draft, templates), .help = "lines round the text" },
    { "convert", FIELD_NODE, offsetof(struct draft, convert), .help = "how markdown is converted" },
    { "redirects", FIELD_NODE, offsetof(struct draft, redirects), .help = "old path: new path" },
    { "gopher", FIELD_NODE, offsetof(struct draft, gopher), .help = "how Gopher's texts look" },
};

static const struct field template_fields[] = {
    { "entry", FIELD_LINES, offsetof(struct templates, entry) },
    { "post_head", FIELD_LINES, offsetof(struct templates, post_head) },
    { "post_foot", FIELD_LINES, offsetof(struct templates, post_foot) },
    { "page_foot", FIELD_LINES, offsetof(struct templates, page_foot) },
};

static const struct field convert_fields[] = {
    { "links", FIELD_CHOICE, offsetof(struct convert_options, links), .choices = link_styles },
    { "emphasis", FIELD_CHOICE, offsetof(struct convert_options, emphasis),
      .choices = emphasis_styles },
};

/* Source: gopher.md R12, R14, R18. A line of 67 columns is whole in every client. */
static const struct field gopher_fields[] = {
    { "wrap", FIELD_NUMBER, offsetof(struct gopher_options, wrap), .min = 30, .max = 200,
      .help = "columns of a line of text" },
    { "charset", FIELD_CHOICE, offsetof(struct gopher_options, charset), .choices = charset_names,
      .help = "what readers' terminals can show" },
    { "final_dot", FIELD_BOOL, offsetof(struct gopher_options, final_dot),
      .help = "whether texts end in a line with a dot" },
};

static const struct field link_fields[] = {
    { "label", FIELD_TEXT, offsetof(struct pair, name), .required = true, .max = 200 },
    { "url", FIELD_TEXT, offsetof(struct pair, value), .required = true, .max = 1000 },
};

#define TABLE(rows)                                                                                \
    {                                                                                              \
        (rows), sizeof(rows) / sizeof(rows)[0], true, consequence                                  \
    }
static const struct fields capsule_table = TABLE(capsule_fields);
static const struct fields template_table = TABLE(template_fields);
static const struct fields convert_table = TABLE(convert_fields);
static const struct fields gopher_table = TABLE(gopher_fields);
static const struct fields link_table = TABLE(link_fields);

struct loader {
    struct arena *arena;
    const char *file;
    struct diag *diag;
    bool ok;
};

__attribute__((format(printf, 3, 4))) static void refuse(struct loader *loader, int line,
                                                         const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    loader->ok = false;
    diag_error(loader->diag, (struct place){ loader->file, line }, "%s; %s", text, consequence);
}

static struct words one_word(struct arena *arena, struct str word)
{
    struct words words = { ARENA_NEW(arena, struct str), 1 };

    words.items[0] = word;
    return words;
}

/* The last part of the folder's name. */
static struct str folder_name(struct arena *arena, const char *dir)
{
    char *real = realpath(dir, NULL);
    struct str path = str_from(real != NULL ? real : dir);
    size_t start = path.len;
    struct str name;

    while (start > 0 && path.ptr[start - 1] != '/') {
        start--;
    }
    name = arena_copy(arena, utf8_clean(arena, str_skip(path, start), NULL));
    free(real);
    return name.len > 0 ? name : STR("Posts");
}

static void set_defaults(struct arena *arena, const char *dir, struct capsule *capsule)
{
    *capsule = (struct capsule){
        .title = folder_name(arena, dir),
        .hosts = one_word(arena, STR("localhost")),
        .language = STR("en"),
        .posts = one_word(arena, STR("posts")),
        .pages = one_word(arena, STR("pages")),
        .statics = one_word(arena, STR("static")),
        .post_url = STR("/posts/:slug.gmi"),
        .per_page = 50,
        .feed_entries = 20,
        .date_format = STR("%B %-d, %Y at %I:%M %p"),
        .templates.entry = STR("Posted on: {posted}\n{description}"),
        .gopher = { .wrap = 67, .charset = CHARSET_UTF8, .final_dot = true },
        .templates.post_head =
            STR("By {byline}\nPosted on: {posted}\nUpdated on: {updated}\nTags: {tags}"),
    };
}

/* ---- the blog's own defaults ----------------------------------------------------------------- */

static bool is_folder(struct arena *arena, const char *dir, const char *name)
{
    struct stat status;

    return lstat(arena_printf(arena, "%s/%s", dir, name).ptr, &status) == 0 &&
           S_ISDIR(status.st_mode);
}

/* Those of the dialect's folders that there are. */
static struct words existing(struct arena *arena, const char *dir, const char *const *folders)
{
    struct words found = { 0 };
    size_t capacity = 0;

    for (; folders != NULL && *folders != NULL; folders++) {
        if (is_folder(arena, dir, *folders)) {
            *ARENA_PUSH(arena, found.items, found.count, &capacity) = str_from(*folders);
        }
    }
    return found;
}

/* Where a folder below the blog's top is in its folder of texts: "content/posts" is "posts". */
static struct str place_in_texts(const struct capsule *capsule)
{
    struct str below = capsule->blog.below;

    for (size_t i = 0; i < capsule->posts.count; i++) {
        struct str texts = capsule->posts.items[i];

        if (str_equal(texts, STR("."))) {
            return below;
        }
        if (str_starts_with(below, texts) &&
            (below.len == texts.len || below.ptr[texts.len] == '/')) {
            return str_skip(below, texts.len + 1);
        }
    }
    return below;
}

/* The folders of a blog whose generator's configuration was found. */
static void take_folders(struct arena *arena, struct capsule *capsule)
{
    const struct dialect *dialect = capsule->blog.dialect;
    const char *dir = capsule->blog.dir;

    capsule->posts = existing(arena, capsule->blog.top, dialect->texts);
    settings_read(arena, &capsule->blog, capsule);
    if (capsule->blog.below.len > 0) {
        capsule->above = place_in_texts(capsule);
        capsule->posts = one_word(arena, STR("."));
        return;
    }
    capsule->pages = existing(arena, dir, dialect->pages);
    capsule->statics = existing(arena, dir, dialect->statics);
    capsule->assets = existing(arena, dir, dialect->assets);
    if (capsule->posts.count == 0) {
        capsule->posts = one_word(arena, STR("."));
    }
}

/*
 * What holds unless capsule.yaml says otherwise.
 *
 * wanted    the dialect it names, or NULL.
 * has_file  whether there is a capsule.yaml: then its folder is the top of everything.
 */
static void take_blog(struct arena *arena, const char *dir, const struct dialect *wanted,
                      bool has_file, const struct capsule_options *options, struct capsule *capsule)
{
    const struct dialect *dialect;

    capsule->blog =
        blog_find(arena, dir, wanted, !has_file,
                  options->before != NULL ? &options->before->blog : NULL, options->now);
    dialect = capsule->blog.dialect;
    assert(dialect != NULL); /* there is always one */
    capsule->placing = dialect->placing;
    capsule->slug = dialect->slug;
    capsule->date_in_name = dialect->date_in_name;
    capsule->breaks = dialect->breaks;
    capsule->liquid = dialect->own_values != NULL;
    capsule->kramdown = dialect->kramdown;
    if (capsule->blog.configured) {
        take_folders(arena, capsule);
        return;
    }
    if (!has_file) {
        capsule->posts = one_word(arena, STR("."));
    }
    if (capsule->placing == PLACE_BY_FOLDER && !is_folder(arena, dir, "_posts")) {
        capsule->placing = PLACE_POSTS;
    }
}

/* ---- the parts of the file ------------------------------------------------------------------- */

/* Host names are compared as the network writes them. */
static void read_hosts(struct loader *loader, const struct words *from, int line,
                       struct words *hosts)
{
    struct words ascii = { ARENA_ARRAY(loader->arena, struct str, from->count + 1), 0 };

    for (size_t i = 0; i < from->count; i++) {
        char name[HOSTNAME_SIZE];

        if (hostname_to_ascii(from->items[i], name)) {
            ascii.items[ascii.count++] = arena_copy(loader->arena, str_from(name));
        } else {
            refuse(loader, line, "'%.*s' is no host name", STR_ARG(from->items[i]));
        }
    }
    if (from->count == 0) {
        refuse(loader, line, "'hosts' names no host");
    }
    *hosts = ascii;
}

/* `fields: {date: [date_created, when]}` */
static void read_aliases(struct loader *loader, const struct yaml *map, struct capsule *capsule)
{
    size_t capacity = 0;

    if (map->kind != YAML_MAP) {
        refuse(loader, map->line, "'fields' must be lines of the form 'field: [other names]'");
        return;
    }
    for (const struct yaml *pair = map->first; pair != NULL; pair = pair->next) {
        const struct yaml *name = pair->kind == YAML_LIST ? pair->first : pair;

        for (; name != NULL; name = pair->kind == YAML_LIST ? name->next : NULL) {
            *ARENA_PUSH(loader->arena, capsule->aliases, capsule->alias_count, &capacity) =
                (struct field_alias){ name->text, pair->key };
        }
    }
}

static void read_links(struct loader *loader, const struct yaml *list, struct capsule *capsule)
{
    size_t capacity = 0;

    for (const struct yaml *item = list->first; item != NULL; item = item->next) {
        struct pair link = { .line = item->line };

        if (list->kind != YAML_LIST || item->kind != YAML_MAP) {
            refuse(loader, list->line, "'links' must be a list of 'label' and 'url'");
            return;
        }
        loader->ok &= fields_fill(&link_table, NULL, 0, loader->arena, item, &link, loader->file,
                                  loader->diag);
        *ARENA_PUSH(loader->arena, capsule->links, capsule->link_count, &capacity) = link;
    }
}

static void read_redirects(struct loader *loader, const struct yaml *map, struct capsule *capsule)
{
    size_t capacity = capsule->redirect_count;

    for (const struct yaml *pair = map->first; pair != NULL; pair = pair->next) {
        if (map->kind != YAML_MAP || pair->kind != YAML_SCALAR ||
            !str_starts_with(pair->key, STR("/")) || !str_starts_with(pair->text, STR("/"))) {
            refuse(loader, pair->line, "'redirects' must be lines of the form '/old: /new'");
            return;
        }
        *ARENA_PUSH(loader->arena, capsule->redirects, capsule->redirect_count, &capacity) =
            (struct pair){ pair->key, pair->text, pair->key_line };
    }
}

static void read_map(struct loader *loader, const struct fields *table, const struct yaml *map,
                     void *target)
{
    if (map == NULL) {
        return;
    }
    if (map->kind != YAML_MAP) {
        refuse(loader, map->line, "'%.*s' must be lines of the form 'key: value'",
               STR_ARG(map->key));
        return;
    }
    loader->ok &=
        fields_fill(table, NULL, 0, loader->arena, map, target, loader->file, loader->diag);
}

static int line_of_key(const struct yaml *root, const char *key)
{
    const struct yaml *value = yaml_find(root, str_from(key));

    return value != NULL ? value->line : 0;
}

static void check_values(struct loader *loader, const struct yaml *root, struct capsule *capsule)
{
    if (!zone_exists(capsule->timezone)) {
        refuse(loader, line_of_key(root, "timezone"),
               "'timezone': this system knows no zone '%.*s' (write a name like Europe/Berlin)",
               STR_ARG(capsule->timezone));
    }
    if (!str_starts_with(capsule->post_url, STR("/")) ||
        str_find_str(capsule->post_url, STR(":slug")) == capsule->post_url.len) {
        refuse(loader, line_of_key(root, "post_url"),
               "'post_url' must start with a slash and contain :slug");
    }
    while (str_ends_with(capsule->web, STR("/"))) {
        capsule->web.len--;
    }
    if (capsule->web.len > 0 && str_find_str(capsule->web, STR("://")) == capsule->web.len) {
        refuse(loader, line_of_key(root, "web"),
               "'web' must be an address like https://example.org");
    }
}

/* The dialect the file asks for, before anything else of it is read: it decides the defaults. */
static const struct dialect *wanted_dialect(const struct yaml *root)
{
    const struct yaml *value = yaml_find(root, STR("dialect"));

    return value != NULL && value->kind == YAML_SCALAR ? dialect_find(value->text) : NULL;
}

/* The file's text, or an empty one when there is no file; *found says which. */
static bool read_file(struct loader *loader, struct str *text, bool *found)
{
    *found = file_read(AT_FDCWD, loader->file, CAPSULE_FILE_MAX, loader->arena, text);
    if (*found || errno == ENOENT) {
        return true;
    }
    refuse(loader, 0, "cannot be read: %s", strerror(errno));
    return false;
}

bool capsule_load(struct arena *arena, const char *dir, const struct capsule_options *options,
                  struct capsule *capsule, struct diag *diag)
{
    struct loader loader = { .arena = arena, .diag = diag, .ok = true };
    struct draft draft = { 0 };
    struct yaml *root;
    struct str text = STR("");
    bool found;

    loader.file = arena_printf(arena, "%s/%s", dir, CAPSULE_FILE).ptr;
    set_defaults(arena, dir, &draft.read);
    if (!read_file(&loader, &text, &found)) {
        return false;
    }
    root = yaml_read(arena, utf8_clean(arena, text, NULL), (struct place){ loader.file, 1 },
                     consequence, diag);
    if (root == NULL) {
        return false;
    }
    take_blog(arena, dir, wanted_dialect(root), found, options, &draft.read);
    loader.ok &= fields_fill(&capsule_table, NULL, 0, arena, root, &draft, loader.file, diag);
    read_hosts(&loader,
               options->hosts != NULL && options->hosts->count > 0 ? options->hosts
                                                                   : &draft.read.hosts,
               line_of_key(root, "hosts"), &draft.read.hosts);
    read_map(&loader, &template_table, draft.templates, &draft.read.templates);
    read_map(&loader, &convert_table, draft.convert, &draft.read.convert);
    read_map(&loader, &gopher_table, draft.gopher, &draft.read.gopher);
    if (draft.fields != NULL) {
        read_aliases(&loader, draft.fields, &draft.read);
    }
    if (draft.links != NULL) {
        read_links(&loader, draft.links, &draft.read);
    }
    if (draft.redirects != NULL) {
        read_redirects(&loader, draft.redirects, &draft.read);
    }
    check_values(&loader, root, &draft.read);
    *capsule = draft.read;
    return loader.ok;
}
