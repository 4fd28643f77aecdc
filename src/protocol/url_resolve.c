/* References to where they lead. */
#include "url_parts.h"

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
