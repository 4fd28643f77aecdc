/* Addresses as they stand in links: made fit to be sent, and taken apart. */
#ifndef CONTENT_ADDRESS_H
#define CONTENT_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * An address fit to be sent: what must be percent-encoded is, existing escapes stay, the host is in
 * ASCII, a first part with a colon cannot pass for a scheme. Source: gemtext.md, K7.
 */
struct str address_clean(struct arena *arena, struct str address);

/* The scheme, without its colon; empty when there is none. Source: RFC 3986, section 3.1. */
struct str address_scheme(struct str address);

/* The part before '?' and '#'. */
struct str address_path(struct str address);

/* Percent-escapes decoded once; broken ones stay as they are. */
struct str address_decode(struct arena *arena, struct str path);

/* A decoded path as it is sent. Source: RFC 3986, section 3.3. */
struct str address_encode(struct arena *arena, struct str path);

/* A path relative to the folder of another ("/posts/a.gmi"), both decoded, with the dot segments
 * resolved; above the root there is nothing to climb to. */
struct str address_join(struct arena *arena, struct str base, struct str relative);

#endif
