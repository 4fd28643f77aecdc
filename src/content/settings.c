/* Generators' settings: what is taken from them. */
#include "settings.h"

#include "base/zone.h"
#include "language.h"
#include "name.h"
#include "settings_read.h"

/* ---- texts ----------------------------------------------------------------------------------- */

static bool is_line(struct str text)
{
    return text.len > 0 && text.len <= 500 && str_find(text, '\n') == text.len &&
           str_find(text, '{') == text.len;
}

static bool is_web_address(struct str text)
{
    return is_line(text) &&
           (str_starts_with(text, STR("https://")) || str_starts_with(text, STR("http://"))) &&
           str_find_str(text, STR("//localhost")) == text.len;
}

static bool is_language(struct str text)
{
    struct arena *scratch = arena_create();
    bool ok = language_tag(scratch, text).len > 0;

    arena_destroy(scratch);
    return ok;
}

static bool is_zone(struct str text)
{
    return text.len > 0 && zone_exists(text);
}

/* What is taken, and from which keys, the likeliest first. */
static const struct {
    size_t offset; /* of a struct str in struct capsule */
    bool (*fits)(struct str text);
    const char *keys[10];
} texts[] = {
    { offsetof(struct capsule, title), is_line, { "title", "SITE_TITLE" } },
    { offsetof(struct capsule, description),
      is_line,
      { "description", "params.description", "desc", "SITE_DESCRIPTION", "subtitle" } },
    { offsetof(struct capsule, author),
      is_line,
      { "author", "author.name", "params.author", "params.author.name", "extra.author" } },
    { offsetof(struct capsule, language),
      is_language,
      { "languageCode", "defaultContentLanguage", "default_language", "language", "lang",
        "locale" } },
    { offsetof(struct capsule, timezone), is_zone, { "timezone" } },
    { offsetof(struct capsule, web),
      is_web_address,
      { "baseURL", "base_url", "url", "website", "site", "siteUrl", "SITE_URL" } },
};

#define TEXT_COUNT (sizeof texts / sizeof texts[0])

static void read_texts(struct settings_reader *reader, const struct yaml *tree,
                       bool taken[TEXT_COUNT])
{
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        for (size_t j = 0; texts[i].keys[j] != NULL && !taken[i]; j++) {
            struct str text = settings_text(tree, texts[i].keys[j]);

            if (texts[i].fits(text)) {
                *(struct str *)((char *)reader->capsule + texts[i].offset) = text;
                taken[i] = true;
            }
        }
    }
}

/* What a multilingual Hugo blog says of itself in its main language, which counts more. */
static const struct yaml *main_language(struct settings_reader *reader, const struct yaml *tree)
{
    struct str language = settings_text(tree, "defaultContentLanguage");

    return language.len == 0
               ? NULL
               : settings_find(
                     tree, arena_printf(reader->arena, "languages.%.*s", STR_ARG(language)).ptr);
}

/* ---- the rest -------------------------------------------------------------------------------- */

/* The languages a multilingual blog names. */
static void read_languages(struct settings_reader *reader, const struct yaml *tree)
{
    const struct yaml *node = settings_find(tree, "languages");
    struct words *languages = &reader->capsule->languages;
    size_t capacity = 0;

    for (node = node != NULL ? node->first : NULL; node != NULL; node = node->next) {
        struct str name = node->key.len > 0 ? node->key : node->text;

        if (is_language(name)) {
            *ARENA_PUSH(reader->arena, languages->items, languages->count, &capacity) = name;
        }
    }
}

/* Whether the ends of lines are to be seen: Hexo's renderers, Hugo's and Jekyll's each have a key.
 */
static void read_breaks(struct settings_reader *reader, const struct yaml *tree)
{
    static const char *const keys[] = { "marked.breaks", "markdown.breaks",
                                        "markdown.render.breaks",
                                        "markup.goldmark.renderer.hardWraps",
                                        "kramdown.hard_wrap" };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct str value = settings_text(tree, keys[i]);

        if (value.len > 0) {
            reader->capsule->breaks = str_equal_nocase(value, STR("true"));
        }
    }
}

static void read_manners(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str paths = settings_text(tree, "slugify.paths");
    struct str markdown = settings_text(tree, "markdown");

    if (str_equal_nocase(settings_text(tree, "future"), STR("true")) ||
        str_equal_nocase(settings_text(tree, "buildFuture"), STR("true"))) {
        capsule->future = true;
    }
    if (str_equal(paths, STR("off")) || str_equal(paths, STR("safe"))) {
        capsule->slug = SLUG_AS_IS;
    }
    if (markdown.len > 0 && !str_equal_nocase(markdown, STR("kramdown"))) {
        capsule->kramdown = false;
    }
    if (strcmp(reader->blog->dialect->name, "hexo") == 0) {
        struct str name = settings_text(tree, "new_post_name");

        capsule->date_in_name = str_find_str(name, STR(":year")) < name.len;
    }
}

/* Jekyll's blog begins below its host at `baseurl`. */
static void settle_web(struct settings_reader *reader, const struct yaml *tree)
{
    struct capsule *capsule = reader->capsule;
    struct str base = settings_text(tree, "baseurl");

    if (strcmp(reader->blog->dialect->name, "jekyll") == 0 && capsule->web.len > 0 &&
        base.len > 1) {
        capsule->web =
            arena_printf(reader->arena, "%.*s%.*s", STR_ARG(capsule->web), STR_ARG(base));
    }
}

/* What texts can refer to: Jekyll's settings as "site", Eleventy's "_data/metadata.json" as
 * "metadata", where no program has a say in it. */
static void keep_values(struct settings_reader *reader, const struct settings_tree *each,
                        size_t *capacity)
{
    struct capsule *capsule = reader->capsule;
    struct str name = name_last(str_from(each->file));

    if (reader->blog->dialect->own_values == NULL) {
        return;
    }
    if (str_equal_nocase(settings_text(each->tree, "markdownTemplateEngine"), STR("false"))) {
        capsule->liquid = false;
    }
    if (*reader->blog->dialect->own_values != '\0') {
        name = STR("site");
    } else if (str_ends_with(name, STR(".json"))) {
        name = str_first(name, str_find(name, '.'));
    } else {
        return;
    }
    *ARENA_PUSH(reader->arena, capsule->values, capsule->value_count, capacity) =
        (struct named_tree){ name, each->tree };
}

/* Jekyll's early blogs and some of Eleventy's have a "name", which means anything in a program. */
static void read_name(struct settings_reader *reader, const struct settings_tree *each,
                      bool taken[TEXT_COUNT])
{
    struct str file = str_from(each->file);
    struct str name = settings_text(each->tree, "name");

    if (!taken[0] && is_line(name) &&
        (str_ends_with(file, STR(".json")) || str_starts_with(file, STR("_config.")))) {
        reader->capsule->title = name;
        taken[0] = true;
    }
}

static void read_settings(struct settings_reader *reader, const struct settings_tree *each,
                          bool taken[TEXT_COUNT])
{
    const struct yaml *tree = each->tree;

    read_texts(reader, main_language(reader, tree), taken);
    read_texts(reader, tree, taken);
    read_name(reader, each, taken);
    settings_permalinks(reader, tree);
    read_languages(reader, tree);
    read_manners(reader, tree);
    read_breaks(reader, tree);
    settings_folders(reader, tree, each->dialect);
    if (strcmp(each->dialect, "jekyll") == 0) {
        settings_jekyll(reader, tree);
    }
    settle_web(reader, tree);
}

void settings_read(struct arena *arena, const struct blog *blog, struct capsule *capsule)
{
    struct diag *nobody = ARENA_NEW(arena, struct diag);
    struct settings_reader reader = { arena, blog, capsule, nobody };
    bool taken[TEXT_COUNT] = { false };
    size_t capacity = 0;

    diag_init(nobody, arena);
    for (const struct settings_tree *each = settings_trees(&reader); each != NULL;
         each = each->next) {
        read_settings(&reader, each, taken);
        keep_values(&reader, each, &capacity);
    }
    settings_beside(&reader);
    capsule->language = language_tag(arena, capsule->language);
}
