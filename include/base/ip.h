/* IP addresses as numbers: read, written, grouped. No sockets, and nothing asks a resolver. */
#ifndef BASE_IP_H
#define BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* In network order; an IPv4 address is ::ffff:a.b.c.d. */
struct ip {
    uint8_t bytes[16];
};

#define IP_BITS      128
#define IP_TEXT_SIZE 46 /* the longest IPv6 address and a NUL */

struct ip ip_from_ipv4(const uint8_t bytes[4]);
struct ip ip_from_ipv6(const uint8_t bytes[16]);

/*
 * Read an address: four decimal numbers without leading zeros, or the colons of RFC 4291,
 * section 2.2. No brackets, no zone, no port.
 */
bool ip_parse(struct str text, struct ip *ip);

/* As inet_ntop writes it; IPv4 as four numbers. Returns out. */
const char *ip_print(const struct ip *ip, char out[IP_TEXT_SIZE]);

bool ip_is_ipv4(const struct ip *ip);

/* The address with all but its first bits cleared; for IPv4 those of its own 32 count. */
struct ip ip_network(const struct ip *ip, unsigned ipv4_bits, unsigned ipv6_bits);

/* What one reader has: an IPv4 address, or the /64 of an IPv6 address. Equal for equal readers. */
uint64_t ip_group(const struct ip *ip);

/* A network: all addresses that share its first bits. */
struct ip_range {
    struct ip ip;
    unsigned bits; /* of the 128; an IPv4 network has 96 more than it is written with */
};

/* "192.0.2.0/24", "2001:db8::/32", or one address. Bits behind the prefix do not matter. */
bool ip_range_parse(struct str text, struct ip_range *range);

/* Whether any of the networks has the address. */
bool ip_ranges_hold(const struct ip_range *each, size_t count, const struct ip *ip);

#endif
