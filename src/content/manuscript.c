/* A file into an arena of its own. */
#include "manuscript.h"

#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/holds.h"
#include "post_read.h"

#define POST_FILE_MAX ((size_t)16 << 20) /* a book's worth of markdown in one file */

/* The source with its texts in the manuscript's own arena. */
static struct source own_source(struct arena *arena, const struct source *source)
{
    struct source own = *source;

    own.file = arena_copy(arena, str_from(source->file)).ptr;
    own.path = arena_copy(arena, source->path);
    own.folders = arena_copy(arena, source->folders);
    own.name = arena_copy(arena, source->name);
    own.stem = arena_copy(arena, source->stem);
    own.language = arena_copy(arena, source->language);
    own.original = arena_copy(arena, source->original);
    own.data = words_copy(arena, &source->data);
    return own;
}

/* What a site's addresses and the order of its texts depend on; of posts, the title is no part of
 * that. */
static uint64_t hash_names(const struct post *post)
{
    const struct str texts[] = { str_from(post->file),
                                 post->place,
                                 post->slug,
                                 post->web,
                                 post->language,
                                 post->original,
                                 post->page ? post->title : STR("") };
    const uint64_t numbers[] = { post->page,
                                 post->has_updated,
                                 (uint64_t)post->published.seconds,
                                 (uint64_t)post->published.offset_s,
                                 (uint64_t)post->updated.seconds,
                                 post->aliases.count };
    uint64_t hash = hash_bytes(HASH_START, numbers, sizeof numbers);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        hash = hash_bytes(hash, texts[i].ptr, texts[i].len);
    }
    for (size_t i = 0; i < post->aliases.count; i++) {
        hash = hash_bytes(hash, post->aliases.items[i].ptr, post->aliases.items[i].len);
    }
    return hash;
}

struct manuscript *manuscript_read(const struct source *source, const struct capsule *capsule,
                                   int64_t now, struct diag *diag)
{
    struct arena *arena = arena_create();
    struct arena *scratch = arena_create();
    struct manuscript *manuscript = ARENA_NEW(arena, struct manuscript);
    struct str text;

    *manuscript = (struct manuscript){ .arena = arena,
                                       .holds = holds_create(),
                                       .source = own_source(arena, source),
                                       .fresh = file_stamp_is_fresh(&source->stamp, now),
                                       .reading = READ_BROKEN };
    if (file_read(AT_FDCWD, source->file, POST_FILE_MAX, scratch, &text)) {
        post_read(manuscript, text, capsule, diag);
        manuscript->post.names = hash_names(&manuscript->post);
    } else {
        diag_error(diag, (struct place){ source->file, 0 }, "cannot be read: %s; left out",
                   strerror(errno));
    }
    for (size_t i = 0; i < manuscript->seen_count; i++) {
        manuscript->fresh |= file_stamp_is_fresh(&manuscript->seen[i].stamp, now);
    }
    arena_destroy(scratch);
    return manuscript;
}

bool manuscript_is_current(const struct manuscript *manuscript, const struct source *source)
{
    const struct source *own = &manuscript->source;
    bool same = !manuscript->fresh && own->kind == source->kind &&
                str_equal(own->language, source->language) &&
                str_equal(own->original, source->original) &&
                file_stamp_equal(&own->stamp, &source->stamp);

    for (size_t i = 0; same && i < manuscript->seen_count; i++) {
        same = seen_file_is_same(&manuscript->seen[i]);
    }
    return same;
}

struct manuscript *manuscript_hold(struct manuscript *manuscript)
{
    ++*manuscript->holds;
    return manuscript;
}

void manuscript_release(struct manuscript *manuscript)
{
    if (manuscript != NULL && holds_end(manuscript->holds)) {
        arena_destroy(manuscript->arena);
    }
}
