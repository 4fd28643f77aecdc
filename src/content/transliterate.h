/* Letters of other alphabets in ASCII, for addresses. */
#ifndef CONTENT_TRANSLITERATE_H
#define CONTENT_TRANSLITERATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

/* Add a Latin letter without its marks; false, and nothing added, for any other character. */
bool transliterate_latin(struct strbuf *out, uint32_t character);

/* The same for a small letter of the Greek or Cyrillic alphabet. Source: Text::Unidecode, by way of
 * the deunicode package that Zola uses. */
bool transliterate_alphabet(struct strbuf *out, uint32_t character);

#endif
