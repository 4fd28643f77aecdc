/* What the protocols of `fetch` have in common: each asks in its own way, and says in its own way
 * what came. */
#ifndef CLI_FETCH_H
#define CLI_FETCH_H

#include "client.h"

/* Exit statuses of `fetch`, by the families of Gemini's statuses. */
enum {
    STATUS_REDIRECT = 30,
    STATUS_PERMANENT_FAILURE = 50,
};

struct fetch {
    bool follow;
    bool verbose;
    int timeout_s;
    struct arena *arena;
    struct diag *diag;
};

/*
 * Ask for a URL and show the answer: its header, or what stands for one, on standard error, its
 * body on standard output.
 *
 * Returns the exit status. When the URL makes no request, nothing is asked and *problem says why,
 * in words.
 */
int fetch_gemini(struct fetch *fetch, const struct url *url, const char **problem);
int fetch_gopher(struct fetch *fetch, const struct url *url, const char **problem);

/* If that is wanted, say on standard error by what certificate the server is known, if by one, and
 * at which of its addresses it was found. */
void fetch_introduce(const struct fetch *fetch, const struct client *client);

#endif
