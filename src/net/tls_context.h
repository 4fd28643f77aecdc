/* What the two TLS files share: a new SSL object of the right context. */
#ifndef NET_TLS_CONTEXT_H
#define NET_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "stream.h"

/* A server's SSL over the stream's socket, or NULL. While the handshake reads the ClientHello, the
 * context changes to the one of the name that it asks for, and the stream's name is set. */
SSL *tls_accept(struct tls *tls, struct stream *stream);

/* A BIO that reads the stream's socket and gathers into its outbox, or NULL. */
BIO *tls_bio_create(struct stream *stream);

#endif
