/* URLs, as much of RFC 3986 as a server and a small client need. Nothing is allocated: a split URL
 * borrows from the text it was split from, the rest is written into the caller's buffer. */
#ifndef PROTOCOL_URL_H
#define PROTOCOL_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hostname.h"
#include "base/str.h"

/* A URL or a relative reference, in its parts, as they were written. */
struct url {
    struct str scheme;    /* empty: a relative reference */
    struct str authority; /* all between "//" and the path; counts if has_authority */
    struct str host;      /* percent-encoded; an IPv6 address without its brackets */
    struct str path;      /* percent-encoded; empty, or starts with a slash after an authority */
    struct str query;     /* without its "?"; counts if has_query */
    struct str fragment;  /* without its "#"; counts if has_fragment */
    uint16_t port;        /* counts if has_port */
    bool has_authority;
    bool has_userinfo; /* an "@", even with nothing before it */
    bool has_ipv6;     /* the host stood in brackets */
    bool has_port;     /* false for none and for an empty one: both mean the scheme's default */
    bool has_query;
    bool has_fragment;
};

/*
 * Split a URL or a relative reference.
 *
 * Strict: blanks, controls (C1 as well), the bytes "<>\^`{|} and malformed UTF-8 or percent
 * escapes are refused wherever they stand; so are a port that is no number up to 65535, brackets
 * around anything but an IPv6 address, and a host that is not UTF-8 once decoded. Lenient where
 * readers are: UTF-8 counts as if it were percent-encoded, and a path or query may hold brackets.
 *
 * Returns false, *url then untouched, for what is not a URL.
 * Source: RFC 3986, sections 3 and 4.1; RFC 3987 for the UTF-8; gemini.md G28, G29.
 */
bool url_split(struct str text, struct url *url);

/* Whether the URL's scheme is this one, whatever the case of its letters. */
bool url_has_scheme(const struct url *url, struct str scheme);

/*
 * The host in the form that is compared: percent-decoded, then lower-case ASCII ("xn--"); an IPv6
 * address as inet_ntop writes it, without brackets.
 *
 * Returns false for what can be no host name. Source: gemini.md G23, G26, G27.
 */
bool url_host(const struct url *url, char out[HOSTNAME_SIZE]);

/*
 * Percent-decode a text, once. Nothing is judged: what comes out may hold any byte.
 *
 * out  room for size bytes; text.len always suffice.
 *
 * Returns false for broken escapes and for what does not fit. Source: RFC 3986, section 2.1.
 */
bool url_decode(struct str text, char *out, size_t size, struct str *decoded);

/* What became of a path. The worst of its segments decides. */
enum url_path {
    URL_PATH_FINE,
    URL_PATH_NOWHERE, /* a path, but no name in it may be one of ours: dot names, empty segments,
                         slashes, backslashes and controls that were percent-encoded */
    URL_PATH_BROKEN,  /* no path at all: bad escapes, NUL, not UTF-8, climbs above the root */
};

/*
 * Percent-decode a path, each segment once, and remove its dot segments. An empty path is "/".
 *
 * out      room for size bytes; path.len + 1 always suffice, what does not fit is URL_PATH_NOWHERE.
 * decoded  on URL_PATH_FINE, in out: starts with a slash, valid UTF-8, no NUL-termination.
 *
 * Source: gemini.md G28, G29, G31, G43; RFC 3986, section 5.2.4.
 */
enum url_path url_decode_path(struct str path, char *out, size_t size, struct str *decoded);

/*
 * The opposite: percent-encode what may not stand in a path as it is. Slashes stay.
 *
 * Returns false when it does not fit into out. Source: RFC 3986, section 3.3.
 */
bool url_encode_path(struct str path, char *out, size_t size, struct str *encoded);

/*
 * Where a reference found at base leads: for links and redirects.
 *
 * base    an absolute URL; its fragment does not count.
 * target  the URL, in out; with the reference's fragment, if it has one.
 *
 * Returns false when either is not a URL, when base is relative, or when the result does not fit
 * or cannot be written down. Source: RFC 3986, sections 5.2 and 5.3.
 */
bool url_resolve(struct str base, struct str reference, char *out, size_t size, struct str *target);

#endif
