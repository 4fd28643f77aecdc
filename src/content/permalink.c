/* Patterns of addresses: the longest word that fits counts. */
#include "permalink.h"

#include "base/strbuf.h"

static struct str first_part(struct str path)
{
    str_cut(path, '/', &path, NULL);
    return path;
}

static struct str slug(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->slug;
}

static struct str title(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->title;
}

static struct str name(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->name;
}

static struct str file(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->file;
}

static struct str folders(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->folders;
}

static struct str section(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return first_part(facts->folders);
}

static struct str below(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return str_skip(facts->folders, str_find(facts->folders, '/') + 1);
}

static struct str categories(struct arena *arena, const struct permalink *facts)
{
    struct str path = STR("");

    for (size_t i = 0; i < facts->categories.count; i++) {
        path = arena_printf(arena, "%.*s%s%.*s", STR_ARG(path), i > 0 ? "/" : "",
                            STR_ARG(facts->categories.items[i]));
    }
    return path;
}

static struct str category(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    return facts->categories.count > 0 ? facts->categories.items[0] : STR("");
}

static struct str nothing(struct arena *arena, const struct permalink *facts)
{
    (void)arena;
    (void)facts;
    return STR("");
}

/* What a word stands for: a piece of the facts, or a format of the date. Sources: Jekyll's, Hexo's
 * and Hugo's pages on permalinks. */
static const struct token {
    struct str word;
    struct str (*value)(struct arena *arena, const struct permalink *facts);
    const char *format;
} tokens[] = {
    { STR_INIT(":slug"), slug, NULL },
    { STR_INIT(":slugorfilename"), slug, NULL },
    { STR_INIT(":slugorcontentbasename"), slug, NULL },
    { STR_INIT(":title"), title, NULL },
    { STR_INIT(":post_title"), title, NULL },
    { STR_INIT(":name"), name, NULL },
    { STR_INIT(":filename"), name, NULL },
    { STR_INIT(":basename"), name, NULL },
    { STR_INIT(":contentbasename"), name, NULL },
    { STR_INIT(":file"), file, NULL },
    { STR_INIT(":folders"), folders, NULL },
    { STR_INIT(":path"), folders, NULL },
    { STR_INIT(":sections"), folders, NULL },
    { STR_INIT(":section"), section, NULL },
    { STR_INIT(":below"), below, NULL },
    { STR_INIT(":categories"), categories, NULL },
    { STR_INIT(":slugified_categories"), categories, NULL },
    { STR_INIT(":category"), category, NULL },
    { STR_INIT(":collection"), nothing, NULL },
    { STR_INIT(":output_ext"), nothing, NULL },
    { STR_INIT(":year"), NULL, "%Y" },
    { STR_INIT(":short_year"), NULL, "%y" },
    { STR_INIT(":month"), NULL, "%m" },
    { STR_INIT(":i_month"), NULL, "%-m" },
    { STR_INIT(":short_month"), NULL, "%b" },
    { STR_INIT(":long_month"), NULL, "%B" },
    { STR_INIT(":monthname"), NULL, "%B" },
    { STR_INIT(":day"), NULL, "%d" },
    { STR_INIT(":i_day"), NULL, "%-d" },
    { STR_INIT(":y_day"), NULL, "%j" },
    { STR_INIT(":yearday"), NULL, "%-j" },
    { STR_INIT(":weekday"), NULL, "%u" },
    { STR_INIT(":hour"), NULL, "%H" },
    { STR_INIT(":minute"), NULL, "%M" },
    { STR_INIT(":second"), NULL, "%S" },
};

static const struct token *find_token(struct str pattern)
{
    const struct token *found = NULL;

    if (*pattern.ptr != ':') {
        return NULL;
    }
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        if (str_starts_with(pattern, tokens[i].word) &&
            (found == NULL || tokens[i].word.len > found->word.len)) {
            found = &tokens[i];
        }
    }
    return found;
}

static void add(struct strbuf *path, struct str text)
{
    bool ends = path->len > 0 && path->bytes[path->len - 1] == '/';

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '/' || !ends) {
            strbuf_add_byte(path, text.ptr[i]);
        }
        ends = text.ptr[i] == '/';
    }
}

struct str permalink_fill(struct arena *arena, struct str pattern, const struct permalink *facts)
{
    struct strbuf path;

    strbuf_init(&path, arena, PERMALINK_MAX);
    while (pattern.len > 0 && !path.full) {
        const struct token *token = find_token(pattern);

        if (token == NULL) {
            size_t len = 1 + str_find(str_skip(pattern, 1), ':');

            add(&path, str_first(pattern, len));
            pattern = str_skip(pattern, len);
            continue;
        }
        add(&path, token->value != NULL ? token->value(arena, facts)
                                        : date_format(arena, token->format, facts->date));
        pattern = str_skip(pattern, token->word.len);
    }
    return strbuf_str(&path);
}
