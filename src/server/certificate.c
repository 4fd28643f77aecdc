/* Certificates: which belong to a host, whether they are any good, what they say. Their files are
 * read in certificate_read.c, and new ones made in certificate_make.c. */
#include "server/certificate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/stat.h>

#include <openssl/x509v3.h>

#include "base/log.h"
#include "certificate_make.h"
#include "certificate_read.h"

#define WARN_BEFORE_S ((time_t)30 * 24 * 3600)

/* Where the files of a host may be. The first is where new ones are made. */
static const struct {
    const char *cert;
    const char *key;
} layouts[] = {
    { "%.*s/%.*s.crt", "%.*s/%.*s.key" },
    { "%.*s/%.*s/fullchain.pem", "%.*s/%.*s/privkey.pem" }, /* Let's Encrypt's */
};

struct loader {
    struct certificates *certificates;
    size_t capacity;
    struct arena *arena;
    struct str dir;
    const struct words *hosts;
    const struct certificates *before;
    int64_t now;
    struct diag *diag;
};

/* ---- checking ------------------------------------------------------------------------------- */

static bool is_ip(struct str host)
{
    struct in6_addr address;

    return inet_pton(AF_INET, host.ptr, &address) == 1 ||
           inet_pton(AF_INET6, host.ptr, &address) == 1;
}

static bool covers(X509 *leaf, struct str host)
{
    return is_ip(host) ? X509_check_ip_asc(leaf, host.ptr, 0) == 1
                       : X509_check_host(leaf, host.ptr, host.len, 0, NULL) == 1;
}

int64_t certificate_expiry(const struct certificate *certificate)
{
    static const time_t epoch = 0;
    ASN1_TIME *beginning = ASN1_TIME_set(NULL, epoch);
    int days = 0;
    int seconds = 0;

    if (beginning != NULL) {
        (void)ASN1_TIME_diff(&days, &seconds, beginning, X509_get0_notAfter(certificate->leaf));
    }
    ASN1_TIME_free(beginning);
    return (int64_t)days * 86400 + seconds;
}

static void format_day(const ASN1_TIME *time, char out[16])
{
    struct tm day = { 0 };

    if (ASN1_TIME_to_tm(time, &day) == 1) {
        strftime(out, 16, "%Y-%m-%d", &day);
    } else {
        snprintf(out, 16, "(no date)");
    }
}

static void check_dates(const struct certificate *certificate, int64_t now, struct diag *diag)
{
    const struct place place = { certificate->cert_file, 0 };
    const ASN1_TIME *from = X509_get0_notBefore(certificate->leaf);
    const ASN1_TIME *until = X509_get0_notAfter(certificate->leaf);
    time_t today = (time_t)now;
    time_t soon = today + WARN_BEFORE_S;
    char day[16];

    format_day(until, day);
    if (X509_cmp_time(until, &today) < 0) {
        diag_warn(diag, place, "this certificate expired on %s; readers will be warned", day);
    } else if (X509_cmp_time(until, &soon) < 0) {
        diag_warn(diag, place, "this certificate expires on %s", day);
    }
    if (X509_cmp_time(from, &today) > 0) {
        format_day(from, day);
        diag_warn(diag, place, "this certificate is not valid before %s; readers will be warned",
                  day);
    }
}

static void check_names(const struct certificate *certificate, struct diag *diag)
{
    for (size_t i = 0; i < certificate->host_count; i++) {
        if (!covers(certificate->leaf, certificate->hosts[i])) {
            diag_warn(diag, (struct place){ certificate->cert_file, 0 },
                      "this certificate does not name '%.*s'; readers will be warned",
                      STR_ARG(certificate->hosts[i]));
        }
    }
}

/* ---- keeping -------------------------------------------------------------------------------- */

/* The one that a host had, or NULL. */
static const struct certificate *find_before(const struct certificates *before, struct str host)
{
    for (size_t i = 0; before != NULL && i < before->count; i++) {
        for (size_t j = 0; j < before->each[i].host_count; j++) {
            if (str_equal(before->each[i].hosts[j], host)) {
                return &before->each[i];
            }
        }
    }
    return NULL;
}

static void forget(struct certificate *certificate)
{
    X509_free(certificate->leaf);
    sk_X509_pop_free(certificate->chain, X509_free);
    EVP_PKEY_free(certificate->key);
    certificate->leaf = NULL;
    certificate->chain = NULL;
    certificate->key = NULL;
}

static bool keep(struct certificate *certificate, const struct certificate *before)
{
    forget(certificate);
    X509_up_ref(before->leaf);
    EVP_PKEY_up_ref(before->key);
    certificate->leaf = before->leaf;
    certificate->key = before->key;
    certificate->chain = X509_chain_up_ref(before->chain);
    return certificate->chain != NULL;
}

/* Read it, or go on with the one that the host had. */
static bool read_or_keep(const struct loader *loader, struct str host,
                         struct certificate *certificate)
{
    const struct certificate *before = find_before(loader->before, host);

    if (certificate_read(certificate, loader->diag)) {
        return true;
    }
    if (before == NULL || !keep(certificate, before)) {
        return false;
    }
    diag_error(loader->diag, (struct place){ certificate->cert_file, 0 },
               "the certificate that was read before stays in use");
    return true;
}

/* ---- finding -------------------------------------------------------------------------------- */

static bool exists(const char *file)
{
    struct stat status;

    return stat(file, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* Returns false when the host has no files at all; then they are where new ones go. */
static bool find_files(const struct loader *loader, struct str host,
                       struct certificate *certificate)
{
    for (size_t i = sizeof layouts / sizeof layouts[0]; i > 0; i--) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* they are above */
        certificate->cert_file =
            arena_printf(loader->arena, layouts[i - 1].cert, STR_ARG(loader->dir), STR_ARG(host))
                .ptr;
        certificate->key_file =
            arena_printf(loader->arena, layouts[i - 1].key, STR_ARG(loader->dir), STR_ARG(host))
                .ptr;
#pragma GCC diagnostic pop
        if (exists(certificate->cert_file) || exists(certificate->key_file)) {
            return true;
        }
    }
    return false;
}

static struct certificate *add(struct loader *loader, const struct certificate *found)
{
    struct certificates *certificates = loader->certificates;
    struct certificate *certificate =
        ARENA_PUSH(loader->arena, certificates->each, certificates->count, &loader->capacity);

    *certificate = *found;
    certificate->hosts = ARENA_ARRAY(loader->arena, struct str, loader->hosts->count);
    return certificate;
}

/* The first host's certificate, made if there is none, or if only its key is there. */
static bool load_canonical(struct loader *loader)
{
    struct str host = loader->hosts->items[0];
    struct certificate found = { 0 };

    find_files(loader, host, &found);
    if (!exists(found.cert_file) && find_before(loader->before, host) == NULL) {
        struct new_certificate wanted = { .dir = loader->dir,
                                          .cert_file = found.cert_file,
                                          .key_file = found.key_file,
                                          .has_key = exists(found.key_file),
                                          .hosts = loader->hosts,
                                          .now = loader->now };

        if (!certificate_make(&wanted, loader->arena, loader->diag)) {
            return false;
        }
        found.made = true;
    }
    return read_or_keep(loader, host, add(loader, &found));
}

static bool load_host(struct loader *loader, struct str host)
{
    struct certificate *certificate = &loader->certificates->each[0];
    struct certificate found = { 0 };
    bool ok = true;

    if (!str_equal(host, loader->hosts->items[0]) && find_files(loader, host, &found)) {
        certificate = add(loader, &found);
        ok = read_or_keep(loader, host, certificate);
    }
    certificate->hosts[certificate->host_count++] = host;
    return ok;
}

/* Host names become file names: none of them may lead elsewhere. */
static bool is_file_name(struct str host)
{
    return host.len > 0 && host.ptr[0] != '.' && str_find(host, '/') == host.len;
}

bool certificates_init(struct certificates *certificates, struct arena *arena, struct str dir,
                       const struct words *hosts, const struct certificates *before, int64_t now,
                       struct diag *diag)
{
    struct loader loader = { certificates, 0, arena, dir, hosts, before, now, diag };
    bool ok = true;

    *certificates = (struct certificates){ 0 };
    for (size_t i = 0; i < hosts->count; i++) {
        if (!is_file_name(hosts->items[i])) {
            diag_error(diag, (struct place){ NULL, 0 }, "'%.*s' is no host name",
                       STR_ARG(hosts->items[i]));
            return false;
        }
    }
    ok = load_canonical(&loader);
    for (size_t i = 0; ok && i < hosts->count; i++) {
        ok = load_host(&loader, arena_copy(arena, hosts->items[i]));
    }
    if (!ok) {
        certificates_fini(certificates);
        return false;
    }
    certificates_check_dates(certificates, now, diag);
    for (size_t i = 0; i < certificates->count; i++) {
        check_names(&certificates->each[i], diag);
    }
    return true;
}

void certificates_fini(struct certificates *certificates)
{
    for (size_t i = 0; i < certificates->count; i++) {
        forget(&certificates->each[i]);
    }
    *certificates = (struct certificates){ 0 };
}

void certificates_check_dates(const struct certificates *certificates, int64_t now,
                              struct diag *diag)
{
    for (size_t i = 0; i < certificates->count; i++) {
        check_dates(&certificates->each[i], now, diag);
    }
}

/* ---- in words ------------------------------------------------------------------------------- */

static void print_name(const GENERAL_NAME *name, FILE *to)
{
    char text[512];
    int type;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);

    if (type == GEN_DNS) {
        struct str bytes = { (const char *)ASN1_STRING_get0_data(value),
                             (size_t)ASN1_STRING_length(value) };

        fprintf(to, " %s", log_escape(bytes, text, sizeof text));
    } else if (type == GEN_IPADD) {
        int family = ASN1_STRING_length(value) == 4 ? AF_INET : AF_INET6;

        if ((family == AF_INET || ASN1_STRING_length(value) == 16) &&
            inet_ntop(family, ASN1_STRING_get0_data(value), text, sizeof text) != NULL) {
            fprintf(to, " %s", text);
        }
    }
}

static void print_names(X509 *leaf, FILE *to)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

    fputs("  names:", to);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        print_name(sk_GENERAL_NAME_value(names, i), to);
    }
    fputs(sk_GENERAL_NAME_num(names) > 0 ? "\n" : " none\n", to);
    GENERAL_NAMES_free(names);
}

void certificate_print(const struct certificate *certificate, FILE *to)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    char day[16];

    print_names(certificate->leaf, to);
    fputs("  fingerprint:", to);
    if (X509_digest(certificate->leaf, EVP_sha256(), digest, &len) == 1) {
        for (unsigned int i = 0; i < len; i++) {
            fprintf(to, "%c%02X", i == 0 ? ' ' : ':', digest[i]);
        }
    }
    format_day(X509_get0_notAfter(certificate->leaf), day);
    fprintf(to, "\n  expires: %s\n", day);
    fprintf(to, "  certificate: %s%s\n", certificate->cert_file, certificate->made ? " (new)" : "");
    fprintf(to, "  key: %s\n", certificate->key_file);
}

static void log_change(const struct certificate *certificate, const struct certificate *before)
{
    char day[16];

    if (EVP_PKEY_eq(certificate->key, before->key) != 1) {
        log_warn("%s has another key than before: readers who trusted that will be warned",
                 certificate->cert_file);
    } else if (X509_cmp(certificate->leaf, before->leaf) != 0) {
        format_day(X509_get0_notAfter(certificate->leaf), day);
        log_info("%s is a new certificate for the same key; it expires on %s",
                 certificate->cert_file, day);
    }
}

void certificates_log_changes(const struct certificates *certificates,
                              const struct certificates *before)
{
    for (size_t i = 0; i < certificates->count; i++) {
        const struct certificate *certificate = &certificates->each[i];
        const struct certificate *known =
            certificate->host_count > 0 ? find_before(before, certificate->hosts[0]) : NULL;

        if (known != NULL) {
            log_change(certificate, known);
        }
    }
}
