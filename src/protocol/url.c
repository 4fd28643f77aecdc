/* URLs: split, decoded, encoded, resolved. Which of them are ours, and what to answer to the
 * others, is the business of those who ask. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/utf8.h"
#include "protocol/url.h"

/* Bytes of a host once percent-decoded: all that fit into a Gemini request, and four times what any
 * name has. */
#define HOST_MAX 1024

/* ---- text into the caller's buffer --------------------------------------------------------- */

struct sink {
    char *bytes;
    size_t len;
    size_t size;
    bool full; /* something did not fit: what is there is worthless */
};

static void sink_add(struct sink *sink, struct str text)
{
    if (sink->full || text.len > sink->size - sink->len) {
        sink->full = true;
        return;
    }
    if (text.len > 0) { /* memcpy wants a pointer even for nothing */
        memcpy(sink->bytes + sink->len, text.ptr, text.len);
    }
    sink->len += text.len;
}

static void sink_add_byte(struct sink *sink, char byte)
{
    sink_add(sink, (struct str){ &byte, 1 });
}

/* The bytes from `from` on. */
static struct str sink_str(const struct sink *sink, size_t from)
{
    return (struct str){ sink->bytes + from, sink->len - from };
}

/* ---- percent-encoding ---------------------------------------------------------------------- */

/* Whether text starts with "%" and two hexadecimal digits. */
static bool starts_with_escape(struct str text)
{
    return text.len >= 3 && text.ptr[0] == '%' && byte_hex(text.ptr[1]) >= 0 &&
           byte_hex(text.ptr[2]) >= 0;
}

/* Add the decoded text. Returns false at an escape that is none. */
static bool add_decoded(struct sink *sink, struct str text)
{
    while (text.len > 0) {
        if (text.ptr[0] != '%') {
            sink_add_byte(sink, text.ptr[0]);
            text = str_skip(text, 1);
        } else if (starts_with_escape(text)) {
            sink_add_byte(sink, (char)(byte_hex(text.ptr[1]) * 16 + byte_hex(text.ptr[2])));
            text = str_skip(text, 3);
        } else {
            return false;
        }
    }
    return true;
}

bool url_decode(struct str text, char *out, size_t size, struct str *decoded)
{
    struct sink sink = { .bytes = out, .size = size };

    if (!add_decoded(&sink, text) || sink.full) {
        return false;
    }
    *decoded = sink_str(&sink, 0);
    return true;
}

/* pchar and the slash. Source: RFC 3986, sections 2.3 and 3.3. */
static bool stands_in_path(char byte)
{
    return byte_is_alpha(byte) || byte_is_digit(byte) ||
           (byte != '\0' && strchr("-._~!$&'()*+,;=:@/", byte) != NULL);
}

bool url_encode_path(struct str path, char *out, size_t size, struct str *encoded)
{
    static const char hex[] = "0123456789ABCDEF";
    struct sink sink = { .bytes = out, .size = size };

    for (size_t i = 0; i < path.len; i++) {
        unsigned char byte = (unsigned char)path.ptr[i];

        if (stands_in_path(path.ptr[i])) {
            sink_add_byte(&sink, path.ptr[i]);
        } else {
            char escape[] = { '%', hex[byte >> 4], hex[byte & 15] };

            sink_add(&sink, (struct str){ escape, sizeof escape });
        }
    }
    if (sink.full) {
        return false;
    }
    *encoded = sink_str(&sink, 0);
    return true;
}

/* ---- splitting ----------------------------------------------------------------------------- */

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

/* Whether any byte, wherever it stands, keeps the text from being a URL. */
static bool has_only_url_bytes(struct str text)
{
    if (!utf8_valid(text)) {
        return false;
    }
    while (text.len > 0) {
        bool escape = starts_with_escape(text);
        uint32_t character = utf8_next(&text);

        if (is_control(character) || (character == '%' && !escape) ||
            (character < 0x80 && strchr(" \"<>\\^`{|}", (int)character) != NULL)) {
            return false;
        }
    }
    return true;
}

/* Source: RFC 3986, section 3.1. */
static bool is_scheme(struct str text)
{
    if (text.len == 0 || !byte_is_alpha(text.ptr[0])) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        char byte = text.ptr[i];

        if (!byte_is_alpha(byte) && !byte_is_digit(byte) && byte != '+' && byte != '-' &&
            byte != '.') {
            return false;
        }
    }
    return true;
}

/* Zone identifiers and "IPvFuture" are refused: no public name leads to either. */
static bool parse_ipv6(struct str text, struct in6_addr *address)
{
    char copy[INET6_ADDRSTRLEN];

    if (text.len >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET6, copy, address) == 1;
}

/* Percent-decode a host into bytes; false for what is not UTF-8 or holds controls then. */
static bool decode_host(struct str host, char bytes[HOST_MAX], struct str *decoded)
{
    struct sink sink = { .bytes = bytes, .size = HOST_MAX };
    struct str rest;

    if (!add_decoded(&sink, host) || sink.full || !utf8_valid(sink_str(&sink, 0))) {
        return false;
    }
    for (rest = sink_str(&sink, 0); rest.len > 0;) {
        if (is_control(utf8_next(&rest))) {
            return false;
        }
    }
    *decoded = sink_str(&sink, 0);
    return true;
}

static bool is_registered_name(struct str host)
{
    char bytes[HOST_MAX];
    struct str decoded;

    return str_find(host, '@') == host.len && str_find(host, '[') == host.len &&
           str_find(host, ']') == host.len && decode_host(host, bytes, &decoded);
}

/* "[address]", then nothing or ":port". */
static bool split_ipv6(struct str text, struct url *url, struct str *port)
{
    struct in6_addr address;
    struct str after;

    if (!str_cut(str_skip(text, 1), ']', &url->host, &after) || !parse_ipv6(url->host, &address) ||
        (after.len > 0 && after.ptr[0] != ':')) {
        return false;
    }
    url->has_ipv6 = true;
    *port = str_skip(after, 1);
    return true;
}

/* [userinfo "@"] host [":" port]. Source: RFC 3986, section 3.2. */
static bool split_authority(struct url *url)
{
    struct str rest = url->authority;
    struct str after;
    struct str port;
    unsigned long number = 0;

    if (str_cut(rest, '@', NULL, &after)) {
        url->has_userinfo = true;
        rest = after;
    }
    if (str_starts_with(rest, STR("["))) {
        if (!split_ipv6(rest, url, &port)) {
            return false;
        }
    } else {
        str_cut(rest, ':', &url->host, &port);
        if (!is_registered_name(url->host)) {
            return false;
        }
    }
    url->has_port = port.len > 0;
    if (url->has_port && !str_parse_number(port, UINT16_MAX, &number)) {
        return false;
    }
    url->port = (uint16_t)number;
    return true;
}

bool url_split(struct str text, struct url *url)
{
    struct url parts = { .scheme = STR("") };
    struct str rest;
    size_t colon;

    if (!has_only_url_bytes(text)) {
        return false;
    }
    parts.has_fragment = str_cut(text, '#', &rest, &parts.fragment);
    parts.has_query = str_cut(rest, '?', &rest, &parts.query);
    if (str_find(parts.fragment, '#') < parts.fragment.len) {
        return false;
    }

    /* A colon before the first slash ends a scheme: a relative path may not begin like that. */
    colon = str_find(rest, ':');
    if (colon < str_find(rest, '/')) {
        parts.scheme = str_first(rest, colon);
        rest = str_skip(rest, colon + 1);
        if (!is_scheme(parts.scheme)) {
            return false;
        }
    }
    parts.has_authority = str_starts_with(rest, STR("//"));
    if (parts.has_authority) {
        rest = str_skip(rest, 2);
        parts.authority = str_first(rest, str_find(rest, '/'));
        rest = str_skip(rest, parts.authority.len);
        if (!split_authority(&parts)) {
            return false;
        }
    }
    parts.path = rest;
    *url = parts;
    return true;
}

bool url_has_scheme(const struct url *url, struct str scheme)
{
    return str_equal_nocase(url->scheme, scheme);
}

bool url_host(const struct url *url, char out[HOSTNAME_SIZE])
{
    char bytes[HOST_MAX];
    struct in6_addr address;
    struct str decoded;

    if (url->has_ipv6) {
        return parse_ipv6(url->host, &address) &&
               inet_ntop(AF_INET6, &address, out, HOSTNAME_SIZE) != NULL;
    }
    return decode_host(url->host, bytes, &decoded) && hostname_to_ascii(decoded, out);
}

/* ---- the path ------------------------------------------------------------------------------ */

/* Judge a segment after it was decoded. Source: gemini.md G28, G31. */
static enum url_path judge_segment(struct str segment)
{
    enum url_path verdict = URL_PATH_FINE;

    if (!utf8_valid(segment) || str_find(segment, '\0') < segment.len) {
        return URL_PATH_BROKEN;
    }
    if (str_starts_with(segment, STR("."))) {
        verdict = URL_PATH_NOWHERE;
    }
    while (segment.len > 0) {
        uint32_t character = utf8_next(&segment);

        if (is_control(character) || character == '/' || character == '\\') {
            verdict = URL_PATH_NOWHERE;
        }
    }
    return verdict;
}

/* Take the last segment off a path that ends in a slash. Returns false at the root. */
static bool climb(struct sink *path)
{
    if (path->len == 1) {
        return false;
    }
    do {
        path->len--;
    } while (path->bytes[path->len - 1] != '/');
    return true;
}

/* Decode one segment behind the path so far, which ends in a slash, and judge it. */
static enum url_path add_segment(struct sink *path, struct str encoded, bool last)
{
    size_t before = path->len;
    struct str segment;
    enum url_path verdict;

    if (!add_decoded(path, encoded)) {
        return URL_PATH_BROKEN;
    }
    if (path->full) {
        return URL_PATH_NOWHERE;
    }
    segment = sink_str(path, before);
    if (str_equal(segment, STR(".")) || str_equal(segment, STR(".."))) {
        bool up = segment.len == 2;

        path->len = before;
        return up && !climb(path) ? URL_PATH_BROKEN : URL_PATH_FINE;
    }
    verdict = judge_segment(segment);
    if (verdict != URL_PATH_FINE) {
        path->len = before; /* a slash in it would be taken for two segments when climbing */
    }
    if (!last) {
        sink_add_byte(path, '/');
        if (verdict == URL_PATH_FINE && (segment.len == 0 || path->full)) {
            verdict = URL_PATH_NOWHERE;
        }
    }
    return verdict;
}

enum url_path url_decode_path(struct str path, char *out, size_t size, struct str *decoded)
{
    struct sink sink = { .bytes = out, .size = size };
    struct str rest = str_skip(path, 1);
    enum url_path worst;
    bool more = true;

    if (path.len > 0 && path.ptr[0] != '/') {
        return URL_PATH_BROKEN;
    }
    sink_add_byte(&sink, '/');
    worst = sink.full ? URL_PATH_NOWHERE : URL_PATH_FINE;
    while (more && !sink.full && worst != URL_PATH_BROKEN) {
        struct str segment;
        enum url_path verdict;

        more = str_cut(rest, '/', &segment, &rest);
        verdict = add_segment(&sink, segment, !more);
        worst = verdict > worst ? verdict : worst;
    }
    if (worst == URL_PATH_FINE) {
        *decoded = sink_str(&sink, 0);
    }
    return worst;
}

/* ---- resolving ----------------------------------------------------------------------------- */

/* Where the last slash stands in the first len bytes; 0 when there is none. */
static size_t last_slash(const char *path, size_t len)
{
    while (len > 0 && path[len - 1] != '/') {
        len--;
    }
    return len > 0 ? len - 1 : 0;
}

/* Take the dot segments out of a path where it lies. Unlike url_decode_path this knows no errors:
 * what would climb above the root stays there. Returns the new length.
 * Source: RFC 3986, section 5.2.4. */
static size_t remove_dot_segments(char *path, size_t len)
{
    size_t kept = 0;
    size_t at = 0;

    while (at < len) {
        size_t slash = path[at] == '/' ? 1 : 0; /* only the first segment may have none */
        struct str tail = { path + at + slash, len - at - slash };
        struct str segment = str_first(tail, str_find(tail, '/'));
        size_t end = at + slash + segment.len;
        bool up = str_equal(segment, STR(".."));

        if (!up && !str_equal(segment, STR("."))) {
            memmove(path + kept, path + at, end - at);
            kept += end - at;
            at = end;
            continue;
        }
        if (up) {
            kept = last_slash(path, kept);
        }
        if (slash == 0) {
            at = end < len ? end + 1 : end; /* "../x" is "x" */
        } else {
            at = end;
            if (end == len) {
                path[kept++] = '/'; /* "/a/.." is "/" */
            }
        }
    }
    return kept;
}

/* The path that a reference's path leads to from base. Source: RFC 3986, sections 5.2.2, 5.2.3. */
static void add_target_path(struct sink *sink, const struct url *base, const struct url *reference)
{
    size_t before = sink->len;
    bool alone = reference->scheme.len > 0 || reference->has_authority;

    if (!alone && reference->path.len == 0) {
        sink_add(sink, base->path);
        return;
    }
    if (!alone && reference->path.ptr[0] != '/') {
        size_t folder = base->path.len;

        while (folder > 0 && base->path.ptr[folder - 1] != '/') {
            folder--;
        }
        sink_add(sink, str_first(base->path, folder));
        if (base->has_authority && base->path.len == 0) {
            sink_add_byte(sink, '/');
        }
    }
    sink_add(sink, reference->path);
    if (!sink->full) {
        sink->len = before + remove_dot_segments(sink->bytes + before, sink->len - before);
    }
}

bool url_resolve(struct str base, struct str reference, char *out, size_t size, struct str *target)
{
    struct sink sink = { .bytes = out, .size = size };
    struct url from;
    struct url to;
    const struct url *scheme_of;
    const struct url *authority_of;
    const struct url *query_of;
    size_t path_at;

    if (!url_split(base, &from) || !url_split(reference, &to) || from.scheme.len == 0) {
        return false;
    }
    /* Each part is the reference's as soon as it says anything that stands further left. */
    scheme_of = to.scheme.len > 0 ? &to : &from;
    authority_of = scheme_of == &to || to.has_authority ? &to : &from;
    query_of = authority_of == &to || to.path.len > 0 || to.has_query ? &to : &from;

    sink_add(&sink, scheme_of->scheme);
    sink_add_byte(&sink, ':');
    if (authority_of->has_authority) {
        sink_add(&sink, STR("//"));
        sink_add(&sink, authority_of->authority);
    }
    path_at = sink.len;
    add_target_path(&sink, &from, &to);
    if (!authority_of->has_authority && !sink.full &&
        str_starts_with(sink_str(&sink, path_at), STR("//"))) {
        return false; /* "a:" and "//b" would read as a host. Source: RFC 3986, section 3.3 */
    }
    if (query_of->has_query) {
        sink_add_byte(&sink, '?');
        sink_add(&sink, query_of->query);
    }
    if (to.has_fragment) {
        sink_add_byte(&sink, '#');
        sink_add(&sink, to.fragment);
    }
    if (sink.full) {
        return false;
    }
    *target = sink_str(&sink, 0);
    return true;
}
