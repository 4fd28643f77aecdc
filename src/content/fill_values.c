/* The values of names in double braces: {{ page.title | escape }}. */
#include "filler.h"

#define VALUE_MAX 16384 /* bytes; longer ones are no words in a text */

/* ---- names ----------------------------------------------------------------------------------- */

/* The scalar at "author.name"; NULL when there is none. */
static const struct yaml *find_scalar(const struct yaml *node, struct str path)
{
    for (bool more = true; more && node != NULL;) {
        struct str key;

        more = str_cut(path, '.', &key, &path);
        node = node->kind == YAML_MAP ? yaml_find(node, key) : NULL;
    }
    return node != NULL && node->kind == YAML_SCALAR && node->text.len <= VALUE_MAX ? node : NULL;
}

static bool take_scalar(const struct yaml *node, struct str *value)
{
    if (node != NULL) {
        *value = yaml_is_null(node) ? STR("") : node->text;
    }
    return node != NULL;
}

static bool find_in_head(const struct filling *filling, struct str path, struct str *value)
{
    const struct yaml *node = NULL;

    for (size_t i = filling->tree_count; i > 0 && node == NULL; i--) {
        node = find_scalar(filling->trees[i - 1], path);
    }
    return take_scalar(node, value);
}

static bool find_in_settings(const struct capsule *capsule, struct str name, struct str *value)
{
    struct str first;
    struct str path;

    str_cut(name, '.', &first, &path);
    for (size_t i = 0; i < capsule->value_count; i++) {
        if (str_equal(capsule->values[i].name, first)) {
            return take_scalar(find_scalar(capsule->values[i].tree, path), value);
        }
    }
    return false;
}

/* In Jekyll's files {{ include.name }}, which is nothing when the tag does not give it; in
 * Eleventy's {{ name }}, also from the tags above. */
static bool find_argument(const struct layer *layer, struct str name, bool jekyll,
                          struct str *value)
{
    if (jekyll) {
        if (!str_starts_with(name, STR("include."))) {
            return false;
        }
        name = str_skip(name, STR("include.").len);
    }
    for (const struct layer *one = layer; one->above != NULL; one = one->above) {
        for (size_t i = 0; i < one->argument_count; i++) {
            if (str_equal(one->arguments[i].name, name)) {
                *value = one->arguments[i].value;
                return true;
            }
        }
        if (jekyll) {
            *value = STR("");
            return true;
        }
    }
    return false;
}

/* Where the site stands says nothing to readers of a capsule, see variables.c; but it may be shown.
 */
static bool is_place(struct str name)
{
    return str_equal(name, STR("site.baseurl")) || str_equal(name, STR("site.url"));
}

static bool find_name(const struct filler *filler, const struct layer *layer, struct str name,
                      struct str *value)
{
    const struct filling *filling = filler->filling;
    struct str own = str_from(filling->capsule->blog.dialect->own_values);

    if (find_argument(layer, name, own.len > 0, value)) {
        return true;
    }
    if (own.len == 0) {
        return layer->loops == 0 && (find_in_head(filling, name, value) ||
                                     find_in_settings(filling->capsule, name, value));
    }
    if (str_starts_with(name, own) && str_starts_with(str_skip(name, own.len), STR("."))) {
        return find_in_head(filling, str_skip(name, own.len + 1), value);
    }
    return find_in_settings(filling->capsule, name, value);
}

/* ---- filters --------------------------------------------------------------------------------- */

/* Those after which a value reads as before. */
static const struct str idle_filters[] = {
    STR_INIT("relative_url"), STR_INIT("absolute_url"),
    STR_INIT("url"),          STR_INIT("safe"),
    STR_INIT("escape"),       STR_INIT("escape_once"),
    STR_INIT("xml_escape"),   STR_INIT("e"),
    STR_INIT("strip"),        STR_INIT("trim"),
    STR_INIT("markdownify"),  STR_INIT("smartify"),
};

static bool is_idle(struct str name)
{
    for (size_t i = 0; i < sizeof idle_filters / sizeof idle_filters[0]; i++) {
        if (str_equal(name, idle_filters[i])) {
            return true;
        }
    }
    return false;
}

static bool take_quoted(struct str text, struct str *inside)
{
    text = str_trim(text);
    if (text.len < 2 || strchr("\"'", *text.ptr) == NULL || text.ptr[text.len - 1] != *text.ptr) {
        return false;
    }
    *inside = str_first(str_skip(text, 1), text.len - 2);
    return true;
}

/* `escape`, `default: "a"`, `prepend: site.baseurl`. */
static bool apply_filter(struct filler *filler, struct str filter, struct str *value)
{
    struct str name;
    struct str argument;
    struct str quoted;
    bool more = str_cut(str_trim(filter), ':', &name, &argument);

    name = str_trim(name);
    if (!more) {
        return is_idle(name);
    }
    if (str_equal(name, STR("prepend")) && is_place(str_trim(argument))) {
        return true;
    }
    if (!take_quoted(argument, &quoted)) {
        return false;
    }
    if (str_equal(name, STR("default"))) {
        *value = value->len > 0 ? *value : quoted;
    } else if (str_equal(name, STR("append"))) {
        *value = ARENA_CONCAT(filler->arena, *value, quoted);
    } else if (str_equal(name, STR("prepend"))) {
        *value = ARENA_CONCAT(filler->arena, quoted, *value);
    } else {
        return false;
    }
    return true;
}

static bool is_path(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!byte_is_alpha(name.ptr[i]) && !byte_is_digit(name.ptr[i]) &&
            (name.ptr[i] == '\0' || strchr("._-", name.ptr[i]) == NULL)) {
            return false;
        }
    }
    return name.len > 0 && byte_is_alpha(*name.ptr);
}

bool filler_value(struct filler *filler, const struct layer *layer, struct str inside,
                  struct str *value)
{
    struct str name;
    bool more = str_cut(inside, '|', &name, &inside);

    name = str_trim(name);
    if (!is_path(name) || is_place(name) || !find_name(filler, layer, name, value)) {
        return false;
    }
    while (more) {
        struct str filter;

        more = str_cut(inside, '|', &filter, &inside);
        if (!apply_filter(filler, filter, value)) {
            return false;
        }
    }
    return true;
}
