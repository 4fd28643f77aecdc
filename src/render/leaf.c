/* Leaves to text and link lines. */
#include "leaf.h"

#include "base/charset.h"
#include "base/utf8.h"

/* A label shorter than this many columns ("*", "1") cannot be told from its neighbours. */
#define LABEL_WIDTH_MIN 2

/* Words of the same link are gathered up to here; more would be hostile. */
#define LABEL_GROWS_TO 400

/* Up to so many lines a look at each is cheaper than a table. */
#define FEW_LINES 16

struct link_line *link_lines_find(const struct link_lines *lines, struct str url)
{
    size_t index;

    if (lines->count > FEW_LINES) {
        return map_find(&lines->by_url, url, &index) ? &lines->items[index] : NULL;
    }
    for (size_t i = 0; i < lines->count; i++) {
        if (str_equal(lines->items[i].url, url)) {
            return &lines->items[i];
        }
    }
    return NULL;
}

void link_lines_add(struct link_lines *lines, struct link_line line)
{
    if (link_lines_find(lines, line.url) != NULL) {
        return;
    }
    *ARENA_PUSH(lines->arena, lines->items, lines->count, &lines->capacity) = line;
    if (lines->count == FEW_LINES + 1) {
        map_init(&lines->by_url, lines->arena);
        for (size_t i = 0; i < lines->count; i++) {
            map_add(&lines->by_url, lines->items[i].url, i);
        }
    } else if (lines->count > FEW_LINES) {
        map_add(&lines->by_url, line.url, lines->count - 1);
    }
}

static bool opens_link(const struct run *run)
{
    return (run->kind == RUN_LINK || run->kind == RUN_IMAGE) && !run->close;
}

/* Where the link that opens at run `from` closes. */
static size_t closing_run(const struct block *leaf, size_t from)
{
    for (size_t i = from + 1; i < leaf->run_count; i++) {
        const struct run *run = &leaf->runs[i];

        if (run->close && run->kind == leaf->runs[from].kind &&
            run->link == leaf->runs[from].link) {
            return i;
        }
    }
    return leaf->run_count;
}

/* One line, blanks collapsed. */
static struct str tidy_label(struct arena *arena, struct str label)
{
    char *out = arena_alloc(arena, label.len + 1);
    size_t len = 0;

    label = str_trim(label);
    for (size_t i = 0; i < label.len; i++) {
        if (!byte_is_blank(label.ptr[i])) {
            out[len++] = label.ptr[i];
        } else if (len > 0 && out[len - 1] != ' ') {
            out[len++] = ' ';
        }
    }
    return (struct str){ out, len };
}

/* The last part of an address's path, read. */
static struct str file_name(struct arena *arena, struct str url)
{
    char *out;
    size_t len = 0;

    url = str_first(url, str_find(url, '?'));
    for (size_t i = url.len; i > 0; i--) {
        if (url.ptr[i - 1] == '/' && i < url.len) {
            url = str_skip(url, i);
            break;
        }
    }
    out = arena_alloc(arena, url.len + 1);
    for (size_t i = 0; i < url.len; i++) {
        bool encoded = url.ptr[i] == '%' && i + 2 < url.len && byte_hex(url.ptr[i + 1]) >= 0 &&
                       byte_hex(url.ptr[i + 2]) >= 0;

        out[len++] =
            encoded ? (char)(byte_hex(url.ptr[i + 1]) * 16 + byte_hex(url.ptr[i + 2])) : url.ptr[i];
        i += encoded ? 2 : 0;
    }
    return tidy_label(arena, utf8_clean(arena, (struct str){ out, len }, NULL));
}

/* What a link is called: its words, else its title; an image never goes without a name. */
static struct str link_label(struct arena *arena, const struct block *leaf, size_t open,
                             struct str url)
{
    const struct link *link = &leaf->links[leaf->runs[open].link];
    struct str words = document_plain_text(arena, leaf, open + 1, closing_run(leaf, open));
    struct str label = tidy_label(arena, words);

    if (label.len == 0) {
        label = tidy_label(arena, link->title);
    }
    if (link->image) {
        label = label.len > 0 ? label : file_name(arena, url);
        return arena_printf(arena, "%.*s [image]", STR_ARG(label));
    }
    return str_equal(label, url) ? STR("") : label;
}

/* Nothing but what is put between links that stand in a row, or around them. What is in brackets
 * behind a link belongs to it, and those before the first, "[ ]", are a task's box. */
static bool is_separator(struct str text, bool first)
{
    while (text.len > 0) {
        uint32_t character = utf8_next(&text);

        if (character != ' ' && character != '|' && character != '[' && character != ')' &&
            character != 0xA0 && character != 0xB7 && character != 0x2022 &&
            character != (first ? '(' : ']')) {
            return false;
        }
    }
    return true;
}

static bool is_links_only(const struct block *leaf, const struct str *urls)
{
    int inside = 0;
    bool any = false;

    for (size_t i = 0; i < leaf->run_count; i++) {
        const struct run *run = &leaf->runs[i];

        if (run->kind == RUN_LINK || run->kind == RUN_IMAGE) {
            if (document_url(urls, leaf, run->link).len == 0) {
                continue; /* its words are text */
            }
            inside += run->close ? -1 : 1;
            any = true;
        } else if (inside == 0 && (run->kind == RUN_CODE ||
                                   (run->kind == RUN_TEXT && !is_separator(run->text, !any)))) {
            return false;
        }
    }
    return any;
}

/* Where links are all the text there is, one that is repeated adds its words to its line. */
static void add_words(struct arena *arena, struct link_line *line, struct str words)
{
    if (line->label.len < LABEL_GROWS_TO && words.len > 0 &&
        str_find_str(line->label, words) == line->label.len) {
        line->label = arena_printf(arena, "%.*s%s%.*s", STR_ARG(line->label),
                                   line->label.len > 0 ? " " : "", STR_ARG(words));
    }
}

/* Whether the link at a run begins with an image of the very thing it leads to. */
static bool shows_its_target(const struct block *leaf, size_t at, const struct str *urls)
{
    const struct run *next = at + 1 < leaf->run_count ? &leaf->runs[at + 1] : NULL;

    return leaf->runs[at].kind == RUN_LINK && next != NULL && next->kind == RUN_IMAGE &&
           !next->close &&
           str_equal(document_url(urls, leaf, leaf->runs[at].link),
                     document_url(urls, leaf, next->link));
}

static void gather_links(struct arena *arena, const struct block *leaf, const struct str *urls,
                         bool links_only, struct link_lines *lines)
{
    *lines = (struct link_lines){ .arena = arena };
    for (size_t i = 0; i < leaf->run_count; i++) {
        const struct run *run = &leaf->runs[i];
        struct str url = opens_link(run) ? document_url(urls, leaf, run->link) : STR("");
        struct link_line *line;

        if (url.len == 0 || shows_its_target(leaf, i, urls)) {
            continue;
        }
        line = link_lines_find(lines, url);
        if (line == NULL) {
            link_lines_add(
                lines, (struct link_line){ .url = url, .label = link_label(arena, leaf, i, url) });
        } else if (links_only && run->kind == RUN_LINK) {
            add_words(arena, line, link_label(arena, leaf, i, url));
        }
    }
}

static struct str lower_case(struct arena *arena, struct str text)
{
    char *bytes = arena_alloc(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        bytes[i] = byte_lower(text.ptr[i]);
    }
    return (struct str){ bytes, text.len };
}

static bool repeat_a_label(const struct link_lines *lines)
{
    struct map labels;

    map_init(&labels, lines->arena);
    for (size_t i = 0; i < lines->count; i++) {
        struct str label = lines->items[i].label;

        if (label.len > 0 && !map_add(&labels, lower_case(lines->arena, label), i)) {
            return true;
        }
    }
    return false;
}

bool link_lines_need_numbers(const struct link_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct str label = lines->items[i].label;

        if (label.len > 0 && label.len < 4 && utf8_width(label) < LABEL_WIDTH_MIN) {
            return true;
        }
        for (size_t j = 0; j < i && label.len > 0 && lines->count <= FEW_LINES; j++) {
            if (str_equal_nocase(lines->items[j].label, label)) {
                return true;
            }
        }
    }
    return lines->count > FEW_LINES && repeat_a_label(lines);
}

unsigned link_lines_number(const struct link_lines *lines, struct str url)
{
    const struct link_line *line = url.len > 0 ? link_lines_find(lines, url) : NULL;

    return line != NULL ? line->number : 0;
}

/* A blank that what stood between two texts has left twice is one. */
static void add_text(struct strbuf *out, struct str text)
{
    bool twice = str_starts_with(text, STR(" ")) && str_ends_with(strbuf_str(out), STR(" "));

    strbuf_add(out, str_skip(text, twice));
}

/* How many backticks to put around code: as few as are nowhere together in it. */
static size_t count_ticks(struct str code)
{
    bool single = false;
    bool twin = false;
    size_t longest = 0;

    for (size_t i = str_find(code, '`'); i < code.len; i++) {
        size_t run = str_run(str_skip(code, i), '`');

        single |= run == 1;
        twin |= run == 2;
        longest = run > longest ? run : longest;
        i += run;
    }
    return !single ? 1 : !twin ? 2 : longest + 1;
}

/* Between single backticks, unless there are some at its own ends. */
static void add_code(struct strbuf *out, struct str code)
{
    bool apart = str_starts_with(code, STR("`")) || str_ends_with(code, STR("`"));
    size_t ticks = apart ? count_ticks(code) : 0;

    strbuf_add(out, str_ends_with(strbuf_str(out), STR("`")) ? STR(" ") : STR(""));
    strbuf_repeat(out, '`', ticks);
    strbuf_add_byte(out, apart ? ' ' : '`');
    strbuf_add(out, code);
    strbuf_add_byte(out, apart ? ' ' : '`');
    strbuf_repeat(out, '`', ticks);
}

static void write_run(struct strbuf *out, const struct block *leaf, size_t at,
                      const struct leaf_style *style, const struct link_lines *links)
{
    const struct run *run = &leaf->runs[at];
    bool marks = style->convert.emphasis == EMPHASIS_MARKS;

    switch (run->kind) {
    case RUN_TEXT:
        add_text(out, run->text);
        break;
    case RUN_CODE:
        add_code(out, run->text);
        break;
    case RUN_SOFT_BREAK:
    case RUN_HARD_BREAK:
        if (run->kind == RUN_HARD_BREAK && style->breaks) {
            strbuf_add_byte(out, '\n');
        } else if (run->kind == RUN_HARD_BREAK
                       ? out->len > 0 && !str_ends_with(strbuf_str(out), STR(" "))
                       : document_break_needs_blank(strbuf_str(out), run + 1,
                                                    leaf->run_count - at - 1)) {
            strbuf_add_byte(out, ' '); /* the author wanted the lines apart, whatever the script */
        }
        break;
    case RUN_EMPHASIS:
        strbuf_add(out, marks ? STR("_") : STR(""));
        break;
    case RUN_STRONG:
        strbuf_add(out, marks ? STR("*") : STR(""));
        break;
    case RUN_LINK:
    case RUN_IMAGE: {
        unsigned number =
            run->close ? link_lines_number(links, document_url(style->urls, leaf, run->link)) : 0;

        if (number > 0) {
            strbuf_addf(out, "[%u]", number);
        }
        break;
    }
    }
}

/* Each physical line without blanks at its ends, lines without text left out. */
static struct str trim_lines(struct arena *arena, struct str text)
{
    struct strbuf out;
    struct str line;

    if (str_find(text, '\n') == text.len) {
        return str_trim(text);
    }
    strbuf_init(&out, arena, text.len);
    while (str_next_line(&text, &line)) {
        line = str_trim(line);
        if (line.len > 0) {
            strbuf_add(&out, out.len > 0 ? STR("\n") : STR(""));
            strbuf_add(&out, line);
        }
    }
    return strbuf_str(&out);
}

/* The most a leaf's text can become: its words, and a mark or a break for each run. */
static size_t text_max(const struct block *leaf)
{
    size_t max = 0;

    for (size_t i = 0; i < leaf->run_count; i++) {
        max += leaf->runs[i].text.len * (leaf->runs[i].kind == RUN_CODE ? 3 : 1) +
               sizeof "[4294967295]";
    }
    return max;
}

struct leaf_lines leaf_write(struct arena *arena, const struct block *leaf,
                             const struct leaf_style *style)
{
    struct leaf_lines lines = { .links_only = is_links_only(leaf, style->urls) };
    struct strbuf text;

    gather_links(arena, leaf, style->urls, lines.links_only, &lines.links);
    if (style->among == NULL && (style->number > 0 || style->convert.links == LINKS_NUMBERED ||
                                 link_lines_need_numbers(&lines.links))) {
        for (size_t i = 0; i < lines.links.count && !lines.links_only; i++) {
            lines.links.items[i].number = (style->number > 0 ? style->number : 1) + (unsigned)i;
        }
    }
    strbuf_init(&text, arena, text_max(leaf));
    for (size_t i = 0; i < leaf->run_count; i++) {
        write_run(&text, leaf, i, style, style->among != NULL ? style->among : &lines.links);
    }
    lines.text =
        charset_fit(arena, trim_lines(arena, strbuf_str(&text)), (enum charset)style->charset);
    return lines;
}
