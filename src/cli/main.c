/* The program: a table of commands, and the manners they share. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "commands.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} commands[] = {
    { "serve", command_serve, "serve a folder of posts" },
    { "check", command_check, "name every problem in a folder of posts" },
    { "new", command_new, "begin a post" },
    { "render", command_render, "show one post as its readers will see it" },
    { "cert", command_cert, "show a certificate, or make one" },
    { "fetch", command_fetch, "fetch one address, as a reader would" },
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static void print_help(FILE *to)
{
    fputs("usage: splashdown COMMAND [ARGUMENTS]\n"
          "\n"
          "Serves a folder of markdown posts over Gemini and Gopher.\n"
          "\n",
          to);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].help);
    }
    fputs("\n"
          "splashdown help COMMAND (or splashdown COMMAND --help) says more about each;\n"
          "splashdown --version says which this is. The whole manual: man splashdown.\n",
          to);
}

static int print_version(void)
{
    puts("splashdown " SPLASHDOWN_VERSION);
    return STATUS_OK;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static int refuse_command(const char *name)
{
    const char *nearest =
        nearest_name(str_from(name), &commands[0].name, COMMAND_COUNT, sizeof commands[0]);

    fprintf(stderr, "splashdown: there is no command '%s'", name);
    if (nearest != NULL) {
        fprintf(stderr, " (did you mean '%s'?)", nearest);
    }
    fputs("\nsplashdown --help lists them\n", stderr);
    return STATUS_USAGE;
}

static int help_command(const char *name)
{
    const struct command *command = find_command(name);
    char own_name[16];
    char option[] = "--help";
    char *argv[] = { own_name, option, NULL };

    if (command == NULL) {
        return refuse_command(name);
    }
    snprintf(own_name, sizeof own_name, "%s", name);
    return command->run(2, argv);
}

/* argv begins with what follows the program's own name. */
static int run(int argc, char **argv)
{
    const struct command *command;

    if (argc == 0) {
        print_help(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[0], "help") == 0 && argc > 1) {
        return help_command(argv[1]);
    }
    if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
        strcmp(argv[0], "-h") == 0) {
        print_help(stdout);
        return STATUS_OK;
    }
    if (strcmp(argv[0], "--version") == 0 || (argc == 2 && strcmp(argv[1], "--version") == 0)) {
        return print_version();
    }
    command = find_command(argv[0]);
    return command != NULL ? command->run(argc, argv) : refuse_command(argv[0]);
}

int main(int argc, char **argv)
{
    int status = run(argc > 0 ? argc - 1 : 0, argv + 1);

    /* A full disk must not look like success. Where a command failed, it has said why; where a
     * reader has gone away (`... | head`), SIGPIPE has ended us without a word. */
    errno = 0;
    if (status == STATUS_OK && (fflush(stdout) == EOF || ferror(stdout))) {
        fprintf(stderr, "splashdown: cannot write to standard output%s%s\n", errno != 0 ? ": " : "",
                errno != 0 ? strerror(errno) : "");
        return STATUS_FAILED;
    }
    return status;
}
