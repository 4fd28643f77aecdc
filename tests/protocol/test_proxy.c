/* What src/protocol/proxy.c promises. Source: proxy-protocol.md. */
#include "check.h"

#include "protocol/proxy.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V2_IPV4   SIGNATURE "\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x07\xc0\0\x07\xad"
#define ADDRESSES_6                                                                                \
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"                                                   \
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"                                                   \
    "\xc0\0\x07\xad"
#define ADDRESSES_4 "\xc0\0\x02\x01\xc6\x33\x64\x07\xc0\0\x07\xad"
#define REAL        "" /* no source: the connection's own address counts */

struct row {
    struct str bytes;
    enum proxy_state state;
    const char *source; /* on PROXY_COMPLETE */
};

static const struct row rows[] = {
    /* version 1 */
    { STR_INIT("PROXY TCP4 192.0.2.1 198.51.100.7 49152 1965\r\n"), PROXY_COMPLETE, "192.0.2.1" },
    { STR_INIT("PROXY TCP6 2001:db8::1 2001:db8::2 0 65535\r\n"), PROXY_COMPLETE, "2001:db8::1" },
    { STR_INIT("PROXY TCP6 2001:DB8:0000:0000:0000:0000:0000:0001 "
               "2001:0db8:0000:0000:0000:0000:0000:0002 65535 65535\r\n"),
      PROXY_COMPLETE, "2001:db8::1" },
    { STR_INIT("PROXY UNKNOWN\r\n"), PROXY_COMPLETE, REAL },
    { STR_INIT("PROXY UNKNOWN ffff::1 what \n ever\r\n"), PROXY_COMPLETE, REAL },
    { STR_INIT("PROXY UNKNOWNS\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r"), PROXY_INCOMPLETE, NULL },
    { STR_INIT("PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 ::1 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 ::1 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY TCP4 1.2.3.4\0 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY  TCP4 1.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("proxy tcp4 1.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY tcp4 1.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"), PROXY_INVALID, NULL },
    { STR_INIT("POST / HTTP/1.1\r\n"), PROXY_INVALID, NULL },

    /* version 2 */
    { STR_INIT(V2_IPV4), PROXY_COMPLETE, "192.0.2.1" },
    { STR_INIT(SIGNATURE "\x21\x21\0\x24" ADDRESSES_6), PROXY_COMPLETE, "2001:db8::1" },
    { STR_INIT(SIGNATURE "\x20\0\0\0"), PROXY_COMPLETE, REAL },
    { STR_INIT(SIGNATURE "\x20\0\0\x05"
                         "12345"),
      PROXY_COMPLETE, REAL },
    { STR_INIT(SIGNATURE "\x20\xff\0\0"), PROXY_COMPLETE, REAL },
    { STR_INIT(SIGNATURE "\x21\0\0\0"), PROXY_COMPLETE, REAL },
    { STR_INIT(SIGNATURE "\x21\x12\0\x0c" ADDRESSES_4), PROXY_COMPLETE, REAL },
    { STR_INIT(SIGNATURE "\x21\x11\0\x0b" ADDRESSES_4), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x21\x21\0\x23" ADDRESSES_6), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x21\x11\0\x0f" ADDRESSES_4 "\x04\0\0"), PROXY_COMPLETE, "192.0.2.1" },
    { STR_INIT(SIGNATURE "\x21\x11\0\x0f" ADDRESSES_4 "\x04\0\x01"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x21\x11\0\x0e" ADDRESSES_4 "\x04\0"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x31"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x22"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x11"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x21\x13\0\0"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x21\x41\0\0"), PROXY_INVALID, NULL },
    { STR_INIT(SIGNATURE "\x20\0\x10\x01"), PROXY_INVALID, NULL }, /* 4097 bytes to come */
    { STR_INIT(SIGNATURE "\x20\0\x10\0"), PROXY_INCOMPLETE, NULL },
    { STR_INIT("\r\n\r\n\0\r\nQUIX"), PROXY_INVALID, NULL },

    /* neither */
    { STR_INIT(""), PROXY_INCOMPLETE, NULL },
    { STR_INIT("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"), PROXY_INVALID, NULL },
    { STR_INIT("gemini://ex.org/\r\n"), PROXY_INVALID, NULL },
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void check_row(const struct row *row, struct str received)
{
    struct proxy_header header = { 0 };
    enum proxy_state state = proxy_parse(received, &header);
    char text[IP_TEXT_SIZE] = REAL;

    if (state != row->state) {
        fail_msg("row %zu: state %d", (size_t)(row - rows), (int)state);
    }
    if (state == PROXY_COMPLETE) {
        assert_int_equal(header.length, row->bytes.len);
        if (header.has_source) {
            ip_print(&header.source, text);
        }
        assert_string_equal(text, row->source);
    }
}

static void reads_every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        check_row(&rows[i], rows[i].bytes);
    }
}

static void leaves_what_stands_behind_a_header(void **state)
{
    char more[512];

    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].state == PROXY_COMPLETE) {
            memset(more, '\x16', sizeof more);
            memcpy(more, rows[i].bytes.ptr, rows[i].bytes.len);
            check_row(&rows[i], (struct str){ more, sizeof more });
        }
    }
}

static void waits_for_every_byte_of_a_header(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        for (size_t len = 0; rows[i].state == PROXY_COMPLETE && len < rows[i].bytes.len; len++) {
            struct proxy_header header;

            assert_int_equal(proxy_parse(str_first(rows[i].bytes, len), &header), PROXY_INCOMPLETE);
        }
    }
}

/* 107 bytes with their line end; one more is none. */
static void knows_the_longest_line(void **state)
{
    char line[109];

    (void)state;
    memset(line, 'x', sizeof line);
    memcpy(line, "PROXY UNKNOWN ", 14);
    for (size_t size = 106; size <= 108; size++) {
        struct proxy_header header = { 0 };

        memcpy(line + size - 2, "\r\n", 2);
        assert_int_equal(proxy_parse((struct str){ line, size }, &header),
                         size <= 107 ? PROXY_COMPLETE : PROXY_INVALID);
        line[size - 2] = 'x';
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_row),
        cmocka_unit_test(leaves_what_stands_behind_a_header),
        cmocka_unit_test(knows_the_longest_line),
        cmocka_unit_test(waits_for_every_byte_of_a_header),
    };

    return check_run(tests);
}
