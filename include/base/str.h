/* Borrowed text: a pointer and a length. Never freed, not NUL-terminated unless said so. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
    const char *ptr;
    size_t len;
};

/* A str from a string literal, usable in constant tables too. */
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
#define STR(literal) ((struct str)STR_INIT(literal))

/* For printf: printf("%.*s", STR_ARG(text)). */
#define STR_ARG(text) (int)(text).len, (text).ptr

static inline struct str str_from(const char *text)
{
    return (struct str){ text, strlen(text) };
}

/* The bytes from `from` on; empty when there are fewer. */
static inline struct str str_skip(struct str text, size_t from)
{
    return from < text.len ? (struct str){ text.ptr + from, text.len - from } : STR("");
}

/* The first `count` bytes, or all there are. */
static inline struct str str_first(struct str text, size_t count)
{
    return (struct str){ text.ptr, count < text.len ? count : text.len };
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (b.len == 0 || memcmp(a.ptr, b.ptr, b.len) == 0);
}

/* Equal but for the case of ASCII letters. */
bool str_equal_nocase(struct str a, struct str b);

/* Bytewise order: less than, equal to, or greater than zero. */
int str_compare(struct str a, struct str b);

static inline bool str_starts_with(struct str text, struct str prefix)
{
    return text.len >= prefix.len &&
           (prefix.len == 0 || memcmp(text.ptr, prefix.ptr, prefix.len) == 0);
}
static inline bool str_ends_with(struct str text, struct str suffix)
{
    return text.len >= suffix.len && (suffix.len == 0 || memcmp(text.ptr + (text.len - suffix.len),
                                                                suffix.ptr, suffix.len) == 0);
}

/* Without the ASCII blanks (space, tab, CR, LF, FF, VT) at both ends. */
struct str str_trim(struct str text);

/* Where the byte first stands, or text.len when it does not. */
static inline size_t str_find(struct str text, char byte)
{
    const char *at = text.len == 0 ? NULL : memchr(text.ptr, byte, text.len);

    return at == NULL ? text.len : (size_t)(at - text.ptr);
}

/* Whether one of the bytes of a C string stands in the text. */
bool str_holds_any(struct str text, const char *bytes);

/* How often the byte stands at the front. */
size_t str_run(struct str text, char byte);

/* Where `part` first stands, or text.len when it does not. */
size_t str_find_str(struct str text, struct str part);

/*
 * Split at the first `separator`. Returns false when there is none: then *before is the whole
 * text and *after is empty. Either result may be NULL, and may be the address of `text`'s copy.
 */
bool str_cut(struct str text, char separator, struct str *before, struct str *after);

/* Take one line off the front of *rest, without its LF. Returns false when *rest is empty. */
bool str_next_line(struct str *rest, struct str *line);

/* Decimal digits only, at most `max`; false for anything else, and *value is then untouched. */
bool str_parse_number(struct str text, unsigned long max, unsigned long *value);

/* ASCII classes and case, whatever the locale; false or unchanged for bytes >= 0x80. */
static inline bool byte_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool byte_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool byte_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline char byte_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The value of a hexadecimal digit, or -1. */
int byte_hex(char c);

#endif
