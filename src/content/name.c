/* Paths taken apart, from the end to the front: ending, language, "index", date. */
#include "name.h"

#include "base/strbuf.h"

struct str name_ending(struct str path)
{
    static const struct str endings[] = { STR_INIT(".md"), STR_INIT(".mdx"), STR_INIT(".markdown"),
                                          STR_INIT(".gmi") };

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(path, endings[i])) {
            return endings[i];
        }
    }
    return str_ends_with(path, STR(".html")) && str_find_str(path, STR("_posts/")) < path.len
               ? STR(".html") /* Jekyll's and Hexo's posts may be HTML already */
               : STR("");
}

struct str name_last(struct str path)
{
    for (size_t i = path.len; i > 0; i--) {
        if (path.ptr[i - 1] == '/') {
            return str_skip(path, i);
        }
    }
    return path;
}

bool name_is_of_repository(struct str path)
{
    static const struct {
        struct str name;
        bool capitals; /* only when written in them */
    } rows[] = {
        { STR_INIT("README"), false },          { STR_INIT("CONTRIBUTING"), false },
        { STR_INIT("CODE_OF_CONDUCT"), false }, { STR_INIT("LICENSE"), false },
        { STR_INIT("AGENTS"), true },           { STR_INIT("CLAUDE"), true },
        { STR_INIT("CHANGELOG"), true },        { STR_INIT("SECURITY"), true },
    };
    struct str name = name_last(path);

    name.len -= name_ending(name).len;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].capitals ? str_equal(name, rows[i].name)
                             : str_equal_nocase(name, rows[i].name)) {
            return true;
        }
    }
    return false;
}

static struct str folders_of(struct str path)
{
    size_t last = name_last(path).len;

    return str_first(path, path.len > last ? path.len - last - 1 : 0);
}

bool name_is_index(struct str path, const struct dialect *dialect)
{
    struct str name = name_last(path);

    name.len -= name_ending(name).len;
    return folders_of(path).len > 0 &&
           (str_equal(name, STR("index")) ||
            (dialect->readme_is_index && str_equal_nocase(name, STR("README"))));
}

bool name_is_language(struct str text)
{
    struct str first;
    struct str region;
    bool has_region = str_cut(text, '-', &first, &region);

    if (first.len != 2 || (has_region && (region.len < 2 || region.len > 8))) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!(text.ptr[i] == '-' || byte_is_alpha(text.ptr[i]))) {
            return false;
        }
    }
    return byte_lower(first.ptr[0]) == first.ptr[0] && byte_lower(first.ptr[1]) == first.ptr[1];
}

static bool is_one_of(const struct words *words, struct str word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (str_equal_nocase(words->items[i], word)) {
            return true;
        }
    }
    return false;
}

size_t name_in_collection(struct str path, const struct capsule *capsule)
{
    struct str folder;

    if (!str_cut(path, '/', &folder, NULL) || !str_starts_with(folder, STR("_"))) {
        return 0;
    }
    return is_one_of(&capsule->included, folder)                   ? folder.len + 1
           : is_one_of(&capsule->collections, str_skip(folder, 1)) ? 1
                                                                   : 0;
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* "2025-09-08-walking" to its date and "walking", which may be empty. */
static bool cut_date(struct str name, struct date *date, struct str *rest)
{
    size_t len = 0;
    int dashes = 0;

    while (len < name.len &&
           (byte_is_digit(name.ptr[len]) || (name.ptr[len] == '-' && dashes < 2))) {
        dashes += name.ptr[len] == '-';
        len++;
    }
    if (dashes < 2 || (len < name.len && strchr("-_ ", name.ptr[len]) == NULL) ||
        !date_parse(str_first(name, len), date)) {
        return false;
    }
    *rest = str_skip(name, len + 1);
    return true;
}

/* "2025/09/08" at the start of a path. */
static bool is_dated(struct str path, struct date *date)
{
    struct str rest = path;
    struct str part;
    size_t len = 0;

    for (int i = 0; i < 3; i++) {
        str_cut(rest, '/', &part, &rest);
        len += part.len + (i > 0);
        if (part.len == 0 || part.len > 4 || (i == 0 && part.len != 4) ||
            !byte_is_digit(*part.ptr)) {
            return false;
        }
    }
    return date_parse(str_first(path, len), date);
}

bool name_path_date(struct str path, struct date *date)
{
    struct str rest = path;
    struct str part;

    for (bool more = path.len > 0; more;) {
        if (is_dated(rest, date)) {
            return true;
        }
        more = str_cut(rest, '/', &part, &rest);
        if (cut_date(part, date, &part)) {
            return true;
        }
    }
    return false;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* "walking.es" to "walking", when "es" is a language here; "2.0" stays. */
static struct str cut_language(struct str stem, const struct capsule *capsule, struct str *language)
{
    struct str last = name_last(stem);
    size_t dot = last.len;

    while (dot > 0 && last.ptr[dot - 1] != '.') {
        dot--;
    }
    *language = STR("");
    if (dot < 2 || !capsule->blog.dialect->translations ||
        !(is_one_of(&capsule->languages, str_skip(last, dot)) ||
          name_is_language(str_skip(last, dot)))) {
        return stem;
    }
    *language = str_skip(last, dot);
    return str_first(stem, stem.len - language->len - 1);
}

/* A folder named after a language holds the texts in it. */
static void cut_language_folder(struct source *source, const struct capsule *capsule)
{
    struct str first;
    struct str rest;

    str_cut(source->folders, '/', &first, &rest);
    if (source->language.len > 0 ? str_equal_nocase(first, source->language)
                                 : is_one_of(&capsule->languages, first)) {
        source->language = first;
        source->folders = rest;
    }
}

static bool is_draft_folder(struct str folders, const struct capsule *capsule)
{
    for (; folders.len > 0; folders = folders_of(folders)) {
        struct str folder = name_last(folders);

        if (str_equal(folder, STR("_drafts")) ||
            (str_equal(folder, STR("drafts")) && capsule->placing == PLACE_POSTS)) {
            return true;
        }
    }
    return false;
}

void name_read(struct source *source, const struct capsule *capsule)
{
    struct str whole = source->path;
    struct str rest;

    whole = str_skip(whole, name_in_collection(whole, capsule));
    whole.len -= name_ending(whole).len;
    whole = cut_language(whole, capsule, &source->language);
    if (name_is_index(whole, capsule->blog.dialect)) {
        whole = folders_of(whole);
    }
    source->folders = folders_of(whole);
    source->name = name_last(whole);
    source->stem = source->name;
    source->draft = is_draft_folder(source->folders, capsule);
    cut_language_folder(source, capsule);
    if (capsule->blog.dialect->folder_for_name &&
        str_equal(source->name, name_last(source->folders))) {
        source->folders = folders_of(source->folders); /* "light/light.md" is "light" alone */
    }
    source->has_date = cut_date(source->name, &source->dated, &rest);
    if (source->has_date && capsule->date_in_name && rest.len > 0 &&
        (capsule->blog.dialect->short_dates ||
         source->name.len - rest.len > STR("2025-09-08").len)) {
        source->stem = rest;
    }
    if (!source->has_date) {
        source->has_date = name_path_date(source->folders, &source->dated);
    }
}

struct str name_original(struct arena *arena, const struct source *source)
{
    struct str path = source->path;
    struct str ending = name_ending(path);
    struct str stem = str_first(path, path.len - ending.len);
    struct str language = source->language;

    if (str_starts_with(path, language) && path.ptr[language.len] == '/') {
        stem = str_skip(stem, language.len + 1);
    }
    if (stem.len > language.len && str_ends_with(stem, language) &&
        stem.ptr[stem.len - language.len - 1] == '.') {
        stem.len -= language.len + 1;
    }
    return ARENA_CONCAT(arena, stem, ending);
}
