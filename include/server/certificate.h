/* A capsule's certificates: found by host name, made when missing, and said in words. */
#ifndef SERVER_CERTIFICATE_H
#define SERVER_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/fields.h"

struct evp_pkey_st;
struct stack_st_X509;
struct x509_st;

struct certificate {
    const char *cert_file;
    const char *key_file;
    struct x509_st *leaf;
    struct stack_st_X509 *chain; /* what stands behind it in its file */
    struct evp_pkey_st *key;
    struct str *hosts; /* those it is shown to */
    size_t host_count;
    bool made; /* it did not exist before */
};

/* The first is the canonical host's. */
struct certificates {
    struct certificate *each;
    size_t count;
};

/*
 * Find the certificates of a capsule's hosts in a folder.
 *
 * A host has files of its own, HOST.crt and HOST.key or HOST/fullchain.pem and HOST/privkey.pem, or
 * it uses those of the first host, which are made when they are missing: ECDSA P-256 for all hosts,
 * until 4096. An existing key is never replaced; a key without a certificate gets one.
 *
 * What was used before and cannot be read any more, or has gone, stays in use with an error, so
 * that a renewal that is under way, or went wrong, takes nothing from readers; and no new one is
 * made.
 *
 * hosts         lower-case ASCII; at least one.
 * before        what was used until now; may be NULL.
 * now           seconds, for what has expired.
 * certificates  filled on success; OpenSSL's part is freed by certificates_fini, the rest lives in
 *               the arena.
 *
 * Returns false after reporting what keeps a certificate from being used. What only makes readers
 * wonder (dates, names, permissions) is a warning. Source: gemini.md G11, G12.
 */
bool certificates_init(struct certificates *certificates, struct arena *arena, struct str dir,
                       const struct words *hosts, const struct certificates *before, int64_t now,
                       struct diag *diag);

void certificates_fini(struct certificates *certificates);

/* Warn of certificates that have expired or will within a month, or are not valid yet. */
void certificates_check_dates(const struct certificates *certificates, int64_t now,
                              struct diag *diag);

/* Say in the log which hosts show another certificate than before; it is a warning when the key is
 * another one, too: readers who trusted it will be told that something is wrong. */
void certificates_log_changes(const struct certificates *certificates,
                              const struct certificates *before);

/* When it expires, in seconds since 1970. */
int64_t certificate_expiry(const struct certificate *certificate);

/*
 * Names, fingerprint, expiry and files, a line each, behind two blanks.
 *
 * The fingerprint is SHA-256 over the certificate, in hex with colons, as
 * `openssl x509 -noout -fingerprint -sha256` prints it.
 */
void certificate_print(const struct certificate *certificate, FILE *to);

#endif
