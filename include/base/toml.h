/* TOML as front matter and blogs' settings use it, to the same tree as YAML. */
#ifndef BASE_TOML_H
#define BASE_TOML_H

#include "base/yaml.h"

/*
 * Read one document: everything of TOML 1.0. A string is not `plain`; numbers, truth values and
 * dates are, and keep the form they were written in.
 *
 * place        the file, and the line in it at which text starts.
 * consequence  what happens when it cannot be read, for the message: "post left out".
 *
 * Returns NULL after reporting an error. Duplicate keys are reported as warnings and the last one
 * counts, as in YAML. Everything lives in the arena. Source: TOML 1.0.0.
 */
struct yaml *toml_read(struct arena *arena, struct str text, struct place place,
                       const char *consequence, struct diag *diag);

#endif
