/* Where the crew serves: sockets that are opened once, and outlive each worker at them. */
#include <unistd.h>

#include "crew_parts.h"
#include "systemd.h"

/* The socket that the service manager has opened there, or -1. */
static int find_opened(const struct address *at)
{
    size_t count;
    const struct systemd_socket *sockets = systemd_sockets(&count);

    for (size_t i = 0; i < count; i++) {
        if (address_equal(&sockets[i].address, at)) {
            return sockets[i].fd;
        }
    }
    return -1;
}

/* Open one address for all slots. */
static bool open_address(struct crew *crew, size_t index, const struct address *at,
                         struct diag *diag)
{
    struct listener *shared = ARENA_ARRAY(crew->arena, struct listener, crew->slot_count);
    int opened = find_opened(at);
    bool ok = opened != -1 ? listeners_adopt(shared, crew->slot_count, opened, at, diag)
                           : listeners_open(shared, crew->slot_count, at, diag);

    for (size_t i = 0; i < crew->slot_count; i++) {
        crew->slots[i].listeners[index] = shared[i];
    }
    return ok;
}

/* What was opened for us is in the slots now; what was not asked for was a mistake. */
static void dispose_of_opened(const struct config *config, struct diag *diag)
{
    size_t count;
    const struct systemd_socket *sockets = systemd_sockets(&count);

    for (size_t i = 0; i < count; i++) {
        char text[ADDRESS_TEXT_SIZE];
        bool used = false;

        for (size_t j = 0; j < config->listen_count; j++) {
            used |= address_equal(&sockets[i].address, &config->listens[j].address);
        }
        if (!used) {
            diag_warn(
                diag, (struct place){ NULL, 0 },
                "systemd listens on %s for nothing: it is not among the addresses to listen on",
                address_print(&sockets[i].address, text));
        }
        close(sockets[i].fd);
    }
}

static void make_slots(struct crew *crew)
{
    crew->slots = ARENA_ARRAY(crew->arena, struct slot, crew->slot_count);
    for (size_t i = 0; i < crew->slot_count; i++) {
        crew->slots[i].listeners = ARENA_ARRAY(crew->arena, struct listener, crew->listen_count);
        for (size_t j = 0; j < crew->listen_count; j++) {
            crew->slots[i].listeners[j].fd = -1;
        }
    }
}

bool slots_open(struct crew *crew, const struct config *config, struct diag *diag)
{
    bool ok = true;

    make_slots(crew);
    for (size_t i = 0; i < config->listen_count; i++) {
        ok = open_address(crew, i, &config->listens[i].address, diag) && ok; /* name each problem */
    }
    dispose_of_opened(config, diag);
    return ok;
}

void slot_close(const struct crew *crew, struct slot *slot)
{
    for (size_t i = 0; i < crew->listen_count; i++) {
        listener_close(&slot->listeners[i]);
    }
}
