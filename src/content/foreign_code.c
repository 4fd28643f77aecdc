/* The generators' tags that hold code. */
#include "foreign.h"

/* What holds code between its two tags. */
static const struct str code_names[] = {
    STR_INIT("highlight"),   STR_INIT("codeblock"),  STR_INIT("code"),      STR_INIT("prism"),
    STR_INIT("mermaid"),     STR_INIT("codehilite"), STR_INIT("plantuml"),  STR_INIT("chroma"),
    STR_INIT("code-toggle"), STR_INIT("code-block"), STR_INIT("code_block")
};
/* "lang:js", "js", "python linenos": the language alone. Hexo's codeblock names its title first. */
static struct str language_of(struct preparer *preparer, const struct foreign *foreign)
{
    struct str rest = foreign->arguments;
    struct str name;
    struct str value;
    int place = 0;
    bool titled = str_equal(foreign->name, STR("codeblock"));
    struct str language = STR("");

    while (argument_take(preparer->arena, &rest, &place, &name, &value)) {
        if (str_starts_with(value, STR("lang:"))) {
            return str_skip(value, STR("lang:").len);
        }
        if ((str_equal(name, STR("0")) && !titled) || str_equal_nocase(name, STR("lang")) ||
            str_equal_nocase(name, STR("language"))) {
            language = value;
        }
    }
    return language.len > 0                           ? language
           : str_equal(foreign->name, STR("mermaid")) ? foreign->name
                                                      : STR("");
}

/* {% codeblock Knots lang:c https://a.example/ more %}: a line of "Knots", and "more", linked. */
static void write_title(struct preparer *preparer, const struct foreign *foreign)
{
    struct strbuf title;
    struct str rest = foreign->arguments;
    struct str url = STR("");
    struct str name;
    struct str value;
    int place = 0;

    strbuf_init(&title, preparer->arena, rest.len * 2 + 64);
    while (argument_take(preparer->arena, &rest, &place, &name, &value)) {
        if (str_starts_with(value, STR("https://")) || str_starts_with(value, STR("http://"))) {
            strbuf_add(&title, title.len > 0 ? STR(" [") : STR("["));
            url = value;
        } else if (byte_is_digit(*name.ptr) && str_find(value, ':') == value.len) {
            strbuf_add(&title, title.len > 0 && !str_ends_with(strbuf_str(&title), STR("["))
                                   ? STR(" ")
                                   : STR(""));
            strbuf_add(&title, value);
        }
    }
    if (url.len > 0) {
        strbuf_addf(&title, "](%.*s)", STR_ARG(url));
    }
    if (title.len > 0) {
        preparer_write(preparer, strbuf_str(&title));
        preparer_end_line(preparer);
        preparer_end_line(preparer);
    }
}

bool foreign_take_code(struct preparer *preparer, const struct foreign *foreign, struct str opener,
                       size_t tag_end)
{
    struct str language;
    struct str code;
    size_t start;
    size_t end;

    if (foreign->empty || !IS_ONE_OF(foreign->name, code_names) ||
        !foreign_find_close(preparer, foreign->name, opener, tag_end, &start, &end)) {
        return false;
    }
    language = language_of(preparer, foreign);
    code = str_first(str_skip(preparer->in, tag_end), start - tag_end);
    code = str_skip(code, str_starts_with(code, STR("\n")));
    if (str_equal(foreign->name, STR("codeblock"))) {
        write_title(preparer, foreign);
    }
    preparer_write_code(preparer, str_first(language, str_find(language, '\n')), code);
    preparer_drop(preparer, end);
    return true;
}
