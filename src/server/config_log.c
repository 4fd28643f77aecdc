/* The log: a level alone, or a map. */
#include "config_parts.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

struct written_log {
    struct log_options options;
    struct str to;
};

static const struct field log_fields[] = {
    { "level", FIELD_CHOICE, offsetof(struct written_log, options.level),
      .choices = log_level_names, .help = "The least urgent messages to log." },
    { "to", FIELD_TEXT, offsetof(struct written_log, to),
      .help = "stderr, syslog, or a file, relative to this one." },
    { "requests", FIELD_CHOICE, offsetof(struct written_log, options.requests),
      .choices = log_requests_names, .help = "How requests are written, or that they are not." },
    { "addresses", FIELD_CHOICE, offsetof(struct written_log, options.addresses),
      .choices = log_addresses_names, .help = "How much of a reader's address is written." },
};

static bool read_level(const struct config_reader *reader, const struct yaml *value)
{
    for (int i = 0; log_level_names[i] != NULL; i++) {
        if (str_equal_nocase(value->text, str_from(log_level_names[i]))) {
            reader->config->log.level = i;
            return true;
        }
    }
    diag_error(
        reader->diag, (struct place){ reader->file, value->line },
        "'log': '%.*s' must be one of error, warning, info, debug, or a map; " CONFIG_CONSEQUENCE,
        STR_ARG(str_first(value->text, 80)));
    return false;
}

bool config_read_log(const struct config_reader *reader, const struct yaml *value)
{
    struct config *config = reader->config;
    struct written_log written = { config->log, config->log_to };
    bool ok;

    if (value->kind == YAML_SCALAR) {
        return read_level(reader, value);
    }
    ok = config_read_map(reader, log_fields, COUNT(log_fields), "log", value, &written);
    config->log = written.options;
    config->log_to = written.to;
    if (!str_equal(written.to, STR("stderr")) && !str_equal(written.to, STR("syslog"))) {
        config->log_to = config_resolve(reader, written.to);
    }
    return ok;
}
