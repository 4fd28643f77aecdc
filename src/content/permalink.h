/* Patterns of addresses, ours and those of the generators. */
#ifndef CONTENT_PERMALINK_H
#define CONTENT_PERMALINK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/fields.h"
#include "base/str.h"

#define PERMALINK_MAX 4000 /* bytes of a pattern, or of what it makes */

/* What the words of a pattern stand for. */
struct permalink {
    struct str slug;    /* :slug */
    struct str title;   /* :title, which each generator takes for something else */
    struct str name;    /* :name, :filename, :basename: the file's name without date and ending */
    struct str folders; /* :folders, :path and :sections: "blog/2025"; :section: the first of them;
                         * :below: the others */
    struct str file;    /* :file: as :name, with its date */
    struct words categories; /* :categories, with slashes between; :category: the first */
    struct date date; /* :year, :month, :day, :i_month, :i_day, :short_year, :y_day, :hour... */
};

/* A pattern with its words filled in; what that leaves empty between two slashes goes. What is
 * longer than PERMALINK_MAX ends there. */
struct str permalink_fill(struct arena *arena, struct str pattern, const struct permalink *facts);

#endif
