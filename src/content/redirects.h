/* What else leads to the addresses of a site. */
#ifndef CONTENT_REDIRECTS_H
#define CONTENT_REDIRECTS_H

#include "atlas.h"
#include "base/map.h"

/*
 * Enter the redirects of a site into its atlas: from the shapes its texts' addresses have on the
 * web, from their other names, and those its author wishes for.
 *
 * site   with its texts in order: of two that want the same, the first gets it.
 * paths  decoded addresses that are taken; the redirects' join them.
 */
void redirects_gather(struct atlas *atlas, const struct site *site, struct map *paths);

#endif
