/* A list of problems that never grows past a bound, and how it is shown. */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/utf8.h"

void diag_init(struct diag *diag, struct arena *arena)
{
    *diag = (struct diag){ .arena = arena };
}

static void keep(struct diag *diag, struct problem problem)
{
    size_t *total = problem.severity == DIAG_ERROR ? &diag->errors : &diag->warnings;

    *total += 1;
    if (diag->count >= DIAG_MAX) {
        return;
    }
    if (problem.place.file != NULL) {
        problem.place.file = arena_copy(diag->arena, str_from(problem.place.file)).ptr;
    }
    problem.text = arena_copy(diag->arena, str_from(problem.text)).ptr;
    *ARENA_PUSH(diag->arena, diag->problems, diag->count, &diag->capacity) = problem;
}

__attribute__((format(printf, 4, 0))) static void add(struct diag *diag, struct place place,
                                                      enum severity severity, const char *format,
                                                      va_list args)
{
    char text[1024]; /* longer messages are cut: they quote a whole line of somebody's file */

    vsnprintf(text, sizeof text, format, args);
    keep(diag, (struct problem){ place, severity, text, format });
}

void diag_warn(struct diag *diag, struct place place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(diag, place, DIAG_WARNING, format, args);
    va_end(args);
}

void diag_error(struct diag *diag, struct place place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(diag, place, DIAG_ERROR, format, args);
    va_end(args);
}

void diag_errno(struct diag *diag, const char *format, ...)
{
    const char *reason = strerror(errno);
    char text[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_error(diag, (struct place){ NULL, 0 }, "%s: %s", text, reason);
}

void diag_add(struct diag *diag, const struct diag *others)
{
    for (size_t i = 0; i < others->count; i++) {
        keep(diag, others->problems[i]);
    }
}

/* Foreign text on a person's terminal: characters stay, controls become visible. */
static void print_escaped(const char *text, FILE *to)
{
    struct str rest = str_from(text);

    while (rest.len > 0) {
        struct str before = rest;
        uint32_t character = utf8_next(&rest);
        size_t len = before.len - rest.len;

        if (character == '\n' || character == '\t' || !utf8_printable(character) ||
            (len == 1 && character == UTF8_REPLACEMENT)) {
            for (size_t i = 0; i < len; i++) {
                fprintf(to, "\\x%02X", (unsigned char)before.ptr[i]);
            }
        } else {
            fwrite(before.ptr, 1, len, to);
        }
    }
}

void problem_print(const struct problem *problem, FILE *to)
{
    if (problem->place.file != NULL) {
        print_escaped(problem->place.file, to);
        if (problem->place.line > 0) {
            fprintf(to, ":%d", problem->place.line);
        }
        fputs(": ", to);
    }
    fputs(problem->severity == DIAG_ERROR ? "error: " : "warning: ", to);
    print_escaped(problem->text, to);
    fputc('\n', to);
}

void diag_print(const struct diag *diag, size_t from, FILE *to)
{
    for (size_t i = from; i < diag->count; i++) {
        problem_print(&diag->problems[i], to);
    }
    if (diag->errors + diag->warnings > diag->count) {
        fprintf(to, "(and %zu more)\n", diag->errors + diag->warnings - diag->count);
    }
}
