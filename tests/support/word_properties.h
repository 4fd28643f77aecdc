/* Every word of a document is in its page, in order, and none is there twice; links' labels aside.
 * Source: gemtext.md, section 6, invariant 4. */
#ifndef TESTS_WORD_PROPERTIES_H
#define TESTS_WORD_PROPERTIES_H

#include "content/document.h"
#include "leaf.h"

struct word_check {
    struct arena *arena;
    struct leaf_style style;
    struct str ahead; /* of the page: what is not passed yet */
    size_t letters;   /* of the texts so far */
    size_t labels;    /* of links alone, whose words are labels, but for those in a quote's list */
    bool lost;
    bool tables; /* which say their headers over and over when they are wide */
};

static inline bool is_letter(char c)
{
    return byte_is_alpha(c);
}

static inline bool is_word_byte(char c)
{
    return byte_is_alpha(c) || byte_is_digit(c) || (c & 0x80) != 0;
}

/* Take the next word off the front of a text. */
static inline bool take_word(struct str *rest, struct str *word)
{
    size_t start = 0;
    size_t end;

    while (start < rest->len && !is_word_byte(rest->ptr[start])) {
        start++;
    }
    for (end = start; end < rest->len && is_word_byte(rest->ptr[end]); end++) {}
    *word = str_first(str_skip(*rest, start), end - start);
    *rest = str_skip(*rest, end);
    return word->len > 0;
}

static inline size_t count_letters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += is_letter(text.ptr[i]);
    }
    return count;
}

static inline void find_words(struct word_check *check, struct str text, bool in_order)
{
    struct str word;

    check->letters += count_letters(text);
    while (!check->lost && take_word(&text, &word)) {
        size_t at = str_find_str(check->ahead, word);

        check->lost = at == check->ahead.len;
        if (in_order) {
            check->ahead = str_skip(check->ahead, at + word.len);
        }
    }
}

/* Whether it becomes link lines and nothing else, as a paragraph may, and any text of an item. */
static inline bool is_labels(struct word_check *check, const struct block *leaf, bool in_item)
{
    return (leaf->kind == BLOCK_PARAGRAPH || (leaf->kind == BLOCK_HEADING && in_item)) &&
           leaf_write(check->arena, leaf, &check->style).links_only;
}

static inline void find_leaf(struct word_check *check, const struct block *leaf, bool labels,
                             bool in_order)
{

    for (size_t i = 0; i < leaf->run_count; i++) {
        if (labels) {
            check->labels += count_letters(leaf->runs[i].text);
        } else {
            find_words(check, leaf->runs[i].text, in_order);
        }
    }
}

static inline void find_blocks(struct word_check *check, const struct block *parent, bool in_order)
{
    for (const struct block *block = parent->first; block != NULL; block = block->next) {
        if (block->kind == BLOCK_CODE) {
            find_words(check, block->text, in_order);
        } else if (block->kind == BLOCK_TABLE) {
            check->tables = true; /* a header without anything under it is not always said */
            for (const struct block *row = block->first->next; row != NULL; row = row->next) {
                find_blocks(check, row, false);
            }
        } else {
            find_leaf(check, block, is_labels(check, block, parent->kind == BLOCK_ITEM), in_order);
            find_blocks(check, block, in_order);
        }
    }
}

/* The letters of a page's texts: no link lines, and nothing beside backticks. */
static inline size_t page_letters(struct str page)
{
    size_t count = 0;
    struct str line;
    bool preformatted = false;

    while (str_next_line(&page, &line)) {
        if (str_starts_with(line, STR("```"))) {
            preformatted = !preformatted;
        } else if (preformatted || !str_starts_with(line, STR("=>"))) {
            count += count_letters(line);
        }
    }
    return count;
}

/* NULL when every word is where it should be, once. */
static inline const char *broken_words(struct arena *arena, const struct document *document,
                                       const struct convert_options *options, struct str page)
{
    struct word_check check = {
        .arena = arena,
        .style = { .convert = *options, .urls = document->urls },
        .ahead = page,
    };
    size_t letters;

    find_blocks(&check, &(struct block){ .kind = BLOCK_QUOTE, .first = document->first }, true);
    letters = page_letters(page);
    return check.lost ? "a word is lost"
           : check.tables || (letters >= check.letters && letters <= check.letters + check.labels)
               ? NULL
               : "words are there twice, or not at all";
}

#endif
