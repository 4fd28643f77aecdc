/* Double braces, with a name and filters in them; statements are for those who run programs. */
#include "permalink_template.h"

#include "base/strbuf.h"
#include "content/slug.h"
#include "permalink.h"

#define VALUE_MAX 1000 /* bytes of a name's value; longer ones are in no address */

struct evaluation {
    struct arena *arena;
    const struct template_facts *facts;
    struct str value;
    bool date; /* it is page.date, not formatted yet */
    bool ok;
};

/* ---- names ----------------------------------------------------------------------------------- */

static bool find_scalar(const struct template_facts *facts, struct str name, struct str *value)
{
    for (size_t i = facts->tree_count; i > 0; i--) {
        const struct yaml *node = yaml_find(facts->trees[i - 1], name);

        if (node != NULL && node->kind == YAML_SCALAR && !yaml_is_null(node) &&
            node->text.len <= VALUE_MAX) {
            *value = node->text;
            return true;
        }
    }
    return false;
}

static void take_name(struct evaluation *evaluation, struct str name)
{
    const struct template_facts *facts = evaluation->facts;

    if (str_starts_with(name, STR("data."))) { /* in a function, everything is */
        name = str_skip(name, STR("data.").len);
    }
    if (str_equal(name, STR("page.fileSlug"))) {
        evaluation->value = facts->slug;
    } else if (str_equal(name, STR("page.filePathStem"))) {
        evaluation->value = facts->stem;
    } else if (str_equal(name, STR("page.date"))) {
        evaluation->date = true;
    } else {
        evaluation->ok = find_scalar(facts, name, &evaluation->value);
    }
}

/* ---- filters --------------------------------------------------------------------------------- */

static struct str slugify(struct arena *arena, struct str text)
{
    return slug_make(arena, SLUG_ELEVENTY, text);
}

static struct str as_it_is(struct arena *arena, struct str text)
{
    (void)arena;
    return text;
}

static const struct filter {
    struct str name;
    struct str (*apply)(struct arena *arena, struct str text);
} filters[] = {
    { STR_INIT("slugify"), slugify },   { STR_INIT("slug"), slugify },
    { STR_INIT("lower"), slug_lower },  { STR_INIT("downcase"), slug_lower },
    { STR_INIT("url"), as_it_is },      { STR_INIT("safe"), as_it_is },
    { STR_INIT("trim"), as_it_is },     { STR_INIT("strip"), as_it_is },
    { STR_INIT("toString"), as_it_is },
};

/* "%Y/%m/%d", as Liquid has it, to ":year/:month/:day"; false for what permalinks have no word for.
 */
static bool date_pattern(struct strbuf *out, struct str format)
{
    static const struct {
        struct str from;
        struct str to;
    } words[] = {
        { STR_INIT("%Y"), STR_INIT(":year") },
        { STR_INIT("%y"), STR_INIT(":short_year") },
        { STR_INIT("%m"), STR_INIT(":month") },
        { STR_INIT("%-m"), STR_INIT(":i_month") },
        { STR_INIT("%d"), STR_INIT(":day") },
        { STR_INIT("%-d"), STR_INIT(":i_day") },
        { STR_INIT("%F"), STR_INIT(":year-:month-:day") },
        { STR_INIT("%B"), STR_INIT(":long_month") },
        { STR_INIT("%b"), STR_INIT(":short_month") },
    };

    while (format.len > 0) {
        size_t i = 0;

        while (i < sizeof words / sizeof words[0] && !str_starts_with(format, words[i].from)) {
            i++;
        }
        if (i < sizeof words / sizeof words[0]) {
            strbuf_add(out, words[i].to);
            format = str_skip(format, words[i].from.len);
        } else if (*format.ptr == '%') {
            return false;
        } else {
            strbuf_add(out, str_first(format, 1));
            format = str_skip(format, 1);
        }
    }
    return true;
}

/* A blog's own filter for a date in a path is nearly always year, month and day. */
static void apply_to_date(struct evaluation *evaluation, struct str argument)
{
    struct strbuf out;

    strbuf_init(&out, evaluation->arena, PERMALINK_MAX);
    if (str_find(argument, '%') < argument.len) {
        evaluation->ok = date_pattern(&out, argument);
    } else {
        strbuf_add(&out, STR(":year/:month/:day"));
    }
    evaluation->value = strbuf_str(&out);
    evaluation->date = false;
}

static struct str unquote(struct str text)
{
    text = str_trim(text);
    if (text.len >= 2 && strchr("\"'", *text.ptr) != NULL && text.ptr[text.len - 1] == *text.ptr) {
        text = str_first(str_skip(text, 1), text.len - 2);
    }
    return text;
}

/* `slugify`, `date: "%Y"` or `date("%Y")`. */
static void apply_filter(struct evaluation *evaluation, struct str filter)
{
    struct str name;
    struct str argument = STR("");

    filter = str_trim(filter);
    if (str_ends_with(filter, STR(")"))) {
        str_cut(str_first(filter, filter.len - 1), '(', &name, &argument);
    } else {
        str_cut(filter, ':', &name, &argument);
    }
    name = str_trim(name);
    if (evaluation->date) {
        apply_to_date(evaluation, unquote(argument));
        return;
    }
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        if (str_equal(name, filters[i].name)) {
            evaluation->value = filters[i].apply(evaluation->arena, evaluation->value);
            return;
        }
    }
    evaluation->ok = false;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* `name | filter | filter`, or in a function `slugify(name)`; false when it cannot be worked out.
 */
static bool evaluate(struct arena *arena, struct str inside, const struct template_facts *facts,
                     struct str *value)
{
    struct evaluation evaluation = { .arena = arena, .facts = facts, .ok = true };
    struct str name;
    struct str argument;
    bool more = str_cut(inside, '|', &name, &inside);

    name = str_trim(name);
    if (str_ends_with(name, STR(")")) &&
        str_cut(str_first(name, name.len - 1), '(', &name, &argument)) {
        struct str call = name;

        while (str_cut(call, '.', NULL, &call)) {
            name = call; /* "this.slugify" */
        }
        take_name(&evaluation, str_trim(argument));
        apply_filter(&evaluation, name);
    } else {
        take_name(&evaluation, name);
    }
    while (more && evaluation.ok) {
        struct str filter;

        more = str_cut(inside, '|', &filter, &inside);
        apply_filter(&evaluation, filter);
    }
    *value = evaluation.value;
    return evaluation.ok && !evaluation.date;
}

struct str permalink_from_template(struct arena *arena, struct str text,
                                   const struct template_facts *facts)
{
    struct strbuf out;

    strbuf_init(&out, arena, PERMALINK_MAX);
    while (text.len > 0 && !out.full) {
        size_t open = str_find_str(text, STR("{{"));
        size_t close = str_find_str(str_skip(text, open), STR("}}"));
        struct str inside = str_skip(text, open + 2);
        struct str value;

        strbuf_add(&out, str_first(text, open));
        if (open == text.len) {
            break;
        }
        if (open + close == text.len ||
            !evaluate(arena, str_first(inside, close - 2), facts, &value)) {
            return STR("");
        }
        strbuf_add(&out, value);
        text = str_skip(text, open + close + 2);
    }
    text = strbuf_str(&out);
    return out.full || str_find_str(text, STR("{%")) < text.len ? STR("") : str_trim(text);
}
