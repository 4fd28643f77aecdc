/* Data files: found by their names, read as what they are. */
#include "data.h"

#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/utf8.h"
#include "front_matter.h"
#include "name.h"
#include "script.h"

#define DATA_MAX  ((size_t)1 << 20)
#define FILES_MAX 20 /* of one text: as deep as folders are walked, and its own */

static const struct str endings[] = { STR_INIT(".11tydata.json"), STR_INIT(".11tydata.js"),
                                      STR_INIT(".11tydata.cjs"),  STR_INIT(".11tydata.mjs"),
                                      STR_INIT(".json"),          STR_INIT(".yml"),
                                      STR_INIT(".yaml") };

static size_t ending_length(struct str path)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (str_ends_with(path, endings[i])) {
            return endings[i].len;
        }
    }
    return 0;
}

bool data_is_file(struct str path)
{
    return ending_length(path) > 0;
}

struct str data_stem(struct str path)
{
    return str_first(path, path.len - ending_length(path));
}

/* "/a/b" to "/a", "a" to an empty text. */
static struct str folder_of(struct str path)
{
    size_t last = name_last(path).len;

    return str_first(path, path.len > last ? path.len - last - 1 : 0);
}

void data_find(struct arena *arena, const struct map *files, const struct str *names,
               struct source *source)
{
    struct str found[FILES_MAX];
    size_t count = 0;
    size_t index;
    struct str path = str_first(source->path, source->path.len - name_ending(source->path).len);

    if (map_find(files, path, &index)) {
        found[count++] = names[index];
        source->own_data = true;
    }
    for (path = folder_of(path); path.len > 0 && count < FILES_MAX; path = folder_of(path)) {
        struct str name = arena_printf(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name_last(path)));

        if (map_find(files, name, &index)) {
            found[count++] = names[index];
        }
    }
    if (count < FILES_MAX && map_find(files, STR(""), &index)) {
        found[count++] = names[index];
    }
    source->data = (struct words){ ARENA_ARRAY(arena, struct str, count), count };
    for (size_t i = 0; i < count; i++) {
        source->data.items[i] = found[i];
    }
}

/* Nothing of a map but this. */
static const struct yaml *permalink_alone(struct arena *arena, const struct yaml *tree)
{
    const struct yaml *permalink = tree != NULL ? yaml_find(tree, STR("permalink")) : NULL;
    struct yaml *map = ARENA_NEW(arena, struct yaml);
    struct yaml *pair = ARENA_NEW(arena, struct yaml);

    if (permalink == NULL) {
        return NULL;
    }
    *pair = *permalink;
    pair->next = NULL;
    *map = (struct yaml){ .kind = YAML_MAP, .first = pair };
    return map;
}

const struct yaml *data_read(struct arena *arena, struct str file, const char *consequence,
                             struct diag *diag)
{
    struct place place = { file.ptr, 1 };
    const struct yaml *tree;
    struct str text;

    if (!file_read(AT_FDCWD, file.ptr, DATA_MAX, arena, &text)) {
        diag_error(diag, (struct place){ file.ptr, 0 }, "cannot be read: %s; %s", strerror(errno),
                   consequence);
        return NULL;
    }
    text = utf8_clean(arena, text, NULL);
    if (str_ends_with(file, STR("js"))) {
        return permalink_alone(arena, script_read(arena, text)); /* other names are anybody's */
    }
    tree = yaml_read(arena, text, place, consequence, diag); /* JSON is YAML */
    return tree != NULL && tree->kind == YAML_MAP ? tree : NULL;
}

static bool read_layout(struct arena *arena, const char *top, struct str layout, struct str *text)
{
    static const char *const folders[] = { "_includes", "_layouts", "src/_includes", "src/_layouts",
                                           "_includes/layouts" };
    static const char *const layout_endings[] = { "", ".njk", ".liquid", ".html", ".webc" };

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        for (size_t j = 0; j < sizeof layout_endings / sizeof layout_endings[0]; j++) {
            struct str path = arena_printf(arena, "%s/%s/%.*s%s", top, folders[i], STR_ARG(layout),
                                           layout_endings[j]);

            if (file_read(AT_FDCWD, path.ptr, DATA_MAX, arena, text)) {
                return true;
            }
        }
    }
    return false;
}

const struct yaml *data_of_layout(struct arena *arena, const char *top, struct str layout)
{
    struct diag nobody;
    struct str text;
    struct str head;
    struct str body;
    int line;

    diag_init(&nobody, arena);
    if (layout.len == 0 || str_find_str(layout, STR("..")) < layout.len ||
        !read_layout(arena, top, layout, &text) ||
        front_matter_split(utf8_clean(arena, text, NULL), &head, &line, &body, &line) !=
            FRONT_MATTER_YAML) {
        return NULL;
    }
    return permalink_alone(arena, yaml_read(arena, head, (struct place){ top, 1 }, "", &nobody));
}
