/* Gemini: from a request line to a page of an edition, or to the reason why there is none. What an
 * answer says is decided here and nowhere else; no byte of a request ever comes back in one. */
#include "protocol/gemini.h"

#include "base/utf8.h"
#include "protocol/url.h"

#define LINE_END_LEN 2 /* CR LF */

/* What keeps a request from its page. */
enum refusal {
    REFUSE_NOTHING,
    REFUSE_TOO_LONG,
    REFUSE_NOT_A_URL,
    REFUSE_NOT_ABSOLUTE,
    REFUSE_USERINFO,
    REFUSE_FRAGMENT,
    REFUSE_SCHEME,
    REFUSE_HOST,
    REFUSE_SNI,
    REFUSE_PORT,
    REFUSE_PATH,
    REFUSE_NOT_FOUND,
    REFUSE_UNSENDABLE,
};

/* Every answer that is not a page. Source: gemini.md, section 3. */
static const struct {
    int status;
    struct str text;
} refusals[] = {
    [REFUSE_TOO_LONG] = { 59, STR_INIT("A request has at most 1024 bytes and ends in CR LF") },
    [REFUSE_NOT_A_URL] = { 59, STR_INIT("The request is not a URL") },
    [REFUSE_NOT_ABSOLUTE] = { 59, STR_INIT("The request is not a URL with scheme and host") },
    [REFUSE_USERINFO] = { 59, STR_INIT("A Gemini URL has no user name") },
    [REFUSE_FRAGMENT] = { 59, STR_INIT("A requested URL has no fragment") },
    [REFUSE_SCHEME] = { 53, STR_INIT("Only gemini URLs are answered here") },
    [REFUSE_HOST] = { 53, STR_INIT("This host is not served here") },
    [REFUSE_SNI] = { 53, STR_INIT("The URL's host is not the one that TLS was set up for") },
    [REFUSE_PORT] = { 53, STR_INIT("This port is not served here") },
    [REFUSE_PATH] = { 59, STR_INIT("The URL's path is malformed") },
    [REFUSE_NOT_FOUND] = { 51, STR_INIT("There is nothing at this address") },
    [REFUSE_UNSENDABLE] = { 50, STR_INIT("What is here does not fit into a Gemini answer") },
};

/* ---- heads --------------------------------------------------------------------------------- */

/* Source: gemini.md G32, G33, G35. */
static bool is_header_text(struct str text)
{
    if (text.len == 0 || text.len > ANSWER_HEADER_TEXT_MAX || !utf8_valid(text)) {
        return false;
    }
    while (text.len > 0) {
        uint32_t character = utf8_next(&text);

        if (!utf8_printable(character) || character == '\t' || character == '\n') {
            return false;
        }
    }
    return true;
}

/* Make the answer "NN text" without a body. */
static void answer_head(struct answer *answer, int status, struct str text)
{
    char *head = answer->head;

    *head++ = (char)('0' + status / 10);
    *head++ = (char)('0' + status % 10);
    *head++ = ' ';
    memcpy(head, text.ptr, text.len);
    head += text.len;
    *head++ = '\r';
    *head++ = '\n';
    answer->head_len = (size_t)(head - answer->head);
    answer->status = status;
    answer->body = STR("");
    answer->fd = -1;
    answer->size = 0;
    answer->edition = NULL;
    answer->made = NULL;
}

static void answer_refusal(struct answer *answer, enum refusal why)
{
    answer_head(answer, refusals[why].status, refusals[why].text);
}

/* As answer_head, for text that an edition brought: what would break the header stays here. */
static bool answer_text(struct answer *answer, int status, struct str text)
{
    if (!is_header_text(text)) {
        answer_refusal(answer, REFUSE_UNSENDABLE);
        return false;
    }
    answer_head(answer, status, text);
    return true;
}

/* ---- the request --------------------------------------------------------------------------- */

/* Everything about the URL that does not depend on who we are. Source: gemini.md G24. */
static enum refusal check_url(struct str line, struct url *url)
{
    if (line.len > GEMINI_URL_MAX) {
        return REFUSE_TOO_LONG;
    }
    if (!url_split(line, url)) {
        return REFUSE_NOT_A_URL;
    }
    if (url->scheme.len == 0 || !url->has_authority) {
        return REFUSE_NOT_ABSOLUTE;
    }
    if (url->has_userinfo) {
        return REFUSE_USERINFO;
    }
    if (url->has_fragment) {
        return REFUSE_FRAGMENT;
    }
    if (url->host.len == 0) {
        return REFUSE_NOT_ABSOLUTE;
    }
    return url_has_scheme(url, STR("gemini")) ? REFUSE_NOTHING : REFUSE_SCHEME;
}

static const struct served *find_host(const struct capsules *capsules, struct str host)
{
    for (size_t i = 0; i < capsules->count; i++) {
        for (size_t j = 0; j < capsules->each[i].host_count; j++) {
            if (str_equal(capsules->each[i].hosts[j], host)) {
                return &capsules->each[i];
            }
        }
    }
    return NULL;
}

static bool serves_port(const struct served *served, uint16_t port)
{
    for (size_t i = 0; i < served->port_count; i++) {
        if (served->ports[i] == port) {
            return true;
        }
    }
    return false;
}

/* Whose capsule the URL asks for. Source: gemini.md G4, G25-G27. */
static enum refusal find_capsule(const struct capsules *capsules, struct str sni,
                                 const struct url *url, const struct served **served)
{
    char host[HOSTNAME_SIZE];

    *served = url_host(url, host) ? find_host(capsules, str_from(host)) : NULL;
    if (*served == NULL) {
        return REFUSE_HOST;
    }
    if (sni.len > 0 && !str_equal_nocase(sni, str_from(host))) {
        return REFUSE_SNI;
    }
    return serves_port(*served, url->has_port ? url->port : gemini.default_port) ? REFUSE_NOTHING
                                                                                 : REFUSE_PORT;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void answer_page(struct answer *answer, const struct served *served, const struct page *page)
{
    if (page->kind == PAGE_REDIRECT) {
        answer_text(answer, 31, page->location);
    } else if (answer_text(answer, 20, page->media_type)) {
        answer->edition = served->edition;
        answer->reads = served->reads != NULL ? &served->reads[page->number] : NULL;
        answer->body = page->fd == -1 ? page->body : STR("");
        answer->fd = page->fd;
        answer->size = page->size;
    }
}

/* A folder was asked for without its slash; relative links in it need one. The query stays behind:
 * no folder reads one, and so nothing of the request is sent back. Source: gemini.md G43. */
static void answer_folder(struct answer *answer, struct str path)
{
    char bytes[ANSWER_HEADER_TEXT_MAX];
    struct str location;

    if (url_encode_path(path, bytes, sizeof bytes, &location)) {
        answer_text(answer, 31, location);
    } else {
        answer_refusal(answer, REFUSE_UNSENDABLE);
    }
}

static void answer_path(const struct served *served, struct str encoded, struct answer *answer)
{
    char bytes[1 + GEMINI_URL_MAX + 1]; /* a slash for the empty path, one for a folder */
    struct str path;
    const struct page *page;
    enum url_path verdict = url_decode_path(encoded, bytes, sizeof bytes - 1, &path);

    if (verdict != URL_PATH_FINE) {
        answer_refusal(answer, verdict == URL_PATH_BROKEN ? REFUSE_PATH : REFUSE_NOT_FOUND);
        return;
    }
    page = edition_find(served->edition, EDITION_GEMINI, path);
    if (page != NULL) {
        answer_page(answer, served, page);
        return;
    }
    bytes[path.len++] = '/';
    page = edition_find(served->edition, EDITION_GEMINI, path);
    if (page == NULL) {
        answer_refusal(answer, REFUSE_NOT_FOUND);
    } else if (page->kind == PAGE_REDIRECT) {
        answer_page(answer, served, page); /* no chains: gemini.md G45 */
    } else {
        answer_folder(answer, path);
    }
}

static void gemini_answer(const struct capsules *capsules, const struct request_context *context,
                          struct str line, struct answer *answer)
{
    struct url url;
    const struct served *served = NULL;
    enum refusal why = check_url(line, &url);

    if (why == REFUSE_NOTHING) {
        why = find_capsule(capsules, context->sni, &url, &served);
    }
    if (why == REFUSE_NOTHING) {
        answer_path(served, url.path, answer);
    } else {
        answer_refusal(answer, why);
    }
}

static void gemini_refuse(struct answer *answer)
{
    answer_refusal(answer, REFUSE_TOO_LONG);
}

/* A number of seconds, which is what clients understand. Source: gemini.md G52. */
static void gemini_slow_down(unsigned seconds, struct answer *answer)
{
    char text[16];

    snprintf(text, sizeof text, "%u", seconds);
    answer_text(answer, 44, str_from(text));
}

/* Only CR LF ends a request: a lone CR or LF inside is for gemini_answer to refuse.
 * Source: gemini.md G14, G19, G22. */
static enum line_state gemini_scan(struct str received, size_t *length)
{
    struct str window = str_first(received, GEMINI_URL_MAX + LINE_END_LEN);
    size_t end = str_find_str(window, STR("\r\n"));

    if (end < window.len) {
        *length = end;
        return LINE_COMPLETE;
    }
    if (window.len <= GEMINI_URL_MAX ||
        (window.len == GEMINI_URL_MAX + 1 && window.ptr[GEMINI_URL_MAX] == '\r')) {
        return LINE_INCOMPLETE;
    }
    return LINE_TOO_LONG;
}

const struct protocol gemini = {
    .name = "gemini",
    .default_port = 1965,
    .tls = true,
    .line_max = GEMINI_URL_MAX + LINE_END_LEN,
    .scan = gemini_scan,
    .answer = gemini_answer,
    .refuse = gemini_refuse,
    .slow_down = gemini_slow_down,
};
