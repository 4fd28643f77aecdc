/* What a service manager hands over and wants to hear: systemd's protocol, which others speak too.
 * It is a few variables and datagrams, known to be stable; libsystemd would bring compression and
 * journal along for them. Source: sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3). */
#ifndef SERVER_SYSTEMD_H
#define SERVER_SYSTEMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "net/address.h"

/* A listening socket that was opened for us. */
struct systemd_socket {
    int fd;
    struct address address;
    struct str name; /* FileDescriptorName= of its unit */
};

/* Those there are, the same at each call; *count may be 0. */
const struct systemd_socket *systemd_sockets(size_t *count);

/* Say something: "READY=1", lines of it. Nothing happens when nobody listens. */
void systemd_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How often to say WATCHDOG=1, in milliseconds; 0 when nobody waits for it. */
int64_t systemd_watchdog_ms(void);

#endif
