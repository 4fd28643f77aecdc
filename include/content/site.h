/* A site: a capsule's folder, read whole. Posts in order, pages, and the files of its static
 * folders; drafts and what could not be read are only counted. */
#ifndef CONTENT_SITE_H
#define CONTENT_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/pause.h"
#include "content/capsule.h"
#include "content/post.h"

/* A file that is served as it is. */
struct static_file {
    struct str path;  /* its address, percent-decoded, starts with a slash */
    const char *file; /* where it is */
    uint64_t size;
    uint64_t version; /* tells its bytes from those it had before; 0: it changed too shortly ago */
};

/* Another path that leads to an address of the site. */
struct redirect {
    struct str from; /* percent-decoded */
    struct str to;   /* percent-encoded, as it is sent */
};

struct manuscript;
struct leads;
struct atlas;

/* A file of the author's, and what this site makes of it. */
struct text {
    struct manuscript *manuscript; /* held, as are: */
    struct leads *leads; /* where the links lead that it has left open; NULL: it has none */
    struct post *shown;  /* the site's copy; NULL: it is not shown */
};

/* Counted, and never written once it is loaded. */
struct site {
    unsigned holds;
    uint64_t settings;   /* tells by which settings the files were read; 0: by no others' */
    struct arena *arena; /* everything below lives in it, but for what is held */
    const char *dir;     /* as it was given */
    struct capsule capsule;
    struct words paths; /* all that it was made from, there or not: files, and folders with what is
                         * below them */
    uint64_t readings;  /* of files, for this site and those before it */
    struct text *texts; /* every file that was read */
    size_t text_count;
    struct atlas *atlas; /* where everything is found, held */
    struct post **posts; /* the order of the index */
    size_t post_count;
    struct post **pages; /* by title */
    size_t page_count;
    struct post **translations; /* of posts, in no list: each is reached from its original */
    size_t translation_count;
    struct static_file *statics; /* by path */
    size_t static_count;
    struct redirect *redirects; /* no two from one path, none from an address there is */
    size_t redirect_count;
    size_t draft_count;     /* left out, unless the options asked for them */
    size_t scheduled_count; /* posts whose hour has not come */
    int64_t next_scheduled; /* when the first of them comes; 0: none */
    size_t broken_count;    /* files left out for an error */
};

/* Drafts, posts dated later and expired ones. */
enum drafts {
    DRAFTS_HELD_BACK,
    DRAFTS_KEPT,   /* as if they were published, for their author to see one */
    DRAFTS_MARKED, /* the same, with titles that say what they are */
};

struct site_options {
    int64_t now; /* seconds; posts dated later are held back */
    enum drafts drafts;
    const struct words *hosts; /* instead of the file's when it has items; may be NULL */
    const struct site *before; /* of the same folder: see site_load; may be NULL */
    const struct pause *pause; /* between files; what it ends is incomplete; may be NULL */
};

/*
 * Read a capsule's folder without following links out of it.
 *
 * Every problem is reported; what is good is loaded. Returns NULL only when nothing can be
 * served at all: no such folder, or a capsule.yaml with an error.
 *
 * With a site of the same folder from before, files that have not changed since are not read again,
 * a file that has become broken keeps its last good version, and so do the files of a folder that
 * has gone. All three are held from there.
 *
 * Held once, for the caller to release.
 */
struct site *site_load(const char *dir, const struct site_options *options, struct diag *diag);

struct site *site_hold(struct site *site);

/* NULL is left alone. The last release frees it. */
void site_release(struct site *site);

#endif
