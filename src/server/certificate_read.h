/* The reading of a certificate. */
#ifndef SERVER_CERTIFICATE_READ_H
#define SERVER_CERTIFICATE_READ_H

#include "server/certificate.h"

/*
 * Read the certificate, its chain and its key from their files, which are set.
 *
 * Returns false after reporting: what cannot be read, is none, or does not belong together. What
 * was read by then stays the certificate's.
 */
bool certificate_read(struct certificate *certificate, struct diag *diag);

#endif
