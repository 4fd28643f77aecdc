/* Sheets as numbers: posts are told by their versions, so that none has to be read. */
#include "sheet.h"

#include "base/hash.h"

static uint64_t add_post(uint64_t origin, const struct post *post)
{
    if (post == NULL) {
        return hash_number(origin, 0);
    }
    origin = hash_number(origin, post->version);
    for (const struct post *one = post->translations; one != NULL; one = one->next) {
        origin = hash_number(origin, one->version);
    }
    return hash_number(origin, 0); /* no more translations */
}

static uint64_t add_posts(uint64_t origin, struct post *const *posts, size_t count)
{
    origin = hash_number(origin, count);
    for (size_t i = 0; i < count; i++) {
        origin = add_post(origin, posts[i]);
    }
    return origin;
}

uint64_t sheet_origin(uint64_t origin, const struct sheet *sheet)
{
    origin = hash_number(hash_number(origin, sheet->number), sheet->total);
    origin = hash_number(origin, sheet->folders);
    origin = add_post(origin, sheet->post);
    origin = add_post(origin, sheet->newer);
    origin = add_post(origin, sheet->older);
    origin = add_posts(origin, sheet->posts, sheet->post_count);
    return add_posts(origin, sheet->pages, sheet->page_count);
}
