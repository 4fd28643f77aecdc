/* The table. Where a site wants two arguments and gets one, the row below serves. */
#include "embeds.h"

#include "base/strbuf.h"

static const struct embed {
    struct str name;
    struct str url;       /* each "*" stands for an argument */
    const char *names[2]; /* two "*": the names of both; one: the names it may have, or "0" */
    struct str label;
} embeds[] = {
    { STR_INIT("youtube"),
      STR_INIT("https://www.youtube.com/watch?v=*"),
      { "id", "videoid" },
      STR_INIT("YouTube video") },
    { STR_INIT("lite-youtube"),
      STR_INIT("https://www.youtube.com/watch?v=*"),
      { "videoid", "id" },
      STR_INIT("YouTube video") },
    { STR_INIT("youtube-lite-player"),
      STR_INIT("https://www.youtube.com/watch?v=*"),
      { "@slug", "slug" },
      STR_INIT("YouTube video") },
    { STR_INIT("youtubeembed"),
      STR_INIT("https://www.youtube.com/watch?v=*"),
      { "id", "videoid" },
      STR_INIT("YouTube video") },
    { STR_INIT("vimeo"), STR_INIT("https://vimeo.com/*"), { "id" }, STR_INIT("Vimeo video") },
    { STR_INIT("bilibili"),
      STR_INIT("https://www.bilibili.com/video/*"),
      { "id", "bvid" },
      STR_INIT("Bilibili video") },
    { STR_INIT("niconico"),
      STR_INIT("https://www.nicovideo.jp/watch/*"),
      { "id" },
      STR_INIT("Niconico video") },
    { STR_INIT("asciinema"),
      STR_INIT("https://asciinema.org/a/*"),
      { "id", "key" },
      STR_INIT("Terminal recording") },
    { STR_INIT("gist"), STR_INIT("https://gist.github.com/*/*"), { "0", "1" }, STR_INIT("Gist") },
    { STR_INIT("gist"), STR_INIT("https://gist.github.com/*"), { "id", "0" }, STR_INIT("Gist") },
    { STR_INIT("tweet"),
      STR_INIT("https://x.com/*/status/*"),
      { "user", "id" },
      STR_INIT("Post on X") },
    { STR_INIT("tweet"),
      STR_INIT("https://x.com/i/status/*"),
      { "id", "tweetid" },
      STR_INIT("Post on X") },
    { STR_INIT("x"),
      STR_INIT("https://x.com/*/status/*"),
      { "user", "id" },
      STR_INIT("Post on X") },
    { STR_INIT("x"), STR_INIT("https://x.com/i/status/*"), { "id", "0" }, STR_INIT("Post on X") },
    { STR_INIT("twitter"),
      STR_INIT("https://x.com/i/status/*"),
      { "id", "0" },
      STR_INIT("Post on X") },
    { STR_INIT("instagram"),
      STR_INIT("https://www.instagram.com/p/*/"),
      { "id", "0" },
      STR_INIT("Post on Instagram") },
    { STR_INIT("codepen"),
      STR_INIT("https://codepen.io/*/pen/*"),
      { "user", "id" },
      STR_INIT("CodePen") },
    { STR_INIT("jsfiddle"),
      STR_INIT("https://jsfiddle.net/*"),
      { "id", "0" },
      STR_INIT("JSFiddle") },
    { STR_INIT("speakerdeck"),
      STR_INIT("https://speakerdeck.com/player/*"),
      { "id", "0" },
      STR_INIT("Slides") },
    { STR_INIT("spotify"),
      STR_INIT("https://open.spotify.com/*/*"),
      { "type", "id" },
      STR_INIT("Spotify") },
};

static struct str argument(const struct attribute *attributes, size_t count, const char *name)
{
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (str_equal_nocase(attributes[i].name, str_from(name))) {
            return attributes[i].value;
        }
    }
    return STR("");
}

/* The arguments a row wants, in its order; false when they are not all there. */
static bool pick(const struct embed *embed, const struct attribute *attributes, size_t count,
                 struct str picked[2])
{
    struct str first;

    str_cut(embed->url, '*', NULL, &first);
    picked[0] = argument(attributes, count, embed->names[0]);
    picked[1] = argument(attributes, count, embed->names[1]);
    if (str_find(first, '*') < first.len) {
        return picked[0].len > 0 && picked[1].len > 0;
    }
    if (picked[0].len == 0) {
        picked[0] = picked[1].len > 0 ? picked[1] : argument(attributes, count, "0");
    }
    return picked[0].len > 0;
}

static struct str fill(struct arena *arena, const struct embed *embed, const struct str picked[2])
{
    struct strbuf url;
    struct str rest = embed->url;
    struct str part;

    if (str_find_str(picked[0], STR("://")) < picked[0].len) {
        return picked[0]; /* a whole address where its last part was wanted */
    }
    strbuf_init(&url, arena, 4096);
    for (int i = 0; i < 2 && str_find(rest, '*') < rest.len; i++) {
        str_cut(rest, '*', &part, &rest);
        strbuf_add(&url, part);
        strbuf_add(&url, picked[i]);
    }
    strbuf_add(&url, rest);
    return strbuf_str(&url);
}

bool embed_address(struct arena *arena, struct str name, const struct attribute *attributes,
                   size_t count, struct str *url, struct str *label)
{
    for (size_t i = 0; i < sizeof embeds / sizeof embeds[0]; i++) {
        struct str picked[2];

        if (str_equal_nocase(embeds[i].name, name) && pick(&embeds[i], attributes, count, picked)) {
            *url = fill(arena, &embeds[i], picked);
            *label = embeds[i].label;
            return true;
        }
    }
    return false;
}

static struct str host_of(struct str url)
{
    struct str host = str_skip(url, str_find_str(url, STR("//")) + 2);

    str_cut(host, '/', &host, NULL);
    return str_skip(host, str_starts_with(host, STR("www.")) ? 4 : 0);
}

/* Whether it is the host or one of its subdomains: player.vimeo.com. */
static bool is_of_host(struct str host, struct str of)
{
    return str_ends_with(host, of) &&
           (host.len == of.len || host.ptr[host.len - of.len - 1] == '.');
}

struct str embed_label(struct arena *arena, struct str url)
{
    struct str host = host_of(url);

    for (size_t i = 0; i < sizeof embeds / sizeof embeds[0]; i++) {
        if (is_of_host(host, host_of(embeds[i].url))) {
            return embeds[i].label;
        }
    }
    return host.len > 0 ? arena_printf(arena, "%.*s [embedded]", STR_ARG(host)) : STR("");
}
