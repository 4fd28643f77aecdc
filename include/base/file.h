/* Whole files into memory, without ever following a link out of where they were asked for. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/str.h"

/* What tells a file from what it was before, without reading it: written, replaced or renamed. */
struct file_stamp {
    uint64_t size;
    uint64_t inode;
    int64_t modified_ns;
    int64_t changed_ns;
};

struct file_stamp file_stamp(const struct stat *status);
bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b);

/* Whether it changed so shortly before `now` (seconds) that one more change since may have left the
 * same stamp: then the stamp tells nothing of what was read by then. */
bool file_stamp_is_fresh(const struct file_stamp *stamp, int64_t now);

/* Open the regular file for reading; a symbolic link in the last part is refused.
 *
 * dir   a directory descriptor, or AT_FDCWD.
 *
 * Returns the descriptor with *status filled, or -1 with errno set (EISDIR, ELOOP and the like;
 * EINVAL for what is neither a file nor a folder).
 */
int file_open(int dir, const char *path, struct stat *status);

/* Read a file of at most max bytes into the arena (NUL-terminated behind its length).
 * Returns false with errno set; EFBIG when the file is larger. */
bool file_read(int dir, const char *path, size_t max, struct arena *arena, struct str *text);

/* Whether nothing of an author's is in a file or folder of that name: it starts with a dot, or is
 * where a program keeps others', "node_modules". */
bool file_name_is_foreign(const char *name);

#endif
