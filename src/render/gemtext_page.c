/* Pages for Gemini: an outline's lines are gemtext's lines already. */
#include "gemtext_page.h"

#include "gemtext.h"

static bool ends_in_gap(const struct strbuf *out)
{
    return out->len == 0 || str_ends_with(strbuf_str(out), STR("\n\n"));
}

static void write_line(struct strbuf *out, const struct outline_line *line,
                       const struct convert_options *options)
{
    switch (line->kind) {
    case OUTLINE_HEADING:
        gemtext_heading(out, line->level, line->text);
        break;
    case OUTLINE_TEXT:
        gemtext_text(out, line->text);
        break;
    case OUTLINE_GEMTEXT:
        strbuf_add(out, line->text);
        strbuf_add_byte(out, '\n');
        break;
    case OUTLINE_LINK:
        gemtext_link(out, line->url, line->text);
        break;
    case OUTLINE_GAP:
        if (!ends_in_gap(out)) {
            strbuf_add_byte(out, '\n');
        }
        break;
    case OUTLINE_DOCUMENT:
        gemtext_document(out, &line->post->document, line->post->title, options);
        break;
    case OUTLINE_ON_GEMINI:
        break;
    }
}

void gemtext_page(struct strbuf *out, const struct outline *outline,
                  const struct convert_options *options)
{
    for (size_t i = 0; i < outline->count; i++) {
        write_line(out, &outline->lines[i], options);
    }
    if (out->len > 0 && ends_in_gap(out)) {
        strbuf_truncate(out, out->len - 1);
    }
}
