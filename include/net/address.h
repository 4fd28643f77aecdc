/* Addresses to listen on, as an operator writes them. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/diag.h"
#include "base/str.h"

struct address {
    struct sockaddr_storage socket;
    socklen_t size;   /* of what is used of it */
    bool if_possible; /* a host without this family does without this address */
};

/* What one text can mean: loopback is an address in each family. */
#define ADDRESS_EACH_MAX 2

/* "[" an IPv6 address "]:65535" and a NUL. */
#define ADDRESS_TEXT_SIZE 56

/*
 * Read a listen address.
 *
 * text       ADDR:PORT with an IPv4 address, or an IPv6 address in brackets; :PORT, or *:PORT, for
 *            all addresses, which is [::]:PORT; PORT alone for loopback only. No host names: what
 *            they mean may change.
 * place      where it was written, for messages.
 * addresses  filled on success.
 *
 * Returns how many addresses there are; 0 after reporting an error.
 */
size_t address_parse(struct str text, struct place place,
                     struct address addresses[ADDRESS_EACH_MAX], struct diag *diag);

/* As it would be written: "127.0.0.1:1965", "[::]:1965". Returns out. */
const char *address_print(const struct address *address, char out[ADDRESS_TEXT_SIZE]);

uint16_t address_port(const struct address *address);

/* Whether they are the same place to listen at. */
bool address_equal(const struct address *a, const struct address *b);

/* Whether it is [::], which stands for every address of the host. */
bool address_is_all(const struct address *address);

/* Whether nobody but this host can connect there: 127.0.0.0/8 or ::1. */
bool address_is_loopback(const struct address *address);

/* All IPv4 addresses, at the same port: what [::] means on a host without IPv6. */
struct address address_all_ipv4(uint16_t port);

#endif
