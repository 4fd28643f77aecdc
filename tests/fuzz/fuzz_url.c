/* URLs from anywhere. The input is a reference; what stands before its first LF is its base. */
#include <stdlib.h>

#include "base/utf8.h"
#include "protocol/url.h"

#define BUFFER_SIZE 4096

#define require(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t append(char *out, size_t len, struct str text)
{
    if (text.len > 0) {
        memcpy(out + len, text.ptr, text.len);
    }
    return len + text.len;
}

/* The parts make up the whole again, byte for byte. Source: RFC 3986, section 5.3. */
static void require_recomposed(const struct url *url, struct str text)
{
    char bytes[BUFFER_SIZE];
    size_t len = 0;

    if (url->scheme.len > 0) {
        len = append(bytes, append(bytes, len, url->scheme), STR(":"));
    }
    if (url->has_authority) {
        len = append(bytes, append(bytes, len, STR("//")), url->authority);
    }
    len = append(bytes, len, url->path);
    if (url->has_query) {
        len = append(bytes, append(bytes, len, STR("?")), url->query);
    }
    if (url->has_fragment) {
        len = append(bytes, append(bytes, len, STR("#")), url->fragment);
    }
    require(str_equal((struct str){ bytes, len }, text));
}

static void require_plain_host(const struct url *url)
{
    char host[HOSTNAME_SIZE];

    if (!url_host(url, host)) {
        return;
    }
    require(host[0] != '\0' && strlen(host) < HOSTNAME_SIZE);
    for (const char *c = host; *c != '\0'; c++) {
        require(byte_is_digit(*c) || (*c >= 'a' && *c <= 'z') || strchr("-_.:", *c) != NULL);
    }
}

static void require_safe_path(struct str path)
{
    struct str rest = path;
    struct str segment;
    bool more = true;

    require(utf8_valid(path) && str_find(path, '\0') == path.len);
    require(path.len > 0 && path.ptr[0] == '/');
    rest = str_skip(rest, 1);
    while (more) {
        more = str_cut(rest, '/', &segment, &rest);
        require(segment.len > 0 || !more);
        require(!str_starts_with(segment, STR(".")));
    }
    while (path.len > 0) {
        uint32_t character = utf8_next(&path);

        require(character >= 0x20 && (character < 0x7F || character > 0x9F) && character != '\\');
    }
}

static void check_path(struct str encoded)
{
    char bytes[BUFFER_SIZE];
    char again_bytes[BUFFER_SIZE];
    char escaped_bytes[3 * BUFFER_SIZE];
    struct str path;
    struct str escaped;
    struct str again;

    if (url_decode_path(encoded, bytes, encoded.len + 1, &path) != URL_PATH_FINE) {
        return;
    }
    require_safe_path(path);
    require(url_encode_path(path, escaped_bytes, sizeof escaped_bytes, &escaped));
    require(url_decode_path(escaped, again_bytes, sizeof again_bytes, &again) == URL_PATH_FINE);
    require(str_equal(path, again));
}

/* Once encoded, anything decodes to itself. */
static void check_text(struct str text)
{
    char bytes[BUFFER_SIZE];
    char escaped_bytes[BUFFER_SIZE];
    struct str escaped;
    struct str again;

    require(url_encode_path(text, escaped_bytes, sizeof escaped_bytes, &escaped));
    require(url_decode(escaped, bytes, escaped.len, &again));
    require(str_equal(text, again));
}

static void check_resolve(struct str base, struct str reference)
{
    char bytes[BUFFER_SIZE];
    char again_bytes[BUFFER_SIZE];
    struct str target;
    struct str again;
    struct url url;

    if (!url_resolve(base, reference, bytes, sizeof bytes, &target)) {
        return;
    }
    require(url_split(target, &url) && url.scheme.len > 0);
    /* Without an authority, dots may hide a path that cannot be written: "a:/..//b". */
    require(url_resolve(base, target, again_bytes, sizeof again_bytes, &again) ||
            !url.has_authority);
    require(url_resolve(target, STR(""), again_bytes, sizeof again_bytes, &again));
    require(str_equal(again, str_first(target, str_find(target, '#'))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    struct str base = STR("gemini://ex.org/a/b/c?d");
    struct url url;

    if (size > BUFFER_SIZE / 4) {
        return 0;
    }
    if (str_find(text, '\n') < text.len) {
        str_cut(text, '\n', &base, &text);
    }
    check_text(text);
    check_path(text);
    check_resolve(base, text);
    if (url_split(text, &url)) {
        require_recomposed(&url, text);
        require_plain_host(&url);
        check_path(url.path);
    }
    return 0;
}
