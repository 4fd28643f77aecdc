/* Reading files, defensively: O_NOFOLLOW, O_NONBLOCK against FIFOs, and a size known beforehand. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct file_stamp file_stamp(const struct stat *status)
{
    return (struct file_stamp){
        .size = (uint64_t)status->st_size,
        .inode = (uint64_t)status->st_ino,
        .modified_ns = nanoseconds(status->st_mtim),
        .changed_ns = nanoseconds(status->st_ctim),
    };
}

bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
    return a->size == b->size && a->inode == b->inode && a->modified_ns == b->modified_ns &&
           a->changed_ns == b->changed_ns;
}

bool file_stamp_is_fresh(const struct file_stamp *stamp, int64_t now)
{
    return stamp->changed_ns >= (now - 1) * 1000000000 ||
           stamp->modified_ns >= (now - 1) * 1000000000;
}

int file_open(int dir, const char *path, struct stat *status)
{
    int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

    if (fd == -1) {
        return -1;
    }
    if (fstat(fd, status) == 0 && S_ISREG(status->st_mode)) {
        return fd;
    }
    close(fd);
    errno = S_ISDIR(status->st_mode) ? EISDIR : EINVAL;
    return -1;
}

static bool read_all(int fd, char *bytes, size_t size, size_t *len)
{
    *len = 0;
    while (*len < size) {
        ssize_t got = read(fd, bytes + *len, size - *len);

        if (got == 0) {
            return true; /* it shrank while we read */
        }
        if (got == -1 && errno != EINTR) {
            return false;
        }
        *len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool file_read(int dir, const char *path, size_t max, struct arena *arena, struct str *text)
{
    struct stat status;
    int fd = file_open(dir, path, &status);
    char *bytes;
    size_t len;
    bool ok;
    int saved;

    if (fd == -1) {
        return false;
    }
    if ((uintmax_t)status.st_size > max) {
        close(fd);
        errno = EFBIG;
        return false;
    }
    bytes = arena_alloc(arena, (size_t)status.st_size + 1);
    ok = read_all(fd, bytes, (size_t)status.st_size, &len);
    saved = errno;
    close(fd);
    errno = saved;
    if (ok) {
        *text = (struct str){ bytes, len };
    }
    return ok;
}

bool file_name_is_foreign(const char *name)
{
    return *name == '.' || strcmp(name, "node_modules") == 0;
}
