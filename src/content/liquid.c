/* Liquid's tags, as Jekyll and Eleventy have them, and those of Hexo and Zola, which look alike. */
#include "foreign.h"

/* What Liquid computes with, and the reader never sees. */
static const struct str logic_names[] = {
    STR_INIT("if"),      STR_INIT("else"),       STR_INIT("elsif"),   STR_INIT("endif"),
    STR_INIT("unless"),  STR_INIT("endunless"),  STR_INIT("for"),     STR_INIT("endfor"),
    STR_INIT("case"),    STR_INIT("when"),       STR_INIT("endcase"), STR_INIT("assign"),
    STR_INIT("capture"), STR_INIT("endcapture"), STR_INIT("set"),     STR_INIT("import"),
    STR_INIT("include"), STR_INIT("render"),     STR_INIT("layout"),  STR_INIT("block"),
    STR_INIT("endblock")
};
/* Those of them that show nothing by themselves. */
static const struct str quiet_names[] = {
    STR_INIT("assign"),  STR_INIT("set"),        STR_INIT("import"),    STR_INIT("layout"),
    STR_INIT("else"),    STR_INIT("endif"),      STR_INIT("endunless"), STR_INIT("endfor"),
    STR_INIT("endcase"), STR_INIT("endcapture"), STR_INIT("endblock")
};

bool liquid_is_logic(struct str inside)
{
    return IS_ONE_OF(foreign_split(inside).name, logic_names);
}

/* Hexo's {% link words address %}, Jekyll's {% link _posts/x.md %}. */
static bool is_hexo_link(struct preparer *preparer, const struct foreign *foreign)
{
    struct str first = argument_first(preparer->arena, foreign->arguments);

    return str_equal(foreign->name, STR("link")) &&
           str_trim(foreign->arguments).len > first.len + 2;
}

/* {% include figure.html src="a" %}: what its arguments say, whatever the file does. */
static bool take_include(struct preparer *preparer, struct foreign foreign, size_t end)
{
    struct str rest = separators_skip(foreign.arguments);

    foreign_lose(preparer, LOSS_SHORTCODE, end);
    foreign.name = value_take(&rest);
    foreign.name = str_first(foreign.name, str_find(foreign.name, '.'));
    foreign.arguments = rest;
    foreign.empty = true;
    for (size_t i = 0; i < foreign.name.len; i++) {
        if (!byte_is_name(foreign.name.ptr[i]) && foreign.name.ptr[i] != '/') {
            foreign.name.len = i;
        }
    }
    for (size_t i = foreign.name.len; i-- > 0;) { /* "media/figure" */
        if (foreign.name.ptr[i] == '/') {
            foreign.name = str_skip(foreign.name, i + 1);
            break;
        }
    }
    if (foreign.name.len == 0 || str_trim(foreign.arguments).len == 0) {
        preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    } else {
        foreign_mark(preparer, &foreign, end, STR(""));
    }
    return true;
}

static bool drop_comment(struct preparer *preparer, size_t tag_end)
{
    size_t start;
    size_t end;

    if (!foreign_find_close(preparer, STR("comment"), STR("{%"), tag_end, &start, &end)) {
        end = tag_end;
    }
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    return true;
}

static bool take_raw(struct preparer *preparer, struct str name, size_t end)
{
    preparer->raw = str_equal(name, STR("raw"));
    preparer_mark(preparer, end, MARK_NOTHING, STR(""))->address = STR("");
    return true;
}

/* Behind the {% endfor %} of a loop whose body begins at `from`, loops in it passed over; 0 when it
 * does not end. */
static size_t loop_end(struct preparer *preparer, size_t from)
{
    for (int depth = 1;; from += 2) {
        struct str inside;

        from = preparer_find(preparer, from, preparer->in.len, STR("{%"));
        if (from >= preparer->in.len) {
            preparer_pay(preparer, preparer->in.len - preparer->at);
            return 0;
        }
        inside = str_skip(preparer->in, from + 2);
        inside = str_trim(str_first(str_skip(inside, str_starts_with(inside, STR("-"))), 16));
        depth += str_starts_with(inside, STR("for ")) - str_starts_with(inside, STR("endfor"));
        if (depth == 0) {
            size_t end = str_find_str(str_skip(preparer->in, from), STR("%}"));

            return end < preparer->in.len - from ? from + end + 2 : 0;
        }
    }
}

/* A loop's body is written for each of what nobody knows here; once, it would be hollow. */
static bool take_loop(struct preparer *preparer, const struct foreign *foreign, size_t tag_end)
{
    size_t end = str_equal(foreign->name, STR("for")) && !preparer->in_code
                     ? loop_end(preparer, tag_end)
                     : 0;

    if (end == 0) {
        return false;
    }
    foreign_lose(preparer, LOSS_SHORTCODE, tag_end);
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    return true;
}

/* {% markdown %} and {% endmarkdown %}, as Eleventy's authors have it: what is between them is, in
 * whatever HTML. */
static bool part_markdown(struct preparer *preparer, size_t end)
{
    preparer_mark(preparer, end, MARK_NOTHING, STR(""));
    preparer_end_line(preparer);
    preparer_end_line(preparer);
    return true;
}

/* What the generators built on it add: {% endname %}, {% name(a=1) %} as Zola has it, and others.
 */
static bool take_other(struct preparer *preparer, struct foreign foreign, size_t end)
{
    struct str arguments = str_trim(foreign.arguments);

    if (str_starts_with(foreign.name, STR("end"))) {
        foreign.close = true;
        foreign.name = foreign.name.len > 3 ? str_skip(foreign.name, 3) : STR("end");
        foreign.name = str_skip(foreign.name, str_starts_with(foreign.name, STR("_")));
    } else if (str_starts_with(foreign.arguments, STR("(")) && arguments.len > 1 &&
               str_ends_with(arguments, STR(")"))) {
        foreign.arguments = str_first(str_skip(arguments, 1), arguments.len - 2);
    }
    foreign_mark(preparer, &foreign, end, STR(""));
    return true;
}

static bool take_tag(struct preparer *preparer, struct foreign foreign, size_t end)
{
    static const struct str markdown_names[] = { STR_INIT("markdown"), STR_INIT("endmarkdown"),
                                                 STR_INIT("markdownify"),
                                                 STR_INIT("endmarkdownify") };

    if (str_equal(foreign.name, STR("comment"))) {
        return drop_comment(preparer, end);
    }
    if (foreign_take_code(preparer, &foreign, STR("{%"), end)) {
        return true;
    }
    if (theme_take(preparer, &foreign, end)) {
        return true;
    }
    if (foreign_is_reference(foreign.name) && !is_hexo_link(preparer, &foreign)) {
        foreign_mark(preparer, &foreign, end,
                     str_first(preparer_rest(preparer), end - preparer->at));
        return true;
    }
    if (str_starts_with(foreign.name, STR("include")) || str_equal(foreign.name, STR("render"))) {
        return take_include(preparer, foreign, end);
    }
    if (IS_ONE_OF(foreign.name, markdown_names)) {
        return part_markdown(preparer, end);
    }
    if (take_loop(preparer, &foreign, end)) {
        return true;
    }
    if (IS_ONE_OF(foreign.name, logic_names)) {
        if (!IS_ONE_OF(foreign.name, quiet_names)) {
            foreign_lose(preparer, LOSS_SHORTCODE, end);
        }
        preparer_mark(preparer, end, MARK_NOTHING, STR(""));
        return true;
    }
    return take_other(preparer, foreign, end);
}

bool liquid_take(struct preparer *preparer)
{
    size_t limit = foreign_limit(preparer);
    size_t end = preparer_find(preparer, preparer->at + 2, limit, STR("%}"));
    struct foreign foreign;

    if (end >= limit) {
        return false;
    }
    foreign =
        foreign_split(str_first(str_skip(preparer->in, preparer->at + 2), end - preparer->at - 2));
    end += 2;
    if (foreign.name.len == 0 || !byte_is_alpha(*foreign.name.ptr)) {
        return false;
    }
    if (str_equal(foreign.name, STR("endraw")) ||
        (str_equal(foreign.name, STR("raw")) && !preparer->raw)) {
        return take_raw(preparer, foreign.name, end);
    }
    return !preparer->raw && take_tag(preparer, foreign, end);
}
