/* Static files into an edition, as they are, or as gemini.md wants text to be. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "build.h"
#include "media.h"
#include "origin.h"

/* ---- static files ---------------------------------------------------------------------------- */

static bool is_text(struct str type)
{
    return str_starts_with(type, STR("text/"));
}

/* LF line ends only, and no byte order mark: gemini.md, G38 and G39. */
static struct str tidy_text(struct arena *arena, struct str text)
{
    char *out;
    size_t len = 0;

    text = str_skip(text, str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0);
    if (str_find(text, '\r') == text.len) {
        return text;
    }
    out = arena_alloc(arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r') {
            out[len++] = text.ptr[i];
        } else if (i + 1 == text.len || text.ptr[i + 1] != '\n') {
            out[len++] = '\n';
        }
    }
    return (struct str){ out, len };
}

/* Text that is not UTF-8 has no charset we could name honestly: it is served as bytes. */
static struct str text_type(const struct builder *builder, struct arena *arena, struct str type,
                            struct str text)
{
    if (!utf8_valid(text)) {
        return STR("application/octet-stream");
    }
    if (str_equal(type, STR("text/gemini"))) {
        return builder->gemini_type;
    }
    return arena_printf(arena, "%.*s;charset=utf-8", STR_ARG(type));
}

/* NULL with errno set. */
static struct body *read_small(const struct builder *builder, const struct static_file *file,
                               uint64_t origin)
{
    struct arena *scratch = arena_create();
    struct str type = media_type(file->path);
    struct body *body = NULL;
    struct str bytes;

    if (file_read(AT_FDCWD, file->file, (size_t)IN_MEMORY_MAX, scratch, &bytes)) {
        if (is_text(type)) {
            type = text_type(builder, scratch, type, bytes);
            bytes = tidy_text(scratch, bytes);
        }
        body = body_create(origin, type, bytes);
    }
    arena_destroy(scratch);
    return body;
}

/* NULL with errno set. */
static struct body *open_large(const struct static_file *file, uint64_t origin)
{
    struct stat status;
    int fd = file_open(AT_FDCWD, file->file, &status);

    return fd == -1
               ? NULL
               : body_create_open(origin, media_type(file->path), fd, (uint64_t)status.st_size);
}

uint64_t build_static_origin(const struct builder *builder, const struct static_file *file)
{
    uint64_t origin = origin_text(builder->origin, builder->gemini_type);

    return file->version == 0 ? 0 : origin_number(origin, file->version);
}

static void add_static(struct builder *builder, const struct static_file *file)
{
    bool small = file->size <= IN_MEMORY_MAX;
    uint64_t origin = build_static_origin(builder, file);
    struct entry entry = { EDITION_GEMINI, file->path, 0 };
    struct body *body = build_take(builder, &entry, origin);
    struct place place = { file->file, 0 };
    struct str index = STR("/index.gmi");

    if (body == NULL) {
        body = small ? read_small(builder, file, origin) : open_large(file, origin);
    }
    if (body == NULL) {
        diag_error(builder->diag, place, "cannot be read: %s; left out", strerror(errno));
        return;
    }
    if (is_text(media_type(file->path)) && !is_text(body->media_type)) {
        diag_warn(builder->diag, place, "not UTF-8; served as application/octet-stream");
    }
    builder->in_memory += small ? file->size : 0;
    build_add(builder, &entry, body);
    if (small && str_ends_with(file->path, index) && file->path.len > index.len) {
        entry.path = str_first(file->path, file->path.len - index.len + 1);
        build_add(builder, &entry, body_hold(body));
    }
}

/* Whether there is room for it; reported when not. */
static bool is_allowed(const struct builder *builder, const struct static_file *file)
{
    struct place place = { file->file, 0 };

    if (file->size > STATIC_MAX) {
        diag_error(builder->diag, place, "larger than %" PRIu64 " MiB; left out", STATIC_MAX >> 20);
        return false;
    }
    if (file->size <= IN_MEMORY_MAX && builder->in_memory + file->size > EDITION_SIZE_MAX) {
        diag_error(builder->diag, place, "static files together pass %" PRIu64 " MiB; left out",
                   EDITION_SIZE_MAX >> 20);
        return false;
    }
    return true;
}

void build_statics(struct builder *builder)
{
    const struct site *site = builder->site;

    for (size_t i = 0; i < site->static_count && pause_to_look(builder->options->pause); i++) {
        if (is_allowed(builder, &site->statics[i])) {
            add_static(builder, &site->statics[i]);
        }
    }
}
