/* Filling templates, a line at a time. */
#include "template.h"

#include "base/strbuf.h"

#define LINE_MAX_BYTES ((size_t)1 << 20) /* what it is filled with has limits of its own */

struct filled {
    struct strbuf text;
    bool any_known; /* a placeholder stood in the line */
    bool any_value; /* one of them was not empty */
};

static const struct placeholder *find(struct str name, const struct placeholder *placeholders,
                                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(placeholders[i].name, name)) {
            return &placeholders[i];
        }
    }
    return NULL;
}

static void fill_line(struct filled *filled, struct str line, const struct placeholder *known,
                      size_t count)
{
    while (line.len > 0) {
        size_t open = str_find(line, '{');
        struct str name;
        const struct placeholder *placeholder = NULL;

        strbuf_add(&filled->text, str_first(line, open));
        line = str_skip(line, open);
        if (str_cut(str_skip(line, 1), '}', &name, NULL)) {
            placeholder = find(name, known, count);
        }
        if (placeholder != NULL) {
            filled->any_known = true;
            filled->any_value |= placeholder->value.len > 0;
            strbuf_add(&filled->text, placeholder->value);
            line = str_skip(line, name.len + 2);
        } else {
            strbuf_add(&filled->text, str_first(line, 1));
            line = str_skip(line, 1);
        }
    }
}

void template_fill(struct outline *outline, struct str template,
                   const struct placeholder *placeholders, size_t count)
{
    struct str line;

    while (str_next_line(&template, &line)) {
        struct filled filled = { 0 };

        strbuf_init(&filled.text, outline->arena, LINE_MAX_BYTES);
        fill_line(&filled, line, placeholders, count);
        if (filled.any_known && !filled.any_value) {
            continue;
        }
        if (str_starts_with(line, STR("{"))) {
            outline_text(outline, strbuf_str(&filled.text));
        } else {
            outline_gemtext(outline, strbuf_str(&filled.text));
        }
    }
}
