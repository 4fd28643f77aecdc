/* cert: what a capsule's certificate says, and a new one where there is none. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "content/capsule.h"
#include "server/certificate.h"
#include "server/config.h"

static const char usage[] =
    "usage: splashdown cert [OPTIONS] [DIR]\n"
    "\n"
    "Show the certificates of the capsule in DIR (the current folder if none is given): names,\n"
    "fingerprint (SHA-256), expiry, files. What is missing is made; what is there never changes.\n"
    "\n"
    "  --certs DIR   where certificates and keys are kept, as for serve\n"
    "  --host NAME   a name of the capsule, instead of those in capsule.yaml; may be repeated\n"
    "  --help        show this\n"
    "\n"
    "Exit status: 0 when readers can be served with them, 1 when not, 2 for a command line that\n"
    "makes no sense.\n";

enum { OPTION_CERTS = 256, OPTION_HOST };

/* Returns false when there is nothing to show, with *status set. */
static bool read_options(int argc, char **argv, struct config *config, int *status)
{
    static const struct option options[] = {
        { "certs", required_argument, NULL, OPTION_CERTS },
        { "host", required_argument, NULL, OPTION_HOST },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int option;

    *status = STATUS_USAGE;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case OPTION_CERTS:
            config->certs = str_from(optarg);
            break;
        case OPTION_HOST:
            config->hosts.items[config->hosts.count++] = str_from(optarg);
            break;
        case 'h':
            fputs(usage, stdout);
            *status = STATUS_OK;
            return false;
        default:
            fputs("splashdown cert --help lists the options\n", stderr);
            return false;
        }
    }
    if (argc - optind > 1) {
        fputs(usage, stderr);
        return false;
    }
    if (optind < argc) {
        config->capsules.items[config->capsules.count++] = str_from(argv[optind]);
    }
    return true;
}

/* A capsule may be an empty folder, but not a misspelt one. */
static bool check_folder(const char *dir, struct diag *diag)
{
    struct stat status;

    if (stat(dir, &status) == 0 && !S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
    } else if (access(dir, X_OK) == 0) {
        return true;
    }
    diag_errno(diag, "cannot open %s", dir);
    return false;
}

static bool load(struct arena *arena, struct config *config, struct certificates *certificates,
                 struct diag *diag)
{
    const struct capsule_options options = { .hosts = &config->hosts };
    struct capsule capsule;

    return config_complete(arena, config, diag) &&
           check_folder(config->capsules.items[0].ptr, diag) &&
           capsule_load(arena, config->capsules.items[0].ptr, &options, &capsule, diag) &&
           certificates_init(certificates, arena, config->certs, &capsule.hosts, NULL,
                             (int64_t)time(NULL), diag);
}

static int show(struct arena *arena, struct config *config)
{
    struct certificates certificates = { 0 };
    struct diag diag;
    bool ok;

    diag_init(&diag, arena);
    ok = load(arena, config, &certificates, &diag);
    diag_print(&diag, 0, stderr);
    for (size_t i = 0; ok && i < certificates.count; i++) {
        const struct certificate *certificate = &certificates.each[i];

        for (size_t j = 0; j < certificate->host_count; j++) {
            printf("%s%.*s", j == 0 ? "" : ", ", STR_ARG(certificate->hosts[j]));
        }
        putchar('\n');
        certificate_print(certificate, stdout);
    }
    certificates_fini(&certificates);
    return ok ? STATUS_OK : STATUS_FAILED;
}

int command_cert(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct config config = CONFIG_INIT;
    int status;

    config.hosts.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    config.capsules.items = ARENA_ARRAY(arena, struct str, (size_t)argc);
    if (read_options(argc, argv, &config, &status)) {
        status = show(arena, &config);
    }
    arena_destroy(arena);
    return status;
}
