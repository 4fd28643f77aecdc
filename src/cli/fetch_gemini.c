/* fetch over Gemini: a request, the header of its answer, and where redirects lead. */
#include <stdio.h>

#include "base/strbuf.h"
#include "commands.h"
#include "fetch.h"
#include "protocol/gemini.h"
#include "show.h"

#define REDIRECTS_MAX 5                    /* Source: gemini.md G45 */
#define REDIRECT_SIZE (2 * GEMINI_URL_MAX) /* of an address before its fragment is cut off */

/* What one request is made of. */
struct request {
    struct client_target target;
    struct str url; /* absolute, without CR LF */
};

struct header {
    char received[ANSWER_HEAD_MAX]; /* with what of the body came along */
    size_t received_len;
    int status;      /* from 10 to 69 */
    struct str line; /* whole, without its CR LF: foreign bytes */
    struct str text; /* what follows the status: a media type, an address, a prompt, a reason */
    struct str rest; /* what of the body came along */
};

static const struct place nowhere = { NULL, 0 };

/* ---- the request ---------------------------------------------------------------------------- */

/* Bytes that a reader may type and a request must not hold. */
static void add_encoded(struct strbuf *buf, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];

        if (byte >= 0x80 || byte == '[' || byte == ']') {
            strbuf_addf(buf, "%%%02X", byte);
        } else {
            strbuf_add_byte(buf, text.ptr[i]);
        }
    }
}

static bool write_request(const struct url *url, struct arena *arena, struct request *request)
{
    struct strbuf buf;

    strbuf_init(&buf, arena, GEMINI_URL_MAX);
    strbuf_addf(&buf, url->has_ipv6 ? "gemini://[%s]" : "gemini://%s", request->target.host);
    if (request->target.port != gemini.default_port) {
        strbuf_addf(&buf, ":%u", (unsigned)request->target.port);
    }
    add_encoded(&buf, url->path.len > 0 ? url->path : STR("/"));
    if (url->has_query) {
        strbuf_add_byte(&buf, '?');
        add_encoded(&buf, url->query);
    }
    request->url = strbuf_str(&buf);
    return !buf.full;
}

/* A URL to a request: its host looked up and sent as ASCII, its fragment kept to ourselves.
 * Returns NULL, or why there can be no request. */
static const char *request_for(const struct fetch *fetch, const struct url *url,
                               struct request *request)
{
    const char *problem;

    request->target = (struct client_target){ .port = gemini.default_port,
                                              .tls = true,
                                              .timeout_s = fetch->timeout_s };
    problem = client_aim(&request->target, url);
    if (problem == NULL && !write_request(url, fetch->arena, request)) {
        problem = "it is longer than the 1024 bytes that Gemini allows";
    }
    return problem;
}

static bool send_request(struct client *client, const struct request *request, struct diag *diag)
{
    char line[GEMINI_URL_MAX + 2];

    memcpy(line, request->url.ptr, request->url.len);
    memcpy(line + request->url.len, "\r\n", 2);
    return client_send(client, (struct str){ line, request->url.len + 2 }, diag);
}

/* ---- the header ----------------------------------------------------------------------------- */

static bool parse_header(struct header *header)
{
    struct str line = header->line;

    /* "51" alone is whole. A blank with nothing behind it breaks the rules and hurts nobody. */
    if (line.len < 2 || line.ptr[0] < '1' || line.ptr[0] > '6' || !byte_is_digit(line.ptr[1]) ||
        (line.len > 2 && line.ptr[2] != ' ')) {
        return false;
    }
    header->status = (line.ptr[0] - '0') * 10 + (line.ptr[1] - '0');
    header->text = str_skip(line, 3);
    return true;
}

static bool read_header(struct client *client, struct header *header, struct diag *diag)
{
    struct str received;
    size_t end;

    header->received_len = 0;
    do {
        ssize_t count = client_receive(client, header->received + header->received_len,
                                       sizeof header->received - header->received_len,
                                       "the answer has no header", diag);

        if (count < 0) {
            return false;
        }
        header->received_len += (size_t)count;
        received = (struct str){ header->received, header->received_len };
        end = str_find_str(received, STR("\r\n"));
        if (end == received.len && (count == 0 || received.len == sizeof header->received)) {
            diag_error(diag, nowhere, "the answer is not a Gemini one: no line end in %s%zu bytes",
                       count == 0 ? "its " : "the first ", received.len);
            return false;
        }
    } while (end == received.len);
    header->line = str_first(received, end);
    header->rest = str_skip(received, end + 2);
    if (!parse_header(header)) {
        diag_error(diag, nowhere, "the answer is not a Gemini one: '%.*s'", STR_ARG(header->line));
        return false;
    }
    return true;
}

/* ---- one request, and where it leads -------------------------------------------------------- */

static struct str resolve(struct fetch *fetch, struct str base, struct str reference)
{
    char *out = arena_alloc(fetch->arena, REDIRECT_SIZE);
    struct str target;

    if (reference.len == 0 || !url_resolve(base, reference, out, REDIRECT_SIZE, &target)) {
        return STR("");
    }
    return target;
}

/* Ask once and show the answer. A redirect's target is put into *next: an absolute address, empty
 * when it makes none. Returns the exit status. */
static int converse(struct fetch *fetch, struct client *client, const struct request *request,
                    struct str *next)
{
    struct header header;

    fetch_introduce(fetch, client);
    if (!send_request(client, request, fetch->diag) || !read_header(client, &header, fetch->diag)) {
        return STATUS_FAILED;
    }
    show_note("", header.line);
    switch (header.status / 10) {
    case 2:
        return show_bytes(client, header.rest, fetch->diag) ? STATUS_OK : STATUS_FAILED;
    case 3:
        *next = resolve(fetch, request->url, header.text);
        return STATUS_REDIRECT;
    default:
        return header.status / 10 * 10;
    }
}

static int ask(struct fetch *fetch, const struct request *request, struct str *next)
{
    struct client *client = client_open(&request->target, fetch->diag);
    int status = client != NULL ? converse(fetch, client, request, next) : STATUS_FAILED;

    client_close(client);
    return status;
}

/* Where a redirect leads, as a request. Returns NULL, or why it is not followed. */
static const char *request_next(const struct fetch *fetch, struct str next, struct request *request)
{
    struct url url;

    if (next.len == 0 || !url_split(next, &url)) {
        return "it leads nowhere";
    }
    if (!url_has_scheme(&url, STR("gemini"))) {
        return "it leads out of Gemini";
    }
    return request_for(fetch, &url, request);
}

int fetch_gemini(struct fetch *fetch, const struct url *url, const char **problem)
{
    struct request request;

    *problem = request_for(fetch, url, &request);
    if (*problem != NULL) {
        return STATUS_USAGE;
    }
    for (int followed = 0;; followed++) {
        struct str next = STR("");
        int status = ask(fetch, &request, &next);
        const char *refusal;

        if (status != STATUS_REDIRECT || !fetch->follow) {
            return status;
        }
        if (followed == REDIRECTS_MAX) {
            fprintf(stderr, "not followed: more than %d redirects\n", REDIRECTS_MAX);
            return status;
        }
        refusal = request_next(fetch, next, &request);
        if (refusal != NULL) {
            fprintf(stderr, "not followed: %s\n", refusal);
            return status;
        }
        show_note("redirected to ", request.url);
    }
}
