/* Whose a folder is, told by what lies in it. */
#include "content/dialect.h"

#include "check.h"
#include "folder.h"

#define FILES_MAX 4

/* A folder with files in it, and what it is. */
struct sample {
    const char *dialect;
    struct {
        const char *name;
        const char *text;
    } files[FILES_MAX];
    const char *below; /* the folder that is asked for; NULL: the one with all of them */
};

/* A file, with the folders it is in. */
static void write_file(const struct folder *folder, const char *name, const char *text)
{
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (name[i] == '/') {
            mkdir(folder_path(folder, arena_printf(folder->arena, "%.*s", (int)i, name).ptr), 0700);
        }
    }
    folder_write(folder, name, text);
}

static struct blog find(const struct folder *folder, const struct sample *sample)
{
    for (size_t i = 0; i < FILES_MAX && sample->files[i].name != NULL; i++) {
        write_file(folder, sample->files[i].name, sample->files[i].text);
    }
    return blog_find(folder->arena,
                     sample->below == NULL ? folder->dir : folder_path(folder, sample->below), NULL,
                     true, NULL, 0);
}

static void check_samples(const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct folder folder = folder_create();
        struct blog blog = find(&folder, &samples[i]);

        if (strcmp(blog.dialect->name, samples[i].dialect) != 0) {
            fprintf(stderr, "sample %zu, with %s:\n", i, samples[i].files[0].name);
        }
        assert_string_equal(blog.dialect->name, samples[i].dialect);
        folder_destroy(&folder);
    }
}

#define CHECK_SAMPLES(samples) check_samples(samples, sizeof(samples) / sizeof(samples)[0])

static void front_matter_tells(void **state)
{
    static const struct sample samples[] = {
        { "zola", { { "a.md", "+++\ntitle = \"A\"\n[extra]\nx = 1\n+++\n" } }, NULL },
        { "zola", { { "a.md", "+++\ntitle = \"A\"\npath = \"a\"\n+++\n" } }, NULL },
        { "zola", { { "_index.md", "+++\nsort_by = \"date\"\n+++\n" } }, NULL },
        { "hugo", { { "a.md", "+++\ntitle = \"A\"\ntags = [\"x\"]\n+++\n" } }, NULL },
        { "astropaper", { { "a.md", "---\npubDatetime: 2025-01-01\n---\n" } }, NULL },
        { "plain", { { "a.md", "---\ntitle: A\ndate: 2025-01-01\n---\n" } }, NULL },
        { "notes", { { "a.md", "A text about Zola.\n\n[extra]\n" } }, NULL },
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void folders_tell(void **state)
{
    static const struct sample samples[] = {
        { "hexo", { { "source/_posts/walking.md", "" } }, NULL },
        { "hexo", { { "source/_posts/walking.md", "" } }, "source" },
        { "hexo", { { "source/_posts/walking.md", "" } }, "source/_posts" },
        { "hexo", { { "_posts/walking.md", "" } }, NULL },
        { "jekyll", { { "_posts/2025-01-01-walking.md", "" } }, NULL },
        { "jekyll", { { "_posts/2025-01-01-walking.md", "" } }, "_posts" },
        { "astro", { { "src/content/blog/walking.md", "" } }, NULL },
        { "astro", { { "src/content/blog/walking.md", "" } }, "src/content/blog" },
        { "astro-starlight", { { "src/content/docs/walking.md", "" } }, NULL },
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void configuration_counts_more(void **state)
{
    static const struct sample samples[] = {
        { "hexo", { { "_config.yml", "" }, { "source/_posts/2025-01-01-a.md", "" } }, NULL },
        { "hexo", { { "_config.yml", "" }, { "source/_posts/2025-01-01-a.md", "" } }, "source" },
        { "jekyll",
          { { "_config.yml", "" }, { "Gemfile", "" }, { "source/_posts/a.md", "" } },
          NULL },
        { "zola",
          { { "config.toml", "base_url = \"x\"\n" }, { "content/a.md", "+++\ntags = []\n+++\n" } },
          "content" },
        { "hugo", { { "hugo.toml", "" }, { "content/_posts/2025-01-01-a.md", "" } }, NULL },
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void what_says_nothing_of_itself_is_a_note(void **state)
{
    static const struct sample samples[] = {
        { "notes", { { "a.md", "# A\n" }, { "b.md", "B\n" }, { "c.md", "---\ntitle: C\n---\n" } } },
        { "plain", { { "a.md", "---\ntitle: A\n---\n" }, { "b.md", "B\n" } } },
        { "plain", { { "2025-01-02-a.md", "# A\n" }, { "b.md", "B\n" } } },
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

static void a_repository_may_hold_its_blog_deeper(void **state)
{
    static const struct sample samples[] = {
        { "zola", { { "README.md", "" }, { "site/zola.toml", "" }, { "site/content/a.md", "" } } },
        { "hugo", { { "web/site/hugo.toml", "" }, { "web/site/content/a.md", "" } } },
        /* which of two, nobody can tell */
        { "notes", { { "a/hugo.toml", "" }, { "a/x.md", "" }, { "b/hugo.toml", "" } } },
        /* there is more than that */
        { "notes", { { "a/hugo.toml", "" }, { "a/x.md", "" }, { "y.md", "" }, { "z.md", "" } } },
    };

    (void)state;
    CHECK_SAMPLES(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(front_matter_tells),
        cmocka_unit_test(folders_tell),
        cmocka_unit_test(configuration_counts_more),
        cmocka_unit_test(what_says_nothing_of_itself_is_a_note),
        cmocka_unit_test(a_repository_may_hold_its_blog_deeper),
    };

    return check_run(tests);
}
