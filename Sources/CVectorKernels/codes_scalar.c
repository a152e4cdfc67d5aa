// Packed codes in portable C: what the other sets are compared with.
#include "codes.h"

#define TARGET

/// The sum over one plane of n bytes.
KG_INLINE int32_t plane(const int8_t *query, const uint8_t *row, size_t n, unsigned bits) {
  int32_t sum = 0;
  for (size_t f = 0; f < 8 / bits; f++)
    for (size_t i = 0; i < n; i++) sum += query[f * n + i] * ((row[i] >> (bits * f)) & ((1 << bits) - 1));
  return sum;
}

KG_INLINE void group(const int8_t *query, const uint8_t *const *rows, size_t n, unsigned bits, int32_t *out) {
  for (size_t r = 0; r < kg_code_group; r++) {
    if (bits == 3)
      out[r] = plane(query, rows[r], n, 2) + 4 * plane(query, rows[r] + n, kg_high_plane_bytes(n), 1);
    else
      out[r] = plane(query, rows[r], n, bits);
  }
}

KG_DEFINE_CODE_FAMILIES(TARGET, group, kg_block_plane, 0)

const kg_code_families kg_scalar_codes = KG_CODE_FAMILIES;
