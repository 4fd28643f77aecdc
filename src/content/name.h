/* What a text's path says: what it is called, its date, its language, whether it is a draft. */
#ifndef CONTENT_NAME_H
#define CONTENT_NAME_H

#include "content/capsule.h"
#include "source.h"

/* The ending of a text's file, ".md" and the like, ".html" below _posts; empty for other files. */
struct str name_ending(struct str path);

/* The part after the last slash. */
struct str name_last(struct str path);

/* Whether a file is written for those who work in a repository: "README.md". A "changelog.md" may
 * be for readers. */
bool name_is_of_repository(struct str path);

/* A language by its tag, when it looks like one that stands in file names: "es", "pt-BR". */
bool name_is_language(struct str text);

/* Of a path in the folder of one of the capsule's collections, "_docs/a.md", or in another folder
 * that is included, "_pages/a.md": how many bytes at its front are no part of an address. 0: it is
 * in neither. */
size_t name_in_collection(struct str path, const struct capsule *capsule);

/* The date that the parts of a path make, ".../2025/09/08", or that one of them begins with. */
bool name_path_date(struct str path, struct date *date);

/* Whether a text stands for the folder it is in: "guide/index.md". */
bool name_is_index(struct str path, const struct dialect *dialect);

/* Read source->path into the fields of a text, but for `original`; they point into the path. */
void name_read(struct source *source, const struct capsule *capsule);

/* The path a translation's original would have: without its language. */
struct str name_original(struct arena *arena, const struct source *source);

#endif
