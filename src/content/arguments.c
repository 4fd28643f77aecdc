/* The arguments of a generator's tag: values in three kinds of quotes, names before "=" or ":". */
#include "arguments.h"

bool byte_is_name(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || c == '_' || c == '-' || c == '.';
}

struct str separators_skip(struct str text)
{
    while (text.len > 0 && (byte_is_blank(*text.ptr) || *text.ptr == ',')) {
        text = str_skip(text, 1);
    }
    return text;
}

struct str value_take(struct str *rest)
{
    struct str value;
    size_t end;

    if (rest->len > 0 && strchr("\"'`", *rest->ptr) != NULL && *rest->ptr != '\0') {
        struct str inside = str_skip(*rest, 1);

        for (end = 0; end < inside.len && inside.ptr[end] != *rest->ptr; end++) {
            end += inside.ptr[end] == '\\' && *rest->ptr != '`';
        }
        end = end < inside.len ? end : inside.len;
        value = str_first(inside, end);
        *rest = str_skip(inside, end + 1);
        return value;
    }
    for (end = 0; end < rest->len && !byte_is_blank(rest->ptr[end]) && rest->ptr[end] != ',';
         end++) {}
    value = str_first(*rest, end);
    *rest = str_skip(*rest, end);
    return value;
}

static struct str unescape(struct arena *arena, struct str value)
{
    char *out;
    size_t len = 0;

    if (str_find(value, '\\') == value.len) {
        return value;
    }
    out = arena_alloc(arena, value.len);
    for (size_t i = 0; i < value.len; i++) {
        i += value.ptr[i] == '\\' && i + 1 < value.len && strchr("\"'\\", value.ptr[i + 1]) != NULL;
        out[len++] = value.ptr[i];
    }
    return (struct str){ out, len };
}

bool argument_take(struct arena *arena, struct str *rest, int *place, struct str *name,
                   struct str *value)
{
    size_t len = 0;

    *rest = separators_skip(*rest);
    if (rest->len == 0) {
        return false;
    }
    while (len < rest->len && byte_is_name(rest->ptr[len])) {
        len++;
    }
    if (len > 0 && len + 1 < rest->len &&
        (rest->ptr[len] == '=' ||
         (rest->ptr[len] == ':' && strchr(" \"'", rest->ptr[len + 1]) != NULL))) {
        *name = str_first(*rest, len);
        *rest = str_skip(*rest, len + 1);
        while (rest->len > 0 && *rest->ptr == ' ') {
            *rest = str_skip(*rest, 1);
        }
        *value = unescape(arena, value_take(rest));
    } else {
        *name = arena_printf(arena, "%d", (*place)++);
        *value = unescape(arena, value_take(rest));
    }
    return true;
}

struct str argument_first(struct arena *arena, struct str rest)
{
    struct str name = STR("");
    struct str value = STR("");
    int place = 0;

    argument_take(arena, &rest, &place, &name, &value);
    return value;
}
