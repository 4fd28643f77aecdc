/* The Gopher protocol: selector line in, answer out. Source: RFC 1436; gopher.md. */
#ifndef PROTOCOL_GOPHER_H
#define PROTOCOL_GOPHER_H

#include "protocol/protocol.h"

#define GOPHER_LINE_MAX 1024 /* bytes of a request without its line end. Source: gopher.md R3 */

extern const struct protocol gopher;

#endif
