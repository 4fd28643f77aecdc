/* Lines, as the source had them, and which of them are images. */
#include "leaf_parts.h"

#include "base/utf8.h"

static bool is_break(const struct run *run)
{
    return run->kind == RUN_SOFT_BREAK || run->kind == RUN_HARD_BREAK;
}

static size_t line_end(const struct run *runs, size_t count, size_t from)
{
    while (from < count && !is_break(&runs[from])) {
        from++;
    }
    return from;
}

/* Images, linked or not, and blanks between them. */
static bool is_image_line(const struct run *runs, size_t from, size_t to)
{
    int inside = 0;
    int links = 0; /* open: one may reach over lines */
    bool any = false;

    for (size_t i = from; i < to; i++) {
        if (runs[i].kind == RUN_IMAGE) {
            inside += runs[i].close ? -1 : 1;
            any = true;
        } else if (runs[i].kind == RUN_LINK) {
            links += runs[i].close ? -1 : 1;
        } else if (inside <= 0 && (runs[i].kind != RUN_TEXT || str_trim(runs[i].text).len > 0)) {
            return false;
        }
    }
    return any && inside == 0 && links == 0;
}

/* The end of the lines of images that begin here; where it begins when there are none. */
static size_t images_end(const struct run *runs, size_t count, size_t from)
{
    size_t end = from;

    for (size_t at = from; at < count;) {
        size_t to = line_end(runs, count, at);

        if (!is_image_line(runs, at, to)) {
            break;
        }
        end = to;
        at = to + 1;
    }
    return end;
}

#define FAR                                                                                        \
    32 /* runs of blanks before a line of images: what is farther is no sentence of theirs */

/* Whether the text before a run ends as sentences do. */
static bool ends_sentence(const struct run *runs, size_t before)
{
    static const struct str ends[] = {
        STR_INIT("."),  STR_INIT("!"),  STR_INIT("?"),  STR_INIT(":"),  STR_INIT(";"),
        STR_INIT("。"), STR_INIT("！"), STR_INIT("？"), STR_INIT("："), STR_INIT("；"),
    };
    struct str text = STR("");

    for (size_t i = 0; before-- > 0 && text.len == 0 && i < FAR; i++) {
        text = str_trim(runs[before].text);
    }
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (str_ends_with(text, ends[i])) {
            return true;
        }
    }
    return false;
}

/* Whether lines of images are a part of their own, not of the sentence around them. */
static bool are_apart(const struct run *runs, size_t count, size_t from, size_t to)
{
    return to > from && (from == 0 || to == count || runs[from - 1].kind == RUN_HARD_BREAK ||
                         runs[to].kind == RUN_HARD_BREAK || ends_sentence(runs, from - 1));
}

static int depth_of(const struct run *run)
{
    return run->kind == RUN_TEXT || run->kind == RUN_CODE || is_break(run) ? 0
           : run->close                                                    ? -1
                                                                           : 1;
}

bool leaf_next_part(const struct run *runs, size_t count, struct leaf_part *part)
{
    size_t from = part->to > 0 ? part->to + 1 : 0;
    int depth = 0; /* of marks that are open */

    if (from >= count) {
        return false;
    }
    part->from = from;
    part->to = images_end(runs, count, from);
    part->images = are_apart(runs, count, from, part->to);
    for (size_t at = from, passed = 0; !part->images && at < count; at++) {
        depth += depth_of(&runs[at]);
        if (depth == 0 && is_break(&runs[at]) && at >= passed) {
            passed = images_end(runs, count, at + 1); /* looked at but once */
            if (are_apart(runs, count, at + 1, passed)) {
                part->to = at;
                return true;
            }
        }
    }
    part->to = part->images ? part->to : count;
    return true;
}
