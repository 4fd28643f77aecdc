/* The examples of the CommonMark specification and of GFM's extensions, converted: the properties
 * hold, and every word that a browser would show of them is in the page, in the same order. The
 * examples are those that the markdown library goldmark is tested with (SPECIFICATION is its
 * folder). */
#include <fcntl.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/yaml.h"
#include "check.h"
#include "properties.h"

static struct str read_examples(struct arena *arena, const char *name)
{
    struct str text = STR("");

    if (!file_read(AT_FDCWD, arena_printf(arena, SPECIFICATION "/%s", name).ptr, 1 << 20, arena,
                   &text)) {
        fail_msg("%s/%s cannot be read", SPECIFICATION, name);
    }
    return text;
}

/* ---- what a browser would show -------------------------------------------------------------- */

/* Elements whose content nobody sees, and comments. */
static size_t unseen_length(struct str html)
{
    static const struct {
        struct str open;
        struct str close;
    } unseen[] = {
        { STR_INIT("<!--"), STR_INIT("-->") },
        { STR_INIT("<script"), STR_INIT("</script>") },
        { STR_INIT("<style"), STR_INIT("</style>") },
        { STR_INIT("<textarea"), STR_INIT("</textarea>") },
        { STR_INIT("<![CDATA["), STR_INIT("]]>") },
        { STR_INIT("<?"), STR_INIT("?>") },
        { STR_INIT("<a href=\"#fnref"), STR_INIT("</a>") }, /* the way back from a footnote */
    };

    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        if (str_starts_with(html, unseen[i].open)) {
            return str_find_str(html, unseen[i].close) + unseen[i].close.len;
        }
    }
    return 0;
}

/* A tag ends at the first '>' outside quotes. */
static size_t tag_length(struct str html)
{
    char quote = '\0';

    for (size_t i = 1; i < html.len; i++) {
        char byte = html.ptr[i];

        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '>') {
            return i + 1;
        }
    }
    return html.len;
}

static bool is_tag(struct str html)
{
    return html.len > 1 && *html.ptr == '<' &&
           (byte_is_alpha(html.ptr[1]) || html.ptr[1] == '/' || html.ptr[1] == '!');
}

/* The next piece of HTML that is a tag, an entity or one byte; *shown says as what it is seen. */
static size_t piece_length(struct str html, char *shown)
{
    static const struct {
        struct str entity;
        char byte;
    } entities[] = {
        { STR_INIT("&lt;"), '<' },   { STR_INIT("&gt;"), '>' },   { STR_INIT("&amp;"), '&' },
        { STR_INIT("&quot;"), '"' }, { STR_INIT("&#160;"), ' ' },
    };
    size_t unseen = unseen_length(html);

    *shown = ' ';
    if (unseen > 0) {
        return unseen;
    }
    if (is_tag(html)) {
        return tag_length(html);
    }
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (str_starts_with(html, entities[i].entity)) {
            *shown = entities[i].byte;
            return entities[i].entity.len;
        }
    }
    *shown = *html.ptr;
    return 1;
}

static struct str seen_text(struct arena *arena, struct str html)
{
    struct strbuf text;

    strbuf_init(&text, arena, html.len);
    while (html.len > 0) {
        char shown;
        size_t len = piece_length(html, &shown);

        strbuf_add_byte(&text, shown);
        html = str_skip(html, len);
    }
    return strbuf_str(&text);
}

/* A link that is repeated gets one line: gemtext.md, K3. */
static bool is_in_label(struct str page, struct str word)
{
    struct str line;

    while (str_next_line(&page, &line)) {
        if (link_address(line).len > 0 && str_find_str(line, word) < line.len) {
            return true;
        }
    }
    return false;
}

/* The first word that is shown in a browser and missing here, or an empty text. Tags part words
 * there and not here ("<em>fo</em>o"), so a word may continue another. */
static struct str missing_word(struct arena *arena, struct str html, struct str page)
{
    struct str rest = seen_text(arena, html);
    struct str ahead = page;
    struct str word;

    while (take_word(&rest, &word)) {
        size_t at = str_find_str(ahead, word);

        if (at < ahead.len) {
            ahead = str_skip(ahead, at + word.len);
        } else if (!is_in_label(page, word)) {
            return word;
        }
    }
    return STR("");
}

/* ---- the examples --------------------------------------------------------------------------- */

static bool check_example(const char *name, struct str markdown, struct str html)
{
    struct arena *arena = arena_create();
    const struct convert_options options = { 0 };
    struct str page = convert_markdown(arena, markdown, &options);
    const char *broken = broken_property(arena, markdown, &options);
    /* The package follows 0.30; what 0.31 calls a comment, as browsers do, was a text there. */
    bool comment = str_starts_with(str_from(name), STR("Raw HTML")) &&
                   str_find_str(html, STR("&lt;!--")) < html.len;
    struct str missing = comment ? STR("") : missing_word(arena, html, page);

    if (broken != NULL) {
        print_error("%s: %s\n", name, broken);
    }
    if (missing.len > 0) {
        print_error("%s: '%.*s' is missing in\n%.*s---- which comes from\n%.*s----\n", name,
                    STR_ARG(missing), STR_ARG(page), STR_ARG(markdown));
    }
    arena_destroy(arena);
    return broken == NULL && missing.len == 0;
}

static void every_example_of_commonmark_is_kept(void **state)
{
    struct arena *arena = arena_create();
    struct diag diag;
    const struct yaml *root;
    struct str text;
    int count = 0;
    int failed = 0;

    (void)state;
    diag_init(&diag, arena);
    text = read_examples(arena, "_test/spec.json"); /* JSON is YAML; a document is a map here */
    root = yaml_read(arena, arena_printf(arena, "examples: %.*s", STR_ARG(text)),
                     (struct place){ "spec.json", 1 }, "not tested", &diag);
    assert_non_null(root);
    for (const struct yaml *example = root->first->first; example != NULL;
         example = example->next) {
        struct str number = yaml_find(example, STR("example"))->text;
        struct str section = yaml_find(example, STR("section"))->text;

        failed += !check_example(
            arena_printf(arena, "%.*s, example %.*s", STR_ARG(section), STR_ARG(number)).ptr,
            yaml_find(example, STR("markdown"))->text, yaml_find(example, STR("html"))->text);
        count++;
    }
    arena_destroy(arena);
    print_message("%d examples, %d failed\n", count, failed);
    assert_int_equal(failed, 0);
    assert_true(count >= 600);
}

/* A file of examples: a line that begins with a number, markdown and HTML between rulers. */
static int check_file(const char *name, int *count)
{
    struct arena *arena = arena_create();
    struct str rest = read_examples(arena, name);
    const struct str ruler = STR("//- - - - - - - - -//\n");
    const struct str end = STR("//= = = =");
    int failed = 0;

    while (str_find_str(rest, ruler) < rest.len) {
        struct str markdown = str_skip(rest, str_find_str(rest, ruler) + ruler.len);
        size_t len = str_find_str(markdown, ruler);
        struct str html = str_skip(markdown, len + ruler.len);
        size_t html_len = str_find_str(html, end);

        failed += !check_example(arena_printf(arena, "%s, example %d", name, ++*count).ptr,
                                 str_first(markdown, len), str_first(html, html_len));
        rest = str_skip(html, html_len);
    }
    arena_destroy(arena);
    return failed;
}

static void every_example_of_extensions_is_kept(void **state)
{
    static const char *const files[] = {
        "extension/_test/table.txt",    "extension/_test/strikethrough.txt",
        "extension/_test/tasklist.txt", "extension/_test/linkify.txt",
        "extension/_test/footnote.txt",
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        int count = 0;

        failed += check_file(files[i], &count);
        assert_true(count > 0);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_commonmark_is_kept),
        cmocka_unit_test(every_example_of_extensions_is_kept),
    };

    return check_run(tests);
}
