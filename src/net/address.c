/* Listen addresses from text and back. Only numbers: nothing here asks a resolver. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

static struct address from_ipv4(struct in_addr ip, uint16_t port)
{
    struct address address = { .size = sizeof(struct sockaddr_in) };
    struct sockaddr_in socket = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = ip };

    memcpy(&address.socket, &socket, sizeof socket);
    return address;
}

static struct address from_ipv6(struct in6_addr ip, uint16_t port)
{
    struct address address = { .size = sizeof(struct sockaddr_in6) };
    struct sockaddr_in6 socket = { .sin6_family = AF_INET6,
                                   .sin6_port = htons(port),
                                   .sin6_addr = ip };

    memcpy(&address.socket, &socket, sizeof socket);
    return address;
}

static struct sockaddr_in6 as_ipv6(const struct address *address)
{
    struct sockaddr_in6 socket;

    memcpy(&socket, &address->socket, sizeof socket);
    return socket;
}

static struct sockaddr_in as_ipv4(const struct address *address)
{
    struct sockaddr_in socket;

    memcpy(&socket, &address->socket, sizeof socket);
    return socket;
}

static bool parse_port(struct str text, uint16_t *port)
{
    unsigned long number;

    if (!str_parse_number(text, UINT16_MAX, &number) || number == 0) {
        return false;
    }
    *port = (uint16_t)number;
    return true;
}

/* The host's part: nothing, "*", an IPv4 address, or an IPv6 address in brackets. */
static bool parse_host(struct str host, uint16_t port, struct address *address)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr ipv6 = IN6ADDR_ANY_INIT;
    struct in_addr ipv4;

    if (host.len == 0 || str_equal(host, STR("*"))) {
        *address = from_ipv6(ipv6, port);
        return true;
    }
    if (host.len >= sizeof text) {
        return false;
    }
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    if (inet_pton(AF_INET, text, &ipv4) == 1) {
        *address = from_ipv4(ipv4, port);
        return true;
    }
    if (text[0] != '[' || text[host.len - 1] != ']') {
        return false;
    }
    text[host.len - 1] = '\0';
    if (inet_pton(AF_INET6, text + 1, &ipv6) != 1) {
        return false;
    }
    *address = from_ipv6(ipv6, port);
    return true;
}

static size_t loopback(uint16_t port, struct address addresses[ADDRESS_EACH_MAX])
{
    struct in_addr ipv4 = { htonl(INADDR_LOOPBACK) };
    struct in6_addr ipv6 = IN6ADDR_LOOPBACK_INIT;

    addresses[0] = from_ipv4(ipv4, port);
    addresses[1] = from_ipv6(ipv6, port);
    addresses[1].if_possible = true;
    return 2;
}

/* Where the colon before the port stands, or text.len. */
static size_t last_colon(struct str text)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == ':') {
            return i - 1;
        }
    }
    return text.len;
}

size_t address_parse(struct str text, struct place place,
                     struct address addresses[ADDRESS_EACH_MAX], struct diag *diag)
{
    size_t colon = last_colon(text);
    bool has_host = colon < text.len;
    struct str port_text = has_host ? str_skip(text, colon + 1) : text;
    uint16_t port;

    if (!parse_port(port_text, &port)) {
        diag_error(diag, place,
                   "'%.*s' is no address to listen on: '%.*s' is no port from 1 to 65535",
                   STR_ARG(str_first(text, 80)), STR_ARG(str_first(port_text, 80)));
        return 0;
    }
    if (!has_host) {
        return loopback(port, addresses);
    }
    if (!parse_host(str_first(text, colon), port, &addresses[0])) {
        diag_error(diag, place,
                   "'%.*s' is no address to listen on: write 192.0.2.1:%u, [2001:db8::1]:%u, "
                   ":%u for all addresses, or %u for loopback",
                   STR_ARG(str_first(text, 80)), port, port, port, port);
        return 0;
    }
    return 1;
}

const char *address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE])
{
    char ip[INET6_ADDRSTRLEN] = "?";

    if (address->socket.ss_family == AF_INET6) {
        struct sockaddr_in6 socket = as_ipv6(address);

        inet_ntop(AF_INET6, &socket.sin6_addr, ip, sizeof ip);
        snprintf(out, ADDRESS_TEXT_SIZE, "[%s]:%u", ip, ntohs(socket.sin6_port));
    } else {
        struct sockaddr_in socket = as_ipv4(address);

        inet_ntop(AF_INET, &socket.sin_addr, ip, sizeof ip);
        snprintf(out, ADDRESS_TEXT_SIZE, "%s:%u", ip, ntohs(socket.sin_port));
    }
    return out;
}

uint16_t address_port(const struct address *address)
{
    return ntohs(address->socket.ss_family == AF_INET6 ? as_ipv6(address).sin6_port
                                                       : as_ipv4(address).sin_port);
}

bool address_equal(const struct address *a, const struct address *b)
{
    return a->size == b->size && memcmp(&a->socket, &b->socket, a->size) == 0;
}

bool address_is_loopback(const struct address *address)
{
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&address->socket;
    const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)&address->socket;

    return address->socket.ss_family == AF_INET ? ntohl(ipv4->sin_addr.s_addr) >> 24 == 127
                                                : IN6_IS_ADDR_LOOPBACK(&ipv6->sin6_addr);
}

bool address_is_all(const struct address *address)
{
    struct sockaddr_in6 socket = as_ipv6(address);

    return socket.sin6_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&socket.sin6_addr);
}

struct address address_all_ipv4(uint16_t port)
{
    struct in_addr any = { htonl(INADDR_ANY) };

    return from_ipv4(any, port);
}
