/* An edition with whatever pages a test likes, hostile ones too, which no site could bring forth.
 * Its edition_find is linked in place of the render room's. */
#ifndef TESTS_FAKE_EDITION_H
#define TESTS_FAKE_EDITION_H

#include "render/edition.h"

struct edition {
    const struct page *pages;
    size_t count;
};

const struct page *edition_find(const struct edition *edition, enum edition_table table,
                                struct str path)
{
    (void)table;
    for (size_t i = 0; i < edition->count; i++) {
        if (str_equal(edition->pages[i].path, path)) {
            return &edition->pages[i];
        }
    }
    return NULL;
}

#define GEMTEXT STR_INIT("text/gemini;charset=utf-8;lang=en")

/* A page of text, and an address that has moved. */
#define FAKE_BODY(at, text)                                                                        \
    {                                                                                              \
        .path = STR_INIT(at), .kind = PAGE_BODY, .media_type = GEMTEXT, .body = STR_INIT(text),    \
        .fd = -1, .size = sizeof(text) - 1                                                         \
    }
#define FAKE_REDIRECT(at, to)                                                                      \
    {                                                                                              \
        .path = STR_INIT(at), .kind = PAGE_REDIRECT, .location = STR_INIT(to), .fd = -1            \
    }

/* What the requests of gemini.md, section 9, ask for, and more. */
static const struct page sample_pages[] = {
    FAKE_BODY("/", "home"),
    FAKE_BODY("/index.gmi", "index"),
    FAKE_BODY("/dir/", "dir"),
    FAKE_BODY("/dir/index.gmi", "dir"),
    FAKE_BODY("/a b.gmi", "blank"),
    FAKE_BODY("/a+b.gmi", "plus"),
    FAKE_BODY("/caf\xC3\xA9.gmi", "caf\xC3\xA9"),
    FAKE_BODY("/100%.gmi", "percent"),
    FAKE_BODY("/a b/caf\xC3\xA9/", "folder"),
    FAKE_BODY("/%2e%2e/", "odd, but ours"),
    FAKE_BODY("/empty.gmi", ""),
    FAKE_BODY("/.hidden", "secret"),
    FAKE_BODY("//index.gmi", "secret"),
    FAKE_BODY("/dir\\index.gmi", "secret"),
    FAKE_REDIRECT("/old", "/posts/new.gmi"),
    FAKE_REDIRECT("/old-folder/", "/posts/a%20b.gmi"),
    FAKE_REDIRECT("/nowhere", ""),
    FAKE_REDIRECT("/injection", "/x\r\n20 text/gemini\r\n"),
    { .path = STR_INIT("/big.bin"),
      .kind = PAGE_BODY,
      .media_type = STR_INIT("application/octet-stream"),
      .fd = 99,
      .size = 5000000 },
    { .path = STR_INIT("/controls"),
      .kind = PAGE_BODY,
      .media_type = STR_INIT("text/plain;\x1b[2J"),
      .fd = -1 },
    { .path = STR_INIT("/latin"), .kind = PAGE_BODY, .media_type = STR_INIT("t\xE9xt"), .fd = -1 },
};

static struct edition sample_edition = { sample_pages, sizeof sample_pages / sizeof *sample_pages };

#endif
