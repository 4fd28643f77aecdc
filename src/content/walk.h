/* The files below a folder, without following links out of it. */
#ifndef CONTENT_WALK_H
#define CONTENT_WALK_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/str.h"

struct walk_file {
    const char *file; /* to open, and as problems name it */
    struct str path;  /* below the folder: "2025/walking.md" */
    struct file_stamp stamp;
};

struct walk {
    struct walk_file *files; /* sorted by path */
    size_t count;
    size_t capacity;
};

/*
 * skip  names of folders, relative to dir, that belong to somebody else.
 *
 * Foreign names (file_name_is_foreign) are passed over in silence; links and what is neither file
 * nor folder with a warning. A folder that cannot be read is an error; one that is missing is
 * empty. Appends to *walk.
 */
void walk_folder(struct arena *arena, const char *dir, const struct str *skip, size_t skip_count,
                 struct walk *walk, struct diag *diag);

#endif
