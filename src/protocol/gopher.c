/* Gopher: from a selector line to a page of an edition, or to an error line. Selectors are names,
 * not paths: whatever is not in the table, whether it climbs or hides, is not there. */
#include "protocol/gopher.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "base/utf8.h"

#define LINE_END_MAX  2    /* CR LF, or LF */
#define TLS_HANDSHAKE 0x16 /* the first byte of a ClientHello */

/* ---- answers that are no pages -------------------------------------------------------------- */

enum refusal { REFUSE_NOT_FOUND, REFUSE_TOO_LONG, REFUSE_NUL, REFUSE_HTTP, REFUSE_LINK };

/* The numbers are Gemini's, so that a log has one scale. */
static const struct {
    int status;
    const char *text;
} refusals[] = {
    [REFUSE_NOT_FOUND] = { 51, "There is nothing at this selector" },
    [REFUSE_TOO_LONG] = { 59, "A selector has at most 1024 bytes and ends in CR LF" },
    [REFUSE_NUL] = { 59, "A selector has no NUL" },
    [REFUSE_HTTP] = { 53, "This is a Gopher server: open it with gopher://" },
    [REFUSE_LINK] = { 53, "Links of this kind are not passed on" },
};

/* Nothing of a request is repeated in it. Source: gopher.md R21. */
static void answer_error(struct answer *answer, int status, const char *text)
{
    int len = snprintf(answer->head, sizeof answer->head,
                       "3%s\t\terror.host\t1\r\n"
                       ".\r\n",
                       text);

    answer->status = status;
    answer->head_len = (size_t)len;
    answer->body = STR("");
    answer->fd = -1;
    answer->size = 0;
    answer->edition = NULL;
    answer->reads = NULL;
    answer->made = NULL;
}

static void answer_refusal(struct answer *answer, enum refusal why)
{
    answer_error(answer, refusals[why].status, refusals[why].text);
}

static void gopher_refuse(struct answer *answer)
{
    answer_refusal(answer, REFUSE_TOO_LONG);
}

static void gopher_slow_down(unsigned seconds, struct answer *answer)
{
    char text[64];

    snprintf(text, sizeof text, "Slow down: ask again in %u s", seconds);
    answer_error(answer, 44, text);
}

/* ---- pages ---------------------------------------------------------------------------------- */

static void answer_page(struct answer *answer, const struct served *served, const struct page *page)
{
    answer->status = 20;
    answer->head_len = 0;
    answer->body = page->fd == -1 ? page->body : STR("");
    answer->fd = page->fd;
    answer->size = page->size;
    answer->edition = served->edition;
    answer->reads = served->reads != NULL ? &served->reads[page->number] : NULL;
    answer->made = NULL;
}

/* A selector as it is looked up, in room of its own. */
struct name {
    char bytes[1 + GOPHER_LINE_MAX];
    size_t len;
};

static void set_name(struct name *name, struct str text)
{
    name->len = 0;
    if (!str_starts_with(text, STR("/"))) {
        name->bytes[name->len++] = '/';
    }
    memcpy(name->bytes + name->len, text.ptr, text.len);
    name->len += text.len;
}

/* The ways in which clients bend selectors; each is undone only when what was asked for is not
 * there. They return false when there is nothing to undo. */

/* Source: gopher.md R26. */
static bool without_query(struct name *name)
{
    size_t end = str_find((struct str){ name->bytes, name->len }, '?');
    bool any = end < name->len;

    name->len = end;
    return any;
}

/* "/0/post.txt": an item type before the selector. Source: gopher.md R7. */
static bool without_type(struct name *name)
{
    if (name->len < 3 || name->bytes[2] != '/' || name->bytes[1] <= ' ') {
        return false;
    }
    name->len -= 2;
    memmove(name->bytes, name->bytes + 2, name->len);
    return true;
}

/* Once; a broken escape stays as it is. Source: gopher.md R8. */
static bool decoded(struct name *name)
{
    size_t len = 0;

    for (size_t i = 0; i < name->len; i++) {
        if (name->bytes[i] == '%' && i + 2 < name->len && byte_hex(name->bytes[i + 1]) >= 0 &&
            byte_hex(name->bytes[i + 2]) >= 0) {
            name->bytes[len++] =
                (char)(byte_hex(name->bytes[i + 1]) << 4 | byte_hex(name->bytes[i + 2]));
            i += 2;
        } else {
            name->bytes[len++] = name->bytes[i];
        }
    }
    if (len == name->len) {
        return false;
    }
    name->len = len;
    return true;
}

static bool (*const unbend[])(struct name *name) = { without_query, without_type, decoded };

#define UNBEND_COUNT (sizeof unbend / sizeof unbend[0])

/* With none of them undone, then with every set of them. */
static const struct page *find_page(const struct edition *edition, struct str selector)
{
    for (unsigned bends = 0; bends < 1u << UNBEND_COUNT; bends++) {
        struct name name;
        const struct page *page = NULL;
        bool bent = true;

        set_name(&name, selector);
        for (size_t i = 0; bent && i < UNBEND_COUNT; i++) {
            bent = (bends >> i & 1) == 0 || unbend[i](&name);
        }
        if (bent) {
            page = edition_find(edition, EDITION_GOPHER, (struct str){ name.bytes, name.len });
        }
        if (page != NULL) {
            return page;
        }
    }
    return NULL;
}

/* ---- links out of Gopher --------------------------------------------------------------------- */

/* What a browser may be sent to without harm. Source: gopher.md R20. */
static const struct str schemes[] = {
    STR_INIT("http"), STR_INIT("https"),  STR_INIT("gemini"), STR_INIT("gopher"),
    STR_INIT("ftp"),  STR_INIT("mailto"), STR_INIT("finger"), STR_INIT("spartan"),
    STR_INIT("irc"),  STR_INIT("ircs"),   STR_INIT("xmpp"),   STR_INIT("news"),
    STR_INIT("nntp"), STR_INIT("telnet"), STR_INIT("ssh"),
};

static bool is_harmless(struct str url)
{
    struct str scheme;
    bool known = false;

    str_cut(url, ':', &scheme, NULL);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        known |= str_equal_nocase(scheme, schemes[i]);
    }
    for (size_t i = 0; i < url.len; i++) {
        known &= (unsigned char)url.ptr[i] >= 0x20 && url.ptr[i] != 0x7F;
    }
    return known && utf8_valid(url);
}

static void escape(struct strbuf *out, struct str text)
{
    static const struct {
        char byte;
        const char *entity;
    } entities[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" },
    };

    for (size_t i = 0; i < text.len; i++) {
        const char *entity = NULL;

        for (size_t j = 0; j < sizeof entities / sizeof entities[0]; j++) {
            entity = entities[j].byte == text.ptr[i] ? entities[j].entity : entity;
        }
        if (entity != NULL) {
            strbuf_add(out, str_from(entity));
        } else {
            strbuf_add_byte(out, text.ptr[i]);
        }
    }
}

/* For clients that ask us where such a link leads: a page that a browser goes on from. */
static void answer_link(struct answer *answer, struct str url)
{
    static const char *const parts[] = {
        "<!DOCTYPE html>\n"
        "<html lang=\"en\">\n"
        "<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"refresh\" content=\"2; url=",
        "\">\n"
        "<title>A link out of Gopher</title>\n"
        "</head>\n"
        "<body>\n"
        "<p>This link leads out of Gopher, to <a href=\"",
        "\">",
        "</a>.</p>\n"
        "</body>\n"
        "</html>\n",
    };
    struct strbuf page;

    if (!is_harmless(url)) {
        answer_refusal(answer, REFUSE_LINK);
        return;
    }
    answer->made = arena_create();
    strbuf_init(&page, answer->made, (size_t)32 * GOPHER_LINE_MAX);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (i > 0) {
            escape(&page, url);
        }
        strbuf_add(&page, str_from(parts[i]));
    }
    answer->status = 20;
    answer->head_len = 0;
    answer->body = strbuf_str(&page);
    answer->fd = -1;
    answer->size = page.len;
    answer->edition = NULL;
    answer->reads = NULL;
}

/* ---- the request ----------------------------------------------------------------------------- */

static bool is_http(struct str line)
{
    return str_starts_with(line, STR("GET ")) || str_starts_with(line, STR("POST ")) ||
           str_starts_with(line, STR("HEAD "));
}

/* "URL:https://..." or, from clients that put a slash before everything, "/URL:..." */
static bool is_link(struct str selector, struct str *url)
{
    struct str text = str_skip(selector, str_starts_with(selector, STR("/")));

    *url = str_skip(text, STR("URL:").len);
    return str_starts_with(text, STR("URL:"));
}

/* What stands behind a tab (words to search for, Gopher+) is for selectors that expect it. */
static void gopher_answer(const struct capsules *capsules, const struct request_context *context,
                          struct str line, struct answer *answer)
{
    const struct page *page = NULL;
    struct str selector;
    struct str url;

    (void)context;
    str_cut(line, '\t', &selector, NULL);
    if (line.len > GOPHER_LINE_MAX) {
        answer_refusal(answer, REFUSE_TOO_LONG);
    } else if (str_find(line, '\0') < line.len) {
        answer_refusal(answer, REFUSE_NUL);
    } else if (is_http(line)) {
        answer_refusal(answer, REFUSE_HTTP);
    } else if (is_link(selector, &url)) {
        answer_link(answer, url);
    } else if (capsules->unnamed == NULL ||
               (page = find_page(capsules->unnamed->edition, selector)) == NULL) {
        answer_refusal(answer, REFUSE_NOT_FOUND);
    } else {
        answer_page(answer, capsules->unnamed, page);
    }
}

/* LF ends a line, with or without a CR before it; a CR alone does not. Source: gopher.md R2-R4. */
static enum line_state gopher_scan(struct str received, size_t *length)
{
    struct str window = str_first(received, GOPHER_LINE_MAX + LINE_END_MAX);
    size_t end = str_find(window, '\n');

    if (window.len > 0 && *window.ptr == TLS_HANDSHAKE) {
        return LINE_FOREIGN;
    }
    if (end < window.len) {
        end -= end > 0 && window.ptr[end - 1] == '\r';
        *length = end;
        return end <= GOPHER_LINE_MAX ? LINE_COMPLETE : LINE_TOO_LONG;
    }
    return window.len < GOPHER_LINE_MAX + LINE_END_MAX ? LINE_INCOMPLETE : LINE_TOO_LONG;
}

const struct protocol gopher = {
    .name = "gopher",
    .default_port = 70,
    .tls = false,
    .line_max = GOPHER_LINE_MAX + LINE_END_MAX,
    .scan = gopher_scan,
    .answer = gopher_answer,
    .refuse = gopher_refuse,
    .slow_down = gopher_slow_down,
};
