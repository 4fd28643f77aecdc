/* Gemtext has no marks in its lines, so each of them is a leaf or a part of one. */
#include "gemtext_read.h"

#include "base/strbuf.h"
#include "base/utf8.h"
#include "builder.h"

struct reader {
    struct builder builder;
    struct str rest;
    struct str line;
    bool more;   /* there is a line */
    bool joined; /* no empty line stood before this one */
};

static void next(struct reader *reader)
{
    reader->more = str_next_line(&reader->rest, &reader->line);
    reader->builder.line++;
}

static bool starts(const struct reader *reader, struct str prefix)
{
    return reader->more && str_starts_with(reader->line, prefix);
}

static bool is_text(const struct reader *reader)
{
    return reader->more && str_trim(reader->line).len > 0 && !starts(reader, STR("=>")) &&
           !starts(reader, STR("```")) && !starts(reader, STR("#")) && !starts(reader, STR("* ")) &&
           !starts(reader, STR(">"));
}

static void settle(struct reader *reader, struct block *block)
{
    if (block != NULL) {
        block->joined = reader->joined;
    }
    reader->joined = true;
}

static void read_code(struct reader *reader)
{
    struct builder *builder = &reader->builder;
    struct block *block = builder_add(builder, BLOCK_CODE);
    struct str alt = str_trim(str_skip(reader->line, 3));
    struct strbuf text;

    strbuf_init(&text, builder->scratch, reader->rest.len + 1);
    for (next(reader); reader->more && !starts(reader, STR("```")); next(reader)) {
        strbuf_add(&text, reader->line);
        strbuf_add_byte(&text, '\n');
    }
    block->text = arena_copy(builder->arena, strbuf_str(&text));
    block->info =
        alt.len == 0 ? STR("") : arena_printf(builder->arena, "alt=\"%.*s\"", STR_ARG(alt));
    block->fenced = true;
    settle(reader, block);
    next(reader);
}

static void read_link(struct reader *reader)
{
    struct builder *builder = &reader->builder;
    struct str target = str_trim(str_skip(reader->line, 2));
    size_t len = 0;

    while (len < target.len && !byte_is_blank(target.ptr[len])) {
        len++;
    }
    builder_open_link(builder, str_first(target, len), STR(""), false);
    builder_text(builder, str_trim(str_skip(target, len)));
    builder_close_inline(builder, RUN_LINK);
    builder_end(builder);
    settle(reader, builder->last_leaf);
    next(reader);
}

static void read_heading(struct reader *reader)
{
    struct builder *builder = &reader->builder;
    int level = 0;

    while (level < 3 && level < (int)reader->line.len && reader->line.ptr[level] == '#') {
        level++;
    }
    builder_begin(builder, BLOCK_HEADING, level);
    builder_text(builder, str_trim(str_skip(reader->line, (size_t)level)));
    builder_end(builder);
    settle(reader, builder->last_leaf);
    next(reader);
}

static void read_list(struct reader *reader)
{
    settle(reader, builder_open(&reader->builder, BLOCK_LIST));
    for (; starts(reader, STR("* ")); next(reader)) {
        builder_open(&reader->builder, BLOCK_ITEM);
        builder_text(&reader->builder, str_trim(str_skip(reader->line, 2)));
        builder_close(&reader->builder);
    }
    builder_close(&reader->builder);
}

static void read_quote(struct reader *reader)
{
    settle(reader, builder_open(&reader->builder, BLOCK_QUOTE));
    for (; starts(reader, STR(">")); next(reader)) {
        struct str text = str_trim(str_skip(reader->line, 1));

        if (text.len == 0) {
            builder_end(&reader->builder);
        } else {
            builder_break(&reader->builder, true);
            builder_text(&reader->builder, text);
        }
    }
    builder_close(&reader->builder);
}

static void read_text(struct reader *reader)
{
    for (; is_text(reader); next(reader)) {
        builder_break(&reader->builder, true);
        builder_text(&reader->builder, str_trim(reader->line));
    }
    builder_end(&reader->builder);
    settle(reader, reader->builder.last_leaf);
}

static void read_block(struct reader *reader)
{
    if (str_trim(reader->line).len == 0) {
        reader->joined = false;
        next(reader);
    } else if (starts(reader, STR("```"))) {
        read_code(reader);
    } else if (starts(reader, STR("=>"))) {
        read_link(reader);
    } else if (starts(reader, STR("#"))) {
        read_heading(reader);
    } else if (starts(reader, STR("* "))) {
        read_list(reader);
    } else if (starts(reader, STR(">"))) {
        read_quote(reader);
    } else {
        read_text(reader);
    }
}

struct document gemtext_read(struct arena *arena, struct str text, struct place place,
                             struct diag *diag)
{
    struct arena *scratch = arena_create();
    struct reader reader = { .rest = utf8_clean(scratch, text, NULL) };
    struct document document;

    place.line--; /* before the first */
    builder_init(&reader.builder, arena, scratch, place, diag);
    reader.builder.verbatim = true;
    for (next(&reader); reader.more;) {
        read_block(&reader);
    }
    document = builder_finish(&reader.builder);
    arena_destroy(scratch);
    return document;
}

/* ---- telling it from markdown ---------------------------------------------------------------- */

static bool leads_somewhere(struct str line)
{
    struct str target = str_trim(str_skip(line, 2));

    str_cut(target, ' ', &target, NULL);
    return str_find_str(target, STR("://")) < target.len || str_starts_with(target, STR("/")) ||
           str_starts_with(target, STR("./")) || str_starts_with(target, STR("../")) ||
           str_ends_with(target, STR(".gmi")) || str_starts_with(target, STR("mailto:"));
}

bool gemtext_is(struct str text)
{
    struct str line;
    bool preformatted = false;
    bool links = false;

    if (str_find_str(text, STR("=>")) == text.len || str_find_str(text, STR("](")) < text.len ||
        str_find_str(text, STR("**")) < text.len) {
        return false;
    }
    while (str_next_line(&text, &line)) {
        preformatted ^= str_starts_with(line, STR("```"));
        if (!preformatted && str_starts_with(line, STR("=>"))) {
            if (!leads_somewhere(line)) {
                return false;
            }
            links = true;
        }
    }
    return links;
}
