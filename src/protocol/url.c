/* URLs, split. Which of them are ours, and what to answer to the others, is the business of those
 * who ask. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/utf8.h"
#include "url_parts.h"

/* Bytes of a host once percent-decoded: all that fit into a Gemini request, and four times what any
 * name has. */
#define HOST_MAX 1024

/* Whether any byte, wherever it stands, keeps the text from being a URL. */
static bool has_only_url_bytes(struct str text)
{
    if (!utf8_valid(text)) {
        return false;
    }
    while (text.len > 0) {
        bool escape = url_starts_with_escape(text);
        uint32_t character = utf8_next(&text);

        if (url_is_control(character) || (character == '%' && !escape) ||
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

    if (!url_add_decoded(&sink, host) || sink.full || !utf8_valid(sink_str(&sink, 0))) {
        return false;
    }
    for (rest = sink_str(&sink, 0); rest.len > 0;) {
        if (url_is_control(utf8_next(&rest))) {
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
