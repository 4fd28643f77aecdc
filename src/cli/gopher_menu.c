/* Gopher menus: lines to their fields, fields to addresses. */
#include "gopher_menu.h"

#include "protocol/gopher.h"
#include "protocol/url.h"

#define TELNET_PORT 23

/* One line in its fields. */
struct item {
    char type;
    struct str display, selector, host;
    unsigned long port; /* 0 when there is no sensible one */
};

/* Returns false for a line that is none of a menu, for want of fields. */
static bool read_item(struct str line, struct item *item)
{
    struct str rest = str_skip(line, 1);
    struct str port;

    if (line.len == 0 || !str_cut(rest, '\t', &item->display, &rest) ||
        !str_cut(rest, '\t', &item->selector, &rest) || !str_cut(rest, '\t', &item->host, &rest)) {
        return false;
    }
    item->type = line.ptr[0];
    item->port = 0;
    str_cut(rest, '\t', &port, NULL); /* Gopher+ has more fields */
    str_parse_number(str_trim(port), UINT16_MAX, &item->port);
    return true;
}

static bool leads_somewhere(const struct item *item)
{
    return item->type != 'i' && item->type != '3' && item->host.len > 0 && item->port > 0;
}

/* ---- as an address -------------------------------------------------------------------------- */

static void show_server(struct screen *screen, const char *scheme, const struct item *item,
                        unsigned long default_port)
{
    bool ipv6 = str_find(item->host, ':') < item->host.len;
    char port[8];

    screen_write(screen, str_from(scheme));
    screen_write(screen, ipv6 ? STR("[") : STR(""));
    screen_write(screen, item->host);
    screen_write(screen, ipv6 ? STR("]") : STR(""));
    if (item->port != default_port) {
        snprintf(port, sizeof port, ":%lu", item->port);
        screen_write(screen, str_from(port));
    }
}

static void show_selector(struct screen *screen, const struct item *item)
{
    char bytes[3 * GOPHER_TEXT_LINE_MAX];
    char type[] = { '/', item->type };
    struct str encoded;

    screen_write(screen, (struct str){ type, sizeof type });
    if (url_encode_path(item->selector, bytes, sizeof bytes, &encoded)) {
        screen_write(screen, encoded);
    }
}

static void show_address(struct screen *screen, const struct item *item)
{
    if (item->type == 'h' && str_starts_with(item->selector, STR("URL:"))) {
        screen_write(screen, str_skip(item->selector, 4));
    } else if (item->type == '8' || item->type == 'T') {
        show_server(screen, "telnet://", item, TELNET_PORT);
    } else {
        show_server(screen, "gopher://", item, gopher.default_port);
        show_selector(screen, item);
    }
}

void gopher_menu_show(void *arg, const struct gopher_line *line)
{
    struct screen *screen = arg;
    struct item item;

    if (!line->begins || !read_item(line->text, &item)) {
        item = (struct item){ .type = 'i', .display = line->text };
    }
    if (leads_somewhere(&item)) {
        screen_write(screen, STR("=> "));
        show_address(screen, &item);
        screen_write(screen, STR(" "));
    }
    screen_write(screen, item.display);
    screen_write(screen, STR("\n"));
}

/* ---- errors --------------------------------------------------------------------------------- */

bool gopher_menu_is_error(struct str answer, struct str *message)
{
    struct str rest = answer;
    struct str line;
    struct item item;

    if (!str_next_line(&rest, &line) || !read_item(line, &item) || item.type != '3' ||
        item.display.len == 0) {
        return false;
    }
    while (str_next_line(&rest, &line)) {
        bool end = rest.len == 0 && str_equal(str_trim(line), STR("."));

        if (!end && !str_starts_with(line, STR("i"))) {
            return false;
        }
    }
    *message = item.display;
    return true;
}
