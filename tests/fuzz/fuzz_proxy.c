/* PROXY headers from anywhere: however they come in pieces, the answer is the same. */
#include <stdint.h>
#include <stdlib.h>

#include "protocol/proxy.h"

#define require(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    enum proxy_state before = PROXY_INCOMPLETE;
    struct proxy_header first = { 0 };

    for (size_t len = 0; len <= size; len++) {
        struct proxy_header header = { 0 };
        enum proxy_state now = proxy_parse(str_first(bytes, len), &header);

        /* Once decided, more bytes change nothing; undecided is never past the longest header. */
        require(before == PROXY_INCOMPLETE || now == before);
        require(now != PROXY_INCOMPLETE || len < PROXY_HEADER_MAX);
        if (now == PROXY_COMPLETE && before == PROXY_INCOMPLETE) {
            first = header;
            require(header.length == len);
        }
        require(now != PROXY_COMPLETE ||
                (header.length == first.length && header.has_source == first.has_source));
        before = now;
    }
    return 0;
}
