/* PROXY headers: bytes in, an address out. Who may send them is not decided here. */
#include "protocol/proxy.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- version 1: a line of text -------------------------------------------------------------- */

#define V1_MAX     ((size_t)107) /* line end included */
#define V1_START   STR("PROXY ")
#define V1_UNKNOWN STR("UNKNOWN")

/* One word up to the single space behind it, or to the end. */
static struct str next_word(struct str *rest)
{
    struct str word;

    str_cut(*rest, ' ', &word, rest);
    return word;
}

static bool is_port(struct str text)
{
    unsigned long port;

    return str_parse_number(text, 65535, &port) && (text.len == 1 || text.ptr[0] != '0');
}

static bool is_address(struct str text, bool ipv4, struct ip *ip)
{
    bool has_colon = str_find(text, ':') < text.len;

    return has_colon != ipv4 && ip_parse(text, ip);
}

/* "TCP4 192.0.2.1 198.51.100.7 49152 1965", without what stands around it. */
static enum proxy_state read_v1(struct str line, struct proxy_header *header)
{
    struct str family = next_word(&line);
    bool ipv4 = str_equal(family, STR("TCP4"));
    struct ip to;

    if (str_equal(family, V1_UNKNOWN)) {
        header->has_source = false;
        return PROXY_COMPLETE;
    }
    if (!ipv4 && !str_equal(family, STR("TCP6"))) {
        return PROXY_INVALID;
    }
    if (!is_address(next_word(&line), ipv4, &header->source) ||
        !is_address(next_word(&line), ipv4, &to) || !is_port(next_word(&line)) || !is_port(line)) {
        return PROXY_INVALID;
    }
    header->has_source = true;
    return PROXY_COMPLETE;
}

static enum proxy_state parse_v1(struct str received, struct proxy_header *header)
{
    struct str start = str_first(V1_START, received.len);
    struct str line = str_first(received, V1_MAX);
    size_t end = str_find_str(line, STR("\r\n"));

    if (!str_starts_with(received, start)) {
        return PROXY_INVALID;
    }
    if (end < line.len) {
        header->length = end + 2;
        return read_v1(str_skip(str_first(line, end), V1_START.len), header);
    }
    /* Only after UNKNOWN may anything stand: a lone LF elsewhere is the end of something else. */
    if (str_find(line, '\n') < line.len &&
        !str_starts_with(str_skip(line, V1_START.len), V1_UNKNOWN)) {
        return PROXY_INVALID;
    }
    return received.len < V1_MAX ? PROXY_INCOMPLETE : PROXY_INVALID;
}

/* ---- version 2: bytes ----------------------------------------------------------------------- */

#define V2_SIGNATURE   STR("\r\n\r\n\0\r\nQUIT\n")
#define V2_START       ((size_t)16) /* signature, command, family, length */
#define V2_AT_COMMAND  12
#define V2_AT_FAMILY   13
#define V2_AT_LENGTH   14
#define V2_TLV_START   ((size_t)3) /* type and length of a value */
#define V2_LOCAL       0x20
#define V2_PROXY       0x21
#define V2_STREAM_IPV4 0x11
#define V2_STREAM_IPV6 0x21

/* What a header can be about. Only streams over IP have an address for us. */
static const struct family {
    uint8_t code;
    size_t size; /* of the addresses, source first */
} families[] = {
    { 0x00, 0 }, /* unspecified */
    { V2_STREAM_IPV4, 12 },
    { 0x12, 12 }, /* IPv4 */
    { V2_STREAM_IPV6, 36 },
    { 0x22, 36 }, /* IPv6 */
    { 0x31, 216 },
    { 0x32, 216 }, /* local sockets */
};

static size_t read_16(const uint8_t *bytes)
{
    return (size_t)bytes[0] << 8 | bytes[1];
}

static const struct family *find_family(uint8_t code)
{
    for (size_t i = 0; i < COUNT(families); i++) {
        if (families[i].code == code) {
            return &families[i];
        }
    }
    return NULL;
}

/* None is of use here, but one that runs past the end says that the rest is not to be believed. */
static bool are_tlvs(const uint8_t *bytes, size_t left)
{
    while (left > 0) {
        size_t size = left >= V2_TLV_START ? V2_TLV_START + read_16(bytes + 1) : left + 1;

        if (size > left) {
            return false;
        }
        bytes += size;
        left -= size;
    }
    return true;
}

static enum proxy_state read_v2(const uint8_t *bytes, struct proxy_header *header)
{
    const struct family *family = find_family(bytes[V2_AT_FAMILY]);
    const uint8_t *rest = bytes + V2_START;
    size_t left = header->length - V2_START;

    header->has_source = false;
    if (bytes[V2_AT_COMMAND] == V2_LOCAL) {
        return PROXY_COMPLETE; /* whatever else it says */
    }
    if (family == NULL || left < family->size ||
        !are_tlvs(rest + family->size, left - family->size)) {
        return PROXY_INVALID;
    }
    if (family->code == V2_STREAM_IPV4 || family->code == V2_STREAM_IPV6) {
        header->has_source = true;
        header->source = family->code == V2_STREAM_IPV4 ? ip_from_ipv4(rest) : ip_from_ipv6(rest);
    }
    return PROXY_COMPLETE;
}

static enum proxy_state parse_v2(struct str received, struct proxy_header *header)
{
    const uint8_t *bytes = (const uint8_t *)received.ptr;

    if (!str_starts_with(received, str_first(V2_SIGNATURE, received.len))) {
        return PROXY_INVALID;
    }
    if (received.len > V2_AT_COMMAND && bytes[V2_AT_COMMAND] != V2_LOCAL &&
        bytes[V2_AT_COMMAND] != V2_PROXY) {
        return PROXY_INVALID;
    }
    if (received.len < V2_START) {
        return PROXY_INCOMPLETE;
    }
    header->length = V2_START + read_16(bytes + V2_AT_LENGTH);
    if (header->length > PROXY_HEADER_MAX) {
        return PROXY_INVALID;
    }
    return received.len < header->length ? PROXY_INCOMPLETE : read_v2(bytes, header);
}

enum proxy_state proxy_parse(struct str received, struct proxy_header *header)
{
    if (received.len == 0) {
        return PROXY_INCOMPLETE;
    }
    return received.ptr[0] == 'P' ? parse_v1(received, header) : parse_v2(received, header);
}
