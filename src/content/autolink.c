/* Bare addresses in text. Source: GFM, "Autolinks (extension)", for where an address ends. */
#include "autolink.h"

#include "base/utf8.h"

static const struct str schemes[] = {
    STR_INIT("https://"),
    STR_INIT("http://"),
    STR_INIT("gemini://"),
    STR_INIT("gopher://"),
};

/* Where "://" begins after a scheme of ours, that scheme's length; else 0. */
static size_t scheme_before(struct str text, size_t colon)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t name = schemes[i].len - STR("://").len;

        if (colon >= name && (colon == name || !byte_is_alpha(text.ptr[colon - name - 1])) &&
            str_equal_nocase(str_first(str_skip(text, colon - name), schemes[i].len), schemes[i])) {
            return name;
        }
    }
    return 0;
}

/* Blanks and brackets end an address, and so does the punctuation of scripts without blanks. */
static bool ends_address(uint32_t character)
{
    return character <= ' ' || character == '<' || character == '>' || character == '"' ||
           character == '`' || character == 0x7F || character == 0xA0 || character == 0xFFFD ||
           (character >= 0x2010 && character <= 0x206F) ||
           (character >= 0x3000 && character <= 0x303F) ||
           (character >= 0xFF00 && character <= 0xFFEF);
}

static size_t count_byte(struct str text, char byte)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == byte;
    }
    return count;
}

/* Punctuation at the end belongs to the sentence; a closing bracket only if it closes nothing. */
static size_t trim_address(struct str address)
{
    size_t closing = count_byte(address, ')');
    size_t opening = count_byte(address, '(');

    while (address.len > 0) {
        char last = address.ptr[address.len - 1];

        if (last == ')' && closing > opening) {
            closing--;
        } else if (last == '\0' || strchr(".,;:!?'*_~]|}", last) == NULL) {
            break;
        }
        address.len--;
    }
    return address.len;
}

static size_t address_length(struct str text)
{
    struct str rest = text;

    while (rest.len > 0) {
        struct str before = rest;

        if (ends_address(utf8_next(&rest))) {
            rest = before;
            break;
        }
    }
    return trim_address(str_first(text, text.len - rest.len));
}

/* The first address in a text: where it starts and how long it is; false when there is none. */
static bool find_address(struct str text, size_t *start, size_t *len)
{
    for (size_t from = 0; from < text.len;) {
        size_t colon = from + str_find_str(str_skip(text, from), STR("://"));
        size_t name = colon < text.len ? scheme_before(text, colon) : 0;

        if (name > 0) {
            *start = colon - name;
            *len = address_length(str_skip(text, *start));
            if (*len > name + STR("://").len) {
                return true;
            }
        }
        from = colon + 1;
    }
    return false;
}

struct runs {
    struct arena *arena;
    struct run *items;
    size_t count;
    size_t capacity;
};

static void push(struct runs *runs, struct run run)
{
    *ARENA_PUSH(runs->arena, runs->items, runs->count, &runs->capacity) = run;
}

static void push_text(struct runs *runs, struct str text)
{
    if (text.len > 0) {
        push(runs, (struct run){ .kind = RUN_TEXT, .text = text });
    }
}

static void split_text(struct runs *runs, struct block *leaf, size_t *link_capacity, int line,
                       struct str text)
{
    size_t start;
    size_t len;

    while (find_address(text, &start, &len)) {
        struct str address = str_first(str_skip(text, start), len);
        unsigned index = (unsigned)leaf->link_count;

        if (*link_capacity < leaf->link_count) {
            *link_capacity = leaf->link_count;
        }
        *ARENA_PUSH(runs->arena, leaf->links, leaf->link_count, link_capacity) =
            (struct link){ .url = address, .line = line };
        push_text(runs, str_first(text, start));
        push(runs, (struct run){ .kind = RUN_LINK, .link = index });
        push_text(runs, address);
        push(runs, (struct run){ .kind = RUN_LINK, .link = index, .close = true });
        text = str_skip(text, start + len);
    }
    push_text(runs, text);
}

static bool mentions_address(const struct block *leaf)
{
    for (size_t i = 0; i < leaf->run_count; i++) {
        if (leaf->runs[i].kind == RUN_TEXT &&
            str_find_str(leaf->runs[i].text, STR("://")) < leaf->runs[i].text.len) {
            return true;
        }
    }
    return false;
}

void autolink_leaf(struct arena *arena, struct block *leaf)
{
    struct runs runs = { .arena = arena };
    size_t link_capacity = leaf->link_count; /* no more room is known of than is used */
    int inside = 0;
    int line = leaf->line;

    if (!mentions_address(leaf)) {
        return;
    }
    for (size_t i = 0; i < leaf->run_count; i++) {
        const struct run *run = &leaf->runs[i];

        line += run->kind == RUN_SOFT_BREAK || run->kind == RUN_HARD_BREAK;
        if (run->kind == RUN_LINK || run->kind == RUN_IMAGE) {
            inside += run->close ? -1 : 1;
        }
        if (run->kind == RUN_TEXT && inside == 0) {
            split_text(&runs, leaf, &link_capacity, line, run->text);
        } else {
            push(&runs, *run);
        }
    }
    leaf->runs = runs.items;
    leaf->run_count = runs.count;
}
