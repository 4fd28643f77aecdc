/* Documents: what can be said of them without knowing what they came from or where they go. */
#include "content/document.h"

#include "base/strbuf.h"
#include "base/utf8.h"

static bool is_wide(uint32_t character)
{
    return character >= 0x1100 && utf8_character_width(character) == 2;
}

/* Punctuation that brings its own room: 、。「」（），：and the like. */
static bool is_wide_punctuation(uint32_t character)
{
    return character >= 0x3001 &&
           (character <= 0x3003 || (character >= 0x3008 && character <= 0x3011) ||
            (character >= 0x3014 && character <= 0x301F) ||
            (character >= 0xFF01 && character <= 0xFF0F) ||
            (character >= 0xFF1A && character <= 0xFF20) ||
            (character >= 0xFF3B && character <= 0xFF40) ||
            (character >= 0xFF5B && character <= 0xFF60));
}

static uint32_t last_character(struct str text)
{
    size_t at = text.len;

    while (at > 0 && text.len - at < 4) {
        at--;
        if (((unsigned char)text.ptr[at] & 0xC0) != 0x80) {
            struct str rest = str_skip(text, at);

            return utf8_next(&rest);
        }
    }
    return 0;
}

const struct str *document_urls(struct arena *arena, const struct document *document)
{
    struct str *urls;

    if (document->open_count == 0 || document->open_urls == NULL) {
        return document->urls;
    }
    urls = ARENA_ARRAY(arena, struct str, document->link_count);
    memcpy(urls, document->urls, document->link_count * sizeof *urls);
    for (size_t i = 0; i < document->open_count; i++) {
        urls[document->open[i].number] = document->open_urls[i];
    }
    return urls;
}

bool document_break_needs_blank(struct str before, const struct run *after, size_t count)
{
    if (before.len == 0 || before.ptr[before.len - 1] == ' ') {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if ((after[i].kind == RUN_TEXT || after[i].kind == RUN_CODE) && after[i].text.len > 0) {
            struct str rest = after[i].text;
            uint32_t first = utf8_next(&rest);

            if (str_starts_with(after[i].text, STR(": "))) {
                return false; /* a definition below its term */
            }
            if (after[i].kind == RUN_CODE) {
                return !is_wide_punctuation(last_character(before));
            }
            return !is_wide_punctuation(first) &&
                   !(is_wide(first) && is_wide(last_character(before)));
        }
        if (after[i].kind == RUN_SOFT_BREAK || after[i].kind == RUN_HARD_BREAK) {
            return false; /* that one will see to it */
        }
    }
    return false;
}

struct str document_plain_text(struct arena *arena, const struct block *leaf, size_t from,
                               size_t to)
{
    struct strbuf text;
    size_t max = 1;

    for (size_t i = from; i < to; i++) {
        max += leaf->runs[i].text.len + 1;
    }
    strbuf_init(&text, arena, max);
    for (size_t i = from; i < to; i++) {
        const struct run *run = &leaf->runs[i];

        if (run->kind == RUN_TEXT || run->kind == RUN_CODE) {
            strbuf_add(&text, run->text);
        } else if ((run->kind == RUN_SOFT_BREAK || run->kind == RUN_HARD_BREAK) &&
                   document_break_needs_blank(strbuf_str(&text), run + 1, to - i - 1)) {
            strbuf_add_byte(&text, ' ');
        }
    }
    return strbuf_str(&text);
}

const struct block *document_after_title(struct arena *scratch, const struct document *document,
                                         struct str title)
{
    const struct block *first = document->first;

    if (first != NULL && first->kind == BLOCK_HEADING && first->level == 1 && title.len > 0 &&
        str_equal(str_trim(document_plain_text(scratch, first, 0, first->run_count)), title)) {
        return first->next;
    }
    return first;
}
