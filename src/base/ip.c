/* IP addresses as sixteen bytes, whatever their family: one kind of address to compare and count.
 */
#include "base/ip.h"

#include <arpa/inet.h>

#define IPV4_OFFSET_BITS 96 /* how much of a mapped address stands before its IPv4 part */

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };

struct ip ip_from_ipv4(const uint8_t bytes[4])
{
    struct ip ip;

    memcpy(ip.bytes, mapped, sizeof mapped);
    memcpy(ip.bytes + sizeof mapped, bytes, 4);
    return ip;
}

struct ip ip_from_ipv6(const uint8_t bytes[16])
{
    struct ip ip;

    memcpy(ip.bytes, bytes, sizeof ip.bytes);
    return ip;
}

bool ip_parse(struct str text, struct ip *ip)
{
    char copy[IP_TEXT_SIZE];
    uint8_t bytes[16];

    if (text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL) {
        return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, bytes) == 1) {
        *ip = ip_from_ipv4(bytes);
        return true;
    }
    if (inet_pton(AF_INET6, copy, bytes) == 1) {
        *ip = ip_from_ipv6(bytes);
        return true;
    }
    return false;
}

bool ip_is_ipv4(const struct ip *ip)
{
    return memcmp(ip->bytes, mapped, sizeof mapped) == 0;
}

const char *ip_print(const struct ip *ip, char out[IP_TEXT_SIZE])
{
    bool ipv4 = ip_is_ipv4(ip);

    inet_ntop(ipv4 ? AF_INET : AF_INET6, ipv4 ? ip->bytes + sizeof mapped : ip->bytes, out,
              IP_TEXT_SIZE);
    return out;
}

static struct ip keep_bits(const struct ip *ip, unsigned bits)
{
    struct ip kept = { { 0 } };
    unsigned whole = bits / 8;

    memcpy(kept.bytes, ip->bytes, whole);
    if (bits % 8 != 0) {
        kept.bytes[whole] = (uint8_t)(ip->bytes[whole] & (0xFF00U >> bits % 8));
    }
    return kept;
}

struct ip ip_network(const struct ip *ip, unsigned ipv4_bits, unsigned ipv6_bits)
{
    return keep_bits(ip, ip_is_ipv4(ip) ? IPV4_OFFSET_BITS + ipv4_bits : ipv6_bits);
}

uint64_t ip_group(const struct ip *ip)
{
    /* No /64 that is routed looks like the last eight bytes of a mapped address. */
    const uint8_t *bytes = ip_is_ipv4(ip) ? ip->bytes + 8 : ip->bytes;
    uint64_t group = 0;

    for (size_t i = 0; i < 8; i++) {
        group = group << 8 | bytes[i];
    }
    return group;
}

bool ip_range_parse(struct str text, struct ip_range *range)
{
    struct str address;
    struct str prefix;
    bool has_prefix = str_cut(text, '/', &address, &prefix);
    struct ip ip;
    unsigned before;
    unsigned long bits;

    if (!ip_parse(address, &ip)) {
        return false;
    }
    before = ip_is_ipv4(&ip) ? IPV4_OFFSET_BITS : 0;
    bits = IP_BITS - before;
    if (has_prefix && !str_parse_number(prefix, bits, &bits)) {
        return false;
    }
    range->bits = before + (unsigned)bits;
    range->ip = keep_bits(&ip, range->bits);
    return true;
}

bool ip_ranges_hold(const struct ip_range *each, size_t count, const struct ip *ip)
{
    for (size_t i = 0; i < count; i++) {
        struct ip network = keep_bits(ip, each[i].bits);

        if (memcmp(&network, &each[i].ip, sizeof network) == 0) {
            return true;
        }
    }
    return false;
}
