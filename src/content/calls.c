/* Zola's shortcodes that stand alone: {{ youtube(id="x") }}. What they are given as texts is
 * markdown, and is put in behind them. Source: Zola's page on shortcodes. */
#include "foreign.h"

/* Arguments that are texts, and names of pictures' addresses that are one of several. */
static const struct str text_names[] = { STR_INIT("text"),       STR_INIT("content"),
                                         STR_INIT("body"),       STR_INIT("quote"),
                                         STR_INIT("original"),   STR_INIT("translated"),
                                         STR_INIT("translation") };

struct call {
    struct foreign foreign;
    struct strbuf others; /* the arguments that are no texts */
    struct strbuf texts;  /* markdown, as lines */
    struct str author;
    size_t end;
    bool quote;
    bool pictured;
};

/* ---- its end --------------------------------------------------------------------------------- */

/* Where ")" and "}}" end a call, strings passed over; 0 when nothing does. */
static size_t call_length(struct preparer *preparer, struct str text)
{
    char quote = '\0';

    for (size_t at = 2; at + 1 < text.len; at++) {
        char c = text.ptr[at];

        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (strchr("\"'`", c) != NULL && c != '\0') {
            quote = c;
        } else if (c == '}' || c == '{') {
            return c == '}' && text.ptr[at + 1] == '}' ? at + 2 : 0;
        }
    }
    preparer_pay(preparer, text.len);
    return 0;
}

/* "name(" and ")", with arguments that have names. */
static bool read_call(struct preparer *preparer, struct call *call)
{
    struct str rest =
        str_first(str_skip(preparer->in, preparer->at), foreign_limit(preparer) - preparer->at);
    struct str inside = str_trim(str_first(str_skip(rest, 2), 64));
    size_t name = 0;
    size_t len;

    while (name < inside.len && (byte_is_name(inside.ptr[name]) || inside.ptr[name] == '/')) {
        name++;
    }
    if (name == 0 || !byte_is_alpha(*inside.ptr) || name == inside.len || inside.ptr[name] != '(' ||
        preparer->patience < rest.len) {
        return false;
    }
    len = call_length(preparer, rest);
    if (len == 0) {
        return false;
    }
    call->end = preparer->at + len;
    call->foreign = foreign_split(str_first(str_skip(rest, 2), len - 4));
    inside = str_trim(call->foreign.arguments);
    if (inside.len < 2 || !str_ends_with(inside, STR(")")) ||
        (inside.len > 2 && str_find(inside, '=') == inside.len)) {
        return false;
    }
    call->foreign.arguments = str_first(str_skip(inside, 1), inside.len - 2);
    call->foreign.empty = true;
    return true;
}

/* ---- its arguments --------------------------------------------------------------------------- */

static void add_text(struct call *call, struct str text)
{
    struct str line;

    if (call->texts.len > 0) {
        strbuf_add(&call->texts, call->quote ? STR(">\n") : STR("\n"));
    }
    while (str_next_line(&text, &line)) {
        strbuf_add(&call->texts, call->quote ? STR("> ") : STR(""));
        strbuf_add(&call->texts, str_trim(line));
        strbuf_add_byte(&call->texts, '\n');
    }
}

static void add_other(struct call *call, struct str name, struct str value)
{
    strbuf_addf(&call->others, " %.*s=\"", STR_ARG(name));
    for (size_t i = 0; i < value.len; i++) {
        bool escape = value.ptr[i] == '"' || value.ptr[i] == '\\';

        strbuf_add(&call->others, escape ? STR("\\") : STR(""));
        strbuf_add_byte(&call->others, value.ptr[i]);
    }
    strbuf_add_byte(&call->others, '"');
}

/* "light_src" and "dark_src" are one picture twice: the first is taken. */
static void add_picture(struct preparer *preparer, struct call *call, struct str value)
{
    struct strbuf url;

    if (call->pictured) {
        return;
    }
    call->pictured = true;
    strbuf_init(&url, preparer->arena, value.len * 3 + 1);
    for (size_t i = 0; i < value.len; i++) {
        strbuf_add(&url, value.ptr[i] == ' ' ? STR("%20") : (struct str){ &value.ptr[i], 1 });
    }
    add_other(call, STR("src"), strbuf_str(&url));
}

static void sort_argument(struct preparer *preparer, struct call *call, struct str name,
                          struct str value)
{
    if (IS_ONE_OF(name, text_names)) {
        add_text(call, value);
    } else if (call->quote && str_equal_nocase(name, STR("author"))) {
        call->author = value;
    } else if (str_equal(name, STR("src")) || str_ends_with(name, STR("_src"))) {
        add_picture(preparer, call, value);
    } else {
        add_other(call, str_ends_with(name, STR("_alt")) ? STR("alt") : name, value);
    }
}

static void sort_arguments(struct preparer *preparer, struct call *call)
{
    struct str rest = call->foreign.arguments;
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&call->others, preparer->arena, rest.len * 4 + 64);
    strbuf_init(&call->texts, preparer->arena, rest.len * 4 + 64);
    while (argument_take(preparer->arena, &rest, &place, &name, &value)) {
        sort_argument(preparer, call, name, value);
    }
    if (call->author.len > 0 && call->texts.len > 0) {
        add_text(call, arena_printf(preparer->arena, "— %.*s", STR_ARG(call->author)));
    } else if (call->author.len > 0) {
        add_other(call, STR("author"), call->author);
    }
    call->foreign.arguments = strbuf_str(&call->others);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Whether there is nothing else in its lines. */
static bool is_alone(const struct preparer *preparer, size_t end)
{
    struct str after = str_skip(preparer->in, end);

    return !preparer->text_in_line && str_trim(str_first(after, str_find(after, '\n'))).len == 0;
}

static void write_texts(struct preparer *preparer, struct str texts, bool alone)
{
    struct str line;

    while (str_next_line(&texts, &line)) {
        if (alone) {
            preparer_end_line(preparer);
        }
        preparer_write(preparer, line);
        if (!alone) {
            preparer_write(preparer, texts.len > 0 ? STR(" ") : STR(""));
        }
    }
    if (alone) {
        preparer_end_line(preparer);
    }
}

bool call_take(struct preparer *preparer)
{
    struct call call = { 0 };
    bool alone;

    if (!read_call(preparer, &call)) {
        return false;
    }
    alone = is_alone(preparer, call.end);
    call.quote = alone && str_ends_with(call.foreign.name, STR("quote"));
    sort_arguments(preparer, &call);
    if (call.texts.len > 0 && call.foreign.arguments.len == 0) {
        preparer_mark(preparer, call.end, MARK_NOTHING, STR(""));
    } else {
        foreign_mark(preparer, &call.foreign, call.end, STR(""));
    }
    if (call.texts.len > 0) {
        write_texts(preparer, strbuf_str(&call.texts), alone);
    }
    return true;
}
