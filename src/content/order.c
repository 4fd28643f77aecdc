/* Newest first, or by title. */
#include "order.h"

#include <stdlib.h>

static int64_t sort_time(const struct post *post, int order)
{
    return order == SORT_UPDATED && post->has_updated ? post->updated.seconds
                                                      : post->published.seconds;
}

static int newest_first(const struct post *a, const struct post *b, int order)
{
    int64_t left = sort_time(a, order);
    int64_t right = sort_time(b, order);

    return left != right ? (left < right) - (left > right) : str_compare(a->path, b->path);
}

static int by_published(const void *a, const void *b)
{
    return newest_first(*(struct post *const *)a, *(struct post *const *)b, SORT_PUBLISHED);
}

static int by_updated(const void *a, const void *b)
{
    return newest_first(*(struct post *const *)a, *(struct post *const *)b, SORT_UPDATED);
}

static int by_title(const void *a, const void *b)
{
    return str_compare((*(struct post *const *)a)->title, (*(struct post *const *)b)->title);
}

void site_order(struct site *site)
{
    if (site->post_count > 1) {
        qsort(site->posts, site->post_count, sizeof *site->posts,
              site->capsule.sort == SORT_UPDATED ? by_updated : by_published);
    }
    if (site->page_count > 1) {
        qsort(site->pages, site->page_count, sizeof *site->pages, by_title);
    }
}
