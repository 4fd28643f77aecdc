/*
 * User, resources, and what the kernel would do for a worker: given up in this order.
 *
 * libseccomp rather than a filter written by hand: system calls have other numbers on every
 * processor, and arguments come in two halves. Landlock has no library in the distributions yet; it
 * is three system calls, of which this needs two.
 */
#define _GNU_SOURCE /* setresuid, setgroups */
#include "server/confine.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <seccomp.h>
#endif

#include "base/log.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct place nowhere = { NULL, 0 };

const char *const confine_names[] = { "auto", "require", "none", NULL };

/* ---- the user ------------------------------------------------------------------------------- */

/* Back to root must fail now; that it does is what makes the rest worth something. */
static bool become(const struct passwd *user)
{
    gid_t group = user->pw_gid;

    return setgroups(1, &group) == 0 && setresgid(group, group, group) == 0 &&
           setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0 &&
           (user->pw_uid == 0 || setuid(0) == -1);
}

bool confine_to_user(struct str user, struct diag *diag)
{
    const struct passwd *found;
    char name[64];

    if (user.len == 0) {
        if (geteuid() == 0) {
            diag_warn(diag, nowhere, "running as root; name a 'user' to become in splashdown.yaml");
        }
        return true;
    }
    snprintf(name, sizeof name, "%.*s", STR_ARG(user));
    found = getpwnam(name);
    if (found == NULL) {
        diag_error(diag, nowhere, "there is no user '%s' on this host", name);
        return false;
    }
    if (geteuid() != 0) {
        if (found->pw_uid == getuid()) {
            return true;
        }
        diag_error(diag, nowhere,
                   "only root can become user '%s'; leave 'user' out, or start as %s", name, name);
        return false;
    }
    if (!become(found)) {
        diag_errno(diag, "cannot become user '%s'", name);
        return false;
    }
    return true;
}

/* ---- resources ------------------------------------------------------------------------------ */

static bool set_limit(int resource, rlim_t most)
{
    struct rlimit limit = { most, most };

    return setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

void confine_secrets(void)
{
    (void)set_limit(RLIMIT_CORE, 0); /* a core would hold keys */
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor may a core handler or a debugger have them */
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
}

/* Behind the filters: what must be impossible is limited to nothing as well. */
static bool limit_resources(void)
{
    return set_limit(RLIMIT_NPROC, 0) && set_limit(RLIMIT_FSIZE, 0);
}

#ifdef __linux__

/* ---- seccomp: which system calls are left ---------------------------------------------------- */

/* The conditions under which a call is allowed; none: always. */
struct call {
    int number;
    unsigned condition_count;
    struct scmp_arg_cmp condition;
};

#define ALWAYS(name)                                                                               \
    {                                                                                              \
        SCMP_SYS(name), 0,                                                                         \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
#define WHERE(name, argument, is)                                                                  \
    {                                                                                              \
        SCMP_SYS(name), 1,                                                                         \
        {                                                                                          \
            (argument), SCMP_CMP_EQ, (is), 0                                                       \
        }                                                                                          \
    }
#define WITHOUT(name, argument, bits)                                                              \
    {                                                                                              \
        SCMP_SYS(name), 1,                                                                         \
        {                                                                                          \
            (argument), SCMP_CMP_MASKED_EQ, (bits), 0                                              \
        }                                                                                          \
    }

/* All that a loop over sockets needs, libevent, OpenSSL and malloc included. What is not here is
 * refused, whatever a later kernel adds. */
static const struct call calls[] = {
    /* sockets that are there: no socket, no connect, no descriptors from others (recvmsg) */
    ALWAYS(accept4),
    ALWAYS(recvfrom),
    ALWAYS(sendto),
    ALWAYS(shutdown),
    ALWAYS(getsockopt),
    ALWAYS(setsockopt),
    ALWAYS(getsockname),
    ALWAYS(getpeername),
    /* descriptors that are open: no open in any of its forms */
    ALWAYS(read),
    ALWAYS(readv),
    ALWAYS(write),
    ALWAYS(writev),
    ALWAYS(pread64),
    ALWAYS(sendfile),
    ALWAYS(sendfile64),
    ALWAYS(close),
    WHERE(fcntl, 1, F_DUPFD_CLOEXEC),
    WHERE(fcntl, 1, F_GETFL),
    WHERE(fcntl, 1, F_SETFL),
    WHERE(ioctl, 1, TIOCOUTQ),
    /* the loop */
    ALWAYS(epoll_wait),
    ALWAYS(epoll_pwait),
    ALWAYS(epoll_pwait2),
    ALWAYS(epoll_ctl),
    ALWAYS(timerfd_settime),
    ALWAYS(clock_gettime),
    ALWAYS(gettimeofday),
    ALWAYS(time),
    ALWAYS(restart_syscall),
    /* memory, never to be executed */
    ALWAYS(brk),
    WITHOUT(mmap, 2, PROT_EXEC),
    WITHOUT(mmap2, 2, PROT_EXEC),
    WITHOUT(mprotect, 2, PROT_EXEC),
    ALWAYS(mremap),
    ALWAYS(munmap),
    ALWAYS(madvise),
    ALWAYS(futex),
    /* OpenSSL's random numbers, and its look for a fork */
    ALWAYS(getrandom),
    ALWAYS(getpid),
    ALWAYS(gettid),
    /* signals to itself, and the end */
    ALWAYS(rt_sigaction),
    ALWAYS(rt_sigprocmask),
    ALWAYS(rt_sigreturn),
    ALWAYS(sigaltstack),
    ALWAYS(sched_yield),
    ALWAYS(exit),
    ALWAYS(exit_group),
};

static bool allow(scmp_filter_ctx filter, const struct call *call)
{
    int result = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, call->condition_count,
                                        &call->condition);

    return result == 0 || result == -EDOM; /* this processor has no such call */
}

/* abort() sends itself a signal; nobody else is to get one. */
static bool allow_abort(scmp_filter_ctx filter)
{
    const struct call to_itself = WHERE(tgkill, 0, (scmp_datum_t)getpid());

    return allow(filter, &to_itself);
}

/* Refused with EPERM, not with death: a library that asks for too much should find out. */
static bool apply_seccomp(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool ok = filter != NULL && allow_abort(filter);

    for (size_t i = 0; ok && i < COUNT(calls); i++) {
        ok = allow(filter, &calls[i]);
    }
    ok = ok && seccomp_load(filter) == 0;
    if (filter != NULL) {
        seccomp_release(filter);
    }
    return ok;
}

/* ---- landlock: which files and ports, namely none -------------------------------------------- */

/* Source: landlock(7); linux/landlock.h, of which older systems have only the beginning. */
struct landlock_attributes {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
};

#define LANDLOCK_VERSION    1 /* flag: tell which version the kernel has */
#define LANDLOCK_NET        ((uint64_t)3)
#define LANDLOCK_SCOPES     ((uint64_t)3)
#define LANDLOCK_BITS(last) (((uint64_t)2 << (last)) - 1)

/* What each version handles: the last bit of file rights, and how much of the struct. */
static const struct landlock_version {
    long since;
    unsigned last_fs_bit;
    size_t size;
} landlock_versions[] = {
    { 6, 15, 24 }, { 5, 15, 16 }, { 4, 14, 16 }, { 3, 14, 8 }, { 2, 13, 8 }, { 1, 12, 8 },
};

/* Everything is handled and nothing is allowed: no rule is ever added. */
static bool apply_landlock(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);

    for (size_t i = 0; i < COUNT(landlock_versions); i++) {
        if (version >= landlock_versions[i].since) {
            const struct landlock_attributes attributes = {
                LANDLOCK_BITS(landlock_versions[i].last_fs_bit), LANDLOCK_NET, LANDLOCK_SCOPES
            };
            int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes,
                                     landlock_versions[i].size, 0);
            bool ok = rules != -1 && syscall(SYS_landlock_restrict_self, rules, 0) == 0;

            if (rules != -1) {
                close(rules);
            }
            return ok;
        }
    }
    return false;
}

static bool apply_both(void)
{
    return apply_landlock() && apply_seccomp(); /* the filter would not let landlock in */
}

#endif

/* ---- ways to be confined --------------------------------------------------------------------- */

struct confinement {
    const char *name;
    bool (*apply)(void);
};

/* The strictest first. */
static const struct confinement confinements[] = {
#ifdef __linux__
    { "seccomp and landlock", apply_both },
    { "seccomp", apply_seccomp },
    { "landlock", apply_landlock },
#endif
    { NULL, NULL },
};

bool confinement_apply(const struct confinement *confinement)
{
    confine_secrets();
    return limit_resources() && confinement->apply();
}

const char *confinement_name(const struct confinement *confinement)
{
    return confinement->name;
}

static bool works(const struct confinement *confinement)
{
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        _exit(confinement_apply(confinement) ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    return pid != -1 && waitpid(pid, &status, 0) == pid && status == EXIT_SUCCESS;
}

const struct confinement *confinement_find(void)
{
    for (const struct confinement *each = confinements; each->name != NULL; each++) {
        if (works(each)) {
            return each;
        }
    }
    return NULL;
}

bool confinement_choose(enum confine wanted, const struct confinement **chosen, struct diag *diag)
{
    *chosen = wanted != CONFINE_NONE ? confinement_find() : NULL;
    if (*chosen == NULL && wanted == CONFINE_REQUIRE) {
        diag_error(diag, nowhere,
                   "workers cannot be confined on this system, and 'confine' requires it");
        return false;
    }
    return true;
}

void confinement_log(enum confine wanted, const struct confinement *chosen)
{
    if (chosen != NULL) {
        log_info("workers are confined by %s", chosen->name);
    } else if (wanted == CONFINE_NONE) {
        log_warn("workers are not confined: 'confine' is none");
    } else {
        log_warn("workers are not confined: this system offers no way to do it");
    }
}
