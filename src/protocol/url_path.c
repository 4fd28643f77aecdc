/* Paths of URLs, decoded and judged. */
#include "base/utf8.h"
#include "url_parts.h"

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

        if (url_is_control(character) || character == '/' || character == '\\') {
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

    if (!url_add_decoded(path, encoded)) {
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
