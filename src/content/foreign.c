/* The generators' own syntax in braces, told apart by its first bytes. */
#include "foreign.h"

static const struct str reference_names[] = { STR_INIT("ref"), STR_INIT("relref"),
                                              STR_INIT("post_url"), STR_INIT("link") };
bool foreign_is_reference(struct str name)
{
    return IS_ONE_OF(name, reference_names);
}

bool foreign_take(struct preparer *preparer)
{
    struct str rest = preparer_rest(preparer);

    if (str_starts_with(rest, STR("{%"))) {
        return liquid_take(preparer);
    }
    if (preparer->raw) {
        return false;
    }
    if (str_starts_with(rest, STR("{{<")) || str_starts_with(rest, STR("{{%"))) {
        return hugo_take(preparer, str_first(rest, 3));
    }
    if (str_starts_with(rest, STR("{{")) && (variable_take(preparer) || call_take(preparer))) {
        return true;
    }
    if (attributes_take(preparer)) {
        return true;
    }
    return preparer->mdx && mdx_take_braces(preparer);
}
