/* The table of an operator's keys, and what counts when they are not given. */
#include "server/config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "config_parts.h"
#include "protocol/gemini.h"
#include "protocol/gopher.h"
#include "server/confine.h"
#include "systemd.h"

#define FILE_MAX      ((size_t)256 * 1024) /* some thousands of capsules */
#define WORKERS_LEAST 2                    /* one serves while the other is replaced */
#define COUNT(table)  (sizeof(table) / sizeof(table)[0])

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

bool config_load(struct arena *arena, const char *file, struct config *config, struct diag *diag)
{
    const struct config_reader reader = { arena, file, config, diag };
    struct written written = { .workers = config->workers,
                               .user = config->user,
                               .confine = config->confine,
                               .watch = config->watch };
    const struct yaml *map;
    struct str text;
    bool ok;

    if (!file_read(AT_FDCWD, file, FILE_MAX, arena, &text)) {
        diag_errno(diag, "cannot read %s", file);
        return false;
    }
    config->file = file;
    map = yaml_read(arena, text, (struct place){ file, 1 }, CONFIG_CONSEQUENCE, diag);
    if (map == NULL) {
        return false;
    }
    ok = config_read_map(&reader, file_fields, COUNT(file_fields), "the file", map, &written);
    for (size_t i = 0; i < written.capsules.count; i++) {
        written.capsules.items[i] = config_resolve(&reader, written.capsules.items[i]);
    }
    config->capsules = written.capsules;
    config->workers = written.workers;
    config->user = written.user;
    config->confine = written.confine;
    config->watch = written.watch;
    if (written.status.len > 0) {
        config->status = config_resolve(&reader, written.status);
    }
    if (written.certs.len > 0) {
        config->certs = config_resolve(&reader, written.certs);
    }
    if (written.gemini != NULL) {
        ok = read_gemini(&reader, written.gemini) && ok;
    }
    if (written.gopher != NULL) {
        ok = read_gopher(&reader, written.gopher) && ok;
    }
    if (written.log != NULL) {
        ok = config_read_log(&reader, written.log) && ok;
    }
    if (written.limits != NULL) {
        ok = config_read_limits(&reader, written.limits) && ok;
    }
    return ok;
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

/* ---- defaults ------------------------------------------------------------------------------- */

/* Who connects from this host forwards for many others (an onion service, ssh, stunnel), or is the
 * operator. */
static const struct ip_range loopback[] = {
    { { { [10] = 0xFF, [11] = 0xFF, [12] = 127 } }, 104 },
    { { { [15] = 1 } }, 128 },
};

/* Where a program keeps what it must not lose. Sources: systemd.exec(5), StateDirectory=; XDG Base
 * Directory Specification, XDG_STATE_HOME. */
static struct str default_certs(struct arena *arena)
{
    const char *systemd = getenv("STATE_DIRECTORY");
    const char *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");

    if (systemd != NULL && systemd[0] == '/') {
        struct str first;

        str_cut(str_from(systemd), ':', &first, NULL);
        return arena_printf(arena, "%.*s/certs", STR_ARG(first));
    }
    if (xdg != NULL && xdg[0] == '/') { /* a relative one is to be ignored */
        return arena_printf(arena, "%s/splashdown/certs", xdg);
    }
    if (home != NULL && home[0] == '/') {
        return arena_printf(arena, "%s/.local/state/splashdown/certs", home);
    }
    return STR("");
}

static unsigned long default_workers(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (cores < WORKERS_LEAST) {
        return WORKERS_LEAST;
    }
    return cores > CONFIG_WORKERS_MAX ? CONFIG_WORKERS_MAX : (unsigned long)cores;
}

/* What is not published is for its author: nobody else may be able to connect. */
static bool drafts_are_private(const struct config *config, struct diag *diag)
{
    for (size_t i = 0; config->drafts && i < config->listen_count; i++) {
        char text[ADDRESS_TEXT_SIZE];

        if (!address_is_loopback(&config->listens[i].address) ||
            config->listens[i].proxies != NULL) {
            diag_error(diag, (struct place){ NULL, 0 },
                       "drafts are shown on loopback only, and %s is for others too; "
                       "--listen PORT alone is loopback",
                       address_print(&config->listens[i].address, text));
            return false;
        }
    }
    return true;
}

/* Without a word on where a protocol is spoken, it is where the service manager has opened a socket
 * of its name. */
static void listen_where_opened(struct arena *arena, struct config *config,
                                const struct protocol *protocol)
{
    size_t count;
    const struct systemd_socket *sockets = systemd_sockets(&count);

    if (config_listening(config, protocol) != NULL) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (str_equal(sockets[i].name, str_from(protocol->name))) {
            *ARENA_PUSH(arena, config->listens, config->listen_count, &config->listen_capacity) =
                (struct listening){ .address = sockets[i].address, .protocol = protocol };
        }
    }
}

/* Gopher has no names for several capsules, so one of them is it. */
static bool complete_gopher(struct config *config, struct diag *diag)
{
    if (config->gopher_capsule.len == 0) {
        config->gopher_capsule = config->capsules.items[0];
    }
    for (size_t i = 0; i < config->capsules.count; i++) {
        if (str_equal(config->capsules.items[i], config->gopher_capsule)) {
            return true;
        }
    }
    diag_error(diag, (struct place){ config->file, 0 },
               "'gopher': the capsule '%.*s' is none of those in 'capsules'",
               STR_ARG(config->gopher_capsule));
    return false;
}

bool config_complete(struct arena *arena, struct config *config, struct diag *diag)
{
    const struct place nowhere = { NULL, 0 };
    const struct listening usual = { .protocol = &gemini };

    if (config->capsules.count == 0) {
        config->capsules = (struct words){ ARENA_NEW(arena, struct str), 1 };
        config->capsules.items[0] = STR(".");
    }
    if (config->hosts.count > 0 && config->capsules.count > 1) {
        diag_error(diag, nowhere,
                   "host names on the command line are for one capsule; with "
                   "several, each says its own in capsule.yaml");
        return false;
    }
    listen_where_opened(arena, config, &gemini);
    listen_where_opened(arena, config, &gopher);
    if (config_listening(config, &gemini) == NULL &&
        !config_listen(arena, config, &usual, config->drafts ? STR("1965") : STR("[::]:1965"),
                       nowhere, diag)) {
        return false;
    }
    if (!drafts_are_private(config, diag)) {
        return false;
    }
    if (config_listening(config, &gopher) != NULL && !complete_gopher(config, diag)) {
        return false;
    }
    if (config->workers == 0) {
        config->workers = default_workers();
    }
    if (config->limits.exempt == NULL) {
        config->limits.exempt = loopback;
        config->limits.exempt_count = COUNT(loopback);
    }
    if (config->certs.len == 0) {
        config->certs = default_certs(arena);
    }
    if (config->certs.len == 0) {
        diag_error(diag, nowhere,
                   "no place to keep certificates: HOME is not set; name a folder "
                   "with --certs");
        return false;
    }
    return true;
}
