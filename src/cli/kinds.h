/* What problems that are alike are called together: "3 dead links". */
#ifndef CLI_KINDS_H
#define CLI_KINDS_H

#include "base/diag.h"

struct kind {
    const char *start;  /* of a problem's text; empty: any */
    const char *within; /* likewise */
    const char *one;    /* what it is called */
    const char *many;
};

/* The kind of a problem; one nobody has thought of is an "other problem". */
const struct kind *kind_of(const struct problem *problem);

#endif
