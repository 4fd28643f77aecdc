/* Foreign text for the person at the terminal, which it must not steer: controls are shown instead
 * of sent. Elsewhere, bytes stay what they are. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "client.h"

/* One line for standard error: what we say, then what they said. */
void show_note(const char *note, struct str text);

/* Where text goes in pieces of any size. */
struct sink {
    void (*write)(void *arg, struct str piece);
    void *arg;
};

/* Standard output, as such a place. */
struct screen {
    bool terminal;
    char cut[4]; /* a character of which some bytes have yet to come */
    size_t cut_len;
};

void screen_init(struct screen *screen);

void screen_write(struct screen *screen, struct str piece);

struct sink screen_sink(struct screen *screen);

/* After the last piece. */
void screen_end(struct screen *screen);

/*
 * Push out what was written.
 *
 * Returns false when nobody gets it any more: after reporting why, unless the reader has just gone
 * away (`... | head`).
 */
bool screen_flush(struct diag *diag);

/*
 * Pass on what is still to come of a body, each piece shown before the next is waited for.
 *
 * Returns false when it did not come to its end, or did but nobody gets it: after reporting why if
 * there is need to.
 */
bool show_rest(struct client *client, struct sink sink, struct diag *diag);

/* A body as it is, the first bytes of which came along with something else. Returns likewise. */
bool show_bytes(struct client *client, struct str first, struct diag *diag);

#endif
