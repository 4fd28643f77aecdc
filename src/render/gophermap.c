/* Menus: what can be followed is an item, everything else an item of type 'i'. */
#include "gophermap.h"

#include "base/charset.h"
#include "base/utf8.h"
#include "base/wrap.h"

struct writer {
    struct strbuf *out;
    struct arena *scratch;
    const struct places *places;
    int charset;
    size_t width;
    bool gap; /* an empty line is due before what comes next */
};

/* ---- words ----------------------------------------------------------------------------------- */

/* Fit for a field: of the character set, and without what would end the field. */
static struct str clean(struct writer *writer, struct str text)
{
    char *out;

    text = charset_fit(writer->scratch, utf8_clean(writer->scratch, text, NULL),
                       (enum charset)writer->charset);
    out = arena_alloc(writer->scratch, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        out[i] = byte_is_blank(text.ptr[i]) ? ' ' : text.ptr[i];
    }
    return (struct str){ out, text.len };
}

/* One line of it, with "..." for what does not fit. */
static struct str shorten(struct writer *writer, struct str label)
{
    size_t width = writer->width - STR("...").len;
    struct wrap wrap;
    struct str line = STR("");

    if (utf8_width(label) <= writer->width) {
        return label;
    }
    wrap_init(&wrap, writer->scratch, label);
    wrap_next(&wrap, width, &line);
    return arena_printf(writer->scratch, "%.*s...", STR_ARG(wrap_cut(line, width)));
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void write_fields(struct writer *writer, struct str words, const struct menu_item *item)
{
    strbuf_add_byte(writer->out, item->type);
    strbuf_add(writer->out, charset_encode(writer->scratch, words, (enum charset)writer->charset));
    strbuf_addf(writer->out, "\t%.*s\t%.*s\t%u\r\n", STR_ARG(item->selector), STR_ARG(item->host),
                (unsigned)item->port);
}

/* Source: gopher.md R16. */
static void info(struct writer *writer, struct str line)
{
    static const struct menu_item nowhere = {
        .type = 'i', .selector = STR_INIT(""), .host = STR_INIT("null.host"), .port = 1
    };

    write_fields(writer, line, &nowhere);
}

static void fill_gap(struct writer *writer)
{
    if (writer->gap && writer->out->len > 0) {
        info(writer, STR(""));
    }
    writer->gap = false;
}

static void write_text(struct writer *writer, struct str text)
{
    struct str paragraph;
    struct str line;

    fill_gap(writer);
    while (str_next_line(&text, &paragraph)) {
        struct wrap wrap;

        wrap_init(&wrap, writer->scratch, clean(writer, paragraph));
        while (wrap_next(&wrap, writer->width, &line)) {
            while (line.len > 0) { /* more than once only for an address that is longer */
                struct str fits = wrap_cut(line, writer->width);

                info(writer, fits);
                line = str_skip(line, fits.len);
            }
        }
    }
}

static void write_link(struct writer *writer, struct str url, struct str label)
{
    struct menu_item item;

    if (!places_find(writer->places, url, &item)) {
        write_text(writer, label.len > 0 ? label : url);
        return;
    }
    fill_gap(writer);
    write_fields(writer, shorten(writer, clean(writer, label.len > 0 ? label : url)), &item);
}

static void write_line(struct writer *writer, const struct outline_line *line)
{
    struct outline_line read;

    switch (line->kind) {
    case OUTLINE_HEADING:
    case OUTLINE_TEXT:
        write_text(writer, line->text);
        break;
    case OUTLINE_GEMTEXT:
        read = outline_read_gemtext(line->text);
        write_line(writer, &read);
        break;
    case OUTLINE_LINK:
        write_link(writer, line->url, line->text);
        break;
    case OUTLINE_GAP:
        writer->gap = true;
        break;
    case OUTLINE_ON_GEMINI:
        write_link(writer,
                   arena_printf(writer->scratch, "%.*s%.*s", STR_ARG(writer->places->gemini),
                                STR_ARG(line->url)),
                   line->text);
        break;
    case OUTLINE_DOCUMENT: /* stands in texts only */
        break;
    }
}

void gophermap_page(struct strbuf *out, const struct outline *outline, const struct places *places,
                    const struct gopher_options *options)
{
    struct writer writer = { .out = out,
                             .scratch = outline->arena,
                             .places = places,
                             .charset = options->charset,
                             .width = options->wrap < GOPHERMAP_WIDTH_MAX ? options->wrap
                                                                          : GOPHERMAP_WIDTH_MAX };

    for (size_t i = 0; i < outline->count; i++) {
        write_line(&writer, &outline->lines[i]);
    }
    strbuf_add(out, STR(".\r\n"));
}
