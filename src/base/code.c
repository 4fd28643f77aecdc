/* Pages of code are as they are in the files that they come from, so nothing is lost with them. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "base/code.h"

#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Only what can be executed: data that is not to be written any more may have been, by the linker.
 */
static int trim_object(struct dl_phdr_info *object, size_t size, void *page_size)
{
    uintptr_t page = *(const size_t *)page_size;

    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) / page * page;
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz) / page * page;

        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 &&
            (segment->p_flags & PF_W) == 0 && start < end) {
            (void)madvise((void *)start, end - start, MADV_DONTNEED);
        }
    }
    return 0;
}

void code_trim(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    dl_iterate_phdr(trim_object, &page);
}
