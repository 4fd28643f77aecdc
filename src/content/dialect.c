/* The table of dialects. Source: front-matter.md, sections 1 and 2. */
#include "content/dialect.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define TOML_HEAD       "+++\ntitle = :title\ndate = :date\n:draft+++\n\n"
#define YAML_HEAD(more) "---\ntitle: :title\n:key: :date\n" more ":draft---\n\n"

/* What all years of AstroPaper have in common; a blog of another year is told by its folders. */
#define ASTROPAPER                                                                                 \
    .pages = LIST("src/content/pages"), .statics = LIST("public"), .assets = LIST("src/assets"),   \
    .placing = PLACE_POSTS, .slug = SLUG_GITHUB, .utc_dates = true, .needs_title = true,           \
    .margin_s = 15 * 60, .web = "/posts/:slug/", .new_name = ":slug.md",                           \
    .new_date = "pubDatetime", .new_text = YAML_HEAD("description: \"\"\ntags: []\n")

static const struct dialect dialects[] = {
    {
        .name = "plain",
        .title = "plain markdown",
        .texts = LIST("."),
        .placing = PLACE_POSTS,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .date_in_name = true,
        .short_dates = true,
        .needs_title = true,
        .new_name = ":slug.md",
        .new_text = YAML_HEAD(""),
    },
    {
        .name = "notes",
        .title = "undated notes",
        .texts = LIST("."),
        .placing = PLACE_NOTES,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .date_in_name = true,
        .short_dates = true,
        .needs_title = true,
        .new_name = ":slug.md",
        .new_text = YAML_HEAD(""),
    },
    {
        .name = "astropaper",
        .title = "AstroPaper",
        .texts = LIST("src/content/posts", "src/data/blog"),
        .folders = SLUG_HYBRID,
        .folders_in_slug = true,
        ASTROPAPER,
    },
    {
        .name = "astropaper-3",
        .title = "AstroPaper 3 to 5.0",
        .texts = LIST("src/content/blog"),
        ASTROPAPER,
    },
    {
        .name = "astropaper-1",
        .title = "AstroPaper 1 or 2",
        .texts = LIST("src/content/blog", "src/contents"),
        .slug_from_title = true,
        .own_slug_made = true,
        ASTROPAPER,
    },
    {
        .name = "astro",
        .title = "Astro",
        .texts = LIST("src/content", "src/collections", "src/data/blog", "src/pages"),
        .pages = LIST("src/content/pages"),
        .statics = LIST("public"),
        .assets = LIST("src/assets", "src/images"),
        .placing = PLACE_ENTRIES,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .utc_dates = true,
        .needs_title = true,
        .web = "/:folders/:slug/",
        .new_name = ":slug.md",
        .new_date = "pubDate",
        .new_text = YAML_HEAD("description: \"\"\n"),
    },
    {
        .name = "astro-starlight",
        .title = "Starlight",
        .texts = LIST("src/content/docs"),
        .statics = LIST("public"),
        .assets = LIST("src/assets"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .utc_dates = true,
        .needs_title = true,
        .web = "/:folders/:slug/",
        .new_name = ":slug.md",
        .new_text = YAML_HEAD("description: \"\"\n"),
    },
    {
        .name = "hugo",
        .title = "Hugo",
        .texts = LIST("content"),
        .statics = LIST("static"),
        .assets = LIST("assets"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_HUGO,
        .own_slug_made = true,
        .folders = SLUG_HUGO,
        .translations = true,
        .web = "/:folders/:slug/",
        .new_name = ":slug.md",
        .new_text = YAML_HEAD(""),
        .new_toml = TOML_HEAD,
    },
    {
        .name = "jekyll",
        .title = "Jekyll",
        .texts = LIST("."),
        .placing = PLACE_BY_FOLDER,
        .slug = SLUG_JEKYLL,
        .own_slug_made = true,
        .folders = SLUG_AS_IS,
        .date_in_name = true,
        .short_dates = true,
        .tags_by_blanks = true,
        .needs_front_matter = true,
        .kramdown = true,
        .own_values = "page",
        .web = "/:categories/:year/:month/:day/:slug.html",
        .new_name = "_posts/:year-:month-:day-:slug.md",
        .new_text = "---\nlayout: post\ntitle: :title\ndate: :stamp\n:draft---\n\n",
        .draft_line = "published: false\n",
    },
    {
        .name = "zola",
        .title = "Zola",
        .texts = LIST("content"),
        .statics = LIST("static"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_ZOLA,
        .folders = SLUG_ZOLA,
        .date_in_name = true,
        .utc_dates = true,
        .translations = true,
        .needs_front_matter = true,
        .web = "/:folders/:slug/",
        .new_name = ":slug.md",
        .new_text = TOML_HEAD,
        .draft_line = "draft = true\n",
    },
    {
        .name = "eleventy",
        .title = "Eleventy",
        .texts = LIST("."),
        .statics = LIST("public"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_AS_IS,
        .folders = SLUG_AS_IS,
        .date_in_name = true,
        .folder_for_name = true,
        .data_files = true,
        .utc_dates = true,
        .needs_front_matter = true,
        .own_values = "",
        .web = "/:folders/:file/",
        .new_name = ":slug.md",
        .new_text = YAML_HEAD(""),
    },
    {
        .name = "hexo",
        .title = "Hexo",
        .texts = LIST("source"),
        .placing = PLACE_BY_FOLDER,
        .slug = SLUG_AS_IS,
        .folders = SLUG_AS_IS,
        .date_in_name = true,
        .breaks = true,
        .needs_front_matter = true,
        .web = "/:year/:month/:day/:name/",
        .new_name = "_posts/:slug.md",
        .new_text = "---\ntitle: :title\ndate: :local\ntags:\n:draft---\n\n",
        .draft_line = "published: false\n",
    },
    {
        .name = "gatsby",
        .title = "Gatsby",
        .texts = LIST("content", "src/content", "src/pages", "blog", "posts"),
        .statics = LIST("static"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .needs_title = true,
        .web = "/:slug/",
        .new_name = ":slug/index.md",
        .new_text = YAML_HEAD("description: \"\"\n"),
    },
    {
        .name = "vitepress",
        .title = "VitePress or VuePress",
        .texts = LIST("."),
        .statics = LIST("public", ".vuepress/public"),
        .placing = PLACE_BY_DATE,
        .slug = SLUG_GITHUB,
        .folders = SLUG_GITHUB,
        .date_in_name = true,
        .readme_is_index = true,
        .needs_title = true,
        .web = "/:folders/:file.html",
        .new_name = ":slug.md",
        .new_text = YAML_HEAD(""),
    },
};

#define DIALECT_COUNT (sizeof dialects / sizeof dialects[0])

const char *const dialect_names[] = {
    "auto",  "plain",           "notes",     "astropaper", "astropaper-3", "astropaper-1",
    "astro", "astro-starlight", "hugo",      "jekyll",     "zola",         "eleventy",
    "hexo",  "gatsby",          "vitepress", NULL
};

const struct dialect *dialect_find(struct str name)
{
    for (size_t i = 0; i < DIALECT_COUNT; i++) {
        if (str_equal(name, str_from(dialects[i].name))) {
            return &dialects[i];
        }
    }
    return NULL;
}
