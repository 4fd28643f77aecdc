/* Images, films, sounds, pages in the page, and the captions below them. */
#include "elements.h"
#include "embeds.h"

void image_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct str later = str_trim(tag_value(tag, "data-src")); /* fetched when it is seen */
    struct str url = later.len > 0 ? later : str_trim(tag_value(tag, "src"));
    struct str words = tag_value(tag, "alt");

    (void)meaning;
    if (url.len > 0) {
        elements_link(elements, url, words.len > 0 ? words : tag_value(tag, "title"), true);
    } else {
        elements_text(elements, words);
    }
}

/* The last part of an address, if it looks like a file's. */
static struct str file_name(struct str url)
{
    size_t start;

    url = str_first(url, str_find(url, '?'));
    url = str_first(url, str_find(url, '#'));
    for (start = url.len; start > 0 && url.ptr[start - 1] != '/'; start--) {}
    url = str_skip(url, start);
    return str_find(url, '.') < url.len && str_find(url, '%') == url.len ? url : STR("");
}

/* A film, a sound, a page in the page: a link of its own. */
void media_add(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct str url = str_trim(tag_value(tag, "src"));
    struct str title = tag_value(tag, "title");
    struct str kind;
    struct arena *scratch = elements->builder->scratch;

    url = url.len > 0 ? url : tag_value(tag, "data");
    url = url.len > 0 ? url : tag_value(tag, "data-src");
    title = title.len > 0 ? title : tag_value(tag, "aria-label");
    if (url.len == 0) {
        return;
    }
    str_cut(tag_value(tag, "type"), '/', &kind, NULL); /* <source type="video/mp4"> */
    if (!str_equal(kind, STR("video")) && !str_equal(kind, STR("audio"))) {
        kind = meaning->before;
    }
    if (kind.len > 0) {
        title = title.len > 0 ? title : file_name(url);
        title = arena_printf(scratch, "%.*s%s[%.*s]", STR_ARG(title), title.len > 0 ? " " : "",
                             STR_ARG(kind));
    }
    if (title.len == 0) {
        title = embed_label(scratch, prepared_address(elements->prepared, scratch, url));
    }
    builder_part(elements->builder);
    elements_link(elements, url, title, false);
    builder_part(elements->builder);
}

/* ---- captions -------------------------------------------------------------------------------- */

/* Whether the leaf is nothing but one image that nobody described. */
static bool is_wordless_image(const struct block *leaf)
{
    if (leaf == NULL || leaf->link_count == 0 || !leaf->links[leaf->link_count - 1].image ||
        leaf->links[leaf->link_count - 1].title.len > 0) {
        return false;
    }
    for (size_t i = 0; i < leaf->run_count; i++) {
        if (leaf->runs[i].kind == RUN_TEXT && str_trim(leaf->runs[i].text).len > 0) {
            return false;
        }
    }
    return true;
}

void caption_open(struct elements *elements, const struct meaning *meaning, const struct tag *tag)
{
    struct builder *builder = elements->builder;
    struct open_element *open;

    builder_part(builder);
    open = elements_push(elements, meaning->sense, tag->name);
    if (open != NULL) {
        open->leaf = builder->last_leaf;
        open->place = builder->levels[builder->depth].end;
    }
}

/* A caption describes an image that has no words of its own, and need not be said twice. */
void caption_close(struct elements *elements, struct open_element *open)
{
    struct builder *builder = elements->builder;
    struct block *image = open->leaf;
    struct block *caption;
    struct str words;

    builder_part(builder);
    caption = *open->place;
    if (caption == NULL || caption->next != NULL || caption->kind != BLOCK_PARAGRAPH ||
        caption->link_count > 0 || image == NULL || image->next != caption) {
        return;
    }
    words = str_trim(document_plain_text(builder->arena, caption, 0, caption->run_count));
    if (is_wordless_image(image)) {
        image->links[image->link_count - 1].title = words;
    } else if (!str_equal(words, str_trim(document_plain_text(builder->scratch, image, 0,
                                                              image->run_count)))) {
        return;
    }
    *open->place = NULL;
    builder->levels[builder->depth].end = open->place;
    builder->last_leaf = image;
}
