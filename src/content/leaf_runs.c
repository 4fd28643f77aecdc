/* Pieces to runs: counted first, so that the arrays are of just that size. */
#include "leaf_runs.h"

#define LINE_MAX_BYTES 16384 /* of a text without a break: more is no line for any client */

/* cmark cuts a text at every character that might have meant something. How many runs at the front
 * are such pieces of one text, and how long is that. */
static size_t text_pieces(const struct run *runs, size_t count, size_t *len)
{
    size_t pieces = 0;

    *len = 0;
    while (pieces < count && runs[pieces].kind == RUN_TEXT) {
        *len += runs[pieces++].text.len;
    }
    return pieces;
}

static size_t count_runs(const struct run *runs, size_t count)
{
    size_t needed = 0;

    for (size_t i = 0; i < count;) {
        size_t len;
        size_t pieces = text_pieces(runs + i, count - i, &len);

        needed += 1 + len / (LINE_MAX_BYTES / 2) * 2;
        i += pieces > 0 ? pieces : 1;
    }
    return needed;
}

/* Blanks in a row become one, as browsers have it. Returns the length that is left. */
static size_t join_blanks(char *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        bool blank = text[i] == ' ' || text[i] == '\t';

        if (!blank || out == 0 || text[out - 1] != ' ') {
            text[out++] = blank ? ' ' : text[i];
        }
    }
    return out;
}

static struct str join(struct arena *arena, const struct run *pieces, size_t count, size_t len)
{
    char *joined = arena_alloc(arena, len + 1);
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        memcpy(joined + at, pieces[i].text.ptr, pieces[i].text.len);
        at += pieces[i].text.len;
    }
    joined[len] = '\0';
    if (strstr(joined, "  ") != NULL || strchr(joined, '\t') != NULL) {
        len = join_blanks(joined, len);
    }
    return (struct str){ joined, len };
}

/* Where a text that is too long may be cut: before a blank, else between two characters. */
static size_t cut_before(struct str text)
{
    size_t at = LINE_MAX_BYTES;

    while (at > LINE_MAX_BYTES / 2 && text.ptr[at] != ' ') {
        at--;
    }
    if (text.ptr[at] != ' ') {
        at = LINE_MAX_BYTES;
        while (((unsigned char)text.ptr[at] & 0xC0) == 0x80) {
            at--;
        }
    }
    return at;
}

static void add_text(struct block *leaf, struct str text, struct losses *losses)
{
    if (text.len > LINE_MAX_BYTES) {
        losses_add(losses, LOSS_LINE, leaf->line, text);
    }
    while (text.len > LINE_MAX_BYTES) {
        size_t at = cut_before(text);

        leaf->runs[leaf->run_count++] = (struct run){ RUN_TEXT, false, 0, str_first(text, at) };
        leaf->runs[leaf->run_count++] = (struct run){ .kind = RUN_HARD_BREAK };
        text = str_skip(text, at);
    }
    leaf->runs[leaf->run_count++] = (struct run){ RUN_TEXT, false, 0, text };
}

void leaf_set_runs(struct arena *arena, struct block *leaf, const struct run *runs, size_t count,
                   struct losses *losses)
{
    leaf->runs = ARENA_ARRAY(arena, struct run, count_runs(runs, count));
    while (count > 0) {
        size_t len;
        size_t pieces = text_pieces(runs, count, &len);

        if (pieces > 0) {
            add_text(leaf, join(arena, runs, pieces, len), losses);
        } else {
            struct run *run = &leaf->runs[leaf->run_count++];

            *run = *runs;
            if (run->text.len > 0) {
                run->text = arena_copy(arena, run->text);
            }
            pieces = 1;
        }
        runs += pieces;
        count -= pieces;
    }
}

void leaf_set_links(struct arena *arena, struct block *leaf, const struct link *links, size_t count)
{
    leaf->links = ARENA_ARRAY(arena, struct link, count);
    leaf->link_count = count;
    for (size_t i = 0; i < count; i++) {
        leaf->links[i] = links[i];
        leaf->links[i].url = arena_copy(arena, links[i].url);
        leaf->links[i].title = arena_copy(arena, links[i].title);
    }
}
