/* Gopher's texts and menus on arrival: lines, and what was done to their dots on the way. */
#ifndef CLI_GOPHER_TEXT_H
#define CLI_GOPHER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/str.h"

/* No line of a menu is longer; those of a text come in pieces then. */
#define GOPHER_TEXT_LINE_MAX 4096

/* A line, or a piece of one, without its line end. */
struct gopher_line {
    struct str text;
    bool begins; /* it is the first piece */
    bool ends;   /* it is the last one, and had a line end */
};

/* Where lines go. */
struct gopher_lines {
    void (*take)(void *arg, const struct gopher_line *line);
    void *arg;
    char bytes[GOPHER_TEXT_LINE_MAX]; /* of a line that has not ended yet */
    size_t len;
    bool inside; /* a piece of this line was taken already */
};

/*
 * A text that comes in pieces. Servers differ, and no text says how it was sent: some end it with a
 * lone dot and put a dot before every line that begins with one, some do neither. The lone dot at
 * the very end decides, so what depends on it is held back (in a temporary file) until then or
 * until a line comes that no server of the first kind would send.
 *
 * Source: RFC 1436, section 3.8; gopher.md R18.
 */
struct gopher_text {
    struct gopher_lines lines;
    void (*take)(void *arg, const struct gopher_line *line);
    void *arg;
    FILE *held;    /* lines from the first on that may have got a dot; else NULL */
    bool raw;      /* a line has shown that none has got one */
    bool last_dot; /* a lone dot was the last line so far */
    bool failed;   /* the temporary file */
};

/* take  gets each line as it is known to have been. Every CR LF and LF ends one. */
void gopher_text_init(struct gopher_text *text,
                      void (*take)(void *arg, const struct gopher_line *line), void *arg);

void gopher_text_add(struct gopher_text *text, struct str piece);

/* After the last piece. Returns false after reporting that something could not be held back. */
bool gopher_text_end(struct gopher_text *text, struct diag *diag);

#endif
