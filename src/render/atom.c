/* A feed of the newest posts. */
#include "atom.h"

#include "base/utf8.h"

void atom_escape(struct strbuf *out, struct str text)
{
    while (text.len > 0) {
        struct str before = text;
        uint32_t character = utf8_next(&text);
        struct str bytes = str_first(before, before.len - text.len);

        switch (character) {
        case '&':
            strbuf_add(out, STR("&amp;"));
            break;
        case '<':
            strbuf_add(out, STR("&lt;"));
            break;
        case '>':
            strbuf_add(out, STR("&gt;"));
            break;
        case '"':
            strbuf_add(out, STR("&quot;"));
            break;
        default:
            if (utf8_printable(character) && character != 0xFFFE && character != 0xFFFF) {
                strbuf_add(out, bytes);
            }
            break;
        }
    }
}

static void element(struct strbuf *out, const char *indent, const char *name, struct str text)
{
    strbuf_addf(out, "%s<%s>", indent, name);
    atom_escape(out, text);
    strbuf_addf(out, "</%s>\n", name);
}

static struct str address_of(struct arena *arena, const struct capsule *capsule, struct str path)
{
    return arena_printf(arena, "gemini://%.*s%.*s", STR_ARG(capsule->hosts.items[0]),
                        STR_ARG(path));
}

/* A post that has only a day is dated noon UTC, as readers of the index date it (A12, S6). */
static struct str date_of(struct arena *arena, struct date date)
{
    if (!date.has_time) {
        return arena_printf(arena, "%.*sT12:00:00Z", STR_ARG(date_day(arena, date)));
    }
    return date_rfc3339(arena, date.seconds);
}

static struct str updated_of(struct arena *arena, const struct post *post)
{
    return date_of(arena, post->has_updated ? post->updated : post->published);
}

static void write_entry(struct strbuf *out, const struct capsule *capsule, const struct post *post)
{
    struct str address = address_of(out->arena, capsule, post->url);

    strbuf_add(out, STR("  <entry>\n"));
    element(out, "    ", "id", address);
    element(out, "    ", "title", post->title);
    element(out, "    ", "updated", updated_of(out->arena, post));
    element(out, "    ", "published", date_of(out->arena, post->published));
    strbuf_add(out, STR("    <link rel=\"alternate\" href=\""));
    atom_escape(out, address);
    strbuf_add(out, STR("\"/>\n"));
    if (post->description.len > 0) {
        element(out, "    ", "summary", post->description);
    }
    strbuf_add(out, STR("  </entry>\n"));
}

/* When anything last changed: the latest date there is, never the time of writing. */
static struct str newest(struct arena *arena, const struct sheet *sheet)
{
    struct str latest = STR("1970-01-01T00:00:00Z");

    for (size_t i = 0; i < sheet->post_count; i++) {
        struct str updated = updated_of(arena, sheet->posts[i]);

        if (str_compare(updated, latest) > 0) {
            latest = updated;
        }
    }
    return latest;
}

void atom_write(const struct sheet *sheet, struct strbuf *out)
{
    const struct capsule *capsule = sheet->capsule;
    struct str home = address_of(out->arena, capsule, STR("/"));

    strbuf_add(out, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                        "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"));
    element(out, "  ", "id", home);
    element(out, "  ", "title", capsule->title);
    if (capsule->description.len > 0) {
        element(out, "  ", "subtitle", capsule->description);
    }
    element(out, "  ", "updated", newest(out->arena, sheet));
    strbuf_add(out, STR("  <author>\n"));
    element(out, "    ", "name", capsule->author.len > 0 ? capsule->author : capsule->title);
    strbuf_add(out, STR("  </author>\n"));
    strbuf_addf(out, "  <link rel=\"self\" href=\"%.*satom.xml\"/>\n", STR_ARG(home));
    strbuf_addf(out, "  <link rel=\"alternate\" href=\"%.*s\"/>\n", STR_ARG(home));
    for (size_t i = 0; i < sheet->post_count; i++) {
        write_entry(out, capsule, sheet->posts[i]);
    }
    strbuf_add(out, STR("</feed>\n"));
}
