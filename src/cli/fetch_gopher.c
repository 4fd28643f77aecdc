/* fetch over Gopher: a selector, and an answer that does not say what it is. */
#include <stdio.h>

#include "commands.h"
#include "fetch.h"
#include "gopher_menu.h"
#include "gopher_text.h"
#include "protocol/gopher.h"
#include "show.h"

/* Bytes in which to recognize an error: some servers say more than one line. */
#define ERROR_MAX 4096

/* How the answer comes. Source: gopher.md R18, R19. */
enum form {
    FORM_BYTES, /* as they are, until the connection closes */
    FORM_TEXT,
    FORM_MENU,
    FORM_NONE, /* there is no answer in Gopher's sense */
};

/* Source: RFC 1436, section 3.8; gopher.md, section 3. */
static const struct item_type {
    char type;
    enum form form;
    const char *words;
} item_types[] = {
    { '0', FORM_TEXT, "text" },
    { '1', FORM_MENU, "menu" },
    { '2', FORM_NONE, "a phone book has a protocol of its own" },
    { '3', FORM_NONE, "an error leads nowhere" },
    { '4', FORM_BYTES, "BinHex file" },
    { '5', FORM_BYTES, "archive" },
    { '6', FORM_BYTES, "uuencoded file" },
    { '7', FORM_MENU, "search" },
    { '8', FORM_NONE, "a telnet session is nothing to fetch" },
    { '9', FORM_BYTES, "binary file" },
    { 'I', FORM_BYTES, "image" },
    { 'T', FORM_NONE, "a telnet session is nothing to fetch" },
    { ';', FORM_BYTES, "video" },
    { 'd', FORM_BYTES, "document" },
    { 'g', FORM_BYTES, "GIF image" },
    { 'h', FORM_BYTES, "HTML page" },
    { 'i', FORM_NONE, "a line of information leads nowhere" },
    { 'p', FORM_BYTES, "PNG image" },
    { 's', FORM_BYTES, "sound" },
};

/* What one request is made of. */
struct request {
    struct client_target target;
    struct item_type type;
    struct str line; /* with its CR LF */
};

static const struct place nowhere = { NULL, 0 };

/* ---- the request ---------------------------------------------------------------------------- */

static struct item_type find_type(char type)
{
    for (size_t i = 0; i < sizeof item_types / sizeof *item_types; i++) {
        if (item_types[i].type == type) {
            return item_types[i];
        }
    }
    if (type < '!' || type > '~') {
        return (struct item_type){ type, FORM_NONE, "its item type is no character of Gopher's" };
    }
    return (struct item_type){ type, FORM_BYTES, "item of an unknown type" };
}

/* What must not stand in a request line. Source: gopher.md R2, R22. */
static const char *judge_selector(struct str selector)
{
    struct str words;

    if (str_find(selector, '\r') < selector.len || str_find(selector, '\n') < selector.len) {
        return "its selector holds a line end, which would end the request";
    }
    if (str_find(selector, '\0') < selector.len) {
        return "its selector holds a NUL";
    }
    if (str_cut(selector, '\t', NULL, &words) && str_find(words, '\t') < words.len) {
        return "its selector holds a tab besides the one before the words of a search";
    }
    return NULL;
}

/* The item type and the selector in a URL's path, decoded once. A question mark in it is a byte
 * like others: Gopher knows no queries. Source: RFC 4266, section 2; gopher.md R27. */
static const char *read_path(const struct url *url, struct arena *arena, struct request *request)
{
    struct str path = arena_printf(arena, "%.*s%s%.*s", STR_ARG(str_skip(url->path, 1)),
                                   url->has_query ? "?" : "", STR_ARG(url->query));
    char *out = arena_alloc(arena, path.len + 1);
    struct str decoded;
    struct str selector;

    if (!url_decode(path, out, path.len, &decoded)) {
        return "it is no address";
    }
    request->type = find_type(decoded.len > 0 ? decoded.ptr[0] : '1');
    selector = str_skip(decoded, 1);
    request->line = arena_printf(arena, "%.*s\r\n", STR_ARG(selector));
    if (request->type.form == FORM_NONE) {
        return request->type.words;
    }
    return judge_selector(selector);
}

static const char *request_for(const struct fetch *fetch, const struct url *url,
                               struct request *request)
{
    const char *problem;

    request->target =
        (struct client_target){ .port = gopher.default_port, .timeout_s = fetch->timeout_s };
    problem = client_aim(&request->target, url);
    return problem != NULL ? problem : read_path(url, fetch->arena, request);
}

/* ---- the answer ----------------------------------------------------------------------------- */

/* Read what comes first of an answer: what shows that it is no error, or the whole error. Returns
 * how many bytes there are; *ended tells whether there will be more. */
static size_t read_beginning(struct client *client, char bytes[ERROR_MAX], bool *ended,
                             struct diag *diag)
{
    size_t len = 0;
    ssize_t count;

    do {
        count = client_receive(client, bytes + len, ERROR_MAX - len,
                               len > 0 ? "the answer is truncated" : "there is no answer", diag);
        len += count > 0 ? (size_t)count : 0;
    } while (count > 0 && bytes[0] == '3' && len < ERROR_MAX);
    *ended = count == 0;
    return len;
}

static void show_line(void *screen, const struct gopher_line *line)
{
    screen_write(screen, line->text);
    screen_write(screen, line->ends ? STR("\n") : STR(""));
}

static void write_to_text(void *text, struct str piece)
{
    gopher_text_add(text, piece);
}

static bool show_lines(struct client *client, enum form form, struct str first, struct diag *diag)
{
    struct gopher_text text;
    struct screen screen;
    bool whole;

    screen_init(&screen);
    gopher_text_init(&text, form == FORM_MENU && screen.terminal ? gopher_menu_show : show_line,
                     &screen);
    gopher_text_add(&text, first);
    whole = show_rest(client, (struct sink){ write_to_text, &text }, diag);
    whole = gopher_text_end(&text, diag) && whole;
    screen_end(&screen);
    return whole && screen_flush(diag);
}

static bool show_answer(struct client *client, enum form form, struct str first, struct diag *diag)
{
    return form == FORM_BYTES ? show_bytes(client, first, diag)
                              : show_lines(client, form, first, diag);
}

static int converse(struct client *client, const struct request *request, struct diag *diag)
{
    const struct item_type *type = &request->type;
    char bytes[ERROR_MAX];
    struct str first = { bytes, 0 };
    struct str message;
    bool ended;

    if (!client_send(client, request->line, diag)) {
        return STATUS_FAILED;
    }
    first.len = read_beginning(client, bytes, &ended, diag);
    if (ended && gopher_menu_is_error(first, &message)) {
        show_note("3 ", message);
        return STATUS_PERMANENT_FAILURE;
    }
    if (first.len == 0 && (!ended || type->form == FORM_MENU)) {
        if (ended) {
            diag_error(diag, nowhere, "there is no answer: the connection was closed");
        }
        return STATUS_FAILED;
    }
    fprintf(stderr, "%c %s\n", type->type, type->words);
    return show_answer(client, type->form, first, diag) ? STATUS_OK : STATUS_FAILED;
}

int fetch_gopher(struct fetch *fetch, const struct url *url, const char **problem)
{
    struct request request;
    struct client *client;
    int status = STATUS_FAILED;

    *problem = request_for(fetch, url, &request);
    if (*problem != NULL) {
        return STATUS_USAGE;
    }
    client = client_open(&request.target, fetch->diag);
    if (client != NULL) {
        fetch_introduce(fetch, client);
        status = converse(client, &request, fetch->diag);
    }
    client_close(client);
    return status;
}
