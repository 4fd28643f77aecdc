/* What the lines of a page are, told twice: from its bytes, as a client reads them, and from the
 * document, by the rules of gemtext.md. Source: gemtext.md, section 6, invariant 2. */
#ifndef TESTS_LINE_PROPERTIES_H
#define TESTS_LINE_PROPERTIES_H

#include "content/document.h"
#include "leaf.h"

struct line_counts {
    size_t headings;
    size_t items;
    size_t quotes; /* without lines of marks alone, which part paragraphs */
    size_t links;
    size_t blocks; /* preformatted */
    size_t tables; /* each may be preformatted or not, by its width */
};

/* ---- as a client reads them ---- */

static inline bool is_marks_alone(struct str quote)
{
    for (size_t i = 0; i < quote.len; i++) {
        if (quote.ptr[i] != '>' && quote.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

static inline struct line_counts count_lines(struct str page)
{
    struct line_counts counts = { 0 };
    struct str line;
    bool preformatted = false;

    while (str_next_line(&page, &line)) {
        if (str_starts_with(line, STR("```"))) {
            preformatted = !preformatted;
            counts.blocks += preformatted;
        } else if (!preformatted) {
            counts.headings += str_starts_with(line, STR("#"));
            counts.items += str_starts_with(line, STR("*"));
            counts.quotes += str_starts_with(line, STR(">")) && !is_marks_alone(line);
            counts.links += str_starts_with(line, STR("=>"));
        }
    }
    return counts;
}

/* ---- as the document means them ---- */

struct line_counter {
    struct arena *arena;
    struct leaf_style style;
    struct line_counts counts;
    struct link_lines held; /* links that wait for the end of a quote, or of the page */
    bool hold;
    bool bullet; /* of an item in a quote, until its first line */
};

static inline void count_links(struct line_counter *counter, const struct link_lines *links)
{
    if (!counter->hold) {
        counter->counts.links += links->count;
        return;
    }
    for (size_t i = 0; i < links->count; i++) {
        link_lines_add(&counter->held, links->items[i]);
    }
}

static inline struct leaf_lines counted_leaf(struct line_counter *counter, const struct block *leaf,
                                             bool breaks)
{
    struct leaf_style style = counter->style;

    style.breaks = breaks;
    return leaf_write(counter->arena, leaf, &style);
}

/* A paragraph, a heading or an item's first line. Whether there is a line of text. */
static inline bool count_leaf(struct line_counter *counter, const struct block *leaf, bool breaks,
                              bool heading)
{
    struct leaf_lines lines = counted_leaf(counter, leaf, breaks);

    if (lines.links_only && !heading) {
        counter->counts.links += lines.links.count;
        return false;
    }
    count_links(counter, &lines.links);
    return lines.text.len > 0;
}

static inline void count_table(struct line_counter *counter, const struct block *table)
{
    struct link_lines links = { .arena = counter->arena };

    for (const struct block *row = table->first; row != NULL; row = row->next) {
        for (const struct block *cell = row->first; cell != NULL; cell = cell->next) {
            struct leaf_lines lines = counted_leaf(counter, cell, false);

            for (size_t i = 0; i < lines.links.count; i++) {
                link_lines_add(&links, lines.links.items[i]);
            }
        }
    }
    counter->counts.tables++;
    count_links(counter, &links);
}

static inline void count_quoted(struct line_counter *counter, const struct block *first);

static inline void count_quote(struct line_counter *counter, const struct block *quote)
{
    bool outer = counter->hold;

    counter->hold = true;
    count_quoted(counter, quote->first);
    counter->hold = outer;
    if (!outer) {
        counter->counts.links += counter->held.count;
        counter->held = (struct link_lines){ .arena = counter->arena };
    }
}

static inline bool is_leaf(const struct block *block)
{
    return block != NULL && (block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_HEADING);
}

static inline bool is_empty(struct line_counter *counter, const struct block *leaf)
{
    struct leaf_lines lines = counted_leaf(counter, leaf, false);

    return lines.text.len == 0 && lines.links.count == 0;
}

/* numbers: every list around is ordered, so that items are text lines, "1.2. ". */
static inline void count_list(struct line_counter *counter, const struct block *list, bool numbers)
{
    numbers = numbers && list->ordered;
    for (const struct block *item = list->first; item != NULL; item = item->next) {
        const struct block *block = item->first;

        if (is_leaf(block)) {
            bool number_alone = list->ordered && is_empty(counter, block);

            counter->counts.items +=
                (count_leaf(counter, block, false, false) || number_alone) && !numbers;
            block = block->next;
        } else if (block == NULL ? list->ordered : block->kind != BLOCK_LIST) {
            counter->counts.items += !numbers;
        }
        for (; block != NULL; block = block->next) {
            if (block->kind == BLOCK_LIST) {
                count_list(counter, block, numbers);
            } else if (block->kind == BLOCK_QUOTE) {
                count_quote(counter, block);
            } else if (block->kind == BLOCK_TABLE) {
                count_table(counter, block);
            } else if (is_leaf(block)) {
                count_leaf(counter, block, true, false);
            }
            counter->counts.blocks += block->kind == BLOCK_CODE;
        }
    }
}

static inline void count_quoted_leaf(struct line_counter *counter, const struct block *leaf)
{
    struct leaf_lines lines = counted_leaf(counter, leaf, true);
    bool said = lines.links_only; /* by the links that follow the quote */
    struct str line;

    for (size_t i = 0; i < lines.links.count; i++) {
        const struct link_line *known = link_lines_find(&counter->held, lines.links.items[i].url);

        said = said && (known == NULL || str_equal(known->label, lines.links.items[i].label));
    }
    count_links(counter, &lines.links);
    if (said && !counter->bullet && leaf->kind != BLOCK_HEADING) {
        return;
    }
    while (str_next_line(&lines.text, &line)) {
        counter->counts.quotes += counter->bullet || !is_marks_alone(line);
        counter->bullet = false;
    }
}

static inline void count_quoted(struct line_counter *counter, const struct block *first)
{
    for (const struct block *block = first; block != NULL; block = block->next) {
        if (block->kind == BLOCK_QUOTE) {
            bool bullet = counter->bullet;

            counter->bullet = false; /* a quote in an item has its marks instead */
            count_quoted(counter, block->first);
            counter->bullet = bullet;
        } else if (block->kind == BLOCK_LIST) {
            for (const struct block *item = block->first; item != NULL; item = item->next) {
                counter->bullet = true;
                count_quoted(counter, item->first);
                counter->bullet = false;
            }
        } else if (block->kind == BLOCK_TABLE) {
            count_table(counter, block);
        } else if (is_leaf(block)) {
            count_quoted_leaf(counter, block);
        } else if (block->kind == BLOCK_RULE) {
            counter->counts.quotes++;
            counter->bullet = false;
        }
        counter->counts.blocks += block->kind == BLOCK_CODE;
    }
}

static inline struct line_counts meant_lines(struct arena *arena, const struct document *document,
                                             const struct convert_options *options)
{
    struct line_counter counter = {
        .arena = arena,
        .style = { .convert = *options,
                   .urls = document->urls,
                   .number = options->links == LINKS_END }, /* whichever: a mark may be a line */
        .held = { .arena = arena },
        .hold = options->links == LINKS_END,
    };

    for (const struct block *block = document->first; block != NULL; block = block->next) {
        if (block->kind == BLOCK_LIST) {
            count_list(&counter, block, true);
        } else if (block->kind == BLOCK_QUOTE) {
            count_quote(&counter, block);
        } else if (block->kind == BLOCK_TABLE) {
            count_table(&counter, block);
        } else if (block->kind == BLOCK_HEADING) {
            counter.counts.headings += count_leaf(&counter, block, false, true);
        } else if (block->kind == BLOCK_PARAGRAPH) {
            count_leaf(&counter, block, true, false);
        }
        counter.counts.blocks += block->kind == BLOCK_CODE;
    }
    counter.counts.links += counter.held.count;
    return counter.counts;
}

/* NULL when every line is of the type it was meant to be. */
static inline const char *broken_line_types(struct arena *arena, const struct document *document,
                                            const struct convert_options *options, struct str page)
{
    struct line_counts meant = meant_lines(arena, document, options);
    struct line_counts found = count_lines(page);

    return found.headings != meant.headings ? "a line is a heading that is none, or none that is"
           : found.items != meant.items     ? "a line is an item that is none, or none that is"
           : found.quotes != meant.quotes   ? "a line is a quote that is none, or none that is"
           : found.links != meant.links     ? "a line is a link that is none, or none that is"
           : found.blocks < meant.blocks || found.blocks > meant.blocks + meant.tables
               ? "a block is preformatted that is not, or not that is"
               : NULL;
}

#endif
