/* Kinds of problems, told by the words every problem of the kind has in its text. */
#include "kinds.h"

#include <string.h>

/* The first row that fits counts. */
static const struct kind kinds[] = {
    /* what keeps a text from being served */
    { "", "'date' is missing", "text without a date", "texts without a date" },
    { "no front matter, and no date", "", "text without front matter or date",
      "texts without front matter or date" },
    { "", "' is no date", "date that is none", "dates that are none" },
    { "front matter is opened", "", "front matter that is never closed",
      "front matters that are never closed" },
    { "front matter must begin", "", "front matter that begins too late",
      "front matters that begin too late" },
    { "YAML: ", "", "text whose YAML cannot be read", "texts whose YAML cannot be read" },
    { "TOML: ", "", "text whose TOML cannot be read", "texts whose TOML cannot be read" },
    { "the file's name makes no address", "", "file name that makes no address",
      "file names that make no address" },
    { "unknown key '", "", "key nobody knows", "keys nobody knows" },
    { "cannot be ", "", "file that cannot be read", "files that cannot be read" },
    /* links */
    { "image '", "leads nowhere", "missing image", "missing images" },
    { "link '", "leads nowhere", "dead link", "dead links" },
    { "", "' is not linked", "link of a refused kind", "links of a refused kind" },
    { "its address ", "another file", "address claimed twice", "addresses claimed twice" },
    { "its address ", "", "file whose address is taken", "files whose address is taken" },
    { "", "redirects in a circle", "redirect in a circle", "redirects in a circle" },
    /* front matter */
    { "'title' is missing", "", "text without a title", "texts without a title" },
    { "'slug': ", "", "slug that cannot stand in an address",
      "slugs that cannot stand in an address" },
    { "key '", "' again", "key written twice", "keys written twice" },
    { "a time without a zone", "", "doubt about the zone of dates",
      "doubts about the zone of dates" },
    { "'", "': ", "field with a wrong value", "fields with a wrong value" },
    { "'", " must be ", "field with a wrong value", "fields with a wrong value" },
    /* what a conversion leaves out: one problem for each text and kind */
    { "the tag '", "", "text with tags that are left out", "texts with tags that are left out" },
    { "'", "its value is not known", "text with variables nobody knows here",
      "texts with variables nobody knows here" },
    { "the expression '", "", "text with expressions that are left out",
      "texts with expressions that are left out" },
    { "'", " is left out whole", "text with scripts, styles or drawings",
      "texts with scripts, styles or drawings" },
    { "'", " is left out", "text with imports that are left out",
      "texts with imports that are left out" },
    { "the footnote '", "", "text with footnotes it never uses",
      "texts with footnotes they never use" },
    { "a paragraph too long", "", "text with very long paragraphs",
      "texts with very long paragraphs" },
    { "a table is too wide", "", "text with tables that are too wide",
      "texts with tables that are too wide" },
    { "a row has more cells", "", "text with rows of too many cells",
      "texts with rows of too many cells" },
    { "lists and quotes", "", "text with lists or quotes nested too deep",
      "texts with lists or quotes nested too deep" },
    /* files and folders */
    { "", "not UTF-8", "file that is not UTF-8", "files that are not UTF-8" },
    { "a link to somewhere else", "", "link to another place that is not followed",
      "links to other places that are not followed" },
    { "the page at ", "", "page that is too large", "pages that are too large" },
    { "the selector ", "", "address too long for Gopher", "addresses too long for Gopher" },
    { "nothing to show", "", "blog with nothing to show", "blogs with nothing to show" },
    { "", "", "other problem", "other problems" },
};

const struct kind *kind_of(const struct problem *problem)
{
    const struct kind *kind = kinds;

    while (strncmp(problem->text, kind->start, strlen(kind->start)) != 0 ||
           strstr(problem->text, kind->within) == NULL) {
        kind++; /* the last row fits all */
    }
    return kind;
}
