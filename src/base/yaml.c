/* libyaml's events to a small tree. The only file that knows libyaml. */
#include "base/yaml.h"

#include <yaml.h>

#define DEPTH_MAX 16    /* front matter of real blogs nests three deep */
#define NODES_MAX 10000 /* a redirect table of some thousands of lines */

/* A node that an alias may stand for. */
struct anchor {
    struct str name;
    const struct yaml *node;
};

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct place place;
    const char *consequence;
    struct diag *diag;
    size_t nodes;
    struct anchor *anchors;
    size_t anchor_count;
    size_t anchor_capacity;
};

static int line_of(const struct reader *reader, yaml_mark_t mark)
{
    return reader->place.line + (int)mark.line;
}

static void report(const struct reader *reader, int line, const char *what)
{
    diag_error(reader->diag, (struct place){ reader->place.file, line }, "%s; %s", what,
               reader->consequence);
}

/* libyaml's words are for programmers; the usual mistakes deserve a hint on how to mend them. */
static void report_parser(const struct reader *reader)
{
    static const struct {
        const char *problem;
        const char *hint;
    } hints[] = {
        { "mapping values are not allowed in this context",
          " (put quotes around a text that contains a colon)" },
        { "found character that cannot start any token",
          " (indent with spaces, not tabs, and quote a text that starts with @, ` or %)" },
        { "found a tab character that violates indentation", " (indent with spaces)" },
        { "could not find expected ':'", " (each line wants a key, a colon and a blank)" },
        { "found unexpected end of stream", " (a quote is opened and never closed)" },
        { "did not find expected key", " (is a quote or the indentation wrong?)" },
    };
    const yaml_parser_t *parser = &reader->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    const char *hint = "";
    bool reading = parser->error == YAML_READER_ERROR; /* which gives an offset, not a line */
    char what[256];

    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (strcmp(problem, hints[i].problem) == 0) {
            hint = hints[i].hint;
        }
    }
    snprintf(what, sizeof what, "YAML: %s%s", problem, hint);
    report(reader, reading ? reader->place.line : line_of(reader, parser->problem_mark), what);
}

static bool next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event) == 0) {
        report_parser(reader);
        return false;
    }
    return true;
}

static struct yaml *new_node(struct reader *reader, enum yaml_kind kind, const yaml_event_t *event)
{
    struct yaml *node = ARENA_NEW(reader->arena, struct yaml);

    node->kind = kind;
    node->line = line_of(reader, event->start_mark);
    return node;
}

static struct yaml *read_node(struct reader *reader, const yaml_event_t *event, int depth);

static struct yaml *read_list(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml *list = new_node(reader, YAML_LIST, start);
    struct yaml **end = &list->first;

    for (;;) {
        yaml_event_t event;
        bool done;

        if (!next_event(reader, &event)) {
            return NULL;
        }
        done = event.type == YAML_SEQUENCE_END_EVENT;
        if (!done) {
            *end = read_node(reader, &event, depth);
        }
        yaml_event_delete(&event);
        if (done) {
            return list;
        }
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
    }
}

/* The later of two equal keys counts: the earlier pair leaves the map. */
static void drop_duplicate(struct reader *reader, struct yaml *map, const struct yaml *newer)
{
    for (struct yaml **at = &map->first; *at != NULL && *at != newer; at = &(*at)->next) {
        if (str_equal((*at)->key, newer->key)) {
            diag_warn(reader->diag, (struct place){ reader->place.file, newer->key_line },
                      "key '%.*s' again, first on line %d; the last one counts",
                      STR_ARG(newer->key), (*at)->key_line);
            *at = (*at)->next;
            return;
        }
    }
}

/* One key and its value; NULL with *done at the end of the map, NULL without after an error. */
static struct yaml *read_pair(struct reader *reader, int depth, bool *done)
{
    yaml_event_t event;
    struct yaml *key = NULL;
    struct yaml *value = NULL;

    *done = false;
    if (!next_event(reader, &event)) {
        return NULL;
    }
    if (event.type == YAML_MAPPING_END_EVENT) {
        *done = true;
    } else if (event.type != YAML_SCALAR_EVENT) {
        report(reader, line_of(reader, event.start_mark), "YAML: a key must be a simple text");
    } else {
        key = read_node(reader, &event, depth);
    }
    yaml_event_delete(&event);
    if (key == NULL || !next_event(reader, &event)) {
        return NULL;
    }
    value = read_node(reader, &event, depth);
    yaml_event_delete(&event);
    if (value != NULL) {
        value->key = key->text;
        value->key_line = key->line;
    }
    return value;
}

static struct yaml *read_map(struct reader *reader, const yaml_event_t *start, int depth)
{
    struct yaml *map = new_node(reader, YAML_MAP, start);
    struct yaml **end = &map->first;
    bool done;

    for (;;) {
        struct yaml *pair = read_pair(reader, depth, &done);

        if (pair == NULL) {
            return done ? map : NULL;
        }
        *end = pair;
        drop_duplicate(reader, map, pair);
        while (*end != NULL) {
            end = &(*end)->next;
        }
    }
}

static struct yaml *read_scalar(struct reader *reader, const yaml_event_t *event)
{
    struct yaml *node = new_node(reader, YAML_SCALAR, event);

    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_copy(reader->arena, (struct str){ (const char *)event->data.scalar.value,
                                                         event->data.scalar.length });
    return node;
}

/* ---- anchors and aliases ----------------------------------------------------------------------
 */

static void remember(struct reader *reader, const yaml_char_t *name, const struct yaml *node)
{
    if (name != NULL && node != NULL) {
        *ARENA_PUSH(reader->arena, reader->anchors, reader->anchor_count,
                    &reader->anchor_capacity) =
            (struct anchor){ arena_copy(reader->arena, str_from((const char *)name)), node };
    }
}

/* A copy of a node and all below it; each of them counts as if it had been written here. NULL when
 * that is too much. */
static struct yaml *copy_node(struct reader *reader, const struct yaml *node, int depth, int line)
{
    struct yaml *copy;
    struct yaml **end;

    if (depth >= DEPTH_MAX || ++reader->nodes > NODES_MAX) {
        return NULL;
    }
    copy = ARENA_NEW(reader->arena, struct yaml);
    *copy = *node;
    copy->line = line;
    copy->first = copy->next = NULL;
    end = &copy->first;
    for (const struct yaml *child = node->first; child != NULL; child = child->next) {
        *end = copy_node(reader, child, depth + 1, line);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
    }
    return copy;
}

/* "*name": the value that "&name" stands before. */
static struct yaml *read_alias(struct reader *reader, const yaml_event_t *event, int depth)
{
    struct str name = str_from((const char *)event->data.alias.anchor);
    int line = line_of(reader, event->start_mark);
    struct yaml *copy = NULL;

    for (size_t i = reader->anchor_count; i > 0; i--) {
        if (str_equal(reader->anchors[i - 1].name, name)) {
            copy = copy_node(reader, reader->anchors[i - 1].node, depth, line);
            if (copy == NULL) {
                report(reader, line, "YAML: too many values");
            }
            return copy;
        }
    }
    report(reader, line,
           "YAML: an alias (*name) stands for nothing; quote a text that starts with *");
    return NULL;
}

/* The node that starts with this event, which stays the caller's to delete. */
static struct yaml *read_node(struct reader *reader, const yaml_event_t *event, int depth)
{
    int line = line_of(reader, event->start_mark);
    struct yaml *node;

    reader->nodes++;
    if (depth >= DEPTH_MAX || reader->nodes > NODES_MAX) {
        report(reader, line,
               depth >= DEPTH_MAX ? "YAML: nested too deep" : "YAML: too many values");
        return NULL;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        node = read_scalar(reader, event);
        remember(reader, event->data.scalar.anchor, node);
        return node;
    case YAML_SEQUENCE_START_EVENT:
        node = read_list(reader, event, depth + 1);
        remember(reader, event->data.sequence_start.anchor, node);
        return node;
    case YAML_MAPPING_START_EVENT:
        node = read_map(reader, event, depth + 1);
        remember(reader, event->data.mapping_start.anchor, node);
        return node;
    case YAML_ALIAS_EVENT:
        return read_alias(reader, event, depth);
    default:
        report(reader, line, "YAML: a value is missing here");
        return NULL;
    }
}

/* The map that the document is: STREAM-START, DOCUMENT-START, one node. */
static struct yaml *read_document(struct reader *reader)
{
    struct yaml *root = NULL;

    for (;;) {
        yaml_event_t event;
        yaml_event_type_t type;

        if (!next_event(reader, &event)) {
            return NULL;
        }
        type = event.type;
        if (type == YAML_STREAM_END_EVENT) {
            root = new_node(reader, YAML_MAP, &event);
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT) {
            root = read_node(reader, &event, 0);
            if (root != NULL && root->kind != YAML_MAP && !yaml_is_null(root)) {
                report(reader, root->line, "YAML: expected lines of the form 'key: value'");
                root = NULL;
            } else if (root != NULL) {
                root->kind = YAML_MAP; /* an empty document is an empty map */
            }
        }
        yaml_event_delete(&event);
        if (root != NULL ||
            (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT)) {
            return root;
        }
    }
}

struct yaml *yaml_read(struct arena *arena, struct str text, struct place place,
                       const char *consequence, struct diag *diag)
{
    struct reader reader = {
        .arena = arena, .place = place, .consequence = consequence, .diag = diag
    };
    struct yaml *root;

    if (yaml_parser_initialize(&reader.parser) == 0) {
        report(&reader, place.line, "YAML: no memory for its parser");
        return NULL;
    }
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text.ptr, text.len);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    root = read_document(&reader);
    yaml_parser_delete(&reader.parser);
    return root;
}

const struct yaml *yaml_find(const struct yaml *map, struct str key)
{
    for (const struct yaml *pair = map->first; pair != NULL; pair = pair->next) {
        if (str_equal(pair->key, key)) {
            return pair;
        }
    }
    return NULL;
}

bool yaml_is_null(const struct yaml *value)
{
    return value->kind == YAML_SCALAR && value->plain &&
           (value->text.len == 0 || str_equal(value->text, STR("~")) ||
            str_equal_nocase(value->text, STR("null")));
}
