// The steps of a walk in portable C.
#include "kernels.h"

/// Floats compare like their bits once those of negative ones are turned over.
KG_INLINE uint64_t entry_of(float rank, uint32_t ordinal) {
  const uint32_t bits = kg_bits_of_float(rank);
  const uint32_t ordered = bits ^ (bits >> 31 ? 0xffffffff : 0x80000000);
  return (uint64_t)ordered << 32 | (uint64_t)ordinal << 1;
}

static size_t select_entries(const float *ranks, const uint32_t *ordinals, size_t n, float limit, uint64_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    out[count] = entry_of(ranks[i], ordinals[i]);
    count += ranks[i] < limit;
  }
  return count;
}

static size_t insert_entry(uint64_t *entries, size_t count, uint64_t entry) {
  size_t place = count;
  for (; place > 0 && entries[place - 1] > entry; place--) entries[place] = entries[place - 1];
  entries[place] = entry;
  return place;
}

const kg_walk kg_scalar_walk = {select_entries, insert_entry};
