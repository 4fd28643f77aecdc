#include "meanings.h"

#include <stdlib.h>

/* Source: HTML Standard, "Elements"; gemtext.md, "Raw HTML". In order of names. */
static const struct meaning meanings[] = {
    { STR_INIT("a"), SENSE_LINK },
    { STR_INIT("abbr"), SENSE_ABBREVIATION },
    { STR_INIT("address"), SENSE_PART },
    { STR_INIT("article"), SENSE_PART },
    { STR_INIT("aside"), SENSE_PART },
    { STR_INIT("audio"), SENSE_MEDIA, .before = STR_INIT("audio") },
    { STR_INIT("b"), SENSE_STRONG },
    { STR_INIT("big"), SENSE_INLINE },
    { STR_INIT("blockquote"), SENSE_QUOTE },
    { STR_INIT("body"), SENSE_PART },
    { STR_INIT("br"), SENSE_BREAK },
    { STR_INIT("button"), SENSE_INLINE },
    { STR_INIT("canvas"), SENSE_PART },
    { STR_INIT("caption"), SENSE_PART },
    { STR_INIT("center"), SENSE_PART },
    { STR_INIT("cite"), SENSE_EMPHASIS },
    { STR_INIT("code"), SENSE_CODE, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("col"), SENSE_INLINE },
    { STR_INIT("colgroup"), SENSE_INLINE },
    { STR_INIT("data"), SENSE_INLINE },
    { STR_INIT("dd"), SENSE_PART },
    { STR_INIT("del"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("details"), SENSE_PART },
    { STR_INIT("dfn"), SENSE_EMPHASIS },
    { STR_INIT("dialog"), SENSE_PART },
    { STR_INIT("div"), SENSE_PART },
    { STR_INIT("dl"), SENSE_PART },
    { STR_INIT("dt"), SENSE_PART },
    { STR_INIT("em"), SENSE_EMPHASIS },
    { STR_INIT("embed"), SENSE_MEDIA },
    { STR_INIT("fieldset"), SENSE_PART },
    { STR_INIT("figcaption"), SENSE_CAPTION },
    { STR_INIT("figure"), SENSE_FIGURE },
    { STR_INIT("font"), SENSE_INLINE },
    { STR_INIT("footer"), SENSE_PART },
    { STR_INIT("form"), SENSE_PART },
    { STR_INIT("h1"), SENSE_HEADING },
    { STR_INIT("h2"), SENSE_HEADING },
    { STR_INIT("h3"), SENSE_HEADING },
    { STR_INIT("h4"), SENSE_HEADING },
    { STR_INIT("h5"), SENSE_HEADING },
    { STR_INIT("h6"), SENSE_HEADING },
    { STR_INIT("header"), SENSE_PART },
    { STR_INIT("hgroup"), SENSE_PART },
    { STR_INIT("hr"), SENSE_RULE },
    { STR_INIT("html"), SENSE_PART },
    { STR_INIT("i"), SENSE_EMPHASIS },
    { STR_INIT("iframe"), SENSE_MEDIA },
    { STR_INIT("img"), SENSE_IMAGE },
    { STR_INIT("input"), SENSE_INPUT },
    { STR_INIT("ins"), SENSE_INLINE },
    { STR_INIT("kbd"), SENSE_CODE, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("label"), SENSE_INLINE },
    { STR_INIT("legend"), SENSE_PART },
    { STR_INIT("li"), SENSE_ITEM },
    { STR_INIT("link"), SENSE_INLINE },
    { STR_INIT("main"), SENSE_PART },
    { STR_INIT("mark"), SENSE_INLINE },
    { STR_INIT("math"), SENSE_INLINE },
    { STR_INIT("menu"), SENSE_LIST },
    { STR_INIT("meta"), SENSE_INLINE },
    { STR_INIT("meter"), SENSE_INLINE },
    { STR_INIT("nav"), SENSE_PART },
    { STR_INIT("nobr"), SENSE_INLINE },
    { STR_INIT("noscript"), SENSE_PART },
    { STR_INIT("object"), SENSE_MEDIA },
    { STR_INIT("ol"), SENSE_ORDERED },
    { STR_INIT("optgroup"), SENSE_PART },
    { STR_INIT("option"), SENSE_PART },
    { STR_INIT("output"), SENSE_INLINE },
    { STR_INIT("p"), SENSE_PART },
    { STR_INIT("param"), SENSE_INLINE },
    { STR_INIT("picture"), SENSE_INLINE },
    { STR_INIT("pre"), SENSE_PART }, /* whole ones have been seen to by then */
    { STR_INIT("progress"), SENSE_INLINE },
    { STR_INIT("q"), SENSE_MARKED, STR_INIT("“"), STR_INIT("”") },
    { STR_INIT("rb"), SENSE_INLINE },
    { STR_INIT("rp"), SENSE_HIDDEN },
    { STR_INIT("rt"), SENSE_MARKED, STR_INIT("("), STR_INIT(")") },
    { STR_INIT("ruby"), SENSE_INLINE },
    { STR_INIT("s"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("samp"), SENSE_CODE, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("section"), SENSE_PART },
    { STR_INIT("select"), SENSE_PART },
    { STR_INIT("small"), SENSE_INLINE },
    { STR_INIT("source"), SENSE_MEDIA },
    { STR_INIT("span"), SENSE_INLINE },
    { STR_INIT("strike"), SENSE_MARKED, STR_INIT("~~"), STR_INIT("~~") },
    { STR_INIT("strong"), SENSE_STRONG },
    { STR_INIT("sub"), SENSE_SUB },
    { STR_INIT("summary"), SENSE_PART },
    { STR_INIT("sup"), SENSE_SUP },
    { STR_INIT("table"), SENSE_TABLE },
    { STR_INIT("tbody"), SENSE_SECTION },
    { STR_INIT("td"), SENSE_CELL },
    { STR_INIT("textarea"), SENSE_PART },
    { STR_INIT("tfoot"), SENSE_SECTION },
    { STR_INIT("th"), SENSE_CELL },
    { STR_INIT("thead"), SENSE_SECTION },
    { STR_INIT("time"), SENSE_INLINE },
    { STR_INIT("tr"), SENSE_ROW },
    { STR_INIT("track"), SENSE_INLINE },
    { STR_INIT("tt"), SENSE_CODE, STR_INIT("`"), STR_INIT("`") },
    { STR_INIT("u"), SENSE_INLINE },
    { STR_INIT("ul"), SENSE_LIST },
    { STR_INIT("var"), SENSE_EMPHASIS },
    { STR_INIT("video"), SENSE_MEDIA, .before = STR_INIT("video") },
    { STR_INIT("wbr"), SENSE_INLINE },
};

static int compare_nocase(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < len; i++) {
        int difference = byte_lower(a.ptr[i]) - byte_lower(b.ptr[i]);

        if (difference != 0) {
            return difference;
        }
    }
    return a.len < b.len ? -1 : a.len > b.len;
}

static int by_name(const void *name, const void *meaning)
{
    return compare_nocase(*(const struct str *)name, ((const struct meaning *)meaning)->name);
}

static bool has_small_letter(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] >= 'a' && name.ptr[i] <= 'z') {
            return true;
        }
    }
    return false;
}

const struct meaning *meaning_find(struct str name)
{
    static const struct meaning component = { STR_INIT(""), SENSE_COMPONENT,
                                              .before = STR_INIT("") };
    const struct meaning *meaning;

    if (*name.ptr == ':' || (*name.ptr >= 'A' && *name.ptr <= 'Z' && has_small_letter(name))) {
        return &component;
    }
    meaning =
        bsearch(&name, meanings, sizeof meanings / sizeof meanings[0], sizeof meanings[0], by_name);
    return meaning != NULL ? meaning : &component;
}
