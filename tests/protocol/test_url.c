/* What src/protocol/url.c promises. */
#include "check.h"

#include "protocol/url.h"

#define BUFFER_SIZE 2048

static struct url split(const char *text)
{
    struct url url;

    if (!url_split(str_from(text), &url)) {
        print_error("not a URL: %s\n", text);
        fail();
    }
    return url;
}

static void check_refused(const struct str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct url url;

        if (url_split(texts[i], &url)) {
            print_error("accepted: %.*s\n", STR_ARG(texts[i]));
            fail();
        }
    }
}

#define CHECK_REFUSED(...)                                                                         \
    do {                                                                                           \
        const struct str texts[] = { __VA_ARGS__ };                                                \
        check_refused(texts, sizeof texts / sizeof *texts);                                        \
    } while (0)

/* ---- splitting ----------------------------------------------------------------------------- */

static void splits_a_whole_url(void **state)
{
    struct url url = split("Gemini://u:p@Ex.org:70/a/b;c?d/e?f#g/h?");

    (void)state;
    check_str(url.scheme, "Gemini");
    check_str(url.authority, "u:p@Ex.org:70");
    check_str(url.host, "Ex.org");
    check_str(url.path, "/a/b;c");
    check_str(url.query, "d/e?f");
    check_str(url.fragment, "g/h?");
    assert_int_equal(url.port, 70);
    assert_true(url.has_authority && url.has_userinfo && url.has_port && url.has_query &&
                url.has_fragment);
    assert_false(url.has_ipv6);
    assert_true(url_has_scheme(&url, STR("gemini")));
    assert_false(url_has_scheme(&url, STR("gopher")));
}

static void splits_relative_references(void **state)
{
    struct url url = split("a/b:c?d");

    (void)state;
    check_str(url.scheme, "");
    check_str(url.path, "a/b:c");
    check_str(url.query, "d");
    assert_false(url.has_authority);

    url = split("//ex.org");
    check_str(url.scheme, "");
    check_str(url.host, "ex.org");
    check_str(url.path, "");
    assert_true(url.has_authority);

    url = split("");
    check_str(url.path, "");
    assert_false(url.has_query || url.has_fragment);
}

static void tells_empty_parts_from_missing_ones(void **state)
{
    struct url url = split("gemini://@ex.org:/?#");

    (void)state;
    assert_true(url.has_userinfo && url.has_query && url.has_fragment);
    assert_false(url.has_port);
    check_str(url.host, "ex.org");
    check_str(url.query, "");
    check_str(url.fragment, "");

    url = split("gemini:///x");
    assert_true(url.has_authority);
    check_str(url.host, "");
    url = split("gemini:/x");
    assert_false(url.has_authority);
}

static void reads_ports_up_to_65535(void **state)
{
    (void)state;
    assert_int_equal(split("gemini://ex.org:0/").port, 0);
    assert_true(split("gemini://ex.org:0/").has_port);
    assert_int_equal(split("gemini://ex.org:65535").port, 65535);
    assert_int_equal(split("gemini://[::1]:1965/").port, 1965);
    CHECK_REFUSED(STR("gemini://ex.org:65536/"), STR("gemini://ex.org:99999999999999999999/"),
                  STR("gemini://ex.org:abc/"), STR("gemini://ex.org:-1/"),
                  STR("gemini://ex.org:+1/"), STR("gemini://ex.org:1%30/"),
                  STR("gemini://ex.org:1:2/"), STR("gemini://[::1]:x/"));
}

static void reads_ipv6_addresses_only_in_brackets(void **state)
{
    struct url url = split("gemini://[2001:DB8::1]/");

    (void)state;
    assert_true(url.has_ipv6);
    check_str(url.host, "2001:DB8::1");
    CHECK_REFUSED(STR("gemini://[::1/"), STR("gemini://::1]/"), STR("gemini://[]/"),
                  STR("gemini://[ex.org]/"), STR("gemini://[127.0.0.1]/"), STR("gemini://[::1]x/"),
                  STR("gemini://[::1%25eth0]/"), STR("gemini://[v1.a]/"), STR("gemini://a[::1]/"),
                  STR("gemini://[[::1]]/"),
                  STR("gemini://[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]/"));
}

static void rejects_bytes_that_no_url_has(void **state)
{
    const char forbidden[] = " \"<>\\^`{|}\t\r\n\x01\x1f\x7f";

    (void)state;
    for (size_t i = 0; i < sizeof forbidden; i++) { /* the NUL at the end too */
        char urls[][24] = { "gemini://ex.org/a_b", "gemini://ex_rg/", "gemini://ex.org/?a_b",
                            "gemini://ex.org/#a_b" };

        for (size_t j = 0; j < sizeof urls / sizeof *urls; j++) {
            struct str text = str_from(urls[j]);

            *strchr(urls[j], '_') = forbidden[i];
            CHECK_REFUSED(text);
        }
    }
}

static void rejects_raw_bytes_that_are_not_utf8(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("gemini://ex.org/\xDC"), STR("gemini://ex.org/\xC0\xAE"),
                  STR("gemini://ex.org/\xED\xA0\x80"), STR("gemini://\xFF/"),
                  STR("gemini://ex.org/?\xE2\x82"));
}

static void rejects_raw_c1_controls(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("gemini://ex.org/\xC2\x80"), STR("gemini://ex.org/\xC2\x85"),
                  STR("gemini://ex.org/?\xC2\x9F"));
    split("gemini://ex.org/\xC2\xA0");
}

static void accepts_utf8_as_if_it_were_encoded(void **state)
{
    (void)state;
    check_str(split("gemini://ex.org/caf\xC3\xA9.gmi").path, "/caf\xC3\xA9.gmi");
    check_str(split("gemini://b\xC3\xBC.ex/\xF0\x9F\x9A\x80?\xC3\xA9").host, "b\xC3\xBC.ex");
}

static void rejects_broken_escapes(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("gemini://ex.org/100%"), STR("gemini://ex.org/100%2"),
                  STR("gemini://ex.org/a%zz"), STR("gemini://ex.org/%%30"),
                  STR("gemini://ex.org/?%"), STR("gemini://ex%.org/"));
}

static void rejects_what_only_looks_like_a_scheme(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("://ex.org/"), STR("1gemini://ex.org/"), STR("gem_ini://ex.org/"),
                  STR("\xEF\xBB\xBFgemini://ex.org/"), STR("%67emini://ex.org/"), STR(":"));
    check_str(split("a+b-c.d://ex.org/").scheme, "a+b-c.d");
}

static void rejects_hosts_that_decode_to_no_text(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("gemini://%00/"), STR("gemini://ex%0A.org/"), STR("gemini://%FF/"),
                  STR("gemini://%C2%85/"), STR("gemini://a@b@c/"));
}

static void rejects_a_second_fragment(void **state)
{
    (void)state;
    CHECK_REFUSED(STR("gemini://ex.org/#a#b"));
}

static void leaves_the_result_alone_on_failure(void **state)
{
    struct url url = { .port = 7 };

    (void)state;
    assert_false(url_split(STR("gemini://ex.org:8:9/"), &url));
    assert_int_equal(url.port, 7);
}

/* ---- hosts --------------------------------------------------------------------------------- */

static void brings_hosts_to_one_form(void **state)
{
    static const struct {
        const char *url;
        const char *host;
    } cases[] = {
        { "gemini://EX.ORG/", "ex.org" },
        { "gemini://%65x.org/", "ex.org" },
        { "gemini://ex.org./", "ex.org." },
        { "gemini://b\xC3\xBC"
          "cher.example/",
          "xn--bcher-kva.example" },
        { "gemini://B%C3%9CCHER.example/", "xn--bcher-kva.example" },
        { "gemini://xn--bcher-kva.example/", "xn--bcher-kva.example" },
        { "gemini://127.0.0.1/", "127.0.0.1" },
        { "gemini://[0:0::0:0001]/", "::1" },
        { "gemini://[2001:DB8::A]/", "2001:db8::a" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct url url = split(cases[i].url);
        char host[HOSTNAME_SIZE];

        assert_true(url_host(&url, host));
        assert_string_equal(host, cases[i].host);
    }
}

static void finds_no_name_in_an_empty_or_impossible_host(void **state)
{
    static const char *const urls[] = { "gemini:///", "gemini://:1965/", "gemini://a%2Fb/",
                                        "gemini://a,b/" };

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct url url = split(urls[i]);
        char host[HOSTNAME_SIZE];

        assert_false(url_host(&url, host));
    }
}

/* ---- paths --------------------------------------------------------------------------------- */

struct path_case {
    struct str path;
    const char *decoded;
};

static void check_decoded(const struct path_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[BUFFER_SIZE];
        struct str decoded = STR("(nothing)");

        assert_int_equal(url_decode_path(cases[i].path, bytes, sizeof bytes, &decoded),
                         URL_PATH_FINE);
        check_str(decoded, cases[i].decoded);
    }
}

static void check_verdict(enum url_path expected, const struct str *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[BUFFER_SIZE];
        struct str decoded = STR("untouched");

        if (url_decode_path(paths[i], bytes, sizeof bytes, &decoded) != expected) {
            print_error("for path %.*s\n", STR_ARG(paths[i]));
            fail();
        }
        check_str(decoded, "untouched");
    }
}

#define CHECK_DECODED(cases) check_decoded((cases), sizeof(cases) / sizeof *(cases))
#define CHECK_VERDICT(expected, ...)                                                               \
    do {                                                                                           \
        const struct str paths[] = { __VA_ARGS__ };                                                \
        check_verdict((expected), paths, sizeof paths / sizeof *paths);                            \
    } while (0)

static void decodes_each_segment_once(void **state)
{
    static const struct path_case cases[] = {
        { STR_INIT(""), "/" },
        { STR_INIT("/"), "/" },
        { STR_INIT("/a/b/"), "/a/b/" },
        { STR_INIT("/a%20b"), "/a b" },
        { STR_INIT("/a+b"), "/a+b" },
        { STR_INIT("/caf%C3%A9"), "/caf\xC3\xA9" },
        { STR_INIT("/caf\xC3\xA9"), "/caf\xC3\xA9" },
        { STR_INIT("/100%25"), "/100%" },
        { STR_INIT("/%252e%252e/x"), "/%2e%2e/x" },
        { STR_INIT("/%69ndex"), "/index" },
        { STR_INIT("/a;b=c:d@e!$&'()*,"), "/a;b=c:d@e!$&'()*," },
    };

    (void)state;
    CHECK_DECODED(cases);
}

static void removes_dot_segments(void **state)
{
    static const struct path_case cases[] = {
        { STR_INIT("/./a"), "/a" },          { STR_INIT("/a/."), "/a/" },
        { STR_INIT("/a/./b"), "/a/b" },      { STR_INIT("/a/../b"), "/b" },
        { STR_INIT("/a/.."), "/" },          { STR_INIT("/a/b/.."), "/a/" },
        { STR_INIT("/a/b/../../c"), "/c" },  { STR_INIT("/%2e/a/%2E%2e/b"), "/b" },
        { STR_INIT("/a/b/.%2e/c"), "/a/c" }, { STR_INIT("/."), "/" },
    };

    (void)state;
    CHECK_DECODED(cases);
}

static void breaks_on_paths_that_climb_out(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_BROKEN, STR("/.."), STR("/../"), STR("/../../x"), STR("/%2e%2e/x"),
                  STR("/a/../../x"), STR("/a/../../a/"), STR("/./.."));
}

static void breaks_on_paths_that_are_no_text(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_BROKEN, STR("/a%00"), STR("/%zz"), STR("/%"), STR("/%4"),
                  STR("/%C0%AE%C0%AE/x"), STR("/%FF"), STR("/%C3"), STR("/%C3/%A9"), STR("a"),
                  STR("\xC3\xA9"), STR("/\xDC"));
}

static void finds_nowhere_what_no_name_may_hold(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_NOWHERE, STR("/a%2Fb"), STR("/a%5Cb"), STR("/a%0D%0Ab"), STR("/a%09"),
                  STR("/%7F"), STR("/%C2%85"), STR("/%01/../a"), STR("/dir/..%2f..%2fx"));
}

static void finds_nowhere_names_with_a_dot_in_front(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_NOWHERE, STR("/.hidden"), STR("/%2Ehidden"), STR("/.git/config"),
                  STR("/..."), STR("/a/.b/c"), STR("/.a/../b"));
}

static void finds_nowhere_empty_segments(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_NOWHERE, STR("//"), STR("//index.gmi"), STR("/a//b"), STR("/a//"),
                  STR("//evil.example/x"));
}

static void lets_the_worst_segment_decide(void **state)
{
    (void)state;
    CHECK_VERDICT(URL_PATH_BROKEN, STR("/.hidden/%00"), STR("//%FF"), STR("/a%2Fb/../../x"));
}

static void decodes_into_a_buffer_of_the_stated_size(void **state)
{
    char bytes[4];
    struct str decoded = STR("untouched");

    (void)state;
    assert_int_equal(url_decode_path(STR("/ab%63"), bytes, 4, &decoded), URL_PATH_FINE);
    check_str(decoded, "/abc");
    for (size_t size = 0; size < 4; size++) {
        decoded = STR("untouched");
        assert_int_equal(url_decode_path(STR("/abc"), bytes, size, &decoded), URL_PATH_NOWHERE);
        assert_int_equal(url_decode_path(STR("/ab/"), bytes, size, &decoded), URL_PATH_NOWHERE);
        check_str(decoded, "untouched");
    }
}

static void decodes_a_text_once_and_judges_nothing(void **state)
{
    char bytes[16];
    struct str decoded;

    (void)state;
    assert_true(url_decode(STR("a%20b%2f..%09%252e+%00"), bytes, sizeof bytes, &decoded));
    assert_true(str_equal(decoded, STR("a b/..\t%2e+\0")));
    assert_true(url_decode(STR(""), bytes, 0, &decoded));
    check_str(decoded, "");
    assert_false(url_decode(STR("%2"), bytes, sizeof bytes, &decoded));
    assert_false(url_decode(STR("a%zz"), bytes, sizeof bytes, &decoded));
    assert_false(url_decode(STR("%61b"), bytes, 1, &decoded));
}

static void encodes_what_a_path_may_not_hold(void **state)
{
    static const struct path_case cases[] = {
        { STR_INIT("/a b/caf\xC3\xA9"), "/a%20b/caf%C3%A9" },
        { STR_INIT("/100%?#"), "/100%25%3F%23" },
        { STR_INIT("/a-._~!$&'()*+,;=:@z"), "/a-._~!$&'()*+,;=:@z" },
        { STR_INIT("/\0\r\n\x7F\\"), "/%00%0D%0A%7F%5C" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[BUFFER_SIZE];
        struct str encoded;

        assert_true(url_encode_path(cases[i].path, bytes, sizeof bytes, &encoded));
        check_str(encoded, cases[i].decoded);
    }
}

static void refuses_to_encode_past_the_buffer(void **state)
{
    char bytes[4];
    struct str encoded;

    (void)state;
    assert_true(url_encode_path(STR("/\xFF"), bytes, 4, &encoded));
    check_str(encoded, "/%FF");
    assert_false(url_encode_path(STR("/\xFF"), bytes, 3, &encoded));
    assert_false(url_encode_path(STR("/"), bytes, 0, &encoded));
}

/* ---- resolving ----------------------------------------------------------------------------- */

/* Source: RFC 3986, sections 5.4.1 and 5.4.2, all of them but the backward compatible one. */
static void resolves_the_examples_of_rfc_3986(void **state)
{
    static const char *const cases[][2] = {
        { "g:h", "g:h" },
        { "g", "http://a/b/c/g" },
        { "./g", "http://a/b/c/g" },
        { "g/", "http://a/b/c/g/" },
        { "/g", "http://a/g" },
        { "//g", "http://g" },
        { "?y", "http://a/b/c/d;p?y" },
        { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p?q#s" },
        { "g#s", "http://a/b/c/g#s" },
        { "g?y#s", "http://a/b/c/g?y#s" },
        { ";x", "http://a/b/c/;x" },
        { "g;x", "http://a/b/c/g;x" },
        { "g;x?y#s", "http://a/b/c/g;x?y#s" },
        { "", "http://a/b/c/d;p?q" },
        { ".", "http://a/b/c/" },
        { "./", "http://a/b/c/" },
        { "..", "http://a/b/" },
        { "../", "http://a/b/" },
        { "../g", "http://a/b/g" },
        { "../..", "http://a/" },
        { "../../", "http://a/" },
        { "../../g", "http://a/g" },
        { "../../../g", "http://a/g" },
        { "../../../../g", "http://a/g" },
        { "/./g", "http://a/g" },
        { "/../g", "http://a/g" },
        { "g.", "http://a/b/c/g." },
        { ".g", "http://a/b/c/.g" },
        { "g..", "http://a/b/c/g.." },
        { "..g", "http://a/b/c/..g" },
        { "./../g", "http://a/b/g" },
        { "./g/.", "http://a/b/c/g/" },
        { "g/./h", "http://a/b/c/g/h" },
        { "g/../h", "http://a/b/c/h" },
        { "g;x=1/./y", "http://a/b/c/g;x=1/y" },
        { "g;x=1/../y", "http://a/b/c/y" },
        { "g?y/./x", "http://a/b/c/g?y/./x" },
        { "g?y/../x", "http://a/b/c/g?y/../x" },
        { "g#s/./x", "http://a/b/c/g#s/./x" },
        { "g#s/../x", "http://a/b/c/g#s/../x" },
        { "http:g", "http:g" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[BUFFER_SIZE];
        struct str target;

        assert_true(url_resolve(STR("http://a/b/c/d;p?q"), str_from(cases[i][0]), bytes,
                                sizeof bytes, &target));
        check_str(target, cases[i][1]);
    }
}

static void resolves_from_bases_without_a_path(void **state)
{
    static const char *const cases[][3] = {
        { "gemini://ex.org", "x", "gemini://ex.org/x" },
        { "gemini://ex.org", "../x", "gemini://ex.org/x" },
        { "gemini://ex.org", "", "gemini://ex.org" },
        { "gemini://ex.org?q", "?r", "gemini://ex.org?r" },
        { "gemini://ex.org:1966/a#f", "/b", "gemini://ex.org:1966/b" },
        { "gemini://ex.org/a", "//[::1]:70/b", "gemini://[::1]:70/b" },
        { "a:b/c", "../../d", "a:/d" },
        { "a:b", "./c", "a:c" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[BUFFER_SIZE];
        struct str target;

        assert_true(url_resolve(str_from(cases[i][0]), str_from(cases[i][1]), bytes, sizeof bytes,
                                &target));
        check_str(target, cases[i][2]);
    }
}

static void resolves_nothing_that_cannot_be_written(void **state)
{
    static const char *const cases[][2] = {
        { "/relative", "x" },        { "gemini://ex.org/", "a b" },    { "bad url:", "x" },
        { "gemini:/a", "..//evil" }, { "gemini://ex.org/", "//x:y/" },
    };
    char bytes[BUFFER_SIZE];
    struct str target;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(url_resolve(str_from(cases[i][0]), str_from(cases[i][1]), bytes, sizeof bytes,
                                 &target));
    }
    for (size_t size = 0; size < strlen("gemini://ex.org/ab?c"); size++) {
        assert_false(url_resolve(STR("gemini://ex.org/"), STR("ab?c"), bytes, size, &target));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_a_whole_url),
        cmocka_unit_test(splits_relative_references),
        cmocka_unit_test(tells_empty_parts_from_missing_ones),
        cmocka_unit_test(reads_ports_up_to_65535),
        cmocka_unit_test(reads_ipv6_addresses_only_in_brackets),
        cmocka_unit_test(rejects_bytes_that_no_url_has),
        cmocka_unit_test(rejects_raw_bytes_that_are_not_utf8),
        cmocka_unit_test(rejects_raw_c1_controls),
        cmocka_unit_test(accepts_utf8_as_if_it_were_encoded),
        cmocka_unit_test(rejects_broken_escapes),
        cmocka_unit_test(rejects_what_only_looks_like_a_scheme),
        cmocka_unit_test(rejects_hosts_that_decode_to_no_text),
        cmocka_unit_test(rejects_a_second_fragment),
        cmocka_unit_test(leaves_the_result_alone_on_failure),
        cmocka_unit_test(brings_hosts_to_one_form),
        cmocka_unit_test(finds_no_name_in_an_empty_or_impossible_host),
        cmocka_unit_test(decodes_each_segment_once),
        cmocka_unit_test(removes_dot_segments),
        cmocka_unit_test(breaks_on_paths_that_climb_out),
        cmocka_unit_test(breaks_on_paths_that_are_no_text),
        cmocka_unit_test(finds_nowhere_what_no_name_may_hold),
        cmocka_unit_test(finds_nowhere_names_with_a_dot_in_front),
        cmocka_unit_test(finds_nowhere_empty_segments),
        cmocka_unit_test(lets_the_worst_segment_decide),
        cmocka_unit_test(decodes_into_a_buffer_of_the_stated_size),
        cmocka_unit_test(decodes_a_text_once_and_judges_nothing),
        cmocka_unit_test(encodes_what_a_path_may_not_hold),
        cmocka_unit_test(refuses_to_encode_past_the_buffer),
        cmocka_unit_test(resolves_the_examples_of_rfc_3986),
        cmocka_unit_test(resolves_from_bases_without_a_path),
        cmocka_unit_test(resolves_nothing_that_cannot_be_written),
    };

    return check_run(tests);
}
