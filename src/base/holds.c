/* Cells from large pieces of memory; those that are free are in a row. */
#include "base/holds.h"

#include <stddef.h>

#include "base/arena.h"

#define CELLS 4096 /* of a piece */

union cell {
    unsigned holds;
    union cell *next; /* free one */
};

static union cell *free_cells;

static void add_cells(void)
{
    union cell *cells = memory_allocate(CELLS * sizeof *cells);

    for (size_t i = 0; i < CELLS; i++) {
        cells[i].next = i + 1 < CELLS ? &cells[i + 1] : free_cells;
    }
    free_cells = cells;
}

unsigned *holds_create(void)
{
    union cell *cell;

    if (free_cells == NULL) {
        add_cells();
    }
    cell = free_cells;
    free_cells = cell->next;
    cell->holds = 1;
    return &cell->holds;
}

bool holds_end(unsigned *holds)
{
    union cell *cell = (union cell *)(void *)holds;

    if (--*holds > 0) {
        return false;
    }
    cell->next = free_cells;
    free_cells = cell;
    return true;
}
