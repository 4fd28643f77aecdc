/* new: a post's file with its front matter, as the blog's own generator would have it. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/zone.h"
#include "commands.h"
#include "content/site.h"
#include "content/slug.h"

#define TEXT_MAX      ((size_t)65536)
#define TITLE_MAX     1000
#define HEAD_FILE_MAX ((size_t)16 << 20)

static const char usage[] =
    "usage: splashdown new [OPTIONS] TITLE [DIR]\n"
    "\n"
    "Write a new post of that title, dated now, for the blog in DIR (the current folder if none\n"
    "is given), and print its file's name. Front matter and name are as the blog has them; the\n"
    "file stands beside the newest post. A file that is there is never written over.\n"
    "\n"
    "  --draft  make it a draft\n"
    "  --help   show this\n"
    "\n"
    "Exit status: 0 when it was written, 1 when it could not be, 2 for a command line that makes\n"
    "no sense.\n";

struct maker {
    struct arena *arena;
    const struct site *site;
    const struct dialect *dialect;
    struct str title;
    struct str slug;
    struct date now;
    bool draft;
    const struct post *newest; /* whose ways it follows; NULL: there is none */
    struct str head;           /* the front matter of that one, as it was written */
};

/* ---- how the newest post is written ---------------------------------------------------------- */

/* The newest post that is published, or else a draft. */
static const struct post *newest_post(const struct site *site)
{
    for (size_t i = 0; i < site->post_count; i++) {
        if (!site->posts[i]->draft) {
            return site->posts[i];
        }
    }
    return site->post_count > 0 ? site->posts[0] : NULL;
}

/* From the line that opens a post's front matter to the one that closes it. */
static struct str read_head(struct arena *arena, const struct post *post)
{
    struct str text;
    struct str close;

    if (post == NULL || !file_read(AT_FDCWD, post->file, HEAD_FILE_MAX, arena, &text) ||
        text.len < 3) {
        return STR("");
    }
    close = arena_printf(arena, "\n%.*s", 3, text.ptr);
    return str_first(text, str_find_str(text, close));
}

/* Whether the blog has its front matter in TOML, of two kinds it may be. */
static bool wants_toml(const struct maker *maker)
{
    return maker->dialect->new_toml != NULL && str_starts_with(maker->head, STR("+++"));
}

static const char *draft_line(const struct maker *maker)
{
    if (maker->dialect->draft_line != NULL) {
        return maker->dialect->draft_line;
    }
    return wants_toml(maker) ? "draft = true\n" : "draft: true\n";
}

static bool has_key(struct str head, struct str key)
{
    struct str line;

    while (str_next_line(&head, &line)) {
        if (str_starts_with(line, key) && str_starts_with(str_skip(line, key.len), STR(":"))) {
            return true;
        }
    }
    return false;
}

/* What the date is called: as the dialect has it, unless the newest post has another name. */
static struct str date_key(const struct maker *maker)
{
    static const struct str others[] = { STR_INIT("pubDatetime"), STR_INIT("publishDate"),
                                         STR_INIT("pubDate"),     STR_INIT("date"),
                                         STR_INIT("publishedAt"), STR_INIT("published"),
                                         STR_INIT("createdAt"),   STR_INIT("created"),
                                         STR_INIT("datetime"),    STR_INIT("date_created") };
    struct str own = str_from(maker->dialect->new_date != NULL ? maker->dialect->new_date : "date");

    for (size_t i = 0; i < sizeof others / sizeof others[0] && !has_key(maker->head, own); i++) {
        if (has_key(maker->head, others[i])) {
            return others[i];
        }
    }
    return own;
}

/* ---- texts to be filled in ------------------------------------------------------------------- */

/* In quotes, which YAML and TOML read alike. */
static struct str quoted(struct arena *arena, struct str text)
{
    struct strbuf out;

    strbuf_init(&out, arena, text.len * 2 + 2);
    strbuf_add_byte(&out, '"');
    for (size_t i = 0; i < text.len; i++) {
        strbuf_add(&out, text.ptr[i] == '"' || text.ptr[i] == '\\' ? STR("\\") : STR(""));
        strbuf_add_byte(&out, text.ptr[i]);
    }
    strbuf_add_byte(&out, '"');
    return strbuf_str(&out);
}

/* "+02:00", with this between hours and minutes; "Z" where that says the same. */
static struct str offset_text(struct arena *arena, int offset_s, const char *colon)
{
    int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;

    if (offset_s == 0 && *colon != '\0') {
        return STR("Z");
    }
    return arena_printf(arena, "%c%02d%s%02d", offset_s < 0 ? '-' : '+', minutes / 60, colon,
                        minutes % 60);
}

static struct str fill(const struct maker *maker, const char *pattern)
{
    struct arena *arena = maker->arena;
    struct str zone = offset_text(arena, maker->now.offset_s, ":");
    struct str plain_zone = offset_text(arena, maker->now.offset_s, "");
    struct str local = date_format(arena, "%Y-%m-%d %H:%M:%S", maker->now);
    struct str exact = date_format(arena, "%Y-%m-%dT%H:%M:%S", maker->now);
    const struct {
        struct str word;
        struct str value;
    } words[] = {
        { STR(":title"), quoted(arena, maker->title) },
        { STR(":slug"), maker->slug },
        { STR(":date"), arena_printf(arena, "%.*s%.*s", STR_ARG(exact), STR_ARG(zone)) },
        { STR(":stamp"), arena_printf(arena, "%.*s %.*s", STR_ARG(local), STR_ARG(plain_zone)) },
        { STR(":local"), local },
        { STR(":key"), date_key(maker) },
        { STR(":draft"), maker->draft ? str_from(draft_line(maker)) : STR("") },
        { STR(":year"), date_format(arena, "%Y", maker->now) },
        { STR(":month"), date_format(arena, "%m", maker->now) },
        { STR(":day"), date_format(arena, "%d", maker->now) },
    };
    struct strbuf out;

    strbuf_init(&out, arena, TEXT_MAX);
    for (struct str rest = str_from(pattern); rest.len > 0;) {
        size_t taken = 0;

        for (size_t i = 0; i < sizeof words / sizeof words[0] && taken == 0; i++) {
            if (str_starts_with(rest, words[i].word)) {
                strbuf_add(&out, words[i].value);
                taken = words[i].word.len;
            }
        }
        strbuf_add(&out, str_first(rest, taken == 0));
        rest = str_skip(rest, taken > 0 ? taken : 1);
    }
    return strbuf_str(&out);
}

/* ---- the file's place ------------------------------------------------------------------------ */

static struct str last_part(struct str path)
{
    size_t at = path.len;

    while (at > 0 && path.ptr[at - 1] != '/') {
        at--;
    }
    return str_skip(path, at);
}

static struct str folder_of(struct str path)
{
    size_t last = last_part(path).len;

    return last < path.len ? str_first(path, path.len - last - 1) : STR(".");
}

static bool is_dated(struct str name)
{
    struct date date;

    return name.len > 11 && name.ptr[10] == '-' && date_parse(str_first(name, 10), &date);
}

static struct str without_ending(struct str name)
{
    size_t dot = name.len;

    while (dot > 0 && name.ptr[dot - 1] != '.') {
        dot--;
    }
    return str_first(name, dot > 0 ? dot - 1 : name.len);
}

/* ".md", or as the newest post has it, if that is markdown, too. */
static const char *ending(const struct maker *maker)
{
    static const char *const endings[] = { ".mdx", ".markdown" };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(str_from(maker->newest->file), str_from(endings[i]))) {
            return endings[i];
        }
    }
    return ".md";
}

/* Beside the newest post, and named as it is: with its date, in a folder of its own as "index", or
 * in one that is called as the file. */
static struct str file_beside(const struct maker *maker)
{
    struct str file = str_from(maker->newest->file);
    struct str stem = without_ending(last_part(file));
    struct str folder = folder_of(file);
    bool index = str_equal(stem, STR("index"));
    bool twin = maker->dialect->folder_for_name && str_equal(stem, last_part(folder));
    struct str name = maker->slug;

    if (index || twin) {
        stem = last_part(folder);
        folder = folder_of(folder);
    }
    if (is_dated(stem)) {
        name =
            arena_printf(maker->arena, "%.*s-%.*s",
                         STR_ARG(date_format(maker->arena, "%Y-%m-%d", maker->now)), STR_ARG(name));
    }
    if (index || twin) {
        name = arena_printf(maker->arena, "%.*s/%.*s", STR_ARG(name),
                            STR_ARG(index ? STR("index") : name));
    }
    return arena_printf(maker->arena, "%.*s/%.*s%s", STR_ARG(folder), STR_ARG(name), ending(maker));
}

static struct str new_file(const struct maker *maker)
{
    struct str folder = maker->site->capsule.posts.items[0];
    struct str name = fill(maker, maker->dialect->new_name);

    if (maker->newest != NULL) {
        return file_beside(maker);
    }
    if (maker->site->capsule.blog.below.len > 0) {
        name = last_part(name);
    }
    return arena_printf(maker->arena, "%s/%.*s%s%.*s", maker->site->capsule.blog.dir,
                        str_equal(folder, STR(".")) ? 0 : (int)folder.len, folder.ptr,
                        str_equal(folder, STR(".")) ? "" : "/", STR_ARG(name));
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The folders above a file that are not there yet. */
static void make_folders(struct arena *arena, struct str file)
{
    char *path = arena_alloc(arena, file.len + 1);

    for (size_t i = 0; i < file.len; i++) {
        path[i] = '\0';
        if (file.ptr[i] == '/' && i > 0) {
            mkdir(path, 0777); /* if it fails, opening the file says why */
        }
        path[i] = file.ptr[i];
    }
}

static bool write_file(struct arena *arena, struct str file, struct str text)
{
    const char *path = arena_copy(arena, file).ptr;
    int fd;
    bool ok;

    make_folders(arena, file);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd == -1) {
        fprintf(stderr, "splashdown: %s: %s\n", path,
                errno == EEXIST ? "is there already; it is left as it is" : strerror(errno));
        return false;
    }
    ok = write(fd, text.ptr, text.len) == (ssize_t)text.len;
    ok = close(fd) == 0 && ok;
    if (!ok) {
        fprintf(stderr, "splashdown: %s: %s\n", path, strerror(errno));
        return false;
    }
    puts(path);
    return true;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* What github-slugger makes of the title, with one dash where it has several. */
static struct str file_slug(struct arena *arena, struct str title)
{
    struct str slug = slug_make(arena, SLUG_GITHUB, title);
    struct strbuf out;

    strbuf_init(&out, arena, slug.len);
    for (size_t i = 0; i < slug.len; i++) {
        if (slug.ptr[i] != '-' || (out.len > 0 && out.bytes[out.len - 1] != '-')) {
            strbuf_add_byte(&out, slug.ptr[i]);
        }
    }
    return str_first(strbuf_str(&out), out.len - str_ends_with(strbuf_str(&out), STR("-")));
}

static bool make_post(struct arena *arena, const struct site *site, struct str title, bool draft)
{
    const struct dialect *dialect = site->capsule.blog.dialect;
    struct maker maker = {
        .arena = arena,
        .site = site,
        .dialect = dialect,
        .title = title,
        .slug = file_slug(arena, title),
        .now = { .seconds = (int64_t)time(NULL), .has_time = true, .has_zone = true },
        .draft = draft,
        .newest = newest_post(site),
    };

    maker.head = read_head(arena, maker.newest);
    zone_apply(site->capsule.timezone, &maker.now);
    if (!slug_is_sound(maker.slug)) {
        fprintf(stderr, "splashdown new: '%.*s' makes no name for a file; use letters or digits\n",
                STR_ARG(title));
        return false;
    }
    return write_file(arena, new_file(&maker),
                      fill(&maker, wants_toml(&maker) ? dialect->new_toml : dialect->new_text));
}

/* False when the command is done, with *status set. */
static bool read_options(int argc, char **argv, bool *draft, int *status)
{
    static const struct option options[] = {
        { "draft", no_argument, NULL, 'd' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'd') {
            *draft = true;
            continue;
        }
        *status = option == 'h' ? STATUS_OK : STATUS_USAGE;
        fputs(option == 'h' ? usage : "try: splashdown new --help\n",
              option == 'h' ? stdout : stderr);
        return false;
    }
    if (argc - optind < 1 || argc - optind > 2 || strlen(argv[optind]) > TITLE_MAX) {
        fputs("new wants a title, and perhaps a folder; try: splashdown new --help\n", stderr);
        *status = STATUS_USAGE;
        return false;
    }
    return true;
}

int command_new(int argc, char **argv)
{
    struct site_options options = { .now = (int64_t)time(NULL), .drafts = DRAFTS_KEPT };
    struct arena *arena;
    struct diag diag;
    struct site *site;
    bool draft = false;
    int status = STATUS_FAILED;

    if (!read_options(argc, argv, &draft, &status)) {
        return status;
    }
    arena = arena_create();
    diag_init(&diag, arena);
    site = site_load(optind + 1 < argc ? argv[optind + 1] : ".", &options, &diag);
    if (site == NULL) {
        diag_print(&diag, 0, stderr);
    } else if (make_post(arena, site, str_trim(str_from(argv[optind])), draft)) {
        status = STATUS_OK;
    }
    site_release(site);
    arena_destroy(arena);
    return status;
}
