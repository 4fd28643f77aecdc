/* From folders to what a worker needs: site, edition, certificates, for each capsule. */
#include "server/generation.h"

#include <limits.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "content/site.h"
#include "protocol/gemini.h"
#include "protocol/gopher.h"
#include "render/edition.h"
#include "server/reads.h"

struct maker {
    struct generation *generation;
    const struct generation *previous;
    const struct pause *pause;
    struct served *served; /* the generation's capsules, while they are made */
    const uint16_t *ports; /* what a URL's port may be: gemini.md G25 */
    size_t port_count;
    size_t path_capacity;
    size_t key_capacity;
    struct diag *diag; /* the generation's own */
};

static const struct place nowhere = { NULL, 0 };

/* ---- capsules ------------------------------------------------------------------------------- */

static void find_ports(struct maker *maker)
{
    const struct config *config = &maker->generation->config;
    uint16_t *ports = ARENA_ARRAY(maker->generation->arena, uint16_t, config->listen_count + 1);

    for (size_t i = 0; i < config->listen_count; i++) {
        if (config->listens[i].protocol == &gemini) {
            ports[maker->port_count++] = address_port(&config->listens[i].address);
        }
    }
    if (config->gemini_port != 0) {
        ports[maker->port_count++] = (uint16_t)config->gemini_port;
    }
    maker->ports = ports;
}

/* What is to be remembered of the site; all else of it is in the edition. */
static void describe_site(struct generation *generation, const struct site *site,
                          struct published *published)
{
    int64_t next = site->next_scheduled;

    published->hosts = words_copy(generation->arena, &site->capsule.hosts);
    published->dialect = blog_describe(generation->arena, &site->capsule.blog);
    published->post_count = site->post_count;
    published->draft_count = site->draft_count;
    published->scheduled_count = site->scheduled_count;
    published->broken_count = site->broken_count;
    if (next != 0 && (generation->next_scheduled == 0 || next < generation->next_scheduled)) {
        generation->next_scheduled = next;
    }
}

static void add_path(struct maker *maker, struct str path)
{
    struct generation *generation = maker->generation;

    *ARENA_PUSH(generation->arena, generation->paths.items, generation->paths.count,
                &maker->path_capacity) = arena_copy(generation->arena, path);
}

/* The same capsule in the generation before, or NULL. */
static const struct published *find_before(const struct generation *previous, const char *dir)
{
    for (size_t i = 0; previous != NULL && i < previous->capsules.count; i++) {
        if (strcmp(previous->published[i].dir, dir) == 0) {
            return &previous->published[i];
        }
    }
    return NULL;
}

/* What is in a folder by now; when nothing at all can be made of it, what was there before. */
static struct site *load_site(const struct maker *maker, const char *dir,
                              const struct published *before)
{
    const struct generation *generation = maker->generation;
    const struct site_options options = {
        .now = generation->born,
        .drafts = generation->config.drafts ? DRAFTS_MARKED : DRAFTS_HELD_BACK,
        .hosts = &generation->config.hosts,
        .before = before != NULL ? before->site : NULL,
        .pause = maker->pause,
    };
    struct site *site = site_load(dir, &options, maker->diag);

    if (site == NULL && before != NULL) {
        diag_warn(maker->diag, (struct place){ dir, 0 }, "the capsule stays as it was");
        site = site_hold(before->site);
    }
    return site;
}

static bool is_on_gopher(const struct config *config, struct str dir)
{
    return config_listening(config, &gopher) != NULL && str_equal(dir, config->gopher_capsule);
}

/* What was made of a capsule the last time, or NULL. */
static const struct edition *edition_before(const struct maker *maker,
                                            const struct published *before)
{
    const struct generation *previous = maker->previous;

    return before != NULL && previous != NULL
               ? previous->capsules.each[before - previous->published].edition
               : NULL;
}

static struct edition *make_edition(const struct maker *maker, struct site *site, struct str dir,
                                    const struct published *before)
{
    const struct config *config = &maker->generation->config;
    const struct edition_options options = {
        .gemini_port = (uint16_t)config_port(config, &gemini),
        .gopher = is_on_gopher(config, dir),
        .gopher_host = config->gopher_host,
        .gopher_port = (uint16_t)config_port(config, &gopher),
        .before = edition_before(maker, before),
        .pause = maker->pause,
    };

    return edition_create(site, &options, maker->diag);
}

static bool load_capsule(struct maker *maker, struct str dir)
{
    struct generation *generation = maker->generation;
    struct published *published = &generation->published[generation->capsules.count];
    struct served *served = &maker->served[generation->capsules.count];
    const char *name = arena_copy(generation->arena, dir).ptr;
    const struct published *before = find_before(maker->previous, name);
    struct site *site = load_site(maker, name, before);

    if (site == NULL) {
        return false;
    }
    generation->capsules.count++;
    *published = (struct published){ .dir = name, .site = site };
    describe_site(generation, site, published);
    for (size_t i = 0; i < site->paths.count; i++) {
        add_path(maker, site->paths.items[i]);
    }
    *served = (struct served){ .hosts = published->hosts.items,
                               .host_count = published->hosts.count,
                               .ports = maker->ports,
                               .port_count = maker->port_count,
                               .edition = make_edition(maker, site, dir, before) };
    served->reads = reads_share(edition_count(served->edition));
    if (is_on_gopher(&generation->config, dir)) {
        generation->capsules.unnamed = served;
    }
    return true;
}

static bool load_capsules(struct maker *maker)
{
    struct generation *generation = maker->generation;
    const struct words *dirs = &generation->config.capsules;
    bool ok = true;

    maker->served = ARENA_ARRAY(generation->arena, struct served, dirs->count);
    generation->capsules.each = maker->served;
    generation->published = ARENA_ARRAY(generation->arena, struct published, dirs->count);
    for (size_t i = 0; i < dirs->count; i++) {
        ok = load_capsule(maker, dirs->items[i]) && ok; /* name every problem */
    }
    return ok;
}

/* ---- hosts ---------------------------------------------------------------------------------- */

static bool claims(const struct published *published, struct str host)
{
    for (size_t i = 0; i < published->hosts.count; i++) {
        if (str_equal(published->hosts.items[i], host)) {
            return true;
        }
    }
    return false;
}

static bool check_hosts(const struct maker *maker)
{
    const struct published *published = maker->generation->published;
    bool ok = true;

    for (size_t i = 0; i < maker->generation->capsules.count; i++) {
        for (size_t j = 0; j < published[i].hosts.count; j++) {
            struct str host = published[i].hosts.items[j];

            for (size_t k = 0; k < i; k++) {
                if (claims(&published[k], host)) {
                    diag_error(maker->diag, nowhere, "both %s and %s want to be host '%.*s'",
                               published[k].dir, published[i].dir, STR_ARG(host));
                    ok = false;
                }
            }
        }
    }
    return ok;
}

/* ---- certificates --------------------------------------------------------------------------- */

/* Keys have no business where an author's files are: those are copied, shared and served. */
static void check_certs_folder(const struct maker *maker)
{
    struct str certs = maker->generation->config.certs;
    char *real_certs = realpath(arena_copy(maker->generation->arena, certs).ptr, NULL);

    for (size_t i = 0; real_certs != NULL && i < maker->generation->capsules.count; i++) {
        char *dir = realpath(maker->generation->published[i].dir, NULL);
        size_t len = dir != NULL ? strlen(dir) : 0;

        if (len > 1 && strncmp(real_certs, dir, len) == 0 &&
            (real_certs[len] == '/' || real_certs[len] == '\0')) {
            diag_warn(
                maker->diag, (struct place){ real_certs, 0 },
                "keys are kept inside the capsule's folder; another place (--certs) is safer");
        }
        free(dir);
    }
    free(real_certs);
}

static bool add_identity(struct maker *maker, const struct certificate *certificate)
{
    struct tls_identity identity = {
        .name = certificate->cert_file,
        .certificate = certificate->leaf,
        .chain = certificate->chain,
        .key = certificate->key,
        .hosts = certificate->hosts,
        .host_count = certificate->host_count,
    };

    return tls_add(maker->generation->tls, &identity, maker->diag);
}

static void add_key(struct maker *maker, struct str path)
{
    struct generation *generation = maker->generation;

    *ARENA_PUSH(generation->arena, generation->keys.items, generation->keys.count,
                &maker->key_capacity) = path;
}

static bool load_certificates(struct maker *maker)
{
    struct generation *generation = maker->generation;

    generation->tls = tls_create();
    add_key(maker, generation->config.certs);
    for (size_t i = 0; i < generation->capsules.count; i++) {
        struct published *published = &generation->published[i];
        const struct published *before = find_before(maker->previous, published->dir);

        if (!certificates_init(&published->certificates, generation->arena,
                               generation->config.certs, &published->hosts,
                               before != NULL ? &before->certificates : NULL, generation->born,
                               maker->diag)) {
            return false;
        }
        for (size_t j = 0; j < published->certificates.count; j++) {
            const struct certificate *certificate = &published->certificates.each[j];

            add_key(maker, str_from(certificate->cert_file)); /* links lead out of the folder */
            add_key(maker, str_from(certificate->key_file));
            if (!add_identity(maker, certificate)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------ */

struct generation *generation_create(void)
{
    struct arena *arena = arena_create();
    struct generation *generation = ARENA_NEW(arena, struct generation);

    *generation = (struct generation){ .arena = arena, .config = CONFIG_INIT };
    diag_init(&generation->problems, arena);
    return generation;
}

bool generation_load(struct generation *generation, const struct generation *previous,
                     const struct pause *pause)
{
    struct maker maker = { .generation = generation,
                           .previous = previous,
                           .pause = pause,
                           .diag = &generation->problems };

    generation->number = previous != NULL ? previous->number + 1 : 1;
    generation->began_ns = clock_of_day_ns();
    generation->born = generation->began_ns / NS_PER_S;
    if (generation->config.file != NULL) {
        add_path(&maker, str_from(generation->config.file));
    }
    find_ports(&maker);
    if (!load_capsules(&maker) || !pause_to_look(pause) || !check_hosts(&maker) ||
        !load_certificates(&maker)) {
        return false;
    }
    check_certs_folder(&maker);
    return true;
}

/* ---- in the log ------------------------------------------------------------------------------ */

static struct str problem_text(struct arena *arena, const struct problem *problem)
{
    const struct place *place = &problem->place;

    if (place->file == NULL) {
        return str_from(problem->text);
    }
    return place->line > 0
               ? arena_printf(arena, "%s:%d: %s", place->file, place->line, problem->text)
               : arena_printf(arena, "%s: %s", place->file, problem->text);
}

static void log_problem(enum severity severity, struct str text)
{
    char line[1536]; /* as much of it as the log takes */

    (severity == DIAG_ERROR ? log_error : log_warn)("%s", log_escape(text, line, sizeof line));
}

static void log_certificates(const struct generation *generation, const struct generation *previous)
{
    for (size_t i = 0; i < generation->capsules.count; i++) {
        const struct published *published = &generation->published[i];
        const struct published *before = find_before(previous, published->dir);

        if (before != NULL) {
            certificates_log_changes(&published->certificates, &before->certificates);
        }
    }
}

void generation_log_expiry(const struct generation *generation, int64_t now)
{
    struct arena *scratch = arena_create();
    struct diag expiring;

    diag_init(&expiring, scratch);
    for (size_t i = 0; i < generation->capsules.count; i++) {
        certificates_check_dates(&generation->published[i].certificates, now, &expiring);
    }
    for (size_t i = 0; i < expiring.count; i++) {
        log_problem(DIAG_WARNING, problem_text(scratch, &expiring.problems[i]));
    }
    arena_destroy(scratch);
}

static void add_known(struct map *known, const struct diag *problems)
{
    for (size_t i = 0; problems != NULL && i < problems->count; i++) {
        map_add(known, problem_text(known->arena, &problems->problems[i]), 0);
    }
}

bool generation_log_news(const struct generation *generation, const struct generation *previous,
                         const struct diag *named)
{
    struct arena *scratch = arena_create();
    struct map known;
    bool any = false;

    map_init(&known, scratch);
    add_known(&known, previous != NULL ? &previous->problems : NULL);
    add_known(&known, named);
    for (size_t i = 0; i < generation->problems.count; i++) {
        const struct problem *problem = &generation->problems.problems[i];
        struct str text = problem_text(scratch, problem);

        if (map_add(&known, text, 0)) {
            log_problem(problem->severity, text);
            any = true;
        }
    }
    log_certificates(generation, previous);
    arena_destroy(scratch);
    return any;
}

void generation_destroy(struct generation *generation)
{
    if (generation == NULL) {
        return;
    }
    tls_destroy(generation->tls);
    for (size_t i = 0; i < generation->capsules.count; i++) {
        reads_unshare(generation->capsules.each[i].reads,
                      edition_count(generation->capsules.each[i].edition));
        edition_release(generation->capsules.each[i].edition);
        site_release(generation->published[i].site);
        certificates_fini(&generation->published[i].certificates);
    }
    arena_destroy(generation->arena);
}
