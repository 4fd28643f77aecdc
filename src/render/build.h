/* An edition while it is built. */
#ifndef RENDER_BUILD_H
#define RENDER_BUILD_H

#include "base/strbuf.h"
#include "body.h"
#include "content/site.h"
#include "pages.h"
#include "places.h"
#include "render/edition.h"

#define PAGE_MAX         ((size_t)64 << 20) /* a rendered page; its source has a limit of its own */
#define IN_MEMORY_MAX    ((uint64_t)1 << 20)   /* larger static files stay on disk, open */
#define STATIC_MAX       ((uint64_t)100 << 20) /* gemini.md, G42: larger files do not belong here */
#define EDITION_SIZE_MAX ((uint64_t)1 << 30)

struct builder {
    struct edition *edition;
    struct arena *arena; /* the edition's */
    const struct site *site;
    const struct edition_options *options;
    struct diag *diag;
    struct str gemini_type;
    uint64_t origin;      /* of what all pages depend on */
    uint64_t settings;    /* of what all sheets depend on; 0: nothing tells */
    uint64_t in_memory;   /* bytes of static files */
    struct arena *plans;  /* of what is needed only until the edition is made */
    struct places places; /* on Gopher */
    uint64_t signposts;   /* where what the author has on all pages leads there */
};

/* A page on its way into a table. */
struct entry {
    enum edition_table table;
    struct str path;
    uint64_t sheet; /* tells the sheet it has, if it has one; 0: nothing does */
};

/* What stands on it, without the format of a protocol. */
struct draft {
    const struct page_class *class;
    struct outline outline;
    struct str bytes; /* of a class without outlines */
};

/* What the edition before has in a place, held once more, if it has the same sheet; else NULL. */
struct body *build_keep(const struct builder *builder, const struct entry *entry);

/* The same if it was made from the same, which takes more to find out and finds more. */
struct body *build_take(const struct builder *builder, const struct entry *entry, uint64_t origin);

/* Enter a page, unless there is one at its path already. The caller's hold of the body becomes the
 * edition's. */
void build_add(struct builder *builder, const struct entry *entry, struct body *body);

/* Another path, or another table, in which a page is found; nothing happens where there is one. */
void build_add_name(struct builder *builder, enum edition_table table, struct str path,
                    size_t number);

/* The static files, for Gemini. */
void build_statics(struct builder *builder);

/* What the body of a static file is made from; 0: nothing tells. */
uint64_t build_static_origin(const struct builder *builder, const struct static_file *file);

/* Where everything will be on Gopher; to be known before anything is written. */
void build_gopher_places(struct builder *builder);

/* Where a page is on Gopher. */
struct entry build_gopher_entry(const struct builder *builder, const struct page_class *class,
                                const struct sheet *sheet, const struct entry *gemini,
                                struct arena *scratch);

/* Its body there, held. */
struct body *build_gopher_page(const struct builder *builder, const struct draft *draft,
                               const struct entry *entry);

/* What only Gopher has: menus of folders, caps.txt, and other names of pages as those pages. Static
 * files must be there already. */
void build_gopher_rest(struct builder *builder);

#endif
