/* Settings while they are read: one file's tree after the other. */
#ifndef CONTENT_SETTINGS_READ_H
#define CONTENT_SETTINGS_READ_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/yaml.h"
#include "content/capsule.h"
#include "content/dialect.h"

#define SETTINGS_MAX ((size_t)1 << 20) /* bytes of a file of settings */

struct settings_reader {
    struct arena *arena;
    const struct blog *blog;
    struct capsule *capsule;
    struct diag *nobody; /* whom mistakes in these files are told */
};

/* What one file says, or Hugo's folder of them. */
struct settings_tree {
    const struct yaml *tree;
    const char *dialect; /* the start of the names of those it is for */
    const char *file;    /* below the blog's top */
    struct settings_tree *next;
};

/* All there are; of several the first that says a thing counts. */
const struct settings_tree *settings_trees(struct settings_reader *reader);

/* The value at "params.author.name", whatever the keys' case; NULL when there is none. */
const struct yaml *settings_find(const struct yaml *node, const char *path);

/* A text there, or the first of a list of texts; empty when it is neither. */
struct str settings_text(const struct yaml *tree, const char *path);

/* Patterns of addresses. */
void settings_permalinks(struct settings_reader *reader, const struct yaml *tree);

/* Jekyll's collections and defaults. */
void settings_jekyll(struct settings_reader *reader, const struct yaml *tree);

/* Where texts and other files are, as the files of that dialect say it. */
void settings_folders(struct settings_reader *reader, const struct yaml *tree, const char *dialect);

/* Files that are no trees: what is to be left alone, and what has moved. */
void settings_beside(struct settings_reader *reader);

#endif
