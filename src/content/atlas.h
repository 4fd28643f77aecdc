/* Where everything of a site is found: the addresses it gives out, what else leads to them, and the
 * names that links may know them by. Counted, and never written once it is made: a later site in
 * which everything is called what it was called holds it instead of making its own. */
#ifndef CONTENT_ATLAS_H
#define CONTENT_ATLAS_H

#include "base/diag.h"
#include "content/site.h"
#include "plan.h"
#include "targets.h"

/* Of a text. */
struct spot {
    struct str slug;
    struct str path; /* percent-decoded */
    struct str url;  /* the same as it is sent */
};

struct atlas {
    unsigned holds;
    uint64_t origin;     /* tells what it was made from; 0: nothing does */
    struct arena *arena; /* all of it lives there, and points to nothing elsewhere */
    struct spot *spots;  /* posts, then pages, then translations, each by its file's name */
    struct str *files;   /* addresses of the plan's files; empty: it was taken by something else */
    struct redirect *redirects;
    size_t redirect_count;
    struct targets targets;
    struct diag problems; /* what could not be called what it wanted to be */
};

/*
 * Give a site's texts their addresses, and put them in order.
 *
 * site    has its capsule, and its texts in the order of their files' names.
 * before  of an earlier site of the same folder; NULL: none.
 *
 * Returns an atlas held once, for the caller to release.
 */
struct atlas *atlas_settle(struct site *site, const struct plan *plan, struct atlas *before);

struct atlas *atlas_hold(struct atlas *atlas);

/* The last release frees it; NULL is left alone. */
void atlas_release(struct atlas *atlas);

#endif
