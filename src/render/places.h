/* Where Gopher readers find what links point to. Pages and texts are written with Gemini's
 * addresses, "/posts/a.gmi"; here they become item types and selectors. */
#ifndef RENDER_PLACES_H
#define RENDER_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

/* Bytes of a selector that every client can send. Source: gopher.md R3. */
#define GOPHER_SELECTOR_MAX 255

/* An item of a menu, but for its words. */
struct menu_item {
    struct str path; /* of one of ours: as Gemini has it, decoded */
    char type;
    struct str selector; /* no tabs, no line ends, no NUL; at most GOPHER_SELECTOR_MAX bytes */
    struct str host;
    uint16_t port;
};

struct places {
    struct arena *arena;
    struct str host; /* our own, as menus name it */
    uint16_t port;
    struct str gemini; /* where all of it is on Gemini, without a path: "gemini://ex.org" */
    uint64_t self;     /* tells these three */
    uint64_t origin;   /* tells all that is here */
    struct map paths;  /* decoded path, as Gemini has it -> index into own */
    struct menu_item *own;
    size_t count;
    size_t capacity;
};

/* What names us, on Gopher and on Gemini. */
struct places_self {
    struct str gopher_host;
    struct str gemini_host;
    uint16_t gopher_port;
    uint16_t gemini_port;
};

/* Everything lives in the arena; the hosts are borrowed. */
void places_init(struct places *places, struct arena *arena, const struct places_self *self);

/* Enter a page of ours. A path that is there already keeps its item. */
void places_add(struct places *places, struct str path, char type, struct str selector);

/*
 * What a menu says of a link.
 *
 * url  a percent-encoded path of ours, or a URL; those of gopher and telnet become items of their
 *      own hosts, all others "URL:" items that lead back to us.
 *
 * Returns false for what no menu can hold. Source: gopher.md R13, R20; RFC 4266.
 */
bool places_find(const struct places *places, struct str url, struct menu_item *item);

/* The item of a path of ours; false for a URL of somebody else's. What is not there is asked for by
 * what its name says it is. */
bool places_find_own(const struct places *places, struct str url, struct menu_item *item);

/* The whole URL of a link, for texts: what is ours gets host, port and type. */
struct str places_url(const struct places *places, struct arena *arena, struct str url);

#endif
