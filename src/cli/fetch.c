/* fetch: one address as a reader would ask for it, for people and for scripts. What to ask, what to
 * follow and what to show; the connection is client.c's. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/strbuf.h"
#include "base/utf8.h"
#include "client.h"
#include "commands.h"
#include "protocol/gemini.h"
#include "protocol/url.h"

#define REDIRECTS_MAX     5                    /* Source: gemini.md G45 */
#define REDIRECT_SIZE     (2 * GEMINI_URL_MAX) /* of an address before its fragment is cut off */
#define TIMEOUT_DEFAULT_S 10
#define TIMEOUT_MAX_S     3600

static const char usage[] =
    "usage: splashdown fetch [OPTIONS] URL\n"
    "\n"
    "Writes the header of the answer to standard error and its body to standard output.\n"
    "gemini:// may be left out.\n"
    "\n"
    "  --no-redirects     show a redirect instead of following it\n"
    "  --timeout SECONDS  give up after so long a silence (10)\n"
    "  --verbose          show the fingerprint of the server's certificate\n"
    "  --help             show this\n"
    "\n"
    "Exit status: 0 success, 10 input wanted, 30 a redirect that was not followed, 40 temporary\n"
    "failure, 50 permanent failure, 60 certificate wanted; 1 no whole answer, 2 wrong usage.\n";

struct fetch {
    bool follow;
    bool verbose;
    int timeout_s;
    struct arena *arena;
    struct diag *diag;
};

/* What one request is made of. */
struct request {
    char host[HOSTNAME_SIZE];
    uint16_t port;
    struct str url;
};

static const struct place nowhere = { NULL, 0 };

/* ---- what to ask ---------------------------------------------------------------------------- */

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
    strbuf_addf(&buf, url->has_ipv6 ? "gemini://[%s]" : "gemini://%s", request->host);
    if (request->port != gemini.default_port) {
        strbuf_addf(&buf, ":%u", (unsigned)request->port);
    }
    add_encoded(&buf, url->path.len > 0 ? url->path : STR("/"));
    if (url->has_query) {
        strbuf_add_byte(&buf, '?');
        add_encoded(&buf, url->query);
    }
    request->url = strbuf_str(&buf);
    return !buf.full;
}

/* An address to a request: its host looked up and sent as ASCII, its fragment kept to ourselves.
 * Returns NULL, or why there can be no request. */
static const char *request_for(struct str address, struct arena *arena, struct request *request)
{
    struct url url;

    if (!url_split(address, &url)) {
        return "it is no address";
    }
    if (url_has_scheme(&url, STR("gopher"))) {
        return "fetch does not speak gopher yet";
    }
    if (!url_has_scheme(&url, STR("gemini"))) {
        return "only gemini:// addresses can be fetched";
    }
    if (url.has_userinfo) {
        return "a Gemini address names no user";
    }
    if (url.host.len == 0 || !url_host(&url, request->host)) {
        return "its host is no host name";
    }
    request->port = url.has_port ? url.port : gemini.default_port;
    if (!write_request(&url, arena, request)) {
        return "it is longer than the 1024 bytes that Gemini allows";
    }
    return NULL;
}

/* ---- what to show --------------------------------------------------------------------------- */

/* Foreign text must not steer a terminal: controls are shown instead of sent. Line ends and tabs
 * stay only in a text of many lines. */
static void print_safely(struct str text, bool many_lines, FILE *to)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t character = utf8_next(&text);
        size_t len = before.len - text.len;
        bool plain = utf8_printable(character) && (len > 1 || character != UTF8_REPLACEMENT);

        if (character == '\n' || character == '\t') {
            plain = many_lines;
        }
        if (plain) {
            fwrite(before.ptr, 1, len, to);
        } else if (!many_lines || character != '\r') {
            for (size_t i = 0; i < len; i++) {
                fprintf(to, "\\x%02X", (unsigned char)before.ptr[i]);
            }
        }
    }
}

static void print_note(const char *note, struct str text)
{
    fputs(note, stderr);
    print_safely(text, false, stderr);
    fputc('\n', stderr);
}

static void print_fingerprint(const struct client *client)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    const X509 *certificate = client_certificate(client);

    if (certificate == NULL || X509_digest(certificate, EVP_sha256(), digest, &len) != 1) {
        return;
    }
    fputs("certificate SHA-256 ", stderr);
    for (unsigned i = 0; i < len; i++) {
        fprintf(stderr, i > 0 ? ":%02X" : "%02X", digest[i]);
    }
    fputc('\n', stderr);
}

/* The text without a last character of which some bytes have yet to come. */
static struct str whole_characters(struct str text)
{
    for (size_t back = 1; back <= 3 && back <= text.len; back++) {
        unsigned char byte = (unsigned char)text.ptr[text.len - back];
        size_t needs = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;

        if (byte < 0x80 || byte >= 0xC0) {
            return str_first(text, needs > back ? text.len - back : text.len);
        }
    }
    return text;
}

/* Push out what was printed; a reader who has gone away (`... | head`) needs no message. */
static bool flush_output(struct diag *diag)
{
    if (!ferror(stdout) && fflush(stdout) == 0) {
        return true;
    }
    if (errno != EPIPE) {
        diag_errno(diag, "cannot write to standard output");
    }
    return false;
}

/* The body as it comes: to a terminal made safe, elsewhere byte by byte. */
static bool print_body(struct client *client, struct diag *diag)
{
    char buffer[16384];
    size_t held = 0; /* bytes of a character that was cut */
    bool terminal = isatty(STDOUT_FILENO) == 1;

    for (;;) {
        ssize_t count = client_read(client, buffer + held, sizeof buffer - held, diag);
        struct str text = { buffer, held + (count > 0 ? (size_t)count : 0) };
        struct str ready = terminal && count > 0 ? whole_characters(text) : text;

        if (terminal) {
            print_safely(ready, true, stdout);
        } else {
            fwrite(ready.ptr, 1, ready.len, stdout);
        }
        if (!flush_output(diag)) {
            return false;
        }
        if (count <= 0) {
            return count == 0;
        }
        held = text.len - ready.len;
        memmove(buffer, buffer + ready.len, held);
    }
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
static int ask(struct fetch *fetch, const struct request *request, struct str *next)
{
    struct client_target target = { request->host, request->port, fetch->timeout_s };
    struct client *client = client_open(&target, fetch->diag);
    struct client_header header;
    int status = STATUS_FAILED;

    if (client == NULL) {
        return STATUS_FAILED;
    }
    if (fetch->verbose) {
        print_fingerprint(client);
    }
    if (client_request(client, request->url, &header, fetch->diag)) {
        print_note("", header.line);
        status = header.status / 10 * 10;
        if (status == 20) {
            status = print_body(client, fetch->diag) ? STATUS_OK : STATUS_FAILED;
        } else if (status == 30) {
            *next = resolve(fetch, request->url, header.text);
        }
    }
    client_close(client);
    return status;
}

static int follow(struct fetch *fetch, struct request *request)
{
    for (int followed = 0;; followed++) {
        struct str next = STR("");
        int status = ask(fetch, request, &next);
        const char *problem;

        if (status != 30 || !fetch->follow) {
            return status;
        }
        if (followed == REDIRECTS_MAX) {
            fprintf(stderr, "not followed: more than %d redirects\n", REDIRECTS_MAX);
            return status;
        }
        problem = next.len > 0 ? request_for(next, fetch->arena, request) : "it leads nowhere";
        if (problem != NULL) {
            fprintf(stderr, "not followed: %s\n", problem);
            return status;
        }
        print_note("redirected to ", request->url);
    }
}

static int fetch_address(struct fetch *fetch, const char *address)
{
    struct request request;
    struct str url = str_from(address);
    const char *problem;

    if (str_find_str(url, STR("://")) == url.len) {
        url = arena_printf(fetch->arena, "gemini://%s", address);
    }
    problem = request_for(url, fetch->arena, &request);
    if (problem != NULL) {
        diag_error(fetch->diag, nowhere, "cannot fetch '%.200s': %s", address, problem);
        return STATUS_USAGE;
    }
    return follow(fetch, &request);
}

static bool read_timeout(const char *text, int *timeout_s)
{
    unsigned long seconds;

    if (!str_parse_number(str_from(text), TIMEOUT_MAX_S, &seconds) || seconds == 0) {
        fprintf(stderr, "fetch: --timeout takes seconds, from 1 to %d, not '%s'\n", TIMEOUT_MAX_S,
                text);
        return false;
    }
    *timeout_s = (int)seconds;
    return true;
}

/* Returns whether to go on; if not, *status is what to end with. */
static bool read_options(int argc, char **argv, struct fetch *fetch, int *status)
{
    static const struct option options[] = {
        { "no-redirects", no_argument, NULL, 'n' },
        { "timeout", required_argument, NULL, 't' },
        { "verbose", no_argument, NULL, 'v' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "vh", options, NULL)) != -1) {
        switch (option) {
        case 'n':
            fetch->follow = false;
            break;
        case 'v':
            fetch->verbose = true;
            break;
        case 't':
            if (!read_timeout(optarg, &fetch->timeout_s)) {
                return false;
            }
            break;
        case 'h':
            fputs(usage, stdout);
            *status = STATUS_OK;
            return false;
        default:
            fputs("splashdown fetch --help lists the options\n", stderr);
            return false;
        }
    }
    if (argc - optind != 1) {
        fputs(usage, stderr);
        return false;
    }
    return true;
}

int command_fetch(int argc, char **argv)
{
    struct fetch fetch = { .follow = true, .timeout_s = TIMEOUT_DEFAULT_S };
    struct diag diag;
    int status;

    if (!read_options(argc, argv, &fetch, &status)) {
        return status;
    }
    fetch.arena = arena_create();
    fetch.diag = &diag;
    diag_init(&diag, fetch.arena);
    status = fetch_address(&fetch, argv[optind]);
    diag_print(&diag, 0, stderr);
    arena_destroy(fetch.arena);
    return status;
}
