/* Outlines, a line at a time. */
#include "outline.h"

static void add(struct outline *outline, struct outline_line line)
{
    *ARENA_PUSH(outline->arena, outline->lines, outline->count, &outline->capacity) = line;
}

void outline_heading(struct outline *outline, int level, struct str text)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_HEADING, .level = level, .text = text });
}

void outline_text(struct outline *outline, struct str text)
{
    if (text.len > 0) {
        add(outline, (struct outline_line){ .kind = OUTLINE_TEXT, .text = text });
    }
}

void outline_gemtext(struct outline *outline, struct str line)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_GEMTEXT, .text = line });
}

void outline_link(struct outline *outline, struct str url, struct str label)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_LINK, .text = label, .url = url });
}

void outline_gap(struct outline *outline)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_GAP });
}

void outline_document(struct outline *outline, const struct post *post)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_DOCUMENT, .post = post });
}

void outline_on_gemini(struct outline *outline, struct str path, struct str label)
{
    add(outline, (struct outline_line){ .kind = OUTLINE_ON_GEMINI, .text = label, .url = path });
}

/* Source: gemtext.md T3, T4. */
struct outline_line outline_read_gemtext(struct str line)
{
    struct outline_line read = { .kind = OUTLINE_TEXT, .text = line };

    if (str_trim(line).len == 0) {
        read.kind = OUTLINE_GAP;
    } else if (str_starts_with(line, STR("=>"))) {
        struct str rest = str_trim(str_skip(line, 2));
        size_t end = 0;

        while (end < rest.len && !byte_is_blank(rest.ptr[end])) {
            end++;
        }
        if (end > 0) {
            read.kind = OUTLINE_LINK;
            read.url = str_first(rest, end);
            read.text = str_trim(str_skip(rest, end));
        }
    } else if (str_starts_with(line, STR("#"))) {
        read.kind = OUTLINE_HEADING;
        while (read.level < 3 && str_starts_with(read.text, STR("#"))) {
            read.text = str_skip(read.text, 1);
            read.level++;
        }
        read.text = str_trim(read.text);
    }
    return read;
}
