/* What the files share that read the generators' own syntax: a tag in whatever brackets, which
 * becomes a tag of HTML's kind, <:name argument="value">, for components.c to know what to do with.
 */
#ifndef CONTENT_FOREIGN_H
#define CONTENT_FOREIGN_H

#include "arguments.h"
#include "preparer.h"

/* A generator's tag, whatever its brackets. */
struct foreign {
    struct str name;
    struct str arguments;
    bool close;
    bool empty; /* "/>}}" */
};

/* Whether a name is in a table, whatever its case. */
bool is_one_of(struct str name, const struct str *names, size_t count);
#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof(names)[0])

/* How far the end of the tag at hand is looked for. */
size_t foreign_limit(const struct preparer *preparer);

/* What stands between a tag's brackets, taken apart. */
struct foreign foreign_split(struct str inside);

/* Put a mark for the tag in place of the source up to `end`. */
void foreign_mark(struct preparer *preparer, struct foreign *foreign, size_t end,
                  struct str address);

/* A tag of ours, <:name title="words">; add_escaped is for its values. */
void tag_add_attribute(struct strbuf *tag, struct str name, struct str value);

/* Count what is left out: the source up to `end`. */
void foreign_lose(struct preparer *preparer, enum loss_kind kind, size_t end);

/* Where the tag stands that closes `name`, and the position behind it; false when there is none. */
bool foreign_find_close(struct preparer *preparer, struct str name, struct str opener, size_t from,
                        size_t *start, size_t *end);

/* Whether the tag's name says that it holds code up to its closing one, which then is written. */
bool foreign_take_code(struct preparer *preparer, const struct foreign *foreign, struct str opener,
                       size_t tag_end);

/* Whether it is a tag of a theme's that says all in one line; then its text is written. */
bool theme_take(struct preparer *preparer, const struct foreign *foreign, size_t end);

/* Whether what stands in {% %} is Liquid's logic: then the text around it is a template. */
bool liquid_is_logic(struct str inside);

/* Whether the name says that the tag stands for an address. */
bool foreign_is_reference(struct str name);

/* ---- each returns whether it has taken something from the front of the rest ---- */

bool hugo_take(struct preparer *preparer, struct str opener); /* at "{{<", "{{%" */
bool liquid_take(struct preparer *preparer);                  /* at "{%" */
bool variable_take(struct preparer *preparer);                /* at "{{" */
bool call_take(struct preparer *preparer);                    /* likewise */
bool attributes_take(struct preparer *preparer);              /* at "{" */

#endif
