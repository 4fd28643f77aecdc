/* Numbers to text. Source: Prometheus, "Exposition formats", text format 0.0.4; node_exporter,
 * "Textfile collector": the file is replaced, never written in place. */
#include "server/status.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/log.h"
#include "base/strbuf.h"
#include "server/reads.h"

#define TEXT_MAX  ((size_t)16 * 1024 * 1024) /* two days of every page of a very large blog */
#define FILE_MODE 0644                       /* the collector is another user, whatever the umask */
#define DAY_S     86400
#define MS_PER_S  1000
#define TOLD_MAX  20 /* pages in the log: the most read */

struct status {
    char *file; /* NULL: none */
    char *temporary;
    const struct seats *seats;
    struct reads reads;
    int64_t due_ms;
    struct log_hush hush;
};

/* ---- the text ------------------------------------------------------------------------------- */

static void add_family(struct strbuf *out, const char *name, const char *type, const char *help)
{
    strbuf_addf(out, "# HELP splashdown_%s %s\n# TYPE splashdown_%s %s\n", name, help, name, type);
}

/* A label's value: backslash, quote and line end are escaped. */
static void add_label(struct strbuf *out, const char *name, struct str value)
{
    strbuf_addf(out, "%s=\"", name);
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\n') {
            strbuf_add(out, STR("\\n"));
            continue;
        }
        if (value.ptr[i] == '"' || value.ptr[i] == '\\') {
            strbuf_add_byte(out, '\\');
        }
        strbuf_add_byte(out, value.ptr[i]);
    }
    strbuf_add_byte(out, '"');
}

/* One number for each protocol: what is the same for all of them stands in one table. */
static const struct protocol_number {
    const char *name;
    const char *type;
    size_t offset; /* in struct counters */
    const char *help;
} protocol_numbers[] = {
    { "connections_total", "counter", offsetof(struct counters, accepted),
      "Connections accepted." },
    { "open_connections", "gauge", offsetof(struct counters, open), "Connections now." },
    { "answer_bytes_total", "counter", offsetof(struct counters, bytes),
      "Bytes of answers, without headers." },
    { "late_total", "counter", offsetof(struct counters, late),
      "Connections cut because their reader was too slow." },
    { "crowded_out_total", "counter", offsetof(struct counters, crowded_out),
      "Connections cut to make room for others." },
    { "proxies_refused_total", "counter", offsetof(struct counters, proxies_refused),
      "Connections without the PROXY header that is expected." },
};

static void add_protocol_numbers(struct strbuf *out, const struct seats *seats)
{
    for (size_t i = 0; i < sizeof protocol_numbers / sizeof protocol_numbers[0]; i++) {
        const struct protocol_number *number = &protocol_numbers[i];
        const struct protocol *protocol;

        add_family(out, number->name, number->type, number->help);
        for (size_t j = 0; (protocol = seats_protocol(j)) != NULL; j++) {
            const struct counters total = seats_total(seats, protocol);
            uint64_t value;

            memcpy(&value, (const char *)&total + number->offset, sizeof value);
            strbuf_addf(out, "splashdown_%s{protocol=\"%s\"} %" PRIu64 "\n", number->name,
                        protocol->name, value);
        }
    }
}

static void add_requests(struct strbuf *out, const struct seats *seats)
{
    const struct protocol *protocol;

    add_family(out, "requests_total", "counter", "Requests answered, by status.");
    for (size_t i = 0; (protocol = seats_protocol(i)) != NULL; i++) {
        const struct counters total = seats_total(seats, protocol);

        for (int status = 0; status < COUNTERS_STATUS_MAX; status++) {
            if (total.requests[status] > 0) {
                strbuf_addf(
                    out, "splashdown_requests_total{protocol=\"%s\",status=\"%d\"} %" PRIu64 "\n",
                    protocol->name, status, total.requests[status]);
            }
        }
    }
}

/* Numbers that have a name each, summed over protocols. */
static void add_named(struct strbuf *out, const char *family, const char *label,
                      const char *const *names, const uint64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        strbuf_addf(out, "splashdown_%s{%s=\"%s\"} %" PRIu64 "\n", family, label, names[i],
                    values[i]);
    }
}

static void add_refusals(struct strbuf *out, const struct seats *seats)
{
    const struct protocol *protocol;
    struct counters sum = { 0 };

    for (size_t i = 0; (protocol = seats_protocol(i)) != NULL; i++) {
        const struct counters total = seats_total(seats, protocol);

        counters_add(&sum, &total);
    }
    add_family(out, "handshakes_failed_total", "counter", "TLS handshakes that failed, by reason.");
    add_named(out, "handshakes_failed_total", "reason", handshake_failure_names,
              sum.handshakes_failed, HANDSHAKE_FAILURE_COUNT);
    add_family(out, "limited_total", "counter", "Connections and requests refused, by limit.");
    add_named(out, "limited_total", "limit", &limit_names[LIMIT_NONE + 1],
              &sum.limited[LIMIT_NONE + 1], LIMIT_COUNT - LIMIT_NONE - 1);
}

static void add_posts(struct strbuf *out, const struct generation *generation)
{
    add_family(out, "posts", "gauge", "Files of each capsule, by what became of them.");
    for (size_t i = 0; i < generation->capsules.count; i++) {
        const struct published *published = &generation->published[i];
        const struct {
            const char *state;
            size_t count;
        } states[] = {
            { "published", published->post_count },
            { "draft", published->draft_count },
            { "scheduled", published->scheduled_count },
            { "broken", published->broken_count },
        };

        for (size_t j = 0; j < sizeof states / sizeof states[0]; j++) {
            strbuf_add(out, STR("splashdown_posts{"));
            add_label(out, "host", published->hosts.items[0]);
            strbuf_addf(out, ",state=\"%s\"} %zu\n", states[j].state, states[j].count);
        }
    }
}

static void add_certificates(struct strbuf *out, const struct generation *generation, int64_t now)
{
    add_family(out, "certificate_days_left", "gauge", "Whole days until a certificate expires.");
    for (size_t i = 0; i < generation->capsules.count; i++) {
        const struct certificates *certificates = &generation->published[i].certificates;

        for (size_t j = 0; j < certificates->count; j++) {
            int64_t left = certificate_expiry(&certificates->each[j]) - now;

            strbuf_add(out, STR("splashdown_certificate_days_left{"));
            add_label(out, "host", certificates->each[j].hosts[0]);
            strbuf_addf(out, "} %" PRId64 "\n", left / DAY_S);
        }
    }
}

static void add_edition(struct strbuf *out, const struct generation *generation, int64_t now)
{
    add_family(out, "edition", "gauge", "Number of the edition that is served: 1 from the start.");
    strbuf_addf(out, "splashdown_edition %u\n", generation->number);
    add_family(out, "edition_age_seconds", "gauge", "How long it has been served.");
    strbuf_addf(out, "splashdown_edition_age_seconds %" PRId64 "\n", now - generation->born);
    if (generation->next_scheduled != 0) {
        add_family(out, "next_post_timestamp_seconds", "gauge", "When the next post appears.");
        strbuf_addf(out, "splashdown_next_post_timestamp_seconds %" PRId64 "\n",
                    generation->next_scheduled);
    }
}

static void add_numbers(struct strbuf *out, const struct status *status,
                        const struct generation *generation, int64_t now)
{
    add_requests(out, status->seats);
    add_protocol_numbers(out, status->seats);
    add_refusals(out, status->seats);
    add_edition(out, generation, now);
    add_posts(out, generation);
    add_certificates(out, generation, now);
}

static void add_page(struct strbuf *out, const struct reads_day *day, const struct page_reads *page)
{
    const struct date date = { .seconds = day->day * DAY_S };

    strbuf_add(out, STR("splashdown_page_reads{"));
    add_label(out, "host", page->host);
    strbuf_add(out, STR(","));
    add_label(out, "path", page->path);
    strbuf_add(out, STR(","));
    add_label(out, "day", date_day(out->arena, date));
    strbuf_addf(out, "} %" PRIu64 "\n", page->count);
}

static void add_reads(struct strbuf *out, const struct reads *reads)
{
    add_family(out, "page_reads", "gauge", "Reads of each page, today and yesterday (UTC).");
    for (size_t i = 0; i < sizeof reads->days / sizeof reads->days[0]; i++) {
        for (size_t j = 0; j < reads->days[i].count; j++) {
            add_page(out, &reads->days[i], &reads->days[i].each[j]);
        }
    }
}

/* ---- the file ------------------------------------------------------------------------------- */

static bool write_all(int fd, struct str text)
{
    while (text.len > 0) {
        ssize_t len = write(fd, text.ptr, text.len);

        if (len == -1) {
            return false;
        }
        text = str_skip(text, (size_t)len);
    }
    return true;
}

static bool replace_file(const struct status *status, struct str text)
{
    int fd =
        open(status->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    bool ok = fd != -1 && fchmod(fd, FILE_MODE) == 0 && write_all(fd, text);

    ok = (fd == -1 || close(fd) == 0) && ok && rename(status->temporary, status->file) == 0;
    if (!ok) {
        int saved = errno;

        (void)unlink(status->temporary);
        errno = saved;
    }
    return ok;
}

static void write_file(struct status *status, const struct generation *generation, int64_t now)
{
    struct arena *arena;
    struct strbuf out;
    char more[LOG_MORE_SIZE];

    if (status->file == NULL) {
        return;
    }
    arena = arena_create();
    strbuf_init(&out, arena, TEXT_MAX);
    add_numbers(&out, status, generation, now);
    add_reads(&out, &status->reads);
    if (!replace_file(status, strbuf_str(&out)) && log_hush_lifted(&status->hush, more)) {
        log_warn("the status cannot be written to %s: %s%s", status->file, strerror(errno), more);
    }
    arena_destroy(arena);
}

/* ---- the log -------------------------------------------------------------------------------- */

static int by_count(const void *a, const void *b)
{
    const struct page_reads *left = a;
    const struct page_reads *right = b;

    return (left->count < right->count) - (left->count > right->count);
}

static void add_most_read(struct strbuf *out, const struct reads_day *day)
{
    struct page_reads *sorted = ARENA_ARRAY(out->arena, struct page_reads, day->count);

    if (day->count > 0) {
        memcpy(sorted, day->each, day->count * sizeof *sorted);
        qsort(sorted, day->count, sizeof *sorted, by_count);
    }
    for (size_t i = 0; i < day->count && i < TOLD_MAX; i++) {
        add_page(out, day, &sorted[i]);
    }
}

static void log_lines(struct str text)
{
    struct str line;

    while (str_next_line(&text, &line)) {
        if (!str_starts_with(line, STR("#"))) {
            log_info("status %.*s", STR_ARG(str_skip(line, STR("splashdown_").len)));
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------ */

static int64_t now_s(void)
{
    return (int64_t)time(NULL);
}

struct status *status_create(struct str file, const struct seats *seats)
{
    struct status *status = calloc(1, sizeof *status);

    if (status == NULL) {
        return NULL;
    }
    status->seats = seats;
    reads_init(&status->reads);
    status->due_ms = clock_ms();
    if (file.len > 0) {
        struct arena *arena = arena_create();

        status->file = strdup(arena_copy(arena, file).ptr);
        status->temporary = strdup(ARENA_CONCAT(arena, file, STR(STATUS_UNFINISHED)).ptr);
        arena_destroy(arena);
    }
    return status;
}

void status_destroy(struct status *status)
{
    if (status == NULL) {
        return;
    }
    reads_fini(&status->reads);
    free(status->file);
    free(status->temporary);
    free(status);
}

int64_t status_due(const struct status *status)
{
    return status->due_ms;
}

void status_gather(struct status *status, const struct generation *generation)
{
    reads_gather(&status->reads, &generation->capsules, now_s());
}

void status_tend(struct status *status, const struct generation *generation)
{
    if (clock_ms() < status->due_ms) {
        return;
    }
    status->due_ms = clock_ms() + STATUS_EVERY_S * MS_PER_S;
    status_gather(status, generation);
    write_file(status, generation, now_s());
}

void status_tell(struct status *status, const struct generation *generation)
{
    struct arena *arena = arena_create();
    struct strbuf out;

    strbuf_init(&out, arena, TEXT_MAX);
    status_gather(status, generation);
    add_numbers(&out, status, generation, now_s());
    add_most_read(&out, &status->reads.days[0]);
    log_lines(strbuf_str(&out));
    write_file(status, generation, now_s());
    arena_destroy(arena);
}
