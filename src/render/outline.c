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
