/* What the blog generators mean: one row of conventions for each, and how to tell whose a folder
 * is. Facts: front-matter.md. */
#ifndef CONTENT_DIALECT_H
#define CONTENT_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum slug_rule {
    SLUG_GITHUB, /* github-slugger 2: lower-case; letters, marks, digits, '-' and '_' stay, each
                  * blank is a dash. Astro names its entries so. */
    SLUG_KEBAB,  /* lodash.kebabCase 4: words, also those told apart by case or digits, in lower
                  * case with dashes between; "E2E Testing" is "e-2-e-testing" */
    SLUG_HYBRID, /* slugify 1 with `lower` for ASCII, kebabCase for all else: AstroPaper 5.3 on */
    SLUG_HUGO,   /* lower-case; letters, marks, digits and ._#+~-@ stay, blanks are one dash */
    SLUG_JEKYLL, /* "pretty": case stays; all but letters, marks, digits and ._~!$&'()+,;=@ are one
                  * dash, none at the ends */
    SLUG_ZOLA,   /* slug 0.1: ASCII letters and digits in lower case, all else is one dash, none at
                  * the ends; Latin letters lose their marks, Greek and Cyrillic ones are written in
                  * Latin, other scripts stay as they are, which Zola writes in Latin, too */
    SLUG_ELEVENTY, /* its slugify filter, @sindresorhus/slugify 2: likewise, but "&" is a word,
                    * umlauts are two letters, and other scripts than Latin go */
    SLUG_AS_IS,    /* Eleventy, Hexo: the name is the address */
};

/* Which texts of a folder are posts. */
enum placing {
    PLACE_POSTS,     /* all of them, but those without a date below "pages" */
    PLACE_BY_DATE,   /* those with a date; the others are pages */
    PLACE_NOTES,     /* likewise, and the index at the top is a page like others */
    PLACE_ENTRIES,   /* those with a date; the others are somebody else's data */
    PLACE_BY_FOLDER, /* those below _posts; those below _drafts are drafts, the others pages, and
                      * what is below another folder with an underscore is not for readers */
};

struct dialect {
    const char *name;           /* as `dialect` in capsule.yaml has it */
    const char *title;          /* as people say it */
    const char *const *texts;   /* folders, below the blog's top, of what the author writes */
    const char *const *pages;   /* of pages alone */
    const char *const *statics; /* of files served as they are */
    const char *const *assets;  /* of files served when a text mentions them */
    enum placing placing;
    enum slug_rule slug;     /* of a text's name */
    enum slug_rule folders;  /* of the folders above it, where its address has them */
    bool slug_from_title;    /* the title is what becomes the slug, not the file's name */
    bool own_slug_made;      /* the author's own slug goes through the same rule */
    bool folders_in_slug;    /* the folders above, but those with an underscore, are part of it */
    bool date_in_name;       /* a date at the start of a file's name is no part of the slug */
    bool short_dates;        /* such a date may have months and days of one digit */
    bool readme_is_index;    /* README.md in a folder stands for the folder, too */
    bool folder_for_name;    /* a text named after its folder stands for the folder */
    bool breaks;             /* where a line of a paragraph ends, it ends for readers, too */
    bool utc_dates;          /* a time without a zone is UTC, whatever the blog's zone is */
    bool tags_by_blanks;     /* a text as `tags` is several, parted by blanks */
    bool translations;       /* name.LANGUAGE.md is the same post in another language */
    bool needs_front_matter; /* a file without it is no text */
    bool data_files;         /* a text's front matter may stand in other files, see data.h */
    bool needs_title;        /* a text without `title` is a mistake */
    bool kramdown;           /* texts are in kramdown's markdown, unless the settings differ */
    const char *own_values; /* its texts are Liquid's templates first, which call their front matter
                             * by that name; "": by none; NULL: they are no templates */
    int margin_s;           /* a post is shown this long before its date */
    const char *web;        /* pattern of a post's address on the web, see permalink.h */
    /* A new post, with :slug, :title and the like to be filled in: */
    const char *new_name;   /* what its file is called */
    const char *new_text;   /* its front matter; :date is RFC 3339, :stamp "2025-09-08 10:00:00
                             * +0200", :local the same without zone; :key is new_date */
    const char *new_date;   /* what the date is called, if not "date" */
    const char *new_toml;   /* new_text in TOML, for blogs that have that; NULL: none has */
    const char *draft_line; /* what makes it a draft, for :draft; NULL: "draft: true", in TOML
                             * "draft = true" */
};

/* The row of that name, or NULL. */
const struct dialect *dialect_find(struct str name);

/* All of them, for lists of names; NULL at the end. */
extern const char *const dialect_names[];

struct signs;

/* Whose a folder is, and where that blog begins. */
struct blog {
    const struct dialect *dialect;
    const char *dir;   /* the folder that was asked for, or the one below it that is the blog */
    const char *top;   /* the folder the dialect's folders are in: dir itself, or one above it */
    struct str below;  /* where dir is below top: "content/posts"; empty when it is top */
    const char *found; /* by what it was told: a file's name, or words; NULL: it was not */
    bool configured;   /* by a file or folder of the generator's own, so that its folders are known
                        */
    const struct signs *signs; /* what was found out of texts for that */
};

/*
 * Tell a blog's dialect: by the generators' configuration in dir, above it, or in the one blog that
 * is below it, else by the names of its folders, else by the front matter of the files in it.
 *
 * dialect  not NULL: the author has said it; only the top is looked for.
 * anywhere whether the blog may begin in another folder than dir.
 * before   what was found of it at an earlier time: texts that have not changed since are not
 * looked at again; may be NULL. now      seconds; 0 when nobody will ask again.
 */
struct blog blog_find(struct arena *arena, const char *dir, const struct dialect *dialect,
                      bool anywhere, const struct blog *before, int64_t now);

/* "Hugo, by hugo.toml": what was found, for people. */
struct str blog_describe(struct arena *arena, const struct blog *blog);

#endif
