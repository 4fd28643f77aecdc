/* The program's own code in memory. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

/* Let go of code that was needed for work that is done, this program's and its libraries': what
 * runs again comes back by itself, out of the system's cache. To be called where nothing hurries.
 */
void code_trim(void);

#endif
