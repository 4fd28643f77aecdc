/* Gopher menus for people: each line as gemtext would say it, with an address to fetch next. */
#ifndef CLI_GOPHER_MENU_H
#define CLI_GOPHER_MENU_H

#include "gopher_text.h"
#include "show.h"

/*
 * Show one line of a menu: what leads somewhere as "=> address words", the rest as its words.
 *
 * arg  a struct screen: lines can be sent here.
 *
 * Source: RFC 1436, appendix; RFC 4266, section 2; gopher.md R10, R16, R20.
 */
void gopher_menu_show(void *arg, const struct gopher_line *line);

/* Whether a whole answer says only that something is wrong: an error line, with nothing but
 * information and an end line behind it. *message is then the error's words. Source: gopher.md R21.
 */
bool gopher_menu_is_error(struct str answer, struct str *message);

#endif
