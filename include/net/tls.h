/* The server's side of TLS: a context for each certificate, chosen by the name a reader asks for.
 * Source: gemini.md G1-G10; performance.md for the settings. */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/str.h"

struct tls;
struct evp_pkey_st;
struct stack_st_X509;
struct x509_st;

/* Who we are under some names. */
struct tls_identity {
    const char *name;            /* for messages: the certificate's file */
    struct x509_st *certificate; /* these three stay the caller's */
    struct stack_st_X509 *chain; /* what to send behind it; NULL for none */
    struct evp_pkey_st *key;
    const struct str *hosts; /* lower-case ASCII */
    size_t host_count;
};

struct tls *tls_create(void);

/*
 * Add an identity. The first is also the answer to readers who ask for no name or for one that is
 * not ours: their handshake completes, and the protocol says what is wrong (G3, G4).
 *
 * Returns false after reporting why OpenSSL will not have it.
 */
bool tls_add(struct tls *tls, const struct tls_identity *identity, struct diag *diag);

/* After its last connection. NULL is left alone. */
void tls_destroy(struct tls *tls);

#endif
