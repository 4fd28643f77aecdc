/* A library to be loaded before the C library: both clocks are ahead by as many seconds as stand,
 * in eight bytes, in the file that $CLOCK_AHEAD names. Whoever writes there turns the clocks of all
 * processes that were started with it, their children and confined ones included. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead_s;

__attribute__((constructor)) static void open_file(void)
{
    const char *path = getenv("CLOCK_AHEAD");
    int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *shared =
        fd != -1 ? mmap(NULL, sizeof *ahead_s, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

    if (shared != MAP_FAILED) {
        ahead_s = shared;
    }
    if (fd != -1) {
        close(fd);
    }
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);

    if (result == 0 && ahead_s != NULL && (clock == CLOCK_MONOTONIC || clock == CLOCK_REALTIME)) {
        now->tv_sec += (time_t)*ahead_s;
    }
    return (int)result;
}
