// Counts the memory allocations of the whole process.
#ifndef KAGAMI_ALLOCATION_COUNTER_H
#define KAGAMI_ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stddef.h>

/// Whether allocations are counted: with the GNU C library.
bool ka_is_counting(void);

/// How often any thread has asked for memory so far.
size_t ka_count(void);

#endif
