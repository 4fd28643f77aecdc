/* GFM tables, which cmark does not know: it hands them over as paragraphs, and here their lines are
 * told from prose and cut into cells. Source: GFM specification, "Tables (extension)". */
#ifndef CONTENT_TABLE_H
#define CONTENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "content/document.h"

#define TABLE_COLUMNS_MAX                                                                          \
    128 /* more is no table for people, and bounds a row of nothing but pipes */

/*
 * Whether two lines, one above the other, begin a table: a header row, and a delimiter row with as
 * many cells. GFM has it so; but two rows of several cells between pipes are a table for people
 * even when one of them lacks some. *columns and *alignments (in the arena) only then; but
 * *columns, too, when there are more than TABLE_COLUMNS_MAX, and so no table.
 */
bool table_starts(struct arena *arena, struct str header, struct str delimiter, size_t *columns,
                  enum alignment **alignments);

/*
 * Cut a row into at most max cells, trimmed, with "\|" made "|". Returns how many cells the row
 * has, which may be more than were stored.
 */
size_t table_cells(struct arena *arena, struct str row, struct str *cells, size_t max);

/* The same for a row below a header of so many columns: a pipe in code parts cells in GFM, but not
 * for all who write tables; where the row has just the right number if it does not, it does not. */
size_t table_row_cells(struct arena *arena, struct str row, struct str *cells, size_t max,
                       size_t columns);

/* Whether the lines of a paragraph are a table for kramdown: each has a pipe that is not in code.
 * Source: kramdown's syntax, "Tables". */
bool table_is_kramdowns(const struct str *lines, size_t count);

/* kramdown's line between rows, wherever it stands: "|---+---|", "|:--", "|===". */
bool table_is_rule(struct str line);

/* What such a line says of that many columns. */
enum alignment *table_rule_alignments(struct arena *arena, struct str rule, size_t columns);

#endif
