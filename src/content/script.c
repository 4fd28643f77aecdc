/* Names and string literals, told from comments and from each other: no more of the language. */
#include "script.h"

#include "base/strbuf.h"

#define PAIRS_MAX    1000
#define COMPUTED_MAX 200 /* bytes of what is to be computed inside a text */
#define RESULT_MAX   300 /* how far from its start a function may say what it returns */

struct reader {
    struct arena *arena;
    struct str rest;
};

static bool is_name(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || c == '_' || c == '$';
}

/* Blanks and comments. */
static void skip_space(struct reader *reader)
{
    for (;;) {
        struct str rest = reader->rest;

        if (rest.len > 0 && byte_is_blank(*rest.ptr)) {
            reader->rest = str_skip(rest, 1);
        } else if (str_starts_with(rest, STR("//"))) {
            reader->rest = str_skip(rest, str_find(rest, '\n'));
        } else if (str_starts_with(rest, STR("/*"))) {
            reader->rest = str_skip(rest, 2 + str_find_str(str_skip(rest, 2), STR("*/")) + 2);
        } else {
            return;
        }
    }
}

/* "${slug}" at the front of a template as "{{slug}}"; false for what is no such thing. */
static bool take_computed(struct reader *reader, struct strbuf *out)
{
    struct str start = str_first(reader->rest, COMPUTED_MAX);
    size_t end = str_find(start, '}');

    if (!str_starts_with(start, STR("${")) || end == start.len) {
        return false;
    }
    strbuf_add(out, STR("{{"));
    strbuf_add(out, str_skip(str_first(reader->rest, end), 2));
    strbuf_add(out, STR("}}"));
    reader->rest = str_skip(reader->rest, end + 1);
    return true;
}

/* A literal at the front, without its quotes. */
static struct str take_literal(struct reader *reader)
{
    char quote = *reader->rest.ptr;
    struct strbuf out;

    strbuf_init(&out, reader->arena, reader->rest.len * 2);
    reader->rest = str_skip(reader->rest, 1);
    while (reader->rest.len > 0 && *reader->rest.ptr != quote &&
           (*reader->rest.ptr != '\n' || quote == '`')) {
        if (quote == '`' && take_computed(reader, &out)) {
            continue;
        }
        if (*reader->rest.ptr == '\\') {
            reader->rest = str_skip(reader->rest, 1);
        }
        strbuf_add(&out, str_first(reader->rest, 1));
        reader->rest = str_skip(reader->rest, 1);
    }
    reader->rest = str_skip(reader->rest, 1);
    return strbuf_str(&out);
}

static bool starts_literal(const struct reader *reader)
{
    return reader->rest.len > 0 && *reader->rest.ptr != '\0' &&
           strchr("\"'`", *reader->rest.ptr) != NULL;
}

static struct str take_name(struct reader *reader)
{
    size_t len = 0;
    struct str name;

    while (len < reader->rest.len && is_name(reader->rest.ptr[len])) {
        len++;
    }
    name = str_first(reader->rest, len);
    reader->rest = str_skip(reader->rest, len);
    return name;
}

/* The next name or literal that might be a key; empty for anything else, which is passed over. */
static struct str take_key(struct reader *reader)
{
    struct str key = STR("");

    skip_space(reader);
    if (starts_literal(reader)) {
        key = take_literal(reader);
    } else if (reader->rest.len > 0 && is_name(*reader->rest.ptr)) {
        key = take_name(reader);
    } else {
        reader->rest = str_skip(reader->rest, 1);
    }
    return key;
}

/* Where what a function returns begins, as far from its start as a short one may have it; the
 * length of the text when it is no function. */
static size_t find_result(struct str text)
{
    struct str start = str_first(text, RESULT_MAX);
    size_t arrow = str_find_str(start, STR("=>"));
    size_t result = str_find_str(start, STR("return"));
    bool function = str_starts_with(text, STR("function")) || str_starts_with(text, STR("async"));

    if (!function && (arrow == start.len || str_find(start, '\n') < arrow)) {
        return text.len;
    }
    if (arrow < start.len && !str_starts_with(str_trim(str_skip(start, arrow + 2)), STR("{"))) {
        return arrow + 2;
    }
    return result < start.len ? result + STR("return").len : text.len;
}

/* The literal a function returns, perhaps one of several. */
static bool take_result(struct reader *reader, struct str *value)
{
    struct reader ahead = { reader->arena, str_skip(reader->rest, find_result(reader->rest)) };

    skip_space(&ahead);
    while (ahead.rest.len > 0 && !starts_literal(&ahead) &&
           strchr("\n;,{}", *ahead.rest.ptr) == NULL) {
        ahead.rest = str_skip(ahead.rest, 1);
    }
    if (!starts_literal(&ahead)) {
        return false;
    }
    *value = take_literal(&ahead);
    *reader = ahead;
    return true;
}

/* A literal, what a function returns, or one of the two words that mean a truth value. */
static bool take_value(struct reader *reader, struct str *value)
{
    struct reader ahead = *reader;

    if (starts_literal(reader)) {
        *value = take_literal(reader);
        return true;
    }
    *value = take_name(&ahead);
    return str_equal(*value, STR("true")) || str_equal(*value, STR("false")) ||
           take_result(reader, value);
}

const struct yaml *script_read(struct arena *arena, struct str text)
{
    struct reader reader = { arena, text };
    struct yaml *map = ARENA_NEW(arena, struct yaml);
    struct yaml **end = &map->first;

    map->kind = YAML_MAP;
    for (size_t count = 0; reader.rest.len > 0 && count < PAIRS_MAX;) {
        struct str key = take_key(&reader);
        struct str value;

        skip_space(&reader);
        if (key.len == 0 || reader.rest.len == 0 ||
            (*reader.rest.ptr != ':' && *reader.rest.ptr != '=')) {
            continue;
        }
        reader.rest = str_skip(reader.rest, 1);
        skip_space(&reader);
        if (take_value(&reader, &value)) {
            *end = ARENA_NEW(arena, struct yaml);
            **end = (struct yaml){ .kind = YAML_SCALAR, .text = value, .key = key };
            end = &(*end)->next;
            count++;
        }
    }
    return map;
}
