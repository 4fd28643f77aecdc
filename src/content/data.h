/* Eleventy's data files: front matter in a file of its own, beside a text or for all texts of a
 * folder. Source: Eleventy's pages on template and directory data files. */
#ifndef CONTENT_DATA_H
#define CONTENT_DATA_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/str.h"
#include "base/yaml.h"
#include "source.h"

/* Whether a file may hold data: JSON, YAML, or a program that may say some. */
bool data_is_file(struct str path);

/*
 * Give a text the data files that concern it.
 *
 * files  those there are, by their paths without what data_is_file knows them by: "blog/walking" to
 *        an index into names, which are files to be opened. The empty path is that of the data for
 *        all texts.
 */
void data_find(struct arena *arena, const struct map *files, const struct str *names,
               struct source *source);

/* The path of a data file without its endings: "blog/walking" of "blog/walking.11tydata.json". */
struct str data_stem(struct str path);

/*
 * What a file says, as a map. Of a program that is only what has its own name there: `permalink`.
 *
 * Returns NULL when it cannot be read, or says nothing; what is wrong with it is reported.
 */
const struct yaml *data_read(struct arena *arena, struct str file, const char *consequence,
                             struct diag *diag);

/* The pattern of addresses that a text's layout brings along, as a map; NULL when it brings none.
 *
 * top  the folder that the layouts' folders are in. */
const struct yaml *data_of_layout(struct arena *arena, const char *top, struct str layout);

#endif
