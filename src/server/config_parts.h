/* Parts of splashdown.yaml that are read in files of their own. Each returns false after reporting;
 * what is right is filled all the same. */
#ifndef SERVER_CONFIG_PARTS_H
#define SERVER_CONFIG_PARTS_H

#include "base/yaml.h"
#include "server/config.h"

/* What becomes of a file with an error in it. */
#define CONFIG_CONSEQUENCE "nothing is served"

/* Where values are read from, and where they go. */
struct config_reader {
    struct arena *arena;
    const char *file;
    struct config *config;
    struct diag *diag;
};

/* Fill a struct from a map by a table. `name` is the map's key, for what is no map. */
bool config_read_map(const struct config_reader *reader, const struct field *table, size_t count,
                     const char *name, const struct yaml *map, void *target);

/* Networks, from a list of them or from one. */
bool config_read_ranges(const struct config_reader *reader, const struct yaml *value,
                        const struct ip_range **each, size_t *count);

/* One item of a `listen` list: an address, or a map of an address and its proxies. */
bool config_read_listen(const struct config_reader *reader, const struct protocol *protocol,
                        const struct yaml *item);

/* A path in the file, as seen from the working directory. */
struct str config_resolve(const struct config_reader *reader, struct str path);

/* The key `log`. */
bool config_read_log(const struct config_reader *reader, const struct yaml *value);

/* The map `limits`. */
bool config_read_limits(const struct config_reader *reader, const struct yaml *map);

#endif
