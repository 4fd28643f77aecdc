/* Hugo's shortcodes, {{< figure src="a.png" >}} and {{% note %}}. */
#include "foreign.h"

/* How a shortcode is shown to readers: with a comment inside, which goes. */
static struct str commented(struct preparer *preparer, struct str opener, struct str inside,
                            struct str closer)
{
    struct str shown = str_skip(str_trim(inside), 2);

    shown = str_first(shown, str_ends_with(shown, STR("*/")) ? shown.len - 2 : shown.len);
    return arena_printf(preparer->arena, "%.*s%.*s%.*s", STR_ARG(opener), STR_ARG(shown),
                        STR_ARG(closer));
}

bool hugo_take(struct preparer *preparer, struct str opener)
{
    struct str closer = str_equal(opener, STR("{{<")) ? STR(">}}") : STR("%}}");
    size_t limit = foreign_limit(preparer);
    size_t end = preparer_find(preparer, preparer->at + 3, limit, closer);
    struct str inside;
    struct foreign foreign;

    if (end >= limit) {
        return false;
    }
    inside = str_first(str_skip(preparer->in, preparer->at + 3), end - preparer->at - 3);
    end += closer.len;
    if (str_starts_with(str_trim(inside), STR("/*"))) {
        preparer_mark(preparer, end, MARK_TEXT, commented(preparer, opener, inside, closer));
        return true;
    }
    foreign = foreign_split(inside);
    if (foreign.name.len == 0) {
        return false;
    }
    if (!foreign.close && foreign_take_code(preparer, &foreign, opener, end)) {
        return true;
    }
    foreign_mark(preparer, &foreign, end,
                 !foreign.close && foreign_is_reference(foreign.name)
                     ? str_first(preparer_rest(preparer), end - preparer->at)
                     : STR(""));
    return true;
}
