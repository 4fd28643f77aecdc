/* Limits, and who is known at the door: networks, proxies, addresses to listen on. */
#include "config_parts.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define HOUR_S       3600
#define MS_PER_S     1000

/* The map as it is written: seconds, and networks still as text. */
struct written_limits {
    struct limits_options options;
    const struct yaml *exempt;
    unsigned long handshake_s;
    unsigned long request_s;
    unsigned long answer_s;
    unsigned long linger_s;
};

#define OPTION(member) offsetof(struct written_limits, options.member)
#define MOST           1000000 /* of anything that is counted: more is no limit */

static const struct field limits_fields[] = {
    { "connections", FIELD_NUMBER, OPTION(connections), .min = 16, .max = MOST,
      .help = "Connections at a time, shared out among the workers." },
    { "connections_per_address", FIELD_NUMBER, OPTION(connections_per_address), .min = 1,
      .max = UINT16_MAX, .help = "Connections at a time from one address." },
    { "handshakes_per_second", FIELD_NUMBER, OPTION(handshakes_per_second), .min = 1, .max = MOST,
      .help = "Connections that one address may begin in a second." },
    { "requests_per_second", FIELD_NUMBER, OPTION(requests_per_second), .min = 1, .max = MOST,
      .help = "Requests of one address that are answered in a second." },
    { "exempt", FIELD_NODE, offsetof(struct written_limits, exempt),
      .help = "Networks whose addresses are not counted." },
    { "handshake_timeout", FIELD_NUMBER, offsetof(struct written_limits, handshake_s), .min = 1,
      .max = HOUR_S, .help = "Seconds for a TLS handshake, and for a PROXY header before it." },
    { "request_timeout", FIELD_NUMBER, offsetof(struct written_limits, request_s), .min = 1,
      .max = HOUR_S, .help = "Seconds for a request line, from the end of the handshake." },
    { "answer_timeout", FIELD_NUMBER, offsetof(struct written_limits, answer_s), .min = 1,
      .max = HOUR_S, .help = "Seconds for each 64 KiB of an answer to reach its reader." },
    { "linger_timeout", FIELD_NUMBER, offsetof(struct written_limits, linger_s), .min = 1,
      .max = HOUR_S, .help = "Seconds until a connection is closed that its reader leaves open." },
};

struct written_listen {
    struct str address;
    const struct yaml *proxy_protocol;
};

static const struct field listen_fields[] = {
    { "address", FIELD_TEXT, offsetof(struct written_listen, address), .required = true,
      .help = "ADDR:PORT, :PORT for all, PORT alone for loopback." },
    { "proxy_protocol", FIELD_NODE, offsetof(struct written_listen, proxy_protocol),
      .help = "Networks of the proxies that connect here; nobody else may." },
};

/* ---- reading -------------------------------------------------------------------------------- */

bool config_read_map(const struct config_reader *reader, const struct field *table, size_t count,
                     const char *name, const struct yaml *map, void *target)
{
    const struct fields fields = { table, count, true, CONFIG_CONSEQUENCE };

    if (map->kind != YAML_MAP) {
        diag_error(reader->diag, (struct place){ reader->file, map->line },
                   "'%s' must be a map, of '%s' for example; " CONFIG_CONSEQUENCE, name,
                   table[0].name);
        return false;
    }
    return fields_fill(&fields, NULL, 0, reader->arena, map, target, reader->file, reader->diag);
}

bool config_read_ranges(const struct config_reader *reader, const struct yaml *value,
                        const struct ip_range **each, size_t *count)
{
    /* Never NULL: an empty list says something, too. */
    struct ip_range *ranges = ARENA_NEW(reader->arena, struct ip_range);
    size_t capacity = 1;
    const struct yaml *item = value->kind == YAML_LIST ? value->first : value;
    bool ok = true;

    *count = 0;
    for (; item != NULL; item = value->kind == YAML_LIST ? item->next : NULL) {
        struct ip_range range;

        if (item->kind == YAML_SCALAR && ip_range_parse(item->text, &range)) {
            *ARENA_PUSH(reader->arena, ranges, *count, &capacity) = range;
        } else {
            diag_error(reader->diag, (struct place){ reader->file, item->line },
                       "'%.*s' is no network: write 192.0.2.0/24, 2001:db8::/32, or one "
                       "address; " CONFIG_CONSEQUENCE,
                       STR_ARG(str_first(item->text, 80)));
            ok = false;
        }
    }
    *each = ranges;
    return ok;
}

bool config_read_listen(const struct config_reader *reader, const struct protocol *protocol,
                        const struct yaml *item)
{
    struct written_listen written = { .address = item->text };
    struct listening listening = { .protocol = protocol };

    if (item->kind == YAML_MAP &&
        !config_read_map(reader, listen_fields, COUNT(listen_fields), "listen", item, &written)) {
        return false;
    }
    if (written.proxy_protocol != NULL &&
        !config_read_ranges(reader, written.proxy_protocol, &listening.proxies,
                            &listening.proxy_count)) {
        return false;
    }
    return config_listen(reader->arena, reader->config, &listening, written.address,
                         (struct place){ reader->file, item->line }, reader->diag);
}

bool config_read_limits(const struct config_reader *reader, const struct yaml *map)
{
    struct config *config = reader->config;
    struct conn_deadlines *deadlines = &config->deadlines;
    struct written_limits written = {
        .options = config->limits,
        .handshake_s = (unsigned long)deadlines->handshake_ms / MS_PER_S,
        .request_s = (unsigned long)deadlines->request_ms / MS_PER_S,
        .answer_s = (unsigned long)deadlines->response_ms / MS_PER_S,
        .linger_s = (unsigned long)deadlines->linger_ms / MS_PER_S,
    };
    bool ok = config_read_map(reader, limits_fields, COUNT(limits_fields), "limits", map, &written);

    if (written.exempt != NULL) {
        ok = config_read_ranges(reader, written.exempt, &written.options.exempt,
                                &written.options.exempt_count) &&
             ok;
    }
    config->limits = written.options;
    *deadlines = (struct conn_deadlines){
        .handshake_ms = (int)written.handshake_s * MS_PER_S,
        .request_ms = (int)written.request_s * MS_PER_S,
        .response_ms = (int)written.answer_s * MS_PER_S,
        .linger_ms = (int)written.linger_s * MS_PER_S,
    };
    return ok;
}
