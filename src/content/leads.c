/* Addresses, numbers and texts in one piece of memory. */
#include "leads.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/holds.h"

static size_t text_size(const struct str *urls, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        size += urls[i].len;
    }
    return size;
}

static void copy(void *to, const void *from, size_t size)
{
    if (size > 0) {
        memcpy(to, from, size);
    }
}

static void enter_urls(struct leads *leads, const struct str *urls, size_t count, char *texts)
{
    for (size_t i = 0; i < count; i++) {
        copy(texts, urls[i].ptr, urls[i].len);
        leads->urls[i] = (struct str){ texts, urls[i].len };
        leads->origin = hash_bytes(leads->origin, texts, urls[i].len);
        texts += urls[i].len;
    }
}

struct leads *leads_create(const struct str *urls, size_t count, const struct leads *found)
{
    struct leads *leads = memory_allocate(
        sizeof *leads + count * sizeof *leads->urls + found->dead_count * sizeof(struct link *) +
        found->file_count * sizeof *leads->files + text_size(urls, count));

    *leads = *found;
    leads->holds = holds_create();
    leads->origin = HASH_START;
    leads->urls = (struct str *)(leads + 1);
    leads->dead = (const struct link **)(leads->urls + count);
    leads->files = (size_t *)(leads->dead + found->dead_count);
    copy(leads->dead, found->dead, found->dead_count * sizeof *leads->dead);
    copy(leads->files, found->files, found->file_count * sizeof *leads->files);
    enter_urls(leads, urls, count, (char *)(leads->files + found->file_count));
    return leads;
}

struct leads *leads_hold(struct leads *leads)
{
    ++*leads->holds;
    return leads;
}

void leads_release(struct leads *leads)
{
    if (leads != NULL && holds_end(leads->holds)) {
        free(leads);
    }
}
