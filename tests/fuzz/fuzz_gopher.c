/* Everything a Gopher client may send, from its first byte on: where the request ends, and what it
 * is answered. */
#include <stdlib.h>

#include "../protocol/fake_edition.h"
#include "base/utf8.h"
#include "protocol/gopher.h"

#define require(condition) ((condition) ? (void)0 : abort())

static struct str hosts[] = { STR_INIT("ex.org") };
static const uint16_t ports[] = { 1965 };
static const struct served served = { hosts, 1, ports, 1, .edition = &sample_edition };
static const struct capsules capsules = { &served, 1, &served };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* However the bytes come in pieces, the end of the request is the same. */
static bool check_scan(struct str received, size_t *length)
{
    enum line_state state = LINE_INCOMPLETE;

    for (size_t count = 0; count <= received.len; count++) {
        size_t now = 0;
        enum line_state next = gopher.scan(str_first(received, count), &now);

        require(state == LINE_INCOMPLETE || state == next);
        require(next != LINE_INCOMPLETE || count < gopher.line_max);
        require(next != LINE_COMPLETE || (now <= GOPHER_LINE_MAX && now < count));
        require(state != LINE_COMPLETE || now == *length);
        state = next;
        *length = now;
    }
    return state == LINE_COMPLETE;
}

/* A page as it lies in the edition; a page made for a link, with all that could be markup escaped;
 * or a menu of one error, of four fields, in which nothing of the request is repeated. */
static void check_answer(struct str line)
{
    const struct request_context context = { STR("") };
    struct answer answer = { .fd = -1 };
    struct str head;

    gopher.answer(&capsules, &context, line, &answer);
    head = (struct str){ answer.head, answer.head_len };
    if (answer.edition != NULL) {
        require(answer.status == 20 && head.len == 0 && answer.made == NULL);
    } else if (answer.made != NULL) {
        require(answer.status == 20 && head.len == 0 && answer.size == answer.body.len);
        require(str_ends_with(answer.body, STR("</html>\n")) && utf8_valid(answer.body));
        require(str_find_str(answer.body, STR("<script")) == answer.body.len);
    } else {
        require(answer.status >= 40 && head.len > 0 && answer.size == 0);
        require(str_starts_with(head, STR("3")) &&
                str_ends_with(head, STR("\t\terror.host\t1\r\n.\r\n")));
        require(str_find(head, '\t') == head.len - STR("\t\terror.host\t1\r\n.\r\n").len);
    }
    arena_destroy(answer.made);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str received = { (const char *)data, size };
    size_t length = 0;

    if (size > 2 * gopher.line_max) {
        return 0;
    }
    if (check_scan(received, &length)) {
        check_answer(str_first(received, length));
    }
    check_answer(received); /* without a line end, too: no answer relies on gopher.scan */
    return 0;
}
