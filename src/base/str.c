/* Borrowed text: comparing, trimming and cutting it. */
#include "base/str.h"

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (byte_lower(a.ptr[i]) != byte_lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

struct str str_trim(struct str text)
{
    while (text.len > 0 && byte_is_blank(text.ptr[text.len - 1])) {
        text.len--;
    }
    while (text.len > 0 && byte_is_blank(*text.ptr)) {
        text.ptr++;
        text.len--;
    }
    return text;
}

bool str_holds_any(struct str text, const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        if (str_find(text, *bytes) < text.len) {
            return true;
        }
    }
    return false;
}

size_t str_run(struct str text, char byte)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] == byte) {
        len++;
    }
    return len;
}

size_t str_find_str(struct str text, struct str part)
{
    size_t end = part.len > 0 && part.len <= text.len ? text.len - part.len + 1 : 0;

    for (size_t at = 0; at < end; at++) {
        const char *found = memchr(text.ptr + at, part.ptr[0], end - at);

        if (found == NULL) {
            break;
        }
        at = (size_t)(found - text.ptr);
        if (found[part.len - 1] == part.ptr[part.len - 1] &&
            memcmp(found, part.ptr, part.len) == 0) {
            return at;
        }
    }
    return text.len;
}

bool str_cut(struct str text, char separator, struct str *before, struct str *after)
{
    size_t at = str_find(text, separator);

    if (before != NULL) {
        *before = str_first(text, at);
    }
    if (after != NULL) {
        *after = str_skip(text, at + 1);
    }
    return at < text.len;
}

bool str_next_line(struct str *rest, struct str *line)
{
    if (rest->len == 0) {
        return false;
    }
    str_cut(*rest, '\n', line, rest);
    return true;
}

bool str_parse_number(struct str text, unsigned long max, unsigned long *value)
{
    unsigned long sum = 0;

    if (text.len == 0) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        unsigned long digit = (unsigned long)(text.ptr[i] - '0');

        if (!byte_is_digit(text.ptr[i]) || sum > max / 10 || digit > max - sum * 10) {
            return false;
        }
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

int byte_hex(char c)
{
    if (byte_is_digit(c)) {
        return c - '0';
    }
    c = byte_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
