/* Everything a Gemini client may send, from its first byte on: where the request ends, and what it
 * is answered. */
#include <stdlib.h>

#include "../protocol/fake_edition.h"
#include "base/utf8.h"
#include "protocol/gemini.h"

#define require(condition) ((condition) ? (void)0 : abort())

/* Every status there is. Source: gemini.md, section 3. */
static const int statuses[] = { 10, 11, 20, 30, 31, 40, 41, 42, 43,
                                44, 50, 51, 52, 53, 59, 60, 61, 62 };

static struct str hosts[] = { STR_INIT("ex.org"), STR_INIT("xn--bcher-kva.example") };
static const uint16_t ports[] = { 1965 };
static const struct served served = { hosts, 2, ports, 1, &sample_edition };
static const struct capsules capsules = { &served, 1 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All heads ever seen. There are few: an answer says one of so many things, whatever was asked, so
 * nothing of a request can come back in one. */
static void require_known_head(struct str head)
{
    enum { REFUSALS_AT_MOST = 16, HEADS_OF_A_PAGE = 2 };
    static struct {
        char bytes[ANSWER_HEAD_MAX];
        size_t len;
    } seen[REFUSALS_AT_MOST + HEADS_OF_A_PAGE * sizeof sample_pages / sizeof *sample_pages];
    static size_t seen_count;

    for (size_t i = 0; i < seen_count; i++) {
        if (str_equal(head, (struct str){ seen[i].bytes, seen[i].len })) {
            return;
        }
    }
    require(seen_count < sizeof seen / sizeof *seen);
    memcpy(seen[seen_count].bytes, head.ptr, head.len);
    seen[seen_count++].len = head.len;
}

static bool is_status(int status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i] == status) {
            return true;
        }
    }
    return false;
}

/* NN SP text CR LF, the text in UTF-8 without controls. Source: gemini.md G32-G35. */
static void require_head(const struct answer *answer)
{
    struct str head = { answer->head, answer->head_len };
    struct str text;

    require(head.len > 5 && head.len <= ANSWER_HEAD_MAX && str_ends_with(head, STR("\r\n")));
    require_known_head(head);
    require(byte_is_digit(head.ptr[0]) && byte_is_digit(head.ptr[1]) && head.ptr[2] == ' ');
    require((head.ptr[0] - '0') * 10 + (head.ptr[1] - '0') == answer->status);
    require(is_status(answer->status));
    text = str_skip(str_first(head, head.len - 2), 3);
    require(utf8_valid(text));
    while (text.len > 0) {
        uint32_t character = utf8_next(&text);

        require(character >= 0x20 && (character < 0x7F || character > 0x9F));
    }
}

/* A body only with 20, and then it is a page's, where it lies; never a page that has no name. */
static void require_body(const struct answer *answer)
{
    if (answer->status != 20) {
        require(answer->body.len == 0 && answer->fd == -1 && answer->size == 0);
        require(answer->edition == NULL);
        return;
    }
    require(answer->edition == &sample_edition);
    require(!str_equal(answer->body, STR("secret")));
    for (size_t i = 0; i < sample_edition.count; i++) {
        const struct page *page = &sample_edition.pages[i];

        if (page->body.ptr == answer->body.ptr || page->fd == answer->fd) {
            require(answer->size == page->size || page->fd == -1);
            return;
        }
    }
    abort();
}

static void check_answer(struct str sni, struct str line)
{
    const struct request_context context = { sni };
    struct answer answer;

    gemini.answer(&capsules, &context, line, &answer);
    require_head(&answer);
    require_body(&answer);
    require(answer.status == 59 || line.len <= GEMINI_URL_MAX);
    require(answer.status != 20 || sni.len == 0 || str_equal(sni, hosts[0]));
}

/* However the bytes come in pieces, the end of the request is the same, and once it is known it
 * stays so. Returns whether a whole request has come. */
static bool check_scan(struct str received, size_t *length)
{
    enum line_state state = LINE_INCOMPLETE;

    for (size_t count = 0; count <= received.len; count++) {
        size_t now = 0;
        enum line_state next = gemini.scan(str_first(received, count), &now);

        require(state == LINE_INCOMPLETE || state == next);
        require(next != LINE_INCOMPLETE || count < gemini.line_max);
        require(next != LINE_COMPLETE || (now <= GEMINI_URL_MAX && now + 2 <= count));
        require(next != LINE_COMPLETE || state == LINE_INCOMPLETE || now == *length);
        state = next;
        *length = now;
    }
    return state == LINE_COMPLETE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str received = { (const char *)data, size };
    struct str line = received;
    size_t length = 0;

    if (size > 2 * gemini.line_max) {
        return 0;
    }
    if (check_scan(received, &length)) {
        line = str_first(received, length);
        require(str_starts_with(str_skip(received, length), STR("\r\n")));
        require(str_find_str(line, STR("\r\n")) == line.len);
    }
    check_answer(STR(""), line); /* without a line end, too: no answer relies on gemini.scan */
    check_answer(STR("ex.org"), line);
    check_answer(STR("example.net"), line);
    return 0;
}
