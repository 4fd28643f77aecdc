/* A strict reader of TOML: one pass over the bytes, nothing looked up twice. */
#include "base/toml.h"

#include "base/strbuf.h"
#include "base/utf8.h"

#define DEPTH_MAX 16
#define NODES_MAX 10000

struct reader {
    struct arena *arena;
    struct str rest; /* what has not been read yet */
    struct place place;
    const char *consequence;
    struct diag *diag;
    size_t nodes;
};

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Returns NULL, for the caller to return. */
static struct yaml *report(const struct reader *reader, const char *what)
{
    diag_error(reader->diag, reader->place, "TOML: %s; %s", what, reader->consequence);
    return NULL;
}

static char peek(const struct reader *reader)
{
    return reader->rest.len > 0 ? *reader->rest.ptr : '\0';
}

static void skip(struct reader *reader, size_t count)
{
    for (size_t i = 0; i < count && i < reader->rest.len; i++) {
        reader->place.line += reader->rest.ptr[i] == '\n';
    }
    reader->rest = str_skip(reader->rest, count);
}

static bool take(struct reader *reader, const char *literal)
{
    struct str wanted = str_from(literal);

    if (!str_starts_with(reader->rest, wanted)) {
        return false;
    }
    skip(reader, wanted.len);
    return true;
}

static void skip_blanks(struct reader *reader)
{
    while (peek(reader) == ' ' || peek(reader) == '\t') {
        skip(reader, 1);
    }
}

static void skip_comment(struct reader *reader)
{
    if (peek(reader) == '#') {
        skip(reader, str_find(reader->rest, '\n'));
    }
}

/* Blanks, comments and line ends. */
static void skip_space(struct reader *reader)
{
    size_t before;

    do {
        before = reader->rest.len;
        skip_blanks(reader);
        skip_comment(reader);
        if (peek(reader) == '\n' || peek(reader) == '\r') {
            skip(reader, 1);
        }
    } while (reader->rest.len < before);
}

/* Whether nothing but a comment is left of the line; takes it. */
static bool end_line(struct reader *reader)
{
    skip_blanks(reader);
    skip_comment(reader);
    take(reader, "\r");
    return reader->rest.len == 0 || take(reader, "\n");
}

/* ---- the tree -------------------------------------------------------------------------------- */

static struct yaml *new_node(struct reader *reader, enum yaml_kind kind)
{
    struct yaml *node;

    if (++reader->nodes > NODES_MAX) {
        return report(reader, "too many values");
    }
    node = ARENA_NEW(reader->arena, struct yaml);
    node->kind = kind;
    node->line = reader->place.line;
    return node;
}

static struct yaml *new_scalar(struct reader *reader, struct str text, bool plain, int line)
{
    struct yaml *node = new_node(reader, YAML_SCALAR);

    if (node != NULL) {
        node->text = arena_copy(reader->arena, text);
        node->plain = plain;
        node->line = line;
    }
    return node;
}

static void append(struct yaml *parent, struct yaml *child)
{
    struct yaml **end = &parent->first;

    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = child;
}

/* Enter a pair into a map; a pair with the same key leaves it. */
static void enter(struct reader *reader, struct yaml *map, struct str key, int key_line,
                  struct yaml *value)
{
    for (struct yaml **at = &map->first; *at != NULL; at = &(*at)->next) {
        if (str_equal((*at)->key, key)) {
            diag_warn(reader->diag, (struct place){ reader->place.file, key_line },
                      "key '%.*s' again, first on line %d; the last one counts", STR_ARG(key),
                      (*at)->key_line);
            *at = (*at)->next;
            break;
        }
    }
    value->key = key;
    value->key_line = key_line;
    append(map, value);
}

/* ---- strings --------------------------------------------------------------------------------- */

static bool add_code_point(struct reader *reader, struct strbuf *out, size_t digits)
{
    uint32_t character = 0;
    char bytes[4];

    for (size_t i = 0; i < digits; i++) {
        int digit = byte_hex(peek(reader));

        if (digit < 0) {
            return false;
        }
        character = character << 4 | (uint32_t)digit;
        skip(reader, 1);
    }
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) {
        return false;
    }
    strbuf_add(out, (struct str){ bytes, utf8_encode(character, bytes) });
    return true;
}

/* What follows a backslash; false when that is nothing TOML knows. */
static bool take_escape(struct reader *reader, struct strbuf *out, bool lines)
{
    static const char letters[] = "btnfr\"\\";
    static const char meant[] = "\b\t\n\f\r\"\\";
    char c = peek(reader);
    const char *at = c != '\0' ? strchr(letters, c) : NULL;

    if (at != NULL) {
        strbuf_add_byte(out, meant[at - letters]);
        skip(reader, 1);
        return true;
    }
    if (c == 'u' || c == 'U') {
        skip(reader, 1);
        return add_code_point(reader, out, c == 'u' ? 4 : 8);
    }
    if (!lines || !byte_is_blank(c)) {
        return false;
    }
    while (
        byte_is_blank(peek(reader))) { /* a backslash at the end of a line joins it to the next */
        skip(reader, 1);
    }
    return true;
}

/* Between quotes of one kind: "a", 'a', """a""", '''a'''. */
static struct yaml *read_string(struct reader *reader, char quote)
{
    const char triple[] = { quote, quote, quote, '\0' };
    const char single[] = { quote, '\0' };
    int line = reader->place.line;
    bool lines = take(reader, triple);
    const char *end = lines ? triple : single;
    struct strbuf out;

    if (!lines) {
        skip(reader, 1);
    } else if (!take(reader, "\n")) {
        take(reader, "\r\n");
    }
    strbuf_init(&out, reader->arena, reader->rest.len * 4 + 4);
    while (reader->rest.len > 0) {
        char c = peek(reader);

        if (take(reader, end)) {
            while (lines && peek(reader) == quote) { /* """a"""" ends in a quote of its own */
                strbuf_add_byte(&out, quote);
                skip(reader, 1);
            }
            return new_scalar(reader, strbuf_str(&out), false, line);
        }
        if (c == '\n' && !lines) {
            break;
        }
        skip(reader, 1);
        if (c != '\\' || quote == '\'') {
            strbuf_add_byte(&out, c);
        } else if (!take_escape(reader, &out, lines)) {
            return report(reader, "no such escape; write \\\\ for a backslash, or use '…'");
        }
    }
    reader->place.line = line;
    return report(reader, "a quote is opened and never closed");
}

/* ---- values ---------------------------------------------------------------------------------- */

static struct yaml *read_value(struct reader *reader, int depth);
static bool read_pair(struct reader *reader, struct yaml *map, int depth);

static struct yaml *read_array(struct reader *reader, int depth)
{
    struct yaml *list = new_node(reader, YAML_LIST);
    struct yaml **end = list != NULL ? &list->first : NULL;

    skip(reader, 1);
    for (;;) {
        skip_space(reader);
        if (list == NULL || take(reader, "]")) {
            return list;
        }
        *end = read_value(reader, depth + 1);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
        skip_space(reader);
        if (!take(reader, ",") && peek(reader) != ']') {
            return report(reader, "a list wants ',' between its values and ']' at its end");
        }
    }
}

static struct yaml *read_inline_table(struct reader *reader, int depth)
{
    struct yaml *map = new_node(reader, YAML_MAP);

    skip(reader, 1);
    for (;;) {
        skip_space(reader);
        if (map == NULL || take(reader, "}")) {
            return map;
        }
        if (!read_pair(reader, map, depth + 1)) {
            return NULL;
        }
        skip_space(reader);
        if (!take(reader, ",") && peek(reader) != '}') {
            return report(reader, "an inline table wants ',' between its pairs and '}' at its end");
        }
    }
}

static bool is_bare(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || c == '_' || c == '-' || c == '+' || c == '.' ||
           c == ':';
}

/* A number, a truth value or a date: which of them is for the table of fields to ask. */
static struct yaml *read_plain(struct reader *reader)
{
    size_t len = 0;
    struct str text;

    while (len < reader->rest.len &&
           (is_bare(reader->rest.ptr[len]) ||
            (reader->rest.ptr[len] == ' ' && len == 10 && len + 1 < reader->rest.len &&
             byte_is_digit(reader->rest.ptr[len + 1])))) { /* "2025-09-08 10:00:00" */
        len++;
    }
    text = str_first(reader->rest, len);
    if (!str_equal(text, STR("true")) && !str_equal(text, STR("false")) &&
        !str_equal(text, STR("nan")) && !str_equal(text, STR("inf")) &&
        (len == 0 || (!byte_is_digit(*text.ptr) && *text.ptr != '+' && *text.ptr != '-'))) {
        return report(reader, "a text wants quotes round it");
    }
    skip(reader, len);
    return new_scalar(reader, text, true, reader->place.line);
}

static struct yaml *read_value(struct reader *reader, int depth)
{
    if (depth > DEPTH_MAX) {
        return report(reader, "nested too deep");
    }
    switch (peek(reader)) {
    case '"':
    case '\'':
        return read_string(reader, peek(reader));
    case '[':
        return read_array(reader, depth);
    case '{':
        return read_inline_table(reader, depth);
    default:
        return read_plain(reader);
    }
}

/* ---- keys and tables ------------------------------------------------------------------------- */

/* One part of a dotted key. */
static bool take_key(struct reader *reader, struct str *key)
{
    size_t len = 0;

    if (peek(reader) == '"' || peek(reader) == '\'') {
        struct yaml *quoted = read_string(reader, peek(reader));

        *key = quoted != NULL ? quoted->text : STR("");
        return quoted != NULL;
    }
    while (len < reader->rest.len && reader->rest.ptr[len] != '.' && reader->rest.ptr[len] != '+' &&
           reader->rest.ptr[len] != ':' && is_bare(reader->rest.ptr[len])) {
        len++;
    }
    *key = arena_copy(reader->arena, str_first(reader->rest, len));
    skip(reader, len);
    if (len == 0) {
        report(reader, "expected 'key = value'");
    }
    return len > 0;
}

/* The map under a key, made when there is none; the last of a list of tables. */
static struct yaml *descend(struct reader *reader, struct yaml *map, struct str key)
{
    struct yaml *found = map->first;

    while (found != NULL && !str_equal(found->key, key)) {
        found = found->next;
    }
    if (found == NULL) {
        found = new_node(reader, YAML_MAP);
        if (found != NULL) {
            enter(reader, map, key, reader->place.line, found);
        }
        return found;
    }
    if (found->kind == YAML_LIST) {
        for (found = found->first; found != NULL && found->next != NULL;) {
            found = found->next;
        }
    }
    return found != NULL && found->kind == YAML_MAP
               ? found
               : report(reader, "a key has both a value and a table");
}

/* All parts of a dotted key but the last, which is left in *key with the map it belongs to. */
static struct yaml *take_path(struct reader *reader, struct yaml *map, struct str *key)
{
    for (int depth = 0; take_key(reader, key); depth++) {
        skip_blanks(reader);
        if (!take(reader, ".")) {
            return map;
        }
        skip_blanks(reader);
        map = depth < DEPTH_MAX ? descend(reader, map, *key) : report(reader, "nested too deep");
        if (map == NULL) {
            return NULL;
        }
    }
    return NULL;
}

static bool read_pair(struct reader *reader, struct yaml *map, int depth)
{
    int line = reader->place.line;
    struct str key;
    struct yaml *value;

    map = take_path(reader, map, &key);
    if (map == NULL) {
        return false;
    }
    if (!take(reader, "=")) {
        report(reader, "expected 'key = value'");
        return false;
    }
    skip_blanks(reader);
    value = read_value(reader, depth);
    if (value == NULL) {
        return false;
    }
    enter(reader, map, key, line, value);
    return true;
}

/* "[table]" and "[[table]]"; the map that what follows belongs to. */
static struct yaml *read_header(struct reader *reader, struct yaml *root)
{
    bool in_list = take(reader, "[[");
    struct str key;
    struct yaml *map;

    if (!in_list) {
        skip(reader, 1);
    }
    skip_blanks(reader);
    map = take_path(reader, root, &key);
    if (map == NULL) {
        return NULL;
    }
    if (!take(reader, in_list ? "]]" : "]")) {
        return report(reader, "the name of a table wants a closing bracket");
    }
    if (in_list) {
        struct yaml *list = map->first;
        struct yaml *item = new_node(reader, YAML_MAP);

        while (list != NULL && !(str_equal(list->key, key) && list->kind == YAML_LIST)) {
            list = list->next;
        }
        if (list == NULL) {
            list = new_node(reader, YAML_LIST);
            if (list != NULL) {
                enter(reader, map, key, reader->place.line, list);
            }
        }
        if (list != NULL && item != NULL) {
            append(list, item);
        }
        return list != NULL ? item : NULL;
    }
    return descend(reader, map, key);
}

static struct yaml *read_document(struct reader *reader)
{
    struct yaml *root = new_node(reader, YAML_MAP);
    struct yaml *map = root;

    for (;;) {
        skip_space(reader);
        if (reader->rest.len == 0) {
            return root;
        }
        if (peek(reader) == '[') {
            map = read_header(reader, root);
            if (map == NULL) {
                return NULL;
            }
        } else if (!read_pair(reader, map, 0)) {
            return NULL;
        }
        if (!end_line(reader)) {
            return report(reader, "one line holds one 'key = value'");
        }
    }
}

struct yaml *toml_read(struct arena *arena, struct str text, struct place place,
                       const char *consequence, struct diag *diag)
{
    struct reader reader = { arena, text, place, consequence, diag, 0 };

    return read_document(&reader);
}
