/* capsule.yaml: what an author says a capsule is. Every key has a default, so the file may be
 * missing. The table in capsule.c is the list of keys. */
#ifndef CONTENT_CAPSULE_H
#define CONTENT_CAPSULE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/fields.h"
#include "base/str.h"
#include "base/yaml.h"
#include "content/dialect.h"

#define CAPSULE_FILE "capsule.yaml"

enum naive_dates { NAIVE_AUTO, NAIVE_UTC, NAIVE_LOCAL };
enum sort_order { SORT_PUBLISHED, SORT_UPDATED };
enum link_style { LINKS_AFTER, LINKS_NUMBERED, LINKS_END };
enum emphasis_style { EMPHASIS_NONE, EMPHASIS_MARKS };

/* How documents become text; a subset of the author's wishes that renderers take. */
struct convert_options {
    int links;    /* enum link_style */
    int emphasis; /* enum emphasis_style */
};

/* How what is shown over Gopher is written. */
struct gopher_options {
    unsigned long wrap; /* columns of a line of text */
    int charset;        /* enum charset */
    bool final_dot;     /* texts end in a line with a dot, lines that start with one get another */
};

/* Lines with {placeholders} around what the author wrote. */
struct templates {
    struct str entry;     /* under each line of an index */
    struct str post_head; /* between an article's title and its body */
    struct str post_foot;
    struct str page_foot;
};

/* A line of the home page, or an old path and its new one. */
struct pair {
    struct str name;
    struct str value;
    int line;
};

/* Jekyll's defaults: what texts say that do not say otherwise themselves. */
struct front_default {
    struct str path; /* of texts below that folder; empty: anywhere */
    struct str type; /* "posts", "drafts", "pages" or a collection; empty: any */
    const struct yaml *values;
};

/* What templates know by a name: "site" is Jekyll's configuration. */
struct named_tree {
    struct str name;
    const struct yaml *tree;
};

struct capsule {
    struct str title;
    struct str description;
    struct str author;
    struct words hosts; /* lower-case ASCII; at least one */
    struct str web;     /* without a slash at the end; empty: none */
    struct str language;
    struct str timezone; /* empty: each date's own, else UTC */
    struct blog blog;    /* whose it is, and where its top is */
    struct words posts;  /* folders, relative to the capsule's */
    struct words pages;
    struct words statics;
    struct words assets;  /* of files that get an address when a text mentions them */
    struct words ignored; /* files and folders among the texts that the generator leaves alone */
    struct pair *moves;   /* folders among the texts whose files stand elsewhere on the web */
    size_t move_count;
    struct str above;     /* where the capsule's folder is in its blog's folder of texts: "posts" */
    enum placing placing; /* these five: the dialect's, unless the generator's settings differ */
    enum slug_rule slug;
    bool date_in_name;
    bool breaks;
    bool kramdown;           /* texts are in kramdown's markdown */
    bool liquid;             /* texts are templates */
    bool future;             /* posts dated in the future are shown */
    struct words languages;  /* that a blog in several has */
    struct pair *permalinks; /* of its addresses on the web: section or nothing, and pattern */
    size_t permalink_count;
    struct words collections; /* Jekyll's, of pages: "docs" is in the folder "_docs" */
    struct words included;    /* other folders of pages that begin with an underscore */
    struct front_default *defaults;
    size_t default_count;
    struct named_tree *values; /* for the templates that texts are */
    size_t value_count;
    int naive_dates;             /* enum naive_dates: what a time without a zone means */
    struct field_alias *aliases; /* from `fields` */
    size_t alias_count;
    struct str post_url; /* ":slug", ":year", ":month" and ":day" stand for the post's */
    int sort;            /* enum sort_order */
    bool sources;        /* posts are served as markdown, too */
    unsigned long per_page;
    unsigned long feed_entries;
    struct str date_format;
    struct pair *links;
    size_t link_count;
    struct pair
        *redirects; /* those of the generator's files are on line 0, and nobody's mistakes */
    size_t redirect_count;
    struct templates templates;
    struct convert_options convert;
    struct gopher_options gopher;
};

struct capsule_options {
    const struct words *hosts;    /* when it has items, they count instead of what the file says */
    const struct capsule *before; /* of the same folder at an earlier time, see blog_find; may be
                                   * NULL */
    int64_t now;                  /* seconds; likewise */
};

/*
 * Read DIR/capsule.yaml over the defaults of the blog's dialect and what its generator's settings
 * say. Without either file dir itself is the folder of posts.
 *
 * Returns false after reporting an error; nothing may be served from such a folder.
 */
bool capsule_load(struct arena *arena, const char *dir, const struct capsule_options *options,
                  struct capsule *capsule, struct diag *diag);

#endif
