// What a walk over a graph does to every row that it meets: has it been seen, is it near enough, where in the order does
// it belong.
#ifndef KAGAMI_WALK_KERNELS_H
#define KAGAMI_WALK_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// AN ENTRY is a row with its rank, as one number that orders rows by rank and then by ordinal: the rank's bits in the
// upper half, turned over so that they compare as integers do, then the ordinal in 31 bits, then a bit for the caller.

/// Copies the ordinals of a list whose mark is not `generation`, in order, and sets their marks to it.
///
/// The list ends before the first ordinal that is not below `limit`. `out` has room for n ordinals; what is written
/// behind the result has no meaning. Returns how many were copied. The same code in every instruction set: gathering
/// marks sixteen at a time is no faster where the gathering is microcode.
size_t kg_take_new(uint8_t *_Nonnull marks, uint32_t limit, uint8_t generation, const uint32_t *_Nonnull list, size_t n,
                   uint32_t *_Nonnull out);

/// Writes the entries of the rows with ranks below `limit`, in the order given, and returns how many there are.
///
/// `out` has room for n + 16 entries. A NaN is never below.
typedef size_t (*kg_select_entries)(const float *_Nonnull ranks, const uint32_t *_Nonnull ordinals, size_t n,
                                    float limit, uint64_t *_Nonnull out);

/// Puts an entry into `count` ascending ones, behind those that are not greater, and returns its place.
///
/// There is room for one entry more.
typedef size_t (*kg_insert_entry)(uint64_t *_Nonnull entries, size_t count, uint64_t entry);

/// The steps of a walk.
typedef struct {
  kg_select_entries _Nonnull select_entries;
  kg_insert_entry _Nonnull insert_entry;
} kg_walk;

#endif
