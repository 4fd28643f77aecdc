/* Static files into an edition, as they are, or as gemini.md wants text to be. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/utf8.h"
#include "build.h"
#include "media.h"

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
static struct str text_type(struct builder *builder, const struct static_file *file,
                            struct str type, struct str body)
{
    struct arena *arena = builder->arena;

    if (!utf8_valid(body)) {
        diag_warn(builder->diag, (struct place){ file->file, 0 },
                  "not UTF-8; served as application/octet-stream");
        return STR("application/octet-stream");
    }
    if (str_equal(type, STR("text/gemini"))) {
        return builder->gemini_type;
    }
    return arena_printf(arena, "%.*s;charset=utf-8", STR_ARG(type));
}

static bool add_small(struct builder *builder, const struct static_file *file, struct str type)
{
    struct page page = { .path = file->path, .kind = PAGE_BODY, .media_type = type, .fd = -1 };

    if (!file_read(AT_FDCWD, file->file, (size_t)IN_MEMORY_MAX, builder->arena, &page.body)) {
        return false;
    }
    if (is_text(type)) {
        page.media_type = text_type(builder, file, type, page.body);
        page.body = tidy_text(builder->arena, page.body);
    }
    page.size = page.body.len;
    build_add(builder, EDITION_GEMINI, page);
    if (str_ends_with(file->path, STR("/index.gmi")) && file->path.len > STR("/index.gmi").len) {
        page.path = str_first(file->path, file->path.len - STR("index.gmi").len);
        build_add(builder, EDITION_GEMINI, page);
    }
    return true;
}

static bool add_large(struct builder *builder, const struct static_file *file, struct str type)
{
    struct page page = { .path = file->path, .kind = PAGE_BODY, .media_type = type };
    struct stat status;

    page.fd = file_open(AT_FDCWD, file->file, &status);
    if (page.fd == -1) {
        return false;
    }
    page.size = (uint64_t)status.st_size;
    if (!build_add(builder, EDITION_GEMINI, page)) {
        close(page.fd);
    }
    return true;
}

static void add_static(struct builder *builder, const struct static_file *file)
{
    struct str type = media_type(file->path);
    bool small = file->size <= IN_MEMORY_MAX;
    struct place place = { file->file, 0 };

    if (file->size > STATIC_MAX) {
        diag_error(builder->diag, place, "larger than %" PRIu64 " MiB; left out", STATIC_MAX >> 20);
    } else if (small && builder->in_memory + file->size > EDITION_SIZE_MAX) {
        diag_error(builder->diag, place, "static files together pass %" PRIu64 " MiB; left out",
                   EDITION_SIZE_MAX >> 20);
    } else if (!(small ? add_small : add_large)(builder, file, type)) {
        diag_error(builder->diag, place, "cannot be read: %s; left out", strerror(errno));
    } else if (small) {
        builder->in_memory += file->size;
    }
}

void build_statics(struct builder *builder)
{
    for (size_t i = 0; i < builder->site->static_count; i++) {
        add_static(builder, &builder->site->statics[i]);
    }
}
