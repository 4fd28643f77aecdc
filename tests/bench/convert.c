/* How fast markdown becomes gemtext, against what libcmark alone takes to parse the same files.
 *
 *   ./dev bench convert FILE...     megabytes a second of both, best of five rounds
 *   ./dev bench convert --sizes FILE...   seconds against size, the files over and over up to 10 MB
 */
#include <cmark.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../support/properties.h"
#include "base/file.h"

#define ROUNDS 5

struct input {
    struct str *texts;
    size_t count;
    size_t bytes;
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void parse_all(const struct input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        cmark_node_free(
            cmark_parse_document(input->texts[i].ptr, input->texts[i].len, CMARK_OPT_DEFAULT));
    }
}

static void convert_all(const struct input *input)
{
    static const struct convert_options options;

    for (size_t i = 0; i < input->count; i++) {
        struct arena *arena = arena_create();

        convert_markdown(arena, input->texts[i], &options);
        arena_destroy(arena);
    }
}

/* Seconds of the fastest of some rounds. */
static double measure(void (*run)(const struct input *input), const struct input *input)
{
    double best = 1e9;

    for (int round = 0; round < ROUNDS; round++) {
        double start = now();

        run(input);
        start = now() - start;
        best = start < best ? start : best;
    }
    return best;
}

static void compare(const struct input *input)
{
    double megabytes = (double)input->bytes / 1e6;
    double parse = measure(parse_all, input);
    double convert = measure(convert_all, input);

    printf("%zu texts, %.2f MB: cmark parses %.1f MB/s, converted %.1f MB/s, ratio %.2f\n",
           input->count, megabytes, megabytes / parse, megabytes / convert, parse / convert);
}

static void grow(struct arena *arena, const struct input *input)
{
    for (size_t size = 625000; size <= 10000000; size *= 2) {
        struct strbuf text;
        struct str one;
        struct input large = { &one, 1, size };

        strbuf_init(&text, arena, size + ((size_t)64 << 20));
        for (size_t i = 0; text.len < size; i = (i + 1) % input->count) {
            strbuf_add(&text, input->texts[i]);
            strbuf_add(&text, STR("\n\n"));
        }
        one = str_first(strbuf_str(&text), size);
        compare(&large);
    }
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct input input = { ARENA_ARRAY(arena, struct str, (size_t)argc), 0, 0 };
    bool sizes = argc > 1 && strcmp(argv[1], "--sizes") == 0;

    for (int i = sizes ? 2 : 1; i < argc; i++) {
        if (!file_read(AT_FDCWD, argv[i], (size_t)64 << 20, arena, &input.texts[input.count])) {
            perror(argv[i]);
            return 1;
        }
        input.bytes += input.texts[input.count++].len;
    }
    if (input.count == 0) {
        fputs("bench convert: name some markdown files\n", stderr);
        return 2;
    }
    if (sizes) {
        grow(arena, &input);
    } else {
        compare(&input);
    }
    arena_destroy(arena);
    return 0;
}
