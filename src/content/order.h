/* In which order texts are shown. */
#ifndef CONTENT_ORDER_H
#define CONTENT_ORDER_H

#include "content/site.h"

/* Posts as the capsule wants them sorted, pages by title. The posts have their addresses. */
void site_order(struct site *site);

#endif
