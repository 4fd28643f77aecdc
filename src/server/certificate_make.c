/* New certificates, as readers who trust at first sight need them: one key for a very long time. */
#include "certificate_make.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define NOT_AFTER   "40960101000000Z" /* as other servers have it; past 2049 it takes four digits */
#define BACKDATED_S ((int64_t)24 * 3600) /* for readers whose clock is wrong */
#define SERIAL_BITS 159 /* positive, and 20 bytes at most. Source: RFC 5280, section 4.1.2.2 */
#define NAME_MAX_CN 64  /* ub-common-name. Source: RFC 5280, appendix A.1 */

/* ---- files ---------------------------------------------------------------------------------- */

/* The folder and those above it. */
static bool make_folder(struct arena *arena, struct str dir)
{
    struct str copy = arena_copy(arena, dir);
    char *path = arena_alloc(arena, copy.len + 1);

    memcpy(path, copy.ptr, copy.len);
    for (size_t i = 1; i <= copy.len; i++) {
        if (path[i] == '/' || path[i] == '\0') {
            char saved = path[i];

            path[i] = '\0';
            if (mkdir(path, 0700) == -1 && errno != EEXIST && errno != EISDIR) {
                return false;
            }
            path[i] = saved;
        }
    }
    return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, bytes, len);

        if (written == -1 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        len -= written > 0 ? (size_t)written : 0;
    }
    return fsync(fd) == 0;
}

/* Give a finished file its name, unless somebody has it by now. Where there are no hard links, the
 * little race is what remains. */
static bool publish(const char *from, const char *to)
{
    if (link(from, to) == 0) {
        return unlink(from) == 0;
    }
    if (errno == EEXIST) {
        return false;
    }
    return access(to, F_OK) == -1 && rename(from, to) == 0;
}

/* Under another name until it is whole and on the disk. */
static bool create_file(struct arena *arena, const char *path, mode_t mode, struct str bytes)
{
    const char *unfinished = arena_printf(arena, "%s.%ld.new", path, (long)getpid()).ptr;
    int fd = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    bool ok;
    int saved;

    if (fd == -1) {
        return false;
    }
    ok = write_all(fd, bytes.ptr, bytes.len);
    ok = close(fd) == 0 && ok;
    ok = ok && publish(unfinished, path);
    if (!ok) {
        saved = errno;
        unlink(unfinished);
        errno = saved;
    }
    return ok;
}

/* ---- contents ------------------------------------------------------------------------------- */

static bool set_serial(X509 *certificate)
{
    BIGNUM *number = BN_new();
    bool ok = number != NULL &&
              BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;

    BN_free(number);
    return ok;
}

/* The first host that fits; what counts is the alternative names. */
static bool set_name(X509 *certificate, const struct words *hosts)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    struct str host = hosts->items[0];

    if (host.len <= NAME_MAX_CN &&
        X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                                   (const unsigned char *)host.ptr, (int)host.len, -1, 0) != 1) {
        return false;
    }
    return X509_set_issuer_name(certificate, name) == 1;
}

static bool add_host(GENERAL_NAMES *names, struct arena *arena, struct str host)
{
    const char *text = arena_copy(arena, host).ptr;
    struct in6_addr address;
    bool ip = inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
    GENERAL_NAME *name = a2i_GENERAL_NAME(NULL, NULL, NULL, ip ? GEN_IPADD : GEN_DNS, text, 0);

    if (name == NULL || sk_GENERAL_NAME_push(names, name) == 0) {
        GENERAL_NAME_free(name);
        return false;
    }
    return true;
}

static bool set_hosts(X509 *certificate, struct arena *arena, const struct words *hosts)
{
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    bool ok = names != NULL;

    for (size_t i = 0; ok && i < hosts->count; i++) {
        ok = add_host(names, arena, hosts->items[i]);
    }
    ok = ok && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1;
    GENERAL_NAMES_free(names);
    return ok;
}

static bool set_uses(X509 *certificate)
{
    static const struct {
        int nid;
        const char *value;
    } extensions[] = {
        { NID_basic_constraints, "critical,CA:FALSE" },
        { NID_ext_key_usage, "serverAuth" },
    };

    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        X509_EXTENSION *extension =
            X509V3_EXT_conf_nid(NULL, NULL, extensions[i].nid, extensions[i].value);
        bool ok = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

        X509_EXTENSION_free(extension);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* Self-signed, or NULL. */
static X509 *sign_certificate(const struct new_certificate *wanted, EVP_PKEY *key,
                              struct arena *arena)
{
    X509 *certificate = X509_new();

    if (certificate == NULL || X509_set_version(certificate, X509_VERSION_3) != 1 ||
        !set_serial(certificate) || !set_name(certificate, wanted->hosts) ||
        ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(wanted->now - BACKDATED_S)) ==
            NULL ||
        ASN1_TIME_set_string(X509_getm_notAfter(certificate), NOT_AFTER) != 1 ||
        X509_set_pubkey(certificate, key) != 1 || !set_hosts(certificate, arena, wanted->hosts) ||
        !set_uses(certificate) || X509_sign(certificate, key, EVP_sha256()) == 0) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* ---- both ----------------------------------------------------------------------------------- */

static struct str bio_text(BIO *bio)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(bio, &bytes);

    return (struct str){ bytes, len > 0 ? (size_t)len : 0 };
}

static void report(struct diag *diag, const char *what, const char *file)
{
    if (errno != 0) {
        diag_errno(diag, "cannot make the %s %s", what, file);
    } else {
        diag_error(diag, (struct place){ NULL, 0 }, "cannot make the %s %s: OpenSSL failed", what,
                   file);
    }
}

static EVP_PKEY *make_key(const struct new_certificate *wanted, struct arena *arena)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *pem = BIO_new(BIO_s_secmem());
    bool ok = key != NULL && pem != NULL &&
              PEM_write_bio_PKCS8PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
              create_file(arena, wanted->key_file, 0600, bio_text(pem));

    BIO_free(pem);
    if (!ok) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static EVP_PKEY *read_key(const struct new_certificate *wanted)
{
    FILE *from = fopen(wanted->key_file, "re");
    static char none[] = ""; /* a passphrase, so that nobody is asked for one */
    EVP_PKEY *key = from != NULL ? PEM_read_PrivateKey(from, NULL, NULL, none) : NULL;

    if (from != NULL) {
        fclose(from);
    }
    return key;
}

bool certificate_make(const struct new_certificate *wanted, struct arena *arena, struct diag *diag)
{
    X509 *certificate = NULL;
    EVP_PKEY *key;
    BIO *pem;
    bool ok;

    errno = 0;
    if (!make_folder(arena, wanted->dir)) {
        report(diag, "folder", arena_copy(arena, wanted->dir).ptr);
        return false;
    }
    errno = 0;
    key = wanted->has_key ? read_key(wanted) : make_key(wanted, arena);
    if (key == NULL) {
        ERR_clear_error();
        if (wanted->has_key) {
            diag_error(diag, (struct place){ wanted->key_file, 0 },
                       "this key has no certificate, and none can be made: the key is unreadable");
        } else {
            report(diag, "key", wanted->key_file);
        }
        return false;
    }
    errno = 0;
    pem = BIO_new(BIO_s_mem());
    certificate = sign_certificate(wanted, key, arena);
    ok = pem != NULL && certificate != NULL && PEM_write_bio_X509(pem, certificate) == 1 &&
         create_file(arena, wanted->cert_file, 0644, bio_text(pem));
    if (!ok) {
        report(diag, "certificate", wanted->cert_file);
    }
    BIO_free(pem);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
}
