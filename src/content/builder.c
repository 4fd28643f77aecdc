/* Events to blocks and runs. */
#include "builder.h"

#include "base/utf8.h"

#include "autolink.h"
#include "base/strbuf.h"
#include "leaf_parts.h"
#include "leaf_runs.h"

#define PADDING_MAX 200000 /* cells that rows may lack in a document */

void builder_init(struct builder *builder, struct arena *arena, struct arena *scratch,
                  struct place place, struct diag *diag)
{
    *builder = (struct builder){
        .arena = arena, .scratch = scratch, .file = place.file, .line = place.line, .diag = diag
    };
    builder->levels[0] = (struct level){ &builder->root, &builder->root.first, false };
}

static void flush_lead(struct builder *builder);

struct document builder_finish(struct builder *builder)
{
    builder_end(builder);
    flush_lead(builder);
    losses_report(&builder->losses, builder->file, builder->diag);
    return (struct document){ .first = builder->root.first,
                              .link_count = builder->root.link_count };
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void push_level(struct builder *builder, struct block *block, bool implied)
{
    builder->levels[++builder->depth] = (struct level){ block, &block->first, implied };
}

static struct block *append(struct builder *builder, enum block_kind kind)
{
    struct level *level = &builder->levels[builder->depth];
    struct block *block = ARENA_NEW(builder->arena, struct block);

    block->kind = kind;
    block->line = builder->line;
    *level->end = block;
    level->end = &block->next;
    return block;
}

enum block_kind builder_container(const struct builder *builder)
{
    return builder->depth > 0 ? builder->levels[builder->depth].block->kind : BLOCK_PARAGRAPH;
}

/* What must stand between a container and its content, or BLOCK_PARAGRAPH when nothing has to. */
static enum block_kind between(enum block_kind container)
{
    return container == BLOCK_LIST    ? BLOCK_ITEM
           : container == BLOCK_TABLE ? BLOCK_ROW
                                      : BLOCK_PARAGRAPH;
}

/* A list holds items and a table rows, whatever the source says: what stands outside of any gets
 * one. Text that stands in a row is a cell. Returns what the block is to be. */
static enum block_kind settle(struct builder *builder, enum block_kind kind)
{
    enum block_kind needed;

    if (builder->levels[builder->depth].implied && builder_container(builder) == kind) {
        builder->depth--;
    }
    needed = between(builder_container(builder));
    if (needed != BLOCK_PARAGRAPH && needed != kind) {
        push_level(builder, append(builder, needed), true);
    }
    return builder_container(builder) == BLOCK_ROW &&
                   (kind == BLOCK_PARAGRAPH || kind == BLOCK_HEADING)
               ? BLOCK_CELL
               : kind;
}

bool builder_in_cell(const struct builder *builder)
{
    return builder->in_leaf && (builder->leaf.kind == BLOCK_CELL || builder->awaited != NULL);
}

/* A list counts for two, itself and its items, so that no item ever stands without its list. */
static bool too_deep(struct builder *builder, enum block_kind kind)
{
    int needs = kind == BLOCK_LIST || kind == BLOCK_TABLE ? 2 : 1;

    if (builder->skipped == 0 &&
        builder->depth + needs + (between(builder_container(builder)) != BLOCK_PARAGRAPH) <=
            DOCUMENT_DEPTH_MAX) {
        return false;
    }
    if (!builder->depth_reported && !builder_in_cell(builder)) {
        builder->depth_reported = true;
        diag_warn(builder->diag, (struct place){ builder->file, builder->line },
                  "lists and quotes are nested more than %d deep; what is deeper is shown at that "
                  "level",
                  DOCUMENT_DEPTH_MAX);
    }
    return true;
}

struct block *builder_open(struct builder *builder, enum block_kind kind)
{
    builder_part(builder);
    flush_lead(builder);
    if (builder_in_cell(builder) || (kind != BLOCK_ITEM && too_deep(builder, kind)) ||
        builder->skipped > 0) {
        builder->skipped++;
        return ARENA_NEW(builder->scratch, struct block);
    }
    push_level(builder, append(builder, settle(builder, kind)), false);
    return builder->levels[builder->depth].block;
}

void builder_close(struct builder *builder)
{
    builder_part(builder);
    flush_lead(builder);
    if (builder->skipped > 0) {
        builder->skipped--;
        return;
    }
    builder->depth -= builder->levels[builder->depth].implied;
    builder->depth -= builder->depth > 0;
}

struct block *builder_add(struct builder *builder, enum block_kind kind)
{
    builder_end(builder);
    flush_lead(builder);
    return append(builder, settle(builder, kind));
}

static void close_all(struct builder *builder)
{
    builder_end(builder);
    flush_lead(builder);
    builder->depth = 0;
    builder->skipped = 0;
    builder->inline_count = 0;
    builder->inline_excess = 0;
}

void builder_restart(struct builder *builder, struct block **first)
{
    close_all(builder);
    if (builder->resume == NULL) {
        builder->resume = builder->levels[0].end;
    }
    builder->levels[0].end = first;
}

void builder_resume(struct builder *builder)
{
    close_all(builder);
    if (builder->resume != NULL) {
        builder->levels[0].end = builder->resume;
        builder->resume = NULL;
    }
}

void builder_append(struct builder *builder, struct block *block)
{
    struct level *level = &builder->levels[builder->depth];

    *level->end = block;
    while (*level->end != NULL) {
        level->end = &(*level->end)->next;
    }
}

bool builder_can_pad(const struct builder *builder, size_t cells)
{
    return cells <= PADDING_MAX - builder->padding;
}

bool builder_pad(struct builder *builder, size_t cells)
{
    bool enough = builder_can_pad(builder, cells);

    builder->padding += enough ? cells : 0;
    return enough;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static struct run *add_run(struct builder *builder, enum run_kind kind)
{
    struct run *run =
        ARENA_PUSH(builder->scratch, builder->runs, builder->run_count, &builder->run_capacity);

    *run = (struct run){ .kind = kind };
    return run;
}

static void add_opening(struct builder *builder, struct open_inline *open)
{
    struct run *run = add_run(builder, open->kind);

    open->after_words = builder->has_words;
    if (open->kind == RUN_LINK || open->kind == RUN_IMAGE) {
        open->link = (unsigned)builder->link_count;
        run->link = open->link;
        *ARENA_PUSH(builder->scratch, builder->links, builder->link_count,
                    &builder->link_capacity) = open->what;
    }
}

static void add_closing(struct builder *builder, const struct open_inline *open)
{
    struct run *run = add_run(builder, open->kind);

    run->close = true;
    run->link = open->link;
}

static void begin_leaf(struct builder *builder, enum block_kind kind, int level)
{
    builder->in_leaf = true;
    builder->leaf = (struct block){ .kind = kind, .level = level, .line = builder->line };
    builder->awaited = NULL;
    builder->run_count = 0;
    builder->link_count = 0;
    builder->has_words = false;
    for (size_t i = 0; i < builder->inline_count; i++) {
        if (!builder->inlines[i].done) {
            add_opening(builder, &builder->inlines[i]);
        }
    }
    if (kind == BLOCK_PARAGRAPH && builder->lead.len > 0) {
        add_run(builder, RUN_TEXT)->text = builder->lead;
        add_run(builder, RUN_TEXT)->text = STR(" ");
        builder->lead = STR("");
        builder->has_words = true;
    }
}

/* Words that waited for a paragraph in vain are one. */
static void flush_lead(struct builder *builder)
{
    if (builder->lead.len > 0 && !builder->in_leaf) {
        begin_leaf(builder, BLOCK_PARAGRAPH, 0);
        builder_end(builder);
    }
}

void builder_lead(struct builder *builder, struct str words)
{
    builder_part(builder);
    if (builder_in_cell(builder)) {
        builder_text(builder, words);
        builder_text(builder, STR(" "));
        return;
    }
    flush_lead(builder);
    builder->lead = words;
}

void builder_begin(struct builder *builder, enum block_kind kind, int level)
{
    builder_end(builder);
    if (kind != BLOCK_PARAGRAPH) {
        flush_lead(builder);
    }
    begin_leaf(builder, kind, level);
}

void builder_begin_awaited(struct builder *builder, struct block *leaf)
{
    builder_end(builder);
    flush_lead(builder);
    begin_leaf(builder, leaf->kind, leaf->level);
    builder->leaf.line = leaf->line;
    builder->awaited = leaf;
}

static bool is_invisible(uint32_t character)
{
    return character == 0xA0 || character == 0x200B || character == 0x3000;
}

bool builder_is_blank(struct str text)
{
    for (text = str_trim(text); text.len > 0; text = str_trim(text)) {
        if (!is_invisible(utf8_next(&text))) {
            return false;
        }
    }
    return true;
}

static void need_leaf(struct builder *builder)
{
    if (!builder->in_leaf) {
        begin_leaf(builder, BLOCK_PARAGRAPH, 0);
    }
}

/* Without blanks of any kind at its front. */
static struct str skip_invisible(struct str text)
{
    while (text.len > 0) {
        struct str rest = text;
        uint32_t character = utf8_next(&rest);

        if (character != ' ' && !is_invisible(character)) {
            break;
        }
        text = rest;
    }
    return text;
}

/* Whether what comes next would be one word with the words of an image. */
static bool follows_image(const struct builder *builder)
{
    const struct run *last;

    if (builder->run_count < 2) {
        return false;
    }
    last = builder->runs + builder->run_count;
    return last[-1].kind == RUN_IMAGE && last[-1].close && last[-2].kind == RUN_TEXT;
}

void builder_text(struct builder *builder, struct str text)
{
    if (!builder->has_words && builder->in_leaf && builder->leaf.kind == BLOCK_HEADING) {
        text = skip_invisible(text);
    }
    if (text.len == 0 || (!builder->in_leaf && builder_is_blank(text))) {
        return;
    }
    need_leaf(builder);
    if (follows_image(builder) && (byte_is_alpha(*text.ptr) || byte_is_digit(*text.ptr))) {
        add_run(builder, RUN_TEXT)->text = STR(" ");
    }
    builder->has_words = builder->has_words || !builder_is_blank(text);
    add_run(builder, RUN_TEXT)->text = text;
}

void builder_code(struct builder *builder, struct str text)
{
    need_leaf(builder);
    builder->has_words = true;
    add_run(builder, RUN_CODE)->text = text;
}

/* A line of blanks that are no ASCII ones is an empty line. */
static void drop_blank_line(struct builder *builder)
{
    const struct run *last;

    if (builder->run_count < 2) {
        return;
    }
    last = builder->runs + builder->run_count;
    if (last[-1].kind == RUN_TEXT && last[-2].kind == RUN_HARD_BREAK &&
        builder_is_blank(last[-1].text)) {
        builder->run_count--;
    }
}

/* Two breaks in a row are how HTML parts paragraphs; one at a leaf's start breaks nothing. */
void builder_break(struct builder *builder, bool hard)
{
    struct run *last;

    if (!builder->in_leaf || !builder->has_words) {
        return;
    }
    drop_blank_line(builder);
    last = builder->run_count > 0 ? &builder->runs[builder->run_count - 1] : NULL;
    if (last != NULL && last->kind == RUN_HARD_BREAK) {
        if (hard && builder->leaf.kind == BLOCK_PARAGRAPH) {
            builder_end(builder);
        }
        return;
    }
    if (last != NULL && last->kind == RUN_SOFT_BREAK) {
        last->kind = hard ? RUN_HARD_BREAK : RUN_SOFT_BREAK;
        return;
    }
    add_run(builder, hard ? RUN_HARD_BREAK : RUN_SOFT_BREAK);
}

void builder_part(struct builder *builder)
{
    if (builder_in_cell(builder)) {
        builder_break(builder, true);
    } else {
        builder_end(builder);
    }
}

/* ---- marks ----------------------------------------------------------------------------------- */

static void open_inline(struct builder *builder, struct open_inline open)
{
    need_leaf(builder);
    if (builder->inline_count == INLINES_MAX) { /* a link must not get lost, its extent may */
        if (open.kind == RUN_LINK || open.kind == RUN_IMAGE) {
            add_opening(builder, &open);
            add_closing(builder, &open);
        }
        builder->inline_excess++;
        return;
    }
    add_opening(builder, &open);
    builder->inlines[builder->inline_count++] = open;
}

void builder_open_inline(struct builder *builder, enum run_kind kind)
{
    open_inline(builder, (struct open_inline){ .kind = kind });
}

void builder_open_link(struct builder *builder, struct str url, struct str title, bool image)
{
    struct link link = { .url = url, .title = title, .image = image, .line = builder->line };

    open_inline(builder, (struct open_inline){ image ? RUN_IMAGE : RUN_LINK, 0, link, false });
}

/* What themes put beside a heading or a footnote to jump by. */
static bool is_jump_mark(uint32_t character)
{
    return character == ' ' || character == '#' || character == '^' || character == 0xA7 ||
           character == 0xB6 || character == 0x2191 || character == 0x21A9 || character == 0x2B06 ||
           character == 0xFE0E || character == 0xFE0F || character == 0x1F517;
}

static bool is_jump(const struct run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str text = runs[i].text;

        if (runs[i].kind == RUN_IMAGE) {
            return false;
        }
        while (text.len > 0) {
            if (!is_jump_mark(utf8_next(&text))) {
                return false;
            }
        }
    }
    return true;
}

/* A link that has just ended is left out when it is only a mark that leads to a place in the text:
 * here nobody can go there. */
static void drop_jump(struct builder *builder, const struct open_inline *link)
{
    size_t from = builder->run_count - 1;

    if (!str_starts_with(link->what.url, STR("#"))) {
        return;
    }
    while (from > 0 && (builder->runs[from].close || builder->runs[from].kind != RUN_LINK ||
                        builder->runs[from].link != link->link)) {
        from--;
    }
    if (!is_jump(&builder->runs[from], builder->run_count - from)) {
        return;
    }
    builder->run_count = from;
    builder->link_count -= link->link + 1 == builder->link_count;
    builder->has_words = link->after_words;
}

void builder_close_inline(struct builder *builder, enum run_kind kind)
{
    size_t at = builder->inline_count;

    if (builder->inline_excess > 0) {
        builder->inline_excess--;
        return;
    }
    while (at > 0 && builder->inlines[at - 1].kind != kind) {
        at--;
    }
    if (at == 0) {
        return;
    }
    if (builder->in_leaf && !builder->inlines[at - 1].done) {
        add_closing(builder, &builder->inlines[at - 1]);
        if (kind == RUN_LINK) {
            drop_jump(builder, &builder->inlines[at - 1]);
        }
    }
    builder->inline_count--;
    memmove(&builder->inlines[at - 1], &builder->inlines[at],
            (builder->inline_count - (at - 1)) * sizeof builder->inlines[0]);
}

/* What is still open goes on in the next leaf, but for a link whose words stood in this one. */
static void close_inlines(struct builder *builder)
{
    for (size_t i = builder->inline_count; i-- > 0;) {
        struct open_inline *open = &builder->inlines[i];

        if (!open->done) {
            add_closing(builder, open);
            open->done = builder->has_words && (open->kind == RUN_LINK || open->kind == RUN_IMAGE);
        }
    }
}

/* ---- the end of a leaf ----------------------------------------------------------------------- */

/* Words, an image, or a link that has ended without any. */
static bool is_worth_keeping(const struct builder *builder)
{
    size_t open = 0;

    for (size_t i = 0; i < builder->inline_count; i++) {
        open += builder->inlines[i].kind == RUN_LINK && !builder->inlines[i].done;
    }
    return builder->has_words || builder->link_count > open;
}

/* Links are counted from a leaf's first. */
static void rebase_links(struct run *runs, size_t count, size_t first)
{
    for (size_t i = 0; i < count && first > 0; i++) {
        runs[i].link -= (unsigned)first;
    }
}

/* The links that some of the runs mention: [*first, *end). */
static void find_links(const struct run *runs, size_t count, size_t *first, size_t *end)
{
    *first = 0;
    *end = 0;
    for (size_t i = 0; i < count; i++) {
        if ((runs[i].kind == RUN_LINK || runs[i].kind == RUN_IMAGE) && !runs[i].close) {
            *first = *end > 0 ? *first : runs[i].link;
            *end = runs[i].link + 1;
        }
    }
}

static void fill_leaf(struct builder *builder, struct block *leaf, const struct run *runs,
                      size_t run_count, const struct link *links, size_t link_count)
{
    leaf_set_runs(builder->arena, leaf, runs, run_count, &builder->losses);
    leaf_set_links(builder->arena, leaf, links, link_count);
    if (!builder->verbatim) {
        autolink_leaf(builder->arena, leaf);
    }
    leaf->first_link = builder->root.link_count;
    builder->root.link_count += leaf->link_count;
    builder->last_leaf = leaf;
}

static struct block *append_leaf(struct builder *builder)
{
    struct block *leaf = append(builder, settle(builder, builder->leaf.kind));

    leaf->level = builder->leaf.level;
    leaf->line = builder->leaf.line;
    return leaf;
}

/* An item begins with words where it can. */
static bool begins_item(const struct builder *builder)
{
    const struct block *container = builder->levels[builder->depth].block;

    return container->kind == BLOCK_ITEM && container->first == NULL;
}

static bool has_image(const struct builder *builder)
{
    size_t i = 0;

    while (i < builder->link_count && !builder->links[i].image) {
        i++;
    }
    return i < builder->link_count;
}

/* A paragraph with images may be more than one block. Those below a text stand where links would.
 */
static void append_parts(struct builder *builder)
{
    struct leaf_part part = { 0 };
    bool below_text = false;

    while (leaf_next_part(builder->runs, builder->run_count, &part)) {
        struct run *runs = builder->runs + part.from;
        struct block *leaf;
        size_t first;
        size_t end;

        if (part.images && begins_item(builder)) {
            part.to = builder->run_count;
        }
        leaf = append_leaf(builder);

        leaf->joined = part.images && below_text;
        below_text = !part.images;
        find_links(runs, part.to - part.from, &first, &end);
        rebase_links(runs, part.to - part.from, first);
        fill_leaf(builder, leaf, runs, part.to - part.from, builder->links + first, end - first);
    }
}

void builder_end(struct builder *builder)
{
    struct block *leaf = builder->awaited;
    bool keep;

    if (!builder->in_leaf) {
        return;
    }
    keep = is_worth_keeping(builder);
    drop_blank_line(builder);
    close_inlines(builder);
    builder->in_leaf = false;
    if (leaf == NULL && !keep) {
        return;
    }
    if (leaf == NULL && builder->leaf.kind == BLOCK_PARAGRAPH && has_image(builder)) {
        append_parts(builder);
        return;
    }
    leaf = leaf != NULL ? leaf : append_leaf(builder);
    fill_leaf(builder, leaf, builder->runs, builder->run_count, builder->links,
              builder->link_count);
}
