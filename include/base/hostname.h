/* Host names in the one form that is compared and sent: lower-case ASCII, "xn--" where needed. */
#ifndef BASE_HOSTNAME_H
#define BASE_HOSTNAME_H

#include <stdbool.h>

#include "base/str.h"

/* The longest name there is, with its NUL. Source: RFC 1035, section 2.3.4. */
#define HOSTNAME_SIZE 256

/*
 * name  UTF-8 or ASCII, already percent-decoded.
 * out   filled on success, NUL-terminated.
 *
 * Returns false for what can be no host name. Source: RFC 5891 (IDNA 2008), by libidn2.
 */
bool hostname_to_ascii(struct str name, char out[HOSTNAME_SIZE]);

#endif
