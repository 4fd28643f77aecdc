/* Who may come in, and what is said of those who may not: the limits' judgement, counted, and put
 * into words that an operator understands, but not for each of a thousand connections. */
#include "base/clock.h"
#include "steps.h"

static void count_limit(struct conn *conn, enum limit limit)
{
    const struct conns_options *options = conn->options;
    char address[LOG_ADDRESS_SIZE];
    char more[LOG_MORE_SIZE];

    options->counters->limited[limit]++;
    if (log_hush_lifted(&conn->conns->remarks[limit], more)) {
        log_warn("limit %s is reached by %s%s%s", limit_names[limit],
                 log_address(&conn->peer, address),
                 limit == LIMIT_REQUESTS ? ", who is told to slow down" : ", whose connection ends",
                 more);
    }
}

bool conn_is_proxy(struct conn *conn)
{
    const struct conns_options *options = conn->options;
    char address[LOG_ADDRESS_SIZE];
    char more[LOG_MORE_SIZE];

    if (ip_ranges_hold(options->proxies, options->proxy_count, &conn->peer)) {
        return true;
    }
    options->counters->proxies_refused++;
    if (log_hush_lifted(&conn->conns->remarks[REMARK_STRANGER], more)) {
        log_warn("%s connects where only proxies may, and is not one of them%s",
                 log_address(&conn->peer, address), more);
    }
    return false;
}

bool conn_admit(struct conn *conn)
{
    const struct limits *limits = conn->options->limits;
    enum limit limit =
        limits != NULL ? limits_admit(limits, &conn->peer, conn->born_ms) : LIMIT_NONE;

    if (limit != LIMIT_NONE) {
        count_limit(conn, limit);
    }
    conn->admitted = limit == LIMIT_NONE;
    return conn->admitted;
}

void conn_leave(struct conn *conn)
{
    if (conn->admitted && conn->options->limits != NULL) {
        limits_leave(conn->options->limits, &conn->peer);
    }
    conn->admitted = false;
}

unsigned conn_wait_s(struct conn *conn)
{
    const struct limits *limits = conn->options->limits;
    unsigned wait_s = limits != NULL ? limits_request(limits, &conn->peer, clock_ms()) : 0;

    if (wait_s > 0) {
        count_limit(conn, LIMIT_REQUESTS);
    }
    return wait_s;
}
