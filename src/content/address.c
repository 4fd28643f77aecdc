/* Addresses in links. What servers and clients must parse strictly is protocol/url.c's business;
 * here an author's slips are mended. */
#include "content/address.h"

#include "base/hostname.h"
#include "base/strbuf.h"

static void add_encoded(struct strbuf *out, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    char escape[] = { '%', digits[(unsigned char)byte >> 4], digits[byte & 0xF] };

    strbuf_add(out, (struct str){ escape, sizeof escape });
}

static bool must_encode(char c)
{
    static const bool unsafe[128] = {
        ['"'] = true, ['<'] = true, ['>'] = true, ['\\'] = true, ['^'] = true,
        ['`'] = true, ['{'] = true, ['|'] = true, ['}'] = true
    };

    return (unsigned char)c <= ' ' || (unsigned char)c >= 0x7F || unsafe[(unsigned char)c];
}

static bool is_escape(struct str text)
{
    return text.len >= 3 && *text.ptr == '%' && byte_hex(text.ptr[1]) >= 0 &&
           byte_hex(text.ptr[2]) >= 0;
}

/* How many bytes at the front may stay as they are. */
static size_t sendable_length(struct str text)
{
    size_t len = 0;

    while (len < text.len && !must_encode(text.ptr[len]) &&
           (text.ptr[len] != '%' || is_escape(str_skip(text, len)))) {
        len++;
    }
    return len;
}

static void encode(struct strbuf *out, struct str text)
{
    while (text.len > 0) {
        size_t len = sendable_length(text);

        strbuf_add(out, str_first(text, len));
        if (len < text.len) {
            add_encoded(out, text.ptr[len++]);
        }
        text = str_skip(text, len);
    }
}

static bool is_in_scheme(char c)
{
    return byte_is_digit(c) || c == '+' || c == '-' || c == '.';
}

struct str address_scheme(struct str address)
{
    size_t len = 0;

    while (len < address.len &&
           (byte_is_alpha(address.ptr[len]) || (len > 0 && is_in_scheme(address.ptr[len])))) {
        len++;
    }
    return len > 0 && len < address.len && address.ptr[len] == ':' ? str_first(address, len)
                                                                   : STR("");
}

static size_t find_any(struct str text, const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        text.len = str_find(text, *bytes);
    }
    return text.len;
}

struct str address_path(struct str address)
{
    return str_first(address, find_any(address, "?#"));
}

/* "user@host:port" with the host in ASCII when it is not yet. */
static void add_authority(struct strbuf *out, struct str authority)
{
    size_t at = str_find(authority, '@');
    struct str host = at < authority.len ? str_skip(authority, at + 1) : authority;
    size_t end = str_find(host, ':');
    char ascii[HOSTNAME_SIZE];

    for (size_t i = 0; i < end; i++) {
        if ((unsigned char)host.ptr[i] >= 0x80 && hostname_to_ascii(str_first(host, end), ascii)) {
            encode(out, str_first(authority, authority.len - host.len));
            strbuf_add(out, str_from(ascii));
            encode(out, str_skip(host, end));
            return;
        }
    }
    encode(out, authority);
}

struct str address_clean(struct arena *arena, struct str address)
{
    struct str scheme;
    struct strbuf out;

    address = str_trim(address);
    scheme = address_scheme(address);
    if (scheme.len > 0 && sendable_length(address) == address.len) {
        return address; /* as most are */
    }
    strbuf_init(&out, arena, address.len * 3 + HOSTNAME_SIZE);
    if (scheme.len > 0) {
        strbuf_add(&out, str_first(address, scheme.len + 1));
        address = str_skip(address, scheme.len + 1);
    }
    if (str_starts_with(address, STR("//"))) {
        struct str rest = str_skip(address, 2);
        size_t end = find_any(rest, "/?#");

        strbuf_add(&out, STR("//"));
        add_authority(&out, str_first(rest, end));
        address = str_skip(rest, end);
    } else if (scheme.len == 0 && find_any(address, ":") < find_any(address, "/?#")) {
        strbuf_add(&out, STR("./")); /* else "1:2.html" would be a scheme to some */
    }
    encode(&out, address);
    return strbuf_str(&out);
}

struct str address_decode(struct arena *arena, struct str path)
{
    char *out = arena_alloc(arena, path.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < path.len; i++) {
        if (is_escape(str_skip(path, i))) {
            out[len++] = (char)(byte_hex(path.ptr[i + 1]) << 4 | byte_hex(path.ptr[i + 2]));
            i += 2;
        } else {
            out[len++] = path.ptr[i];
        }
    }
    return (struct str){ out, len };
}

/* How many bytes at the front of a decoded path are sent as they are. */
static size_t plain_length(struct str path)
{
    size_t len = 0;

    while (len < path.len && !must_encode(path.ptr[len]) &&
           strchr("%?#[]", path.ptr[len]) == NULL) {
        len++;
    }
    return len;
}

struct str address_encode(struct arena *arena, struct str path)
{
    struct strbuf out;

    if (plain_length(path) == path.len) {
        return arena_copy(arena, path); /* as most are */
    }
    strbuf_init(&out, arena, path.len * 3);
    while (path.len > 0) {
        size_t len = plain_length(path);

        strbuf_add(&out, str_first(path, len));
        if (len < path.len) {
            add_encoded(&out, path.ptr[len++]);
        }
        path = str_skip(path, len);
    }
    return strbuf_str(&out);
}

/* Cut the last part and its slash off what was written. */
static void climb(struct strbuf *out)
{
    size_t len = out->len;

    while (len > 0 && out->bytes[len - 1] != '/') {
        len--;
    }
    strbuf_truncate(out, len > 0 ? len - 1 : 0);
}

static void add_segments(struct strbuf *out, struct str path)
{
    struct str segment;

    for (bool more = true; more;) {
        more = str_cut(path, '/', &segment, &path);
        if (str_equal(segment, STR(".")) || (segment.len == 0 && more)) {
            continue;
        }
        if (str_equal(segment, STR(".."))) {
            climb(out);
            continue;
        }
        if (segment.len > 0 || !more) {
            strbuf_add_byte(out, '/');
            strbuf_add(out, segment);
        }
    }
}

struct str address_join(struct arena *arena, struct str base, struct str relative)
{
    struct strbuf out;
    struct str folder = base;

    strbuf_init(&out, arena, base.len + relative.len + 2);
    while (folder.len > 0 && folder.ptr[folder.len - 1] != '/') {
        folder.len--;
    }
    if (folder.len > 0 && !str_starts_with(relative, STR("/"))) {
        folder.len--;
        if (folder.len > 0) {
            add_segments(&out, folder);
        }
    }
    add_segments(&out, relative);
    return out.len > 0 ? strbuf_str(&out) : STR("/");
}
