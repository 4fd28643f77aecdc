/* Links to items of menus. */
#include "places.h"

#include <stdio.h>

#include "base/hash.h"
#include "content/address.h"
#include "media.h"

#define GOPHER_PORT 70
#define GEMINI_PORT 1965
#define TELNET_PORT 23

/* "scheme://host", with the port when it is not the usual one. */
static struct str base_url(struct arena *arena, const char *scheme, struct str host, uint16_t port,
                           uint16_t usual)
{
    bool literal = str_find(host, ':') < host.len;
    char number[8] = "";

    if (port != usual) {
        snprintf(number, sizeof number, ":%u", (unsigned)port);
    }
    return arena_printf(arena, "%s://%s%.*s%s%s", scheme, literal ? "[" : "", STR_ARG(host),
                        literal ? "]" : "", number);
}

void places_init(struct places *places, struct arena *arena, const struct places_self *self)
{
    *places = (struct places){
        .arena = arena,
        .host = self->gopher_host,
        .port = self->gopher_port,
        .gemini = base_url(arena, "gemini", self->gemini_host, self->gemini_port, GEMINI_PORT),
    };
    map_init(&places->paths, arena);
    places->self = hash_bytes(HASH_START, self->gopher_host.ptr, self->gopher_host.len);
    places->self = hash_number(places->self, self->gopher_port);
    places->self = hash_bytes(places->self, places->gemini.ptr, places->gemini.len);
    places->origin = places->self;
}

void places_add(struct places *places, struct str path, char type, struct str selector)
{
    if (map_add(&places->paths, path, places->count)) {
        *ARENA_PUSH(places->arena, places->own, places->count, &places->capacity) =
            (struct menu_item){ path, type, selector, places->host, places->port };
        places->origin = hash_bytes(places->origin, path.ptr, path.len);
        places->origin = hash_bytes(places->origin, selector.ptr, selector.len);
        places->origin = hash_number(places->origin, (uint64_t)type);
    }
}

/* ---- items ---------------------------------------------------------------------------------- */

static bool is_sendable(struct str selector)
{
    for (size_t i = 0; i < selector.len; i++) {
        unsigned char byte = (unsigned char)selector.ptr[i];

        if (byte < 0x20 || byte == 0x7F) {
            return false;
        }
    }
    return selector.len <= GOPHER_SELECTOR_MAX;
}

bool places_find_own(const struct places *places, struct str url, struct menu_item *item)
{
    struct str path;
    size_t index;

    if (address_scheme(url).len > 0) {
        return false;
    }
    path = address_join(places->arena, STR("/"), address_decode(places->arena, address_path(url)));
    if (map_find(&places->paths, path, &index)) {
        *item = places->own[index];
    } else {
        char type = str_ends_with(path, STR("/")) ? '1' : media_item_type(media_type(path));

        *item = (struct menu_item){ path, type, path, places->host, places->port };
    }
    return true;
}

/* "host:port" or "[host]:port", a user name before it set aside. */
static bool read_authority(struct str authority, struct menu_item *item)
{
    struct str user;
    struct str port;
    unsigned long number = item->port;
    size_t end;

    if (!str_cut(authority, '@', &user, &authority)) {
        authority = user;
    }
    end =
        str_starts_with(authority, STR("[")) ? str_find(authority, ']') : str_find(authority, ':');
    item->host = str_first(authority, end);
    if (str_starts_with(authority, STR("["))) {
        item->host = str_skip(item->host, 1);
        end++;
    }
    port = str_skip(authority, end + 1);
    if (port.len > 0 && !str_parse_number(port, UINT16_MAX, &number)) {
        return false;
    }
    item->port = (uint16_t)number;
    return item->host.len > 0;
}

/* What follows "//". Source: RFC 4266, section 2.1. */
static bool find_gopher(const struct places *places, struct str rest, struct menu_item *item)
{
    size_t slash = str_find(rest, '/');
    struct str path = str_skip(rest, slash + 1);

    *item = (struct menu_item){ .type = '1', .selector = STR(""), .port = GOPHER_PORT };
    if (path.len > 0) {
        item->type = *path.ptr;
        item->selector =
            address_decode(places->arena, str_first(str_skip(path, 1), str_find(path, '#') - 1));
    }
    return read_authority(str_first(rest, slash), item);
}

static bool find_telnet(struct str rest, struct menu_item *item)
{
    *item = (struct menu_item){ .type = '8', .selector = STR(""), .port = TELNET_PORT };
    return read_authority(str_first(rest, str_find(rest, '/')), item);
}

bool places_find(const struct places *places, struct str url, struct menu_item *item)
{
    struct str scheme = address_scheme(url);
    struct str rest = str_skip(url, scheme.len + STR("://").len);
    bool found;

    if (places_find_own(places, url, item)) {
        return is_sendable(item->selector);
    }
    found = str_equal_nocase(scheme, STR("gopher"))   ? find_gopher(places, rest, item)
            : str_equal_nocase(scheme, STR("telnet")) ? find_telnet(rest, item)
                                                      : false;
    if (!found || !is_sendable(item->selector) || !is_sendable(item->host)) {
        *item = (struct menu_item){
            .type = 'h',
            .selector = arena_printf(places->arena, "URL:%.*s", STR_ARG(url)),
            .host = places->host,
            .port = places->port,
        };
    }
    return is_sendable(item->selector);
}

/* ---- URLs ------------------------------------------------------------------------------------ */

struct str places_url(const struct places *places, struct arena *arena, struct str url)
{
    struct menu_item item;

    if (!places_find_own(places, url, &item)) {
        return url;
    }
    return arena_printf(arena, "%.*s/%c%.*s",
                        STR_ARG(base_url(arena, "gopher", item.host, item.port, GOPHER_PORT)),
                        item.type, STR_ARG(address_encode(arena, item.selector)));
}
