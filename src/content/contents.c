/* Headings without a section. */
#include "contents.h"

/* What remark-toc and its like look for. */
static bool announces_contents(const struct block *block)
{
    static const struct str titles[] = {
        STR_INIT("table of contents"),
        STR_INIT("table-of-contents"),
        STR_INIT("contents"),
        STR_INIT("toc"),
        STR_INIT("目录"),
        STR_INIT("目次"),
    };
    struct str title;

    if (block->kind != BLOCK_HEADING || block->run_count != 1 || block->runs[0].kind != RUN_TEXT) {
        return false;
    }
    title = str_trim(block->runs[0].text);
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (str_equal_nocase(title, titles[i])) {
            return true;
        }
    }
    return false;
}

void contents_drop(struct block **first)
{
    for (struct block **at = first; *at != NULL; at = &(*at)->next) {
        const struct block *next = (*at)->next;

        if (next != NULL && next->kind == BLOCK_HEADING && next->level <= (*at)->level &&
            announces_contents(*at)) {
            *at = (*at)->next;
        }
    }
}
