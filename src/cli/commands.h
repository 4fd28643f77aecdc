/* The commands, as main.c's table names them. Each gets its own name as argv[0], writes what was
 * asked for to standard output and everything else to standard error, and returns the program's
 * exit status. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

enum {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* it could not be done, or check found a problem */
    STATUS_USAGE = 2,  /* the command line makes no sense */
};

int command_serve(int argc, char **argv);
int command_check(int argc, char **argv);
int command_new(int argc, char **argv);
int command_render(int argc, char **argv);
int command_cert(int argc, char **argv);
int command_fetch(int argc, char **argv);

#endif
