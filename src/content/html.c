/* The tokenizer: one pass, no state but the place in the text. */
#include "html.h"

static bool is_name_start(char c)
{
    return byte_is_alpha(c) || c == ':'; /* prepare.h's own names begin with a colon */
}

static bool is_name(char c)
{
    return c != '\0' &&
           (byte_is_alpha(c) || byte_is_digit(c) || strchr("-_.:", c) != NULL || (c & 0x80) != 0);
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && byte_is_blank(text.ptr[at])) {
        at++;
    }
    return at;
}

/* Look for `part`, and pay for looking in vain. The position behind it, or 0. */
static size_t find_behind(struct str text, size_t from, struct str part, size_t *patience)
{
    struct str rest = str_skip(text, from);
    size_t at;

    if (*patience < rest.len) {
        rest.len = *patience;
    }
    at = str_find_str(rest, part);
    if (at == rest.len) {
        *patience -= rest.len;
        return 0;
    }
    return from + at + part.len;
}

/* ---- braces ---------------------------------------------------------------------------------- */

/* The position behind a quoted string, or the length when it never ends. */
static size_t skip_string(struct str text, size_t at)
{
    char quote = text.ptr[at];

    for (at++; at < text.len; at++) {
        if (text.ptr[at] == '\\') {
            at++;
        } else if (text.ptr[at] == quote) {
            return at + 1;
        }
    }
    return text.len;
}

/* A quote begins a string only where a value can stand: {don't} is no string. */
static bool begins_string(struct str text, size_t at)
{
    char before = at > 0 ? text.ptr[at - 1] : '{';

    return strchr("\"'`", text.ptr[at]) != NULL && !byte_is_alpha(before) &&
           !byte_is_digit(before) && (before & 0x80) == 0;
}

size_t html_braces_length(struct str text, size_t *patience)
{
    size_t depth = 0;
    size_t at = 0;

    if (*patience < text.len) {
        text.len = *patience;
    }
    while (at < text.len) {
        if (text.ptr[at] == '{') {
            depth++;
        } else if (text.ptr[at] == '}' && --depth == 0) {
            return at + 1;
        } else if (str_starts_with(str_skip(text, at), STR("/*"))) {
            size_t end = at + 2 + str_find_str(str_skip(text, at + 2), STR("*/"));

            at = end < text.len ? end + 2 : text.len;
            continue;
        } else if (text.ptr[at] != '\0' && begins_string(text, at)) {
            at = skip_string(text, at);
            continue;
        }
        at++;
    }
    *patience -= text.len;
    return 0;
}

/* ---- attributes ------------------------------------------------------------------------------ */

/* The position behind a value, which starts at `at`; 0 when it never ends. */
static size_t value_end(struct str text, size_t at, size_t *patience)
{
    char first = text.ptr[at];
    size_t len;

    if (first == '"' || first == '\'') {
        struct str quote = { &text.ptr[at], 1 };

        return find_behind(text, at + 1, quote, patience);
    }
    if (first == '{') {
        len = html_braces_length(str_skip(text, at), patience);
        return len > 0 ? at + len : 0;
    }
    while (at < text.len && !byte_is_blank(text.ptr[at]) && text.ptr[at] != '>' &&
           text.ptr[at] != '<') {
        at++;
    }
    return at;
}

static bool ends_attribute_name(char c)
{
    return byte_is_blank(c) || c == '=' || c == '>' || c == '/' || c == '<' || c == '{' ||
           c == '"' || c == '\'' || c == '`';
}

/* The position behind an attribute that starts at `at`, which may be a JSX spread; 0: never ends.
 */
static size_t attribute_end(struct str text, size_t at, struct attribute *attribute,
                            size_t *patience)
{
    size_t start = at;
    size_t end;

    if (text.ptr[at] == '{') {
        end = html_braces_length(str_skip(text, at), patience);
        return end > 0 ? at + end : 0;
    }
    if (text.ptr[at] == '=') { /* <a ="x"> is somebody's slip, and browsers take it for a name */
        for (at++; at < text.len && (text.ptr[at] == '"' || !ends_attribute_name(text.ptr[at]));) {
            at++;
        }
    }
    while (at < text.len && !ends_attribute_name(text.ptr[at])) {
        at++;
    }
    if (at == start) {
        return 0;
    }
    attribute->name = (struct str){ text.ptr + start, at - start };
    end = skip_blanks(text, at);
    if (end >= text.len || text.ptr[end] != '=') {
        return at;
    }
    start = skip_blanks(text, end + 1);
    if (start >= text.len || text.ptr[start] == '>') {
        return start;
    }
    end = value_end(text, start, patience);
    if (end == 0) {
        return 0;
    }
    attribute->value = (struct str){ text.ptr + start, end - start };
    attribute->expression = text.ptr[start] == '{';
    if (strchr("\"'{", text.ptr[start]) != NULL) {
        attribute->value = str_first(str_skip(attribute->value, 1), end - start - 2);
    }
    return end;
}

bool html_attribute(struct str *attributes, struct attribute *attribute)
{
    size_t patience = (size_t)-1;

    for (;;) {
        size_t at = skip_blanks(*attributes, 0);
        size_t end;

        *attribute = (struct attribute){ 0 };
        while (at < attributes->len && attributes->ptr[at] == '/') {
            at++;
        }
        at = skip_blanks(*attributes, at);
        if (at >= attributes->len) {
            *attributes = STR("");
            return false;
        }
        end = attribute_end(*attributes, at, attribute, &patience);
        if (end == 0) {
            *attributes = STR("");
            return false;
        }
        *attributes = str_skip(*attributes, end);
        if (attribute->name.len > 0) {
            return true;
        }
    }
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* "<!-- -->", "<!DOCTYPE >", "<? ?>", "<![CDATA[ ]]>": the position behind it, or 0. */
static size_t markup_end(struct str text, size_t *patience)
{
    static const struct {
        struct str start;
        struct str end;
    } kinds[] = {
        { STR_INIT("<!--"), STR_INIT("-->") },
        { STR_INIT("<![CDATA["), STR_INIT("]]>") },
        { STR_INIT("<!"), STR_INIT(">") },
        { STR_INIT("<?"), STR_INIT("?>") },
    };

    if (str_starts_with(text, STR("<!-->")) || str_starts_with(text, STR("<!--->"))) {
        return str_find(text, '>') + 1; /* a comment of nothing: CommonMark 0.31, "Raw HTML" */
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (str_starts_with(text, kinds[i].start)) {
            return find_behind(text, 2, kinds[i].end, patience);
        }
    }
    return 0;
}

/* No tag after all: what was looked at is paid for. */
static size_t give_up(size_t *patience, size_t looked_at)
{
    *patience -= looked_at < *patience ? looked_at : *patience;
    return 0;
}

/* An opening tag's end; its attributes and whether it closes itself. 0 when it is no tag.
 * Strictly, two attributes want a blank between them; browsers can do without. */
static size_t open_tag_end(struct str text, size_t at, bool strict, struct token *token,
                           size_t *patience)
{
    size_t start = at;
    size_t end;

    for (;;) {
        struct attribute attribute = { 0 };

        end = skip_blanks(text, at);
        if (end >= text.len) {
            return give_up(patience, end);
        }
        if (text.ptr[end] == '>') {
            token->attributes = (struct str){ text.ptr + start, end - start };
            return end + 1;
        }
        if (text.ptr[end] == '/') {
            at = end + 1;
            token->empty = at < text.len && text.ptr[at] == '>';
            continue;
        }
        if (strict && end == at && at > start && text.ptr[at - 1] != '/' && text.ptr[end] != '{') {
            return give_up(patience, end);
        }
        at = attribute_end(text, end, &attribute, patience);
        if (at == 0) {
            return give_up(patience, end);
        }
    }
}

/* The tag at the front of the text, which is "<"; its length, or 0. */
static size_t read_tag(struct str text, bool strict, struct token *token, size_t *patience)
{
    bool close = text.len > 1 && text.ptr[1] == '/';
    size_t start = close ? 2 : 1;
    size_t at = start;
    size_t end;

    *token = (struct token){ .kind = TOKEN_NOTHING };
    if (text.len > 1 && (text.ptr[1] == '!' || text.ptr[1] == '?')) {
        return markup_end(text, patience);
    }
    if (at < text.len && is_name_start(text.ptr[at])) {
        while (at < text.len && is_name(text.ptr[at])) {
            at++;
        }
    } else if (at >= text.len || text.ptr[at] != '>') {
        return 0;
    }
    token->kind = close ? TOKEN_CLOSE : TOKEN_OPEN;
    token->name = (struct str){ text.ptr + start, at - start };
    if (close) {
        end = skip_blanks(text, at);
        return end < text.len && text.ptr[end] == '>' ? end + 1 : 0;
    }
    if (at < text.len && !byte_is_blank(text.ptr[at]) && strchr("/>{", text.ptr[at]) == NULL) {
        return 0;
    }
    return open_tag_end(text, at, strict, token, patience);
}

size_t html_tag_length(struct str text, size_t *patience)
{
    struct token token;

    return text.len > 0 && *text.ptr == '<' && *patience > 0
               ? read_tag(text, true, &token, patience)
               : 0;
}

bool html_next(struct str *rest, size_t *patience, struct token *token)
{
    size_t len = 0;

    if (rest->len == 0) {
        return false;
    }
    if (*rest->ptr == '<' && *patience > 0) {
        len = read_tag(*rest, false, token, patience);
    }
    if (len == 0) {
        *token = (struct token){ .kind = TOKEN_TEXT };
        len = 1 + str_find(str_skip(*rest, 1), '<');
    }
    token->text = str_first(*rest, len);
    *rest = str_skip(*rest, len);
    return true;
}
