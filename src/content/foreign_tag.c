/* A generator's tag, taken apart and made one of ours; and the one that closes it. */
#include "foreign.h"

void add_escaped(struct strbuf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        switch (value.ptr[i]) {
        case '&':
            strbuf_add(out, STR("&amp;"));
            break;
        case '"':
            strbuf_add(out, STR("&quot;"));
            break;
        case '<':
            strbuf_add(out, STR("&lt;"));
            break;
        case '\n':
            strbuf_add_byte(out, ' ');
            break;
        default:
            strbuf_add_byte(out, value.ptr[i]);
        }
    }
}

bool is_one_of(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(names[i], name)) {
            return true;
        }
    }
    return false;
}

#define TAG_LEN_MAX 16384

size_t foreign_limit(const struct preparer *preparer)
{
    size_t limit = preparer->at + TAG_LEN_MAX;

    return limit < preparer->in.len ? limit : preparer->in.len;
}

/* "{% blockquote https://a.example/ %}": the slash is not the tag's. */
static bool ends_in_address(struct str inside)
{
    size_t start = inside.len;

    while (start > 0 && !byte_is_blank(inside.ptr[start - 1])) {
        start--;
    }
    return byte_is_alpha(inside.ptr[start]) &&
           str_find_str(str_skip(inside, start), STR("://")) < inside.len - start &&
           str_find(str_skip(inside, start), '"') == inside.len - start;
}

struct foreign foreign_split(struct str inside)
{
    struct foreign foreign = { 0 };

    inside = str_trim(inside);
    if (str_starts_with(inside, STR("-"))) {
        inside = str_trim(str_skip(inside, 1));
    }
    if (str_ends_with(inside, STR("-"))) {
        inside = str_trim(str_first(inside, inside.len - 1));
    }
    if (str_starts_with(inside, STR("/"))) {
        foreign.close = true;
        inside = str_trim(str_skip(inside, 1));
    }
    if (str_ends_with(inside, STR("/")) && !ends_in_address(inside)) {
        foreign.empty = true;
        inside = str_trim(str_first(inside, inside.len - 1));
    }
    while (foreign.name.len < inside.len &&
           (byte_is_name(inside.ptr[foreign.name.len]) || inside.ptr[foreign.name.len] == '/')) {
        foreign.name.len++;
    }
    foreign.name.ptr = inside.ptr;
    foreign.arguments = str_skip(inside, foreign.name.len);
    return foreign;
}

void foreign_lose(struct preparer *preparer, enum loss_kind kind, size_t end)
{
    losses_add(preparer->losses, kind, preparer->line,
               str_first(preparer_rest(preparer), end - preparer->at));
}

/* ---- written --------------------------------------------------------------------------------- */

void tag_add_attribute(struct strbuf *tag, struct str name, struct str value)
{
    strbuf_add_byte(tag, ' ');
    strbuf_add(tag, name);
    strbuf_add(tag, STR("=\""));
    add_escaped(tag, value);
    strbuf_add_byte(tag, '"');
}

static bool is_closed_later(const struct preparer *preparer, struct str name)
{
    size_t last;

    return map_find(&preparer->closers, name, &last) && last > 0;
}

/* A tag of ours for one of theirs: <:name 0="a" src="b">, </:name>. */
static struct str make_tag(struct preparer *preparer, const struct foreign *foreign,
                           struct str address)
{
    struct str rest = foreign->arguments;
    struct strbuf tag;
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&tag, preparer->arena, foreign->arguments.len * 8 + address.len * 8 + 4096);
    strbuf_add(&tag, foreign->close ? STR("</:") : STR("<:"));
    strbuf_add(&tag, foreign->name);
    if (!foreign->close) {
        while (argument_take(preparer->arena, &rest, &place, &name, &value)) {
            tag_add_attribute(&tag, name, value);
        }
        if (address.len > 0) {
            tag_add_attribute(&tag, STR("address"), address);
        }
        if (foreign->empty || !is_closed_later(preparer, foreign->name)) {
            strbuf_add(&tag, STR("/"));
        }
    }
    strbuf_add_byte(&tag, '>');
    return strbuf_str(&tag);
}

/* A caption that is markdown itself, or stands for what is between two tags, is taken out of the
 * tag, to stand behind it. */
static struct str take_caption(struct preparer *preparer, struct foreign *foreign)
{
    bool pair = !foreign->empty && is_closed_later(preparer, foreign->name);
    struct strbuf others;
    struct str rest = foreign->arguments;
    struct str before = rest;
    struct str caption = STR("");
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&others, preparer->arena, rest.len + 1);
    while (argument_take(preparer->arena, &rest, &place, &name, &value)) {
        if (str_equal_nocase(name, STR("caption")) && (pair || str_holds_any(value, "*_[`<&"))) {
            caption = value;
        } else {
            strbuf_add(&others, str_first(before, before.len - rest.len));
        }
        before = rest;
    }
    if (caption.len > 0) {
        foreign->arguments = strbuf_str(&others);
    }
    return caption;
}

static void write_caption(struct preparer *preparer, struct str caption)
{
    struct str line;

    if (caption.len == 0) {
        return;
    }
    preparer_end_line(preparer);
    while (str_next_line(&caption, &line)) {
        preparer_write(preparer, line);
        preparer_write(preparer, caption.len > 0 ? STR(" ") : STR(""));
    }
    preparer_end_line(preparer);
}

void foreign_mark(struct preparer *preparer, struct foreign *foreign, size_t end,
                  struct str address)
{
    struct str caption = STR("");

    if (!foreign->close) {
        caption = take_caption(preparer, foreign);
    } else if (str_equal(foreign->name, preparer->captioned)) {
        caption = preparer->caption;
        preparer->captioned = STR("");
    }
    if (caption.len > 0 && !foreign->close && !foreign->empty &&
        is_closed_later(preparer, foreign->name)) {
        preparer->captioned = foreign->name;
        preparer->caption = caption;
        caption = STR("");
    }
    preparer_mark(preparer, end, MARK_TAGS, make_tag(preparer, foreign, address));
    write_caption(preparer, caption);
}

/* ---- the one that closes --------------------------------------------------------------------- */

static size_t close_length(const struct preparer *preparer, size_t at, struct str opener)
{
    struct str rest = str_skip(preparer->in, at);
    struct str closer = *opener.ptr == '{' && opener.len > 1 && opener.ptr[1] == '%' ? STR("%}")
                        : str_ends_with(opener, STR("<"))                            ? STR(">}}")
                                                                                     : STR("%}}");
    size_t end = str_find_str(rest, closer);

    return end < rest.len ? end + closer.len : rest.len;
}

bool foreign_find_close(struct preparer *preparer, struct str name, struct str opener, size_t from,
                        size_t *start, size_t *end)
{
    bool liquid = str_equal(opener, STR("{%"));

    for (*start = from; *start < preparer->in.len; *start += 2) {
        struct str rest;

        *start = preparer_find(preparer, *start, preparer->in.len, opener);
        if (*start >= preparer->in.len) {
            preparer_pay(preparer, preparer->in.len - from);
            return false;
        }
        rest = str_skip(preparer->in, *start + opener.len);
        while (rest.len > 0 && (*rest.ptr == ' ' || *rest.ptr == '-')) {
            rest = str_skip(rest, 1);
        }
        if (!str_starts_with(rest, liquid ? STR("end") : STR("/"))) {
            continue;
        }
        rest = str_skip(rest, liquid ? 3 : 1);
        while (rest.len > 0 && *rest.ptr == ' ') {
            rest = str_skip(rest, 1);
        }
        if (str_starts_with(rest, name) &&
            (rest.len == name.len || !byte_is_name(rest.ptr[name.len]))) {
            *end = *start + close_length(preparer, *start, opener);
            return true;
        }
    }
    return false;
}

/* "endname", "/name": which tags come in pairs. */
static void add_closer(struct preparer *preparer, struct str rest)
{
    size_t len = 0;

    rest = str_trim(str_first(rest, 64));
    while (len < rest.len && (byte_is_name(rest.ptr[len]) || rest.ptr[len] == '/')) {
        len++;
    }
    if (len > 0) {
        map_add(&preparer->closers, str_first(rest, len), 1);
    }
}

/* [words]({{ name }}): an address out of a template. */
static bool is_target(const struct preparer *preparer, struct str at)
{
    return at.ptr >= preparer->in.ptr + 2 && at.ptr[-1] == '(' && at.ptr[-2] == ']' &&
           at.ptr[1] == '{';
}

void foreign_find_closers(struct preparer *preparer)
{
    struct str rest = preparer->in;

    map_init(&preparer->closers, preparer->arena);
    for (;;) {
        struct str inside;

        rest = str_skip(rest, str_find(rest, '{'));
        if (rest.len < 2) {
            return;
        }
        inside = str_trim(str_first(str_skip(rest, 2), 64));
        preparer->templated = preparer->templated || is_target(preparer, rest);
        if (rest.ptr[1] == '%') {
            inside = str_trim(str_skip(inside, str_starts_with(inside, STR("-"))));
            preparer->templated = preparer->templated || liquid_is_logic(inside);
            if (str_starts_with(inside, STR("end"))) {
                add_closer(preparer, str_skip(inside, 3));
            }
        } else if (rest.ptr[1] == '{' && inside.len > 1 && strchr("<%", *inside.ptr) != NULL) {
            inside = str_trim(str_skip(inside, 1));
            if (str_starts_with(inside, STR("/"))) {
                add_closer(preparer, str_skip(inside, 1));
            }
        }
        rest = str_skip(rest, 1);
    }
}
