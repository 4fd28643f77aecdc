/* Certificates as files: found, made, kept, and judged. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "server/certificate.h"

#include <fcntl.h>

#define NOW  ((int64_t)1790000000) /* 2026-09-21 */
#define YEAR ((int64_t)365 * 24 * 3600)

static struct arena *arena;
static struct diag diag;
static struct str dir; /* the folder of certificates; it does not exist at first */
static struct certificates found;

static int setup(void **state)
{
    char above[] = "/tmp/splashdown-certs-XXXXXX";

    (void)state;
    arena = arena_create();
    diag_init(&diag, arena);
    assert_non_null(mkdtemp(above));
    dir = arena_printf(arena, "%s/deep/certs", above);
    found = (struct certificates){ 0 };
    return 0;
}

static int teardown(void **state)
{
    char command[256];

    (void)state;
    certificates_fini(&found);
    snprintf(command, sizeof command, "rm -rf '%.*s'", (int)(dir.len - strlen("/deep/certs")),
             dir.ptr);
    assert_int_equal(system(command), 0);
    arena_destroy(arena);
    return 0;
}

static const char *path(const char *name)
{
    return arena_printf(arena, "%.*s/%s", STR_ARG(dir), name).ptr;
}

static bool load_at(int64_t now, const char *first, const char *second)
{
    struct str names[2] = { str_from(first), STR("") };
    struct words hosts = { names, second != NULL ? 2 : 1 };

    if (second != NULL) {
        names[1] = str_from(second);
    }
    certificates_fini(&found);
    return certificates_init(&found, arena, dir, &hosts, NULL, now, &diag);
}

static bool load(const char *first, const char *second)
{
    return load_at(NOW, first, second);
}

static struct str read_text(const char *name)
{
    struct str text = STR("");

    assert_true(file_read(AT_FDCWD, path(name), 65536, arena, &text));
    return text;
}

static void copy(const char *from, const char *to)
{
    struct str text = read_text(from);
    FILE *out = fopen(path(to), "w");

    assert_non_null(out);
    assert_int_equal(fwrite(text.ptr, 1, text.len, out), text.len);
    fclose(out);
    chmod(path(to), 0600);
}

static mode_t mode_of(const char *name)
{
    struct stat status;

    assert_int_equal(stat(path(name), &status), 0);
    return status.st_mode & 07777;
}

static void check_problem(size_t index, const char *file, const char *words)
{
    assert_true(index < diag.count);
    if (file != NULL) {
        assert_string_equal(diag.problems[index].place.file, path(file));
    }
    if (strstr(diag.problems[index].text, words) == NULL) {
        fail_msg("wanted '%s', got '%s'", words, diag.problems[index].text);
    }
}

/* ---- made ---- */

static void makes_one_certificate_for_all_names(void **state)
{
    X509 *leaf;
    char name[64];
    struct tm day;

    (void)state;
    assert_true(load("ex.org", "www.ex.org"));
    assert_int_equal(diag.count, 0);
    assert_int_equal(found.count, 1);
    assert_true(found.each[0].made);
    assert_int_equal(found.each[0].host_count, 2);
    leaf = found.each[0].leaf;
    assert_int_equal(X509_get_version(leaf), X509_VERSION_3);
    assert_int_equal(X509_check_host(leaf, "ex.org", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(leaf, "www.ex.org", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(leaf, "org", 0, 0, NULL), 0);
    X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName, name, sizeof name);
    assert_string_equal(name, "ex.org");
    assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(leaf)), 256);
    assert_int_equal(X509_get_signature_nid(leaf), NID_ecdsa_with_SHA256);
    assert_int_equal(X509_verify(leaf, X509_get0_pubkey(leaf)), 1);
    assert_int_equal(ASN1_TIME_to_tm(X509_get0_notAfter(leaf), &day), 1);
    assert_int_equal(day.tm_year + 1900, 4096);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(leaf), (time_t)(NOW - 24 * 3600)), 0);
}

static void keeps_keys_to_their_owner(void **state)
{
    mode_t before = umask(0);

    (void)state;
    assert_true(load("ex.org", NULL));
    umask(before);
    assert_int_equal(mode_of("ex.org.key"), 0600);
    assert_int_equal(mode_of("."), 0700);
    assert_int_equal(mode_of(".."), 0700);
}

static void never_changes_what_is_there(void **state)
{
    struct str key;
    struct str certificate;

    (void)state;
    assert_true(load("ex.org", NULL));
    key = read_text("ex.org.key");
    certificate = read_text("ex.org.crt");
    assert_true(load("ex.org", NULL));
    assert_false(found.each[0].made);
    assert_true(str_equal(read_text("ex.org.key"), key));
    assert_true(str_equal(read_text("ex.org.crt"), certificate));
}

static void makes_a_certificate_for_a_key_that_is_there(void **state)
{
    struct str key;

    (void)state;
    assert_true(load("ex.org", NULL));
    key = read_text("ex.org.key");
    assert_int_equal(unlink(path("ex.org.crt")), 0);
    assert_true(load("ex.org", NULL));
    assert_true(found.each[0].made);
    assert_true(str_equal(read_text("ex.org.key"), key));
}

static void covers_addresses_and_long_names(void **state)
{
    const char *name = "a-label-of-some-length.and-another-label-of-some-length.and-more.example";

    (void)state;
    assert_true(load("::1", "127.0.0.1"));
    assert_int_equal(X509_check_ip_asc(found.each[0].leaf, "127.0.0.1", 0), 1);
    assert_true(load(name, NULL));
    assert_int_equal(X509_check_host(found.each[0].leaf, name, 0, 0, NULL), 1);
    assert_int_equal(diag.count, 0);
}

/* ---- found ---- */

static void prefers_files_of_the_hosts_own(void **state)
{
    (void)state;
    assert_true(load("b.example", NULL));
    assert_true(load("c.example", NULL));
    assert_int_equal(mkdir(path("d.example"), 0700), 0);
    copy("c.example.crt", "d.example/fullchain.pem");
    copy("c.example.key", "d.example/privkey.pem");

    assert_true(load("a.example", "b.example"));
    assert_int_equal(found.count, 2);
    check_str(found.each[0].hosts[0], "a.example");
    check_str(found.each[1].hosts[0], "b.example");
    assert_string_equal(found.each[1].key_file, path("b.example.key"));

    assert_true(load("b.example", "d.example"));
    assert_int_equal(found.count, 2);
    assert_string_equal(found.each[1].cert_file, path("d.example/fullchain.pem"));
}

static void sends_the_chain_behind_a_certificate(void **state)
{
    struct str issuer;
    FILE *out;

    (void)state;
    assert_true(load("a.example", NULL));
    assert_true(load("issuer.example", NULL));
    issuer = read_text("issuer.example.crt");
    out = fopen(path("a.example.crt"), "a");
    fwrite(issuer.ptr, 1, issuer.len, out);
    fclose(out);
    assert_true(load("a.example", NULL));
    assert_int_equal(sk_X509_num(found.each[0].chain), 1);
}

/* ---- judged ---- */

static void stops_for_what_cannot_work(void **state)
{
    (void)state;
    assert_true(load("a.example", NULL));
    assert_true(load("b.example", NULL));
    unlink(path("b.example.key"));
    copy("a.example.key", "b.example.key");
    assert_false(load("b.example", NULL));
    check_problem(0, "b.example.crt", "does not belong to the key in");

    copy("a.example.crt", "b.example.key");
    assert_false(load("b.example", NULL));
    check_problem(1, "b.example.key", "there is no key");

    copy("a.example.key", "b.example.crt");
    assert_false(load("b.example", NULL));
    check_problem(2, "b.example.crt", "there is no certificate");

    copy("a.example.crt", "b.example.crt");
    unlink(path("b.example.key"));
    assert_false(load("b.example", NULL));
    check_problem(3, NULL, "cannot read");
    assert_int_equal(diag.errors, 4);
}

static void does_not_ask_for_a_passphrase(void **state)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    char secret[] = "secret";
    FILE *out;

    (void)state;
    assert_true(load("a.example", NULL));
    out = fopen(path("a.example.key"), "w");
    assert_int_equal(PEM_write_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), secret, 6, NULL, NULL),
                     1);
    fclose(out);
    EVP_PKEY_free(key);
    assert_false(load("a.example", NULL));
    check_problem(0, "a.example.key", "without a passphrase");
}

static void warns_of_dates_names_and_permissions(void **state)
{
    (void)state;
    assert_true(load("a.example", NULL));
    assert_true(load("a.example", "new.example"));
    check_problem(0, "a.example.crt", "does not name 'new.example'");

    assert_true(load_at(NOW - 2 * YEAR, "a.example", NULL));
    check_problem(1, "a.example.crt", "not valid before 2026-09-20");

    assert_true(load_at(NOW + 2080 * YEAR, "a.example", NULL));
    check_problem(2, "a.example.crt", "expired on 4096-01-01");

    chmod(path("a.example.key"), 0644);
    assert_true(load("a.example", NULL));
    check_problem(3, "a.example.key", "others can read");

    chmod(path("a.example.key"), 0640); /* a group for keys is common */
    assert_true(load("a.example", NULL));
    assert_int_equal(diag.count, 4);
    assert_int_equal(diag.errors, 0);
}

/* ---- again ---- */

/* As a reload does: what is found now takes the place of what was found before. */
static bool reload(const char *host)
{
    struct certificates before = found;
    struct str name = str_from(host);
    const struct words hosts = { &name, 1 };
    bool ok = certificates_init(&found, arena, dir, &hosts, &before, NOW, &diag);

    certificates_fini(&before);
    return ok;
}

static void keeps_what_it_had_when_a_renewal_goes_wrong(void **state)
{
    EVP_PKEY *key;

    (void)state;
    assert_true(load("b.example", NULL));
    assert_true(load("a.example", NULL));
    key = found.each[0].key;
    EVP_PKEY_up_ref(key);
    copy("b.example.key", "a.example.key");
    assert_true(reload("a.example"));
    check_problem(0, "a.example.crt", "does not belong to the key in");
    check_problem(1, "a.example.crt", "stays in use");
    assert_int_equal(EVP_PKEY_eq(found.each[0].key, key), 1);

    unlink(path("a.example.key")); /* all gone: no time to make new ones */
    unlink(path("a.example.crt"));
    assert_true(reload("a.example"));
    assert_int_equal(EVP_PKEY_eq(found.each[0].key, key), 1);
    assert_int_equal(X509_check_private_key(found.each[0].leaf, key), 1);
    assert_int_not_equal(access(path("a.example.crt"), F_OK), 0);
    EVP_PKEY_free(key);
}

static void takes_what_is_new_when_it_is_whole(void **state)
{
    (void)state;
    assert_true(load("b.example", NULL));
    assert_true(load("a.example", NULL));
    copy("b.example.key", "a.example.key");
    copy("b.example.crt", "a.example.crt");
    assert_true(reload("a.example"));
    assert_int_equal(X509_check_host(found.each[0].leaf, "b.example", 0, 0, NULL), 1);
}

static void knows_when_it_expires(void **state)
{
    (void)state;
    assert_true(load("a.example", NULL));
    assert_int_equal(certificate_expiry(&found.each[0]), INT64_C(67090118400)); /* 4096-01-01 */
}

static void refuses_hosts_that_are_no_file_names(void **state)
{
    static const char *const names[] = { "", ".", "..", ".hidden", "../up", "a/b" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_false(load(names[i], NULL));
        assert_int_equal(diag.errors, i + 1);
    }
}

static void says_it_in_words(void **state)
{
    char text[2048] = "";
    FILE *to = fmemopen(text, sizeof text, "w");

    (void)state;
    assert_true(load("ex.org", "127.0.0.1"));
    certificate_print(&found.each[0], to);
    fclose(to);
    assert_non_null(strstr(text, "  names: ex.org 127.0.0.1\n"));
    assert_non_null(strstr(text, "  expires: 4096-01-01\n"));
    assert_non_null(strstr(text, "ex.org.crt (new)\n"));
    assert_int_equal(strcspn(strstr(text, "  fingerprint: ") + strlen("  fingerprint: "), "\n"),
                     32 * 3 - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makes_one_certificate_for_all_names),
        TEST(keeps_keys_to_their_owner),
        TEST(never_changes_what_is_there),
        TEST(makes_a_certificate_for_a_key_that_is_there),
        TEST(covers_addresses_and_long_names),
        TEST(prefers_files_of_the_hosts_own),
        TEST(sends_the_chain_behind_a_certificate),
        TEST(stops_for_what_cannot_work),
        TEST(does_not_ask_for_a_passphrase),
        TEST(warns_of_dates_names_and_permissions),
        TEST(keeps_what_it_had_when_a_renewal_goes_wrong),
        TEST(takes_what_is_new_when_it_is_whole),
        TEST(knows_when_it_expires),
        TEST(refuses_hosts_that_are_no_file_names),
        TEST(says_it_in_words),
    };

    return check_run(tests);
}
