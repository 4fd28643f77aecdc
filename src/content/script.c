/* Names and string literals, told from comments and from each other: no more of the language. */
#include "script.h"

#include "base/strbuf.h"

#define PAIRS_MAX 1000

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

/* A literal at the front, without its quotes; false when it has something to compute. */
static bool take_literal(struct reader *reader, struct str *text)
{
    char quote = *reader->rest.ptr;
    struct strbuf out;
    bool plain = true;

    strbuf_init(&out, reader->arena, reader->rest.len);
    reader->rest = str_skip(reader->rest, 1);
    while (reader->rest.len > 0 && *reader->rest.ptr != quote &&
           (*reader->rest.ptr != '\n' || quote == '`')) {
        if (*reader->rest.ptr == '\\') {
            reader->rest = str_skip(reader->rest, 1);
        }
        plain &= !(quote == '`' && str_starts_with(reader->rest, STR("${")));
        strbuf_add(&out, str_first(reader->rest, 1));
        reader->rest = str_skip(reader->rest, 1);
    }
    reader->rest = str_skip(reader->rest, 1);
    *text = strbuf_str(&out);
    return plain;
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
        take_literal(reader, &key);
    } else if (reader->rest.len > 0 && is_name(*reader->rest.ptr)) {
        key = take_name(reader);
    } else {
        reader->rest = str_skip(reader->rest, 1);
    }
    return key;
}

/* A literal, or one of the two words that mean a truth value. */
static bool take_value(struct reader *reader, struct str *value)
{
    struct reader ahead = *reader;

    if (starts_literal(reader)) {
        return take_literal(reader, value);
    }
    *value = take_name(&ahead);
    return str_equal(*value, STR("true")) || str_equal(*value, STR("false"));
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
