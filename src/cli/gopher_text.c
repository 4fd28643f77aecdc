/* Gopher's texts and menus taken apart into lines, and their dots undone. */
#include "gopher_text.h"

static const struct place nowhere = { NULL, 0 };

/* ---- lines ---------------------------------------------------------------------------------- */

static void lines_init(struct gopher_lines *lines,
                       void (*take)(void *arg, const struct gopher_line *line), void *arg)
{
    lines->take = take;
    lines->arg = arg;
    lines->len = 0;
    lines->inside = false;
}

/* Pass on what is there: to a line end, or because there is no room for more of the line. */
static void pass(struct gopher_lines *lines, bool ends)
{
    struct gopher_line line = { { lines->bytes, lines->len }, !lines->inside, ends };
    bool cr = str_ends_with(line.text, STR("\r"));

    if (cr) {
        line.text.len--;
    }
    lines->take(lines->arg, &line);
    lines->inside = !ends;
    lines->len = 0;
    if (cr && !ends) {
        lines->bytes[lines->len++] = '\r'; /* its LF may be next */
    }
}

static void lines_add(struct gopher_lines *lines, struct str piece)
{
    while (piece.len > 0) {
        struct str part = str_first(piece, sizeof lines->bytes - lines->len);
        size_t end = str_find(part, '\n');
        bool ends = end < part.len;

        memcpy(lines->bytes + lines->len, part.ptr, end);
        lines->len += end;
        piece = str_skip(piece, end + ends);
        if (ends || lines->len == sizeof lines->bytes) {
            pass(lines, ends);
        }
    }
}

/* The last line, if it has no line end. */
static void lines_end(struct gopher_lines *lines)
{
    struct gopher_line line = { { lines->bytes, lines->len }, !lines->inside, false };

    if (lines->len > 0) {
        lines->take(lines->arg, &line);
    }
}

/* ---- dots ----------------------------------------------------------------------------------- */

static void take_unstuffed(void *arg, const struct gopher_line *line)
{
    struct gopher_text *text = arg;
    struct gopher_line taken = *line;

    if (line->begins && str_starts_with(line->text, STR(".."))) {
        taken.text = str_skip(line->text, 1);
    }
    text->take(text->arg, &taken);
}

/* Let go of what was held back. */
static void release(struct gopher_text *text, bool stuffed)
{
    struct gopher_lines lines;
    char buffer[4096];
    size_t count;

    if (text->held == NULL) {
        return;
    }
    lines_init(&lines, stuffed ? take_unstuffed : text->take, stuffed ? text : text->arg);
    text->failed |= ferror(text->held) != 0 || fseek(text->held, 0, SEEK_SET) != 0;
    while ((count = fread(buffer, 1, sizeof buffer, text->held)) > 0) {
        lines_add(&lines, (struct str){ buffer, count });
    }
    lines_end(&lines);
    text->failed |= fclose(text->held) != 0;
    text->held = NULL;
}

static void hold(struct gopher_text *text, const struct gopher_line *line)
{
    fwrite(line->text.ptr, 1, line->text.len, text->held);
    if (line->ends) {
        fputs("\r\n", text->held);
    }
}

/* One line has shown that no line has got a dot. */
static void take_for_raw(struct gopher_text *text)
{
    text->raw = true;
    release(text, false);
}

/* What this line says about the dots of all. */
static void judge(struct gopher_text *text, const struct gopher_line *line)
{
    if (text->raw || !line->begins || !str_starts_with(line->text, STR("."))) {
        return;
    }
    if (!str_starts_with(line->text, STR(".."))) {
        take_for_raw(text);
    } else if (text->held == NULL) {
        text->held = tmpfile();
        text->failed = text->raw = text->held == NULL;
    }
}

static void take_line(void *arg, const struct gopher_line *line)
{
    struct gopher_text *text = arg;

    if (text->last_dot) {
        text->last_dot = false; /* for here is another line */
        take_for_raw(text);
        text->take(text->arg, &(struct gopher_line){ STR("."), true, true });
    }
    if (line->begins && str_equal(line->text, STR("."))) {
        text->last_dot = true;
        return;
    }
    judge(text, line);
    if (text->held != NULL) {
        hold(text, line);
    } else {
        text->take(text->arg, line);
    }
}

/* ---- the text ------------------------------------------------------------------------------- */

void gopher_text_init(struct gopher_text *text,
                      void (*take)(void *arg, const struct gopher_line *line), void *arg)
{
    lines_init(&text->lines, take_line, text);
    text->take = take;
    text->arg = arg;
    text->held = NULL;
    text->raw = false;
    text->last_dot = false;
    text->failed = false;
}

void gopher_text_add(struct gopher_text *text, struct str piece)
{
    lines_add(&text->lines, piece);
}

bool gopher_text_end(struct gopher_text *text, struct diag *diag)
{
    lines_end(&text->lines);
    release(text, text->last_dot);
    if (text->failed) {
        diag_error(diag, nowhere, "cannot keep lines that begin with dots in a temporary file");
    }
    return !text->failed;
}
