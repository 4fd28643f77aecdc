/* The PROXY protocol: what a proxy says of a connection before its own bytes, versions 1 and 2.
 * Source: proxy-protocol.md; "The PROXY protocol", HAProxy, doc/proxy-protocol.txt. */
#ifndef PROTOCOL_PROXY_H
#define PROTOCOL_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ip.h"
#include "base/str.h"

/* The longest header that is accepted: version 2 states a length, and ours has this ceiling. */
#define PROXY_HEADER_MAX ((size_t)16 + 4096)

enum proxy_state {
    PROXY_INCOMPLETE, /* all that was received belongs to the header; read on */
    PROXY_COMPLETE,
    PROXY_INVALID, /* no header can come of this any more: drop the connection, say nothing */
};

struct proxy_header {
    size_t length;    /* how many bytes it was; what is received behind them is not ours */
    bool has_source;  /* false: the proxy speaks for itself, or does not know for whom */
    struct ip source; /* the reader's address, if so */
};

/*
 * Look at what has come in so far; *header is filled on PROXY_COMPLETE.
 *
 * Both versions are told apart by their first byte. Nothing in between is guessed: who sends
 * anything else, or a header with an error in it, is no proxy.
 */
enum proxy_state proxy_parse(struct str received, struct proxy_header *header);

#endif
