/* The making of a certificate. */
#ifndef SERVER_CERTIFICATE_MAKE_H
#define SERVER_CERTIFICATE_MAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/fields.h"

struct new_certificate {
    struct str dir; /* made when missing, for nobody else to look into */
    const char *cert_file;
    const char *key_file;
    bool has_key; /* the key exists and is to be used */
    const struct words *hosts;
    int64_t now;
};

/*
 * Make a self-signed certificate for some hosts, and its key unless there is one. Each file gets
 * its name once it is whole, and none is ever overwritten.
 *
 * Returns false after reporting. Source: gemini.md G11; RFC 5280, section 4.1.
 */
bool certificate_make(const struct new_certificate *wanted, struct arena *arena, struct diag *diag);

#endif
