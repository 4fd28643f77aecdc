/* Files of certificates and keys, in PEM. */
#include "certificate_read.h"

#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>

/* Without this OpenSSL would ask on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *arg)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)arg;
    return -1;
}

static void report(struct diag *diag, const char *file, const char *what)
{
    diag_error(diag, (struct place){ file, 0 }, "%s", what);
}

static FILE *open_pem(const char *file, struct diag *diag)
{
    FILE *from = fopen(file, "re");

    if (from == NULL) {
        diag_errno(diag, "cannot read %s", file);
    }
    return from;
}

/* The certificate, and behind it in the same file those that lead to its issuer. */
static bool read_chain(struct certificate *certificate, struct diag *diag)
{
    FILE *from = open_pem(certificate->cert_file, diag);
    X509 *next = NULL;

    if (from == NULL) {
        return false;
    }
    certificate->leaf = PEM_read_X509(from, NULL, no_passphrase, NULL);
    certificate->chain = sk_X509_new_null();
    while (certificate->leaf != NULL && certificate->chain != NULL &&
           (next = PEM_read_X509(from, NULL, no_passphrase, NULL)) != NULL) {
        if (sk_X509_push(certificate->chain, next) == 0) {
            X509_free(next);
            break;
        }
    }
    fclose(from);
    ERR_clear_error(); /* the end of the file is one */
    if (certificate->leaf == NULL) {
        report(diag, certificate->cert_file, "there is no certificate (PEM) in this file");
    }
    return certificate->leaf != NULL && certificate->chain != NULL;
}

static void check_permissions(const char *file, FILE *opened, struct diag *diag)
{
    struct stat status;

    if (fstat(fileno(opened), &status) == 0 && (status.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
        diag_warn(diag, (struct place){ file, 0 },
                  "others can read or change this key; 'chmod 600' keeps it secret");
    }
}

static bool read_key(struct certificate *certificate, struct diag *diag)
{
    FILE *from = open_pem(certificate->key_file, diag);

    if (from == NULL) {
        return false;
    }
    check_permissions(certificate->key_file, from, diag);
    certificate->key = PEM_read_PrivateKey(from, NULL, no_passphrase, NULL);
    fclose(from);
    ERR_clear_error();
    if (certificate->key == NULL) {
        report(diag, certificate->key_file,
               "there is no key (PEM, without a passphrase) in this file");
    }
    return certificate->key != NULL;
}

bool certificate_read(struct certificate *certificate, struct diag *diag)
{
    if (!read_chain(certificate, diag) || !read_key(certificate, diag)) {
        return false;
    }
    if (X509_check_private_key(certificate->leaf, certificate->key) != 1) {
        ERR_clear_error();
        diag_error(diag, (struct place){ certificate->cert_file, 0 },
                   "this certificate does not belong to the key in %s", certificate->key_file);
        return false;
    }
    return true;
}
