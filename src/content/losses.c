/* The words for each kind of loss. */
#include "losses.h"

/* The words before and after the example. */
static const struct {
    const char *before;
    const char *after;
} words[LOSS_KINDS] = {
    [LOSS_SCRIPT] = { "", " is left out whole" },
    [LOSS_ELEMENT] = { "the tag ", " is left out, its text stays" },
    [LOSS_SHORTCODE] = { "the tag ",
                         " is left out: only the site's generator knows what it shows" },
    [LOSS_VARIABLE] = { "", " is left out: its value is not known here" },
    [LOSS_EXPRESSION] = { "the expression ", " is left out" },
    [LOSS_MODULE] = { "", " is left out" },
    [LOSS_NOTE] = { "the footnote ", " is never used; it is shown after the others" },
    [LOSS_LINE] = { "a paragraph too long for one line is cut into several, it begins ", "" },
    [LOSS_TABLE] = { "a table is too wide to be shown as one: its cells, the first is ",
                     ", follow each other" },
    [LOSS_IMAGE] = { "", " is text, no image: an address with blanks has to be in angle brackets" },
    [LOSS_CELLS] = { "a row has more cells than its header; ", " joins its last cell" },
};

/* The front of an example, on one line and not cut inside a character. */
static struct str quotable(struct str example)
{
    struct str first = str_first(example, str_find(example, '\n'));

    if (first.len > LOSS_EXAMPLE_MAX) {
        first.len = LOSS_EXAMPLE_MAX;
        while (first.len > 0 && ((unsigned char)first.ptr[first.len] & 0xC0) == 0x80) {
            first.len--;
        }
    }
    return first;
}

void losses_add(struct losses *losses, enum loss_kind kind, int line, struct str example)
{
    struct loss *loss = &losses->each[kind];

    if (loss->count++ == 0 || line < loss->line) {
        loss->line = line;
        example = quotable(example);
        loss->len = example.len;
        if (example.len > 0) {
            memcpy(loss->example, example.ptr, example.len);
        }
    }
}

void losses_report(const struct losses *losses, const char *file, struct diag *diag)
{
    for (int kind = 0; kind < LOSS_KINDS; kind++) {
        const struct loss *loss = &losses->each[kind];
        struct str example = { loss->example, loss->len };
        char more[40] = "";

        if (loss->count == 0) {
            continue;
        }
        if (loss->count > 1) {
            snprintf(more, sizeof more, " (and %zu more)", loss->count - 1);
        }
        diag_warn(diag, (struct place){ file, loss->line }, "%s'%.*s'%s%s", words[kind].before,
                  STR_ARG(example), words[kind].after, more);
    }
}
