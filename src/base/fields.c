/* Pairs to a struct, by a table. */
#include "base/fields.h"

#include <stdio.h>

#include "base/nearest.h"
#include "base/utf8.h"

struct filler {
    const struct fields *fields;
    const struct field_alias *aliases;
    size_t alias_count;
    struct arena *arena;
    const char *file;
    struct diag *diag;
    bool ok;
};

/* "'date': 'tomorrow' is no date; post left out" */
static void wrong(struct filler *filler, const struct yaml *value, const char *why)
{
    struct place place = { filler->file, value->line };

    filler->ok = false;
    if (value->kind == YAML_SCALAR) {
        diag_error(filler->diag, place, "'%.*s': '%.*s' %s; %s", STR_ARG(value->key),
                   STR_ARG(str_first(value->text, 80)), why, filler->fields->consequence);
    } else {
        diag_error(filler->diag, place, "'%.*s': a %s %s; %s", STR_ARG(value->key),
                   value->kind == YAML_LIST ? "list" : "map", why, filler->fields->consequence);
    }
}

struct words words_copy(struct arena *arena, const struct words *words)
{
    struct words copy = { ARENA_ARRAY(arena, struct str, words->count), words->count };

    for (size_t i = 0; i < words->count; i++) {
        copy.items[i] = arena_copy(arena, words->items[i]);
    }
    return copy;
}

struct str fields_one_line(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        if (!byte_is_blank(text.ptr[i])) {
            out[len++] = text.ptr[i];
        } else if (out[len - 1] != ' ') { /* never at 0: the text is trimmed */
            out[len++] = ' ';
        }
    }
    return (struct str){ out, len };
}

static bool parse_bool(struct str text, bool *value)
{
    static const struct {
        struct str word;
        bool value;
    } words[] = {
        { STR_INIT("true"), true }, { STR_INIT("false"), false }, { STR_INIT("yes"), true },
        { STR_INIT("no"), false },  { STR_INIT("on"), true },     { STR_INIT("off"), false },
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_nocase(text, words[i].word)) {
            *value = words[i].value;
            return true;
        }
    }
    return false;
}

static void fill_words(struct filler *filler, const struct yaml *value, struct words *words)
{
    struct words filled = { 0 };
    size_t capacity = 0;
    const struct yaml *item = value->kind == YAML_LIST ? value->first : value;

    if (value->kind == YAML_MAP) {
        wrong(filler, value, "must be a list");
        return;
    }
    for (; item != NULL; item = value->kind == YAML_LIST ? item->next : NULL) {
        if (item->kind != YAML_SCALAR) {
            filler->ok = false;
            diag_error(filler->diag, (struct place){ filler->file, item->line },
                       "'%.*s' must be a list of plain texts; %s", STR_ARG(value->key),
                       filler->fields->consequence);
            return;
        }
        if (!yaml_is_null(item)) {
            struct str word =
                fields_one_line(filler->arena, utf8_clean(filler->arena, item->text, NULL));

            *ARENA_PUSH(filler->arena, filled.items, filled.count, &capacity) = word;
        }
    }
    *words = filled;
}

static void fill_text(struct filler *filler, const struct field *field, const struct yaml *value,
                      struct str *text)
{
    struct str clean = utf8_clean(filler->arena, value->text, NULL);

    if (field->type == FIELD_TEXT) {
        clean = fields_one_line(filler->arena, clean);
    }
    if (field->max != 0 && clean.len > field->max) {
        char why[64];

        snprintf(why, sizeof why, "is longer than %lu bytes", field->max);
        wrong(filler, value, why);
    } else if (field->required && clean.len == 0) {
        wrong(filler, value, "is empty");
    } else {
        *text = arena_copy(filler->arena, clean);
    }
}

static void fill_number(struct filler *filler, const struct field *field, const struct yaml *value,
                        unsigned long *number)
{
    unsigned long parsed;

    if (str_parse_number(value->text, field->max, &parsed) && parsed >= field->min) {
        *number = parsed;
    } else {
        char why[80];

        snprintf(why, sizeof why, "must be a number from %lu to %lu", field->min, field->max);
        wrong(filler, value, why);
    }
}

static void fill_choice(struct filler *filler, const struct field *field, const struct yaml *value,
                        int *choice)
{
    char why[160] = "must be one of";
    size_t len = strlen(why);

    for (int i = 0; field->choices[i] != NULL; i++) {
        if (str_equal_nocase(value->text, str_from(field->choices[i]))) {
            *choice = i;
            return;
        }
        len += (size_t)snprintf(why + len, sizeof why - len, "%s %s", i == 0 ? "" : ",",
                                field->choices[i]);
    }
    wrong(filler, value, why);
}

static void fill_field(struct filler *filler, const struct field *field, const struct yaml *value,
                       void *target)
{
    void *slot = (char *)target + field->offset;

    if (field->type == FIELD_KNOWN) {
        return;
    }
    if (field->type == FIELD_NODE) {
        *(const struct yaml **)slot = value;
        return;
    }
    if (field->type == FIELD_WORDS) {
        fill_words(filler, value, slot);
        return;
    }
    if (value->kind != YAML_SCALAR) {
        wrong(filler, value, "stands where one plain value is wanted");
        return;
    }
    switch (field->type) {
    case FIELD_BOOL:
        if (!parse_bool(value->text, slot)) {
            wrong(filler, value, "must be true or false");
        }
        break;
    case FIELD_DATE:
        if (value->text.len > 0 && !date_parse(value->text, slot)) {
            wrong(filler, value, "is no date (write 2025-09-08 or 2025-09-08T10:00:00Z)");
        }
        break;
    case FIELD_NUMBER:
        fill_number(filler, field, value, slot);
        break;
    case FIELD_CHOICE:
        fill_choice(filler, field, value, slot);
        break;
    default:
        fill_text(filler, field, value, slot);
        break;
    }
}

/* Keys of strict tables are written as they are called; others in any case, as Hugo takes them. */
static bool is_key(const struct filler *filler, struct str key, struct str name)
{
    return filler->fields->strict ? str_equal(key, name) : str_equal_nocase(key, name);
}

static bool names_field(const struct filler *filler, const struct field *field, struct str key)
{
    if (is_key(filler, key, str_from(field->name))) {
        return true;
    }
    for (const char *const *also = field->also; also != NULL && *also != NULL; also++) {
        if (is_key(filler, key, str_from(*also))) {
            return true;
        }
    }
    for (size_t i = 0; i < filler->alias_count; i++) {
        if (str_equal(filler->aliases[i].field, str_from(field->name)) &&
            is_key(filler, key, filler->aliases[i].name)) {
            return true;
        }
    }
    return false;
}

static const struct yaml *find_value(const struct filler *filler, const struct yaml *map,
                                     struct str key)
{
    const struct yaml *value = yaml_find(map, key);

    for (const struct yaml *pair = map->first; pair != NULL && value == NULL; pair = pair->next) {
        value = is_key(filler, pair->key, key) ? pair : NULL;
    }
    return value != NULL && !yaml_is_null(value) ? value : NULL;
}

/* The value of a field: under its own name, else under the first of its other names there is. */
static const struct yaml *field_value(const struct filler *filler, const struct field *field,
                                      const struct yaml *map)
{
    const struct yaml *value = find_value(filler, map, str_from(field->name));

    for (size_t i = 0; value == NULL && i < filler->alias_count; i++) {
        if (str_equal(filler->aliases[i].field, str_from(field->name))) {
            value = find_value(filler, map, filler->aliases[i].name);
        }
    }
    for (const char *const *also = field->also; value == NULL && also != NULL && *also != NULL;
         also++) {
        value = find_value(filler, map, str_from(*also));
    }
    return value;
}

/* Whether a value could have been meant for the field of that name: one we read, and of its shape.
 */
static bool could_be_meant(const struct fields *fields, const char *name, const struct yaml *value)
{
    for (size_t i = 0; i < fields->count; i++) {
        enum field_type type = fields->each[i].type;

        if (fields->each[i].name == name) {
            return type != FIELD_KNOWN && (value->kind == YAML_SCALAR || type == FIELD_NODE ||
                                           (type == FIELD_WORDS && value->kind == YAML_LIST));
        }
    }
    return false;
}

static void check_unknown(struct filler *filler, const struct yaml *pair)
{
    const struct fields *fields = filler->fields;
    struct place place = { filler->file, pair->key_line };
    const char *nearest;
    char hint[80] = "";

    for (size_t i = 0; i < fields->count; i++) {
        if (names_field(filler, &fields->each[i], pair->key)) {
            return;
        }
    }
    nearest = nearest_name(pair->key, &fields->each[0].name, fields->count, sizeof fields->each[0]);
    if (nearest != NULL) {
        snprintf(hint, sizeof hint, " (did you mean '%s'?)", nearest);
    }
    if (fields->strict) {
        filler->ok = false;
        diag_error(filler->diag, place, "unknown key '%.*s'%s; %s",
                   STR_ARG(str_first(pair->key, 80)), hint, fields->consequence);
    } else if (nearest != NULL && could_be_meant(fields, nearest, pair)) {
        diag_warn(filler->diag, place, "unknown key '%.*s' ignored%s", STR_ARG(pair->key), hint);
    }
}

bool fields_fill(const struct fields *fields, const struct field_alias *aliases, size_t alias_count,
                 struct arena *arena, const struct yaml *map, void *target, const char *file,
                 struct diag *diag)
{
    struct filler filler = { fields, aliases, alias_count, arena, file, diag, true };

    for (const struct yaml *pair = map->first; pair != NULL; pair = pair->next) {
        check_unknown(&filler, pair);
    }
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->each[i];
        const struct yaml *value = field_value(&filler, field, map);

        if (value != NULL) {
            fill_field(&filler, field, value, target);
        } else if (field->required) {
            filler.ok = false;
            diag_error(diag, (struct place){ file, map->line }, "'%s' is missing; %s", field->name,
                       fields->consequence);
        }
    }
    return filler.ok;
}

const struct yaml *fields_find(const struct fields *fields, const struct field_alias *aliases,
                               size_t alias_count, const struct yaml *map, const char *name)
{
    struct filler filler = { .fields = fields, .aliases = aliases, .alias_count = alias_count };

    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->each[i].name, name) == 0) {
            return field_value(&filler, &fields->each[i], map);
        }
    }
    return NULL;
}
