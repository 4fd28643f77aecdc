/* A process confines itself, then tries what it may not, and what it still must. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/confine.h"

/* What is there before the door closes, as a worker has it. */
static int listening;
static int unconnected;
static int pair[2];
static int file;
static int loop;
static struct sockaddr_in here;

static void open_what_is_needed(void)
{
    socklen_t size = sizeof here;

    here = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    unconnected = socket(AF_INET, SOCK_STREAM, 0);
    file = open("/proc/self/exe", O_RDONLY);
    loop = epoll_create1(0);
    if (bind(listening, (struct sockaddr *)&here, size) == -1 || listen(listening, 1) == -1 ||
        getsockname(listening, (struct sockaddr *)&here, &size) == -1 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1 || file == -1 || loop == -1) {
        perror("test_confine");
        _exit(EXIT_FAILURE);
    }
}

/* ---- attempts: each returns what the system call returned, errno set ---- */

static long open_a_file(void)
{
    return open("/etc/passwd", O_RDONLY);
}

static long create_a_file(void)
{
    return syscall(SYS_openat, AT_FDCWD, "/tmp/splashdown-confined", O_CREAT | O_WRONLY, 0600);
}

static long list_a_folder(void)
{
    return open("/", O_RDONLY | O_DIRECTORY);
}

static long look_at_a_file(void)
{
    struct stat status;

    return stat("/etc/passwd", &status);
}

static long remove_a_file(void)
{
    return unlink("/tmp/splashdown-confined");
}

static long change_folder(void)
{
    return chdir("/");
}

static long run_a_program(void)
{
    char *const arguments[] = { NULL };

    return execve("/bin/true", arguments, arguments);
}

static long fork_a_process(void)
{
    pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

    if (pid == 0) {
        _exit(EXIT_SUCCESS);
    }
    return pid;
}

static long trace_the_parent(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long read_the_parents_memory(void)
{
    return syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0);
}

static long signal_the_parent(void)
{
    return kill(getppid(), SIGCONT);
}

static long connect_out(void)
{
    return connect(unconnected, (struct sockaddr *)&here, sizeof here);
}

static long make_a_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

static long make_a_local_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM, 0);
}

static long listen_elsewhere(void)
{
    return bind(unconnected, (struct sockaddr *)&here, sizeof here);
}

static long make_memory_executable(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return page == MAP_FAILED ? -1 : 0;
}

static long become_root(void)
{
    return setuid(0);
}

static long load_a_filter(void)
{
    return prctl(PR_SET_SECCOMP, 0, NULL);
}

static long type_on_the_terminal(void)
{
    char byte = 'x';

    return ioctl(STDIN_FILENO, TIOCSTI, &byte);
}

static long raise_a_limit(void)
{
    struct rlimit limit = { 1024, 1024 };

    return setrlimit(RLIMIT_CORE, &limit);
}

static const struct attempt {
    const char *what;
    long (*make)(void);
    bool harmless; /* and granted to anybody else */
} attempts[] = {
    { "open", open_a_file, true },
    { "openat O_CREAT", create_a_file },
    { "open a folder", list_a_folder, true },
    { "stat", look_at_a_file, true },
    { "unlink", remove_a_file },
    { "chdir", change_folder, true },
    { "execve", run_a_program },
    { "fork", fork_a_process, true },
    { "ptrace", trace_the_parent },
    { "process_vm_readv", read_the_parents_memory },
    { "kill", signal_the_parent },
    { "connect", connect_out },
    { "socket", make_a_socket, true },
    { "local socket", make_a_local_socket, true },
    { "bind", listen_elsewhere },
    { "mmap PROT_EXEC", make_memory_executable, true },
    { "setuid", become_root },
    { "prctl", load_a_filter },
    { "ioctl TIOCSTI", type_on_the_terminal },
    { "setrlimit", raise_a_limit },
};

#define ATTEMPTS (sizeof attempts / sizeof attempts[0])

/* ---- in the confined process ---- */

static bool still_works(void)
{
    struct epoll_event event = { .events = EPOLLIN };
    int peer = -1;
    int waiting;
    char bytes[4];
    char *memory = malloc((size_t)8 << 20);
    bool ok = memory != NULL;

    free(memory);
    ok = ok && write(pair[0], "ping", 4) == 4 && recv(pair[1], bytes, 4, 0) == 4;
    ok = ok && pread(file, bytes, 4, 0) == 4;
    ok = ok && epoll_ctl(loop, EPOLL_CTL_ADD, listening, &event) == 0;
    ok = ok && epoll_wait(loop, &event, 1, 10000) == 1; /* the parent connects */
    peer = accept4(listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    ok = ok && peer != -1 && ioctl(peer, TIOCOUTQ, &waiting) == 0;
    ok = ok && send(peer, "pong", 4, MSG_NOSIGNAL) == 4 && shutdown(peer, SHUT_WR) == 0;
    return ok && close(peer) == 0;
}

/* A letter for each attempt: refused, or what happened instead. */
static _Noreturn void be_confined(const struct confinement *confinement, int report)
{
    if (!confinement_apply(confinement)) {
        _exit(2);
    }
    for (size_t i = 0; i < ATTEMPTS; i++) {
        bool refused = attempts[i].make() == -1 && (errno == EPERM || errno == EACCES);

        if (write(report, refused ? "r" : "!", 1) != 1) {
            _exit(3);
        }
    }
    _exit(still_works() ? EXIT_SUCCESS : 4);
}

/* ---- outside ---- */

static const struct confinement *confinement;

static int setup(void **state)
{
    (void)state;
    confinement = confinement_find();
    return 0;
}

static void skip_if_there_is_none(void)
{
    if (confinement == NULL) {
        print_message("this system offers no confinement\n");
        skip();
    }
}

static void check_report(int report)
{
    char letter;
    int granted = 0;

    for (size_t i = 0; i < ATTEMPTS; i++) {
        assert_int_equal(read(report, &letter, 1), 1);
        print_message("  %-18s %s\n", attempts[i].what, letter == 'r' ? "refused" : "GRANTED");
        granted += letter != 'r';
    }
    assert_int_equal(granted, 0);
}

static int connect_to_it(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_not_equal(fd, -1);
    assert_int_equal(connect(fd, (struct sockaddr *)&here, sizeof here), 0);
    return fd;
}

static void a_worker_can_serve_and_nothing_else(void **state)
{
    int report[2];
    int status;
    int peer;
    pid_t pid;

    (void)state;
    skip_if_there_is_none();
    print_message("confined by %s:\n", confinement_name(confinement));
    open_what_is_needed();
    assert_int_equal(pipe(report), 0);
    pid = fork();
    if (pid == 0) {
        be_confined(confinement, report[1]);
    }
    close(report[1]);
    check_report(report[0]);
    peer = connect_to_it();
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(peer);
    close(report[0]);
}

/* Else the test above would prove nothing. */
static void who_is_not_confined_is_refused_nothing_of_it(void **state)
{
    int status;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        int refused = 0;

        for (size_t i = 0; i < ATTEMPTS; i++) {
            refused += attempts[i].harmless && attempts[i].make() == -1;
        }
        _exit(refused);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void an_assertion_still_aborts(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    skip_if_there_is_none();
    pid = fork();
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL); /* whatever a sanitizer made of it */
        if (confinement_apply(confinement)) {
            abort();
        }
        _exit(EXIT_SUCCESS);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void root_becomes_a_user_for_good(void **state)
{
    int status;
    pid_t pid;

    (void)state;
    if (geteuid() != 0) {
        print_message("only root can try\n");
        skip();
    }
    pid = fork();
    if (pid == 0) {
        struct arena *arena = arena_create();
        struct diag diag;
        bool ok;

        diag_init(&diag, arena);
        ok = confine_to_user(STR("nobody"), &diag) && getuid() != 0 && getgid() != 0 &&
             getgroups(0, NULL) == 1 && setuid(0) == -1 && seteuid(0) == -1 && setgid(0) == -1;
        _exit(ok ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_user_that_is_none_is_named(void **state)
{
    struct arena *arena = arena_create();
    struct diag diag;

    (void)state;
    diag_init(&diag, arena);
    assert_true(confine_to_user(STR(""), &diag)); /* with a warning, if we are root */
    assert_false(confine_to_user(STR("no-such-user"), &diag));
    assert_string_equal(diag.problems[diag.count - 1].text,
                        "there is no user 'no-such-user' on this host");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_can_serve_and_nothing_else),
        cmocka_unit_test(who_is_not_confined_is_refused_nothing_of_it),
        cmocka_unit_test(an_assertion_still_aborts),
        cmocka_unit_test(root_becomes_a_user_for_good),
        cmocka_unit_test(a_user_that_is_none_is_named),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
