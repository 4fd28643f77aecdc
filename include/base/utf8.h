/* UTF-8: validity, one character at a time, and how many columns a terminal gives to a text. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* What stands for bytes that are not UTF-8. */
#define UTF8_REPLACEMENT 0xFFFDu

/* Whether the whole text is well-formed UTF-8. Source: RFC 3629, section 4. */
bool utf8_valid(struct str text);

/*
 * Take one character off the front of *rest, which must not be empty. Malformed bytes come out
 * as UTF8_REPLACEMENT, one for each byte that starts no character.
 */
uint32_t utf8_next(struct str *rest);

/* Write a character into out (room for 4 bytes); returns how many bytes it took. */
size_t utf8_encode(uint32_t character, char *out);

/*
 * Whether the character may stand in text for people: everything but C0 controls other than
 * tab and LF, DEL, C1 controls and U+FEFF. Source: gemtext specification, VCHAR.
 */
bool utf8_printable(uint32_t character);

/* Joins the characters at its sides into one sign. */
#define UTF8_JOINER 0x200Du

/* Columns one character takes in a terminal: 0 (combining), 1 or 2 (wide). */
int utf8_character_width(uint32_t character);

/*
 * Columns a character adds to a text that ended in `before` (0: empty so far). Where terminals
 * differ it is the most: joined emoji count part by part, as those draw them that cannot join, and
 * a character that is turned into an emoji counts as one.
 */
size_t utf8_columns(uint32_t before, uint32_t character);

/* Columns a text takes in a terminal. */
size_t utf8_width(struct str text);

/*
 * The text as we want to read it: LF line ends, no BOM, no controls but tab and LF, malformed
 * bytes replaced. Returns the very same bytes when nothing had to change, else a copy in the
 * arena. *malformed (may be NULL) counts the bytes replaced.
 */
struct str utf8_clean(struct arena *arena, struct str text, size_t *malformed);

#endif
