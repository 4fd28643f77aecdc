/* Host names by IDNA 2008. libidn2 does the conversion: names outside ASCII need Unicode tables and
 * Punycode, which are its business, not ours. */
#include "base/hostname.h"

#include <idn2.h>

static bool label_byte(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

/* ASCII names need no library, and most names are ASCII. ':' lets IPv6 literals through. */
static bool ascii_to_ascii(struct str name, char *out)
{
    for (size_t i = 0; i < name.len; i++) {
        if (!label_byte(name.ptr[i])) {
            return false;
        }
        out[i] = byte_lower(name.ptr[i]);
    }
    out[name.len] = '\0';
    return true;
}

bool hostname_to_ascii(struct str name, char out[HOSTNAME_SIZE])
{
    char copy[HOSTNAME_SIZE];
    char *converted = NULL;
    bool ok = false;

    if (name.len == 0 || name.len >= HOSTNAME_SIZE) {
        return false;
    }
    if (ascii_to_ascii(name, out)) {
        return true;
    }
    if (memchr(name.ptr, '\0', name.len) != NULL) {
        return false;
    }
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    if (idn2_to_ascii_8z(copy, &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
        strlen(converted) < HOSTNAME_SIZE) {
        ok = *converted != '\0' && ascii_to_ascii(str_from(converted), out);
    }
    idn2_free(converted);
    return ok;
}
