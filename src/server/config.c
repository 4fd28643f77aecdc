/* The table of an operator's keys, and what is listened on. What counts when they are not given is
 * in config_complete.c. */
#include "server/config.h"

#include <fcntl.h>

#include "base/file.h"
#include "config_parts.h"
#include "protocol/gemini.h"
#include "protocol/gopher.h"
#include "server/confine.h"

#define FILE_MAX     ((size_t)256 * 1024) /* some thousands of capsules */
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* The file as it is written; what it means is worked out afterwards. */
struct written {
    struct words capsules;
    const struct yaml *gemini;
    const struct yaml *gopher;
    struct str certs;
    unsigned long workers;
    const struct yaml *log;
    const struct yaml *limits;
    struct str user;
    int confine;
    int watch;
    struct str status;
};

/* What is said of a protocol; each has a table with those that make sense for it. */
struct written_door {
    const struct yaml *listen;
    unsigned long port;
    struct str host;
    struct str capsule;
};

static const struct field file_fields[] = {
    { "capsules", FIELD_WORDS, offsetof(struct written, capsules),
      .help = "Folders to serve, relative to this file." },
    { "gemini", FIELD_NODE, offsetof(struct written, gemini),
      .help = "How the capsules are served over Gemini: listen, port." },
    { "gopher", FIELD_NODE, offsetof(struct written, gopher),
      .help = "How one of them is served over Gopher: listen, host, port, capsule." },
    { "certs", FIELD_TEXT, offsetof(struct written, certs),
      .help = "The folder of certificates and keys, relative to this file." },
    { "workers", FIELD_NUMBER, offsetof(struct written, workers), .min = 1,
      .max = CONFIG_WORKERS_MAX,
      .help = "How many processes serve; by default one for each core, at least two." },
    { "log", FIELD_NODE, offsetof(struct written, log),
      .help = "The least urgent messages to log, or a map that says more." },
    { "limits", FIELD_NODE, offsetof(struct written, limits),
      .help = "How many and how fast, of one address and in all." },
    { "user", FIELD_TEXT, offsetof(struct written, user), .max = 32,
      .help = "Whom to become once the sockets are open." },
    { "confine", FIELD_CHOICE, offsetof(struct written, confine), .choices = confine_names,
      .help = "Whether workers lose all but their sockets: if possible, in any case, or not." },
    { "watch", FIELD_CHOICE, offsetof(struct written, watch), .choices = watch_mode_names,
      .help = "How changed files are found: told by the kernel if possible, by looking, or not." },
    { "status", FIELD_TEXT, offsetof(struct written, status),
      .help = "A file of numbers, for Prometheus, relative to this one." },
};

static const struct field gemini_fields[] = {
    { "listen", FIELD_NODE, offsetof(struct written_door, listen),
      .help = "Addresses: ADDR:PORT, :PORT for all, PORT alone for loopback." },
    { "port", FIELD_NUMBER, offsetof(struct written_door, port), .min = 1, .max = 65535,
      .help = "The port that URLs name, when it is not the one listened on." },
};

static const struct field gopher_fields[] = {
    { "listen", FIELD_NODE, offsetof(struct written_door, listen),
      .help = "Addresses, as for Gemini; without any, nothing is served over Gopher." },
    { "host", FIELD_TEXT, offsetof(struct written_door, host), .max = 255,
      .help = "The name that menus carry, when it is not the capsule's first host." },
    { "port", FIELD_NUMBER, offsetof(struct written_door, port), .min = 1, .max = 65535,
      .help = "The port that menus carry, when it is not the one listened on." },
    { "capsule", FIELD_TEXT, offsetof(struct written_door, capsule),
      .help = "Which of the capsules is served, relative to this file; by default the first." },
};

/* ---- the file ------------------------------------------------------------------------------- */

struct str config_resolve(const struct config_reader *reader, struct str path)
{
    const char *slash = strrchr(reader->file, '/');

    if (str_starts_with(path, STR("/")) || slash == NULL) {
        return path;
    }
    return arena_printf(reader->arena, "%.*s/%.*s", (int)(slash - reader->file), reader->file,
                        STR_ARG(path));
}

static bool read_listens(const struct config_reader *reader, const struct yaml *listen,
                         const struct protocol *protocol)
{
    const struct yaml *item = listen->kind == YAML_LIST ? listen->first : listen;
    bool ok = true;

    for (; item != NULL; item = listen->kind == YAML_LIST ? item->next : NULL) {
        ok = config_read_listen(reader, protocol, item) && ok;
    }
    return ok;
}

static bool read_gemini(const struct config_reader *reader, const struct yaml *map)
{
    struct written_door written = { .port = reader->config->gemini_port };
    bool ok = config_read_map(reader, gemini_fields, COUNT(gemini_fields), "gemini", map, &written);

    reader->config->gemini_port = written.port;
    if (written.listen != NULL) {
        ok = read_listens(reader, written.listen, &gemini) && ok;
    }
    return ok;
}

static bool read_gopher(const struct config_reader *reader, const struct yaml *map)
{
    struct config *config = reader->config;
    struct written_door written = { .port = config->gopher_port, .host = config->gopher_host };
    bool ok = config_read_map(reader, gopher_fields, COUNT(gopher_fields), "gopher", map, &written);

    config->gopher_port = written.port;
    config->gopher_host = written.host;
    if (written.capsule.len > 0) {
        config->gopher_capsule = config_resolve(reader, written.capsule);
    }
    if (written.listen != NULL) {
        ok = read_listens(reader, written.listen, &gopher) && ok;
    }
    return ok;
}

/* What is written of maps in the map. */
static bool read_maps(const struct config_reader *reader, const struct written *written)
{
    const struct {
        const struct yaml *map; /* NULL: nothing is */
        bool (*read)(const struct config_reader *reader, const struct yaml *map);
    } maps[] = {
        { written->gemini, read_gemini },
        { written->gopher, read_gopher },
        { written->log, config_read_log },
        { written->limits, config_read_limits },
    };
    bool ok = true;

    for (size_t i = 0; i < COUNT(maps); i++) {
        ok = (maps[i].map == NULL || maps[i].read(reader, maps[i].map)) && ok;
    }
    return ok;
}

/* Paths in the file are seen from where it is; an empty one says nothing. */
static struct str resolved_or(const struct config_reader *reader, struct str path,
                              struct str before)
{
    return path.len > 0 ? config_resolve(reader, path) : before;
}

/* An emptied list must not mean the folder we happen to be in, which for a service is all there is.
 */
static bool names_a_folder(const struct config_reader *reader, const struct yaml *map)
{
    const struct yaml *capsules = yaml_find(map, STR("capsules"));

    if (capsules == NULL || capsules->kind != YAML_LIST || capsules->first != NULL) {
        return true;
    }
    diag_error(reader->diag, (struct place){ reader->file, capsules->line },
               "'capsules' names no folder; " CONFIG_CONSEQUENCE);
    return false;
}

static bool read_file(const struct config_reader *reader, const struct yaml *map)
{
    struct config *config = reader->config;
    struct written written = { .workers = config->workers,
                               .user = config->user,
                               .confine = config->confine,
                               .watch = config->watch };
    bool ok = config_read_map(reader, file_fields, COUNT(file_fields), "the file", map, &written) &&
              names_a_folder(reader, map);

    for (size_t i = 0; i < written.capsules.count; i++) {
        written.capsules.items[i] = config_resolve(reader, written.capsules.items[i]);
    }
    config->capsules = written.capsules;
    config->workers = written.workers;
    config->user = written.user;
    config->confine = written.confine;
    config->watch = written.watch;
    config->status = resolved_or(reader, written.status, config->status);
    config->certs = resolved_or(reader, written.certs, config->certs);
    return read_maps(reader, &written) && ok;
}

bool config_load(struct arena *arena, const char *file, struct config *config, struct diag *diag)
{
    const struct config_reader reader = { arena, file, config, diag };
    const struct yaml *map;
    struct str text;

    if (!file_read(AT_FDCWD, file, FILE_MAX, arena, &text)) {
        diag_errno(diag, "cannot read %s", file);
        return false;
    }
    config->file = file;
    map = yaml_read(arena, text, (struct place){ file, 1 }, CONFIG_CONSEQUENCE, diag);
    return map != NULL && read_file(&reader, map);
}

bool config_listen(struct arena *arena, struct config *config, const struct listening *listening,
                   struct str text, struct place place, struct diag *diag)
{
    struct address addresses[ADDRESS_EACH_MAX];
    size_t count = address_parse(text, place, addresses, diag);

    for (size_t i = 0; i < count; i++) {
        struct listening *added =
            ARENA_PUSH(arena, config->listens, config->listen_count, &config->listen_capacity);

        *added = *listening;
        added->address = addresses[i];
    }
    return count > 0;
}

void config_unlisten(struct config *config, const struct protocol *protocol)
{
    size_t kept = 0;

    for (size_t i = 0; i < config->listen_count; i++) {
        if (config->listens[i].protocol != protocol) {
            config->listens[kept++] = config->listens[i];
        }
    }
    config->listen_count = kept;
}

const struct listening *config_listening(const struct config *config,
                                         const struct protocol *protocol)
{
    for (size_t i = 0; i < config->listen_count; i++) {
        if (config->listens[i].protocol == protocol) {
            return &config->listens[i];
        }
    }
    return NULL;
}

unsigned long config_port(const struct config *config, const struct protocol *protocol)
{
    const struct listening *listening = config_listening(config, protocol);
    unsigned long said = protocol == &gopher ? config->gopher_port : config->gemini_port;

    if (listening == NULL) {
        return 0;
    }
    return said != 0 ? said : address_port(&listening->address);
}
