/* The Gemini protocol: request line in, answer out. Source: Gemini network protocol 0.24.1. */
#ifndef PROTOCOL_GEMINI_H
#define PROTOCOL_GEMINI_H

#include "protocol/protocol.h"

#define GEMINI_URL_MAX 1024 /* bytes of a request without its CR LF. Source: "Requests" */

extern const struct protocol gemini;

#endif
