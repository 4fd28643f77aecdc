/* The table of media types: what blogs keep in their static folders. */
#include "media.h"

static const struct {
    struct str ending;
    struct str type;
} types[] = {
    { STR_INIT("gmi"), STR_INIT("text/gemini") },
    { STR_INIT("gemini"), STR_INIT("text/gemini") },
    { STR_INIT("txt"), STR_INIT("text/plain") },
    { STR_INIT("text"), STR_INIT("text/plain") },
    { STR_INIT("log"), STR_INIT("text/plain") },
    { STR_INIT("asc"), STR_INIT("text/plain") },
    { STR_INIT("md"), STR_INIT("text/markdown") },
    { STR_INIT("markdown"), STR_INIT("text/markdown") },
    { STR_INIT("html"), STR_INIT("text/html") },
    { STR_INIT("htm"), STR_INIT("text/html") },
    { STR_INIT("css"), STR_INIT("text/css") },
    { STR_INIT("csv"), STR_INIT("text/csv") },
    { STR_INIT("js"), STR_INIT("text/javascript") },
    { STR_INIT("ics"), STR_INIT("text/calendar") },
    { STR_INIT("c"), STR_INIT("text/plain") },
    { STR_INIT("h"), STR_INIT("text/plain") },
    { STR_INIT("py"), STR_INIT("text/plain") },
    { STR_INIT("sh"), STR_INIT("text/plain") },
    { STR_INIT("diff"), STR_INIT("text/plain") },
    { STR_INIT("patch"), STR_INIT("text/plain") },
    { STR_INIT("yaml"), STR_INIT("text/plain") },
    { STR_INIT("yml"), STR_INIT("text/plain") },
    { STR_INIT("toml"), STR_INIT("text/plain") },
    { STR_INIT("json"), STR_INIT("application/json") },
    { STR_INIT("xml"), STR_INIT("application/xml") },
    { STR_INIT("atom"), STR_INIT("application/atom+xml") },
    { STR_INIT("rss"), STR_INIT("application/rss+xml") },
    { STR_INIT("pdf"), STR_INIT("application/pdf") },
    { STR_INIT("epub"), STR_INIT("application/epub+zip") },
    { STR_INIT("zip"), STR_INIT("application/zip") },
    { STR_INIT("gz"), STR_INIT("application/gzip") },
    { STR_INIT("tgz"), STR_INIT("application/gzip") },
    { STR_INIT("tar"), STR_INIT("application/x-tar") },
    { STR_INIT("xz"), STR_INIT("application/x-xz") },
    { STR_INIT("zst"), STR_INIT("application/zstd") },
    { STR_INIT("png"), STR_INIT("image/png") },
    { STR_INIT("jpg"), STR_INIT("image/jpeg") },
    { STR_INIT("jpeg"), STR_INIT("image/jpeg") },
    { STR_INIT("gif"), STR_INIT("image/gif") },
    { STR_INIT("webp"), STR_INIT("image/webp") },
    { STR_INIT("avif"), STR_INIT("image/avif") },
    { STR_INIT("jxl"), STR_INIT("image/jxl") },
    { STR_INIT("svg"), STR_INIT("image/svg+xml") },
    { STR_INIT("ico"), STR_INIT("image/vnd.microsoft.icon") },
    { STR_INIT("bmp"), STR_INIT("image/bmp") },
    { STR_INIT("mp3"), STR_INIT("audio/mpeg") },
    { STR_INIT("ogg"), STR_INIT("audio/ogg") },
    { STR_INIT("oga"), STR_INIT("audio/ogg") },
    { STR_INIT("opus"), STR_INIT("audio/ogg") },
    { STR_INIT("flac"), STR_INIT("audio/flac") },
    { STR_INIT("m4a"), STR_INIT("audio/mp4") },
    { STR_INIT("wav"), STR_INIT("audio/vnd.wave") },
    { STR_INIT("mp4"), STR_INIT("video/mp4") },
    { STR_INIT("webm"), STR_INIT("video/webm") },
    { STR_INIT("mkv"), STR_INIT("video/matroska") },
    { STR_INIT("mov"), STR_INIT("video/quicktime") },
    { STR_INIT("woff2"), STR_INIT("font/woff2") },
};

struct str media_type(struct str path)
{
    size_t dot = path.len;

    while (dot > 0 && path.ptr[dot - 1] != '.' && path.ptr[dot - 1] != '/') {
        dot--;
    }
    if (dot > 0 && path.ptr[dot - 1] == '.') {
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            if (str_equal_nocase(str_skip(path, dot), types[i].ending)) {
                return types[i].type;
            }
        }
    }
    return STR("application/octet-stream");
}

/* By how a media type begins; the first that fits counts. */
static const struct {
    struct str start;
    char item;
} items[] = {
    { STR_INIT("text/html"), 'h' },
    { STR_INIT("text/"), '0' },
    { STR_INIT("application/json"), '0' },
    { STR_INIT("application/xml"), '0' },
    { STR_INIT("application/atom+xml"), '0' },
    { STR_INIT("application/rss+xml"), '0' },
    { STR_INIT("image/gif"), 'g' },
    { STR_INIT("image/"), 'I' },
    { STR_INIT("audio/"), 's' },
    { STR_INIT("application/zip"), '5' },
    { STR_INIT("application/gzip"), '5' },
    { STR_INIT("application/x-tar"), '5' },
    { STR_INIT("application/x-xz"), '5' },
    { STR_INIT("application/zstd"), '5' },
};

char media_item_type(struct str type)
{
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        if (str_starts_with(type, items[i].start)) {
            return items[i].item;
        }
    }
    return '9';
}
