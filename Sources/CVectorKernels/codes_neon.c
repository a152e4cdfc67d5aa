// Packed codes for arm64.
#if defined(__aarch64__)

#include "codes.h"

#include <arm_neon.h>

#define TARGET

/// Adds the products of 16 bytes of the query and as many fields of at most 4 bits; two of them fit two bytes.
KG_INLINE int32x4_t add_fields(int32x4_t sums, uint8x16_t fields, const int8_t *query) {
  const int8x16_t a = vreinterpretq_s8_u8(fields), q = vld1q_s8(query);
  const int16x8_t products = vmlal_high_s8(vmull_s8(vget_low_s8(a), vget_low_s8(q)), a, q);
  return vpadalq_s16(sums, products);
}

/// The sum over one plane. A code of 8 bits is taken as two of 4 bits.
KG_INLINE int32_t plane(const int8_t *query, const uint8_t *row, size_t n, unsigned bits) {
  const uint8x16_t mask = vdupq_n_u8((uint8_t)(bits == 8 ? 15 : (1 << bits) - 1));
  int32x4_t low = vdupq_n_s32(0), high = low;
  for (size_t i = 0; i < n; i += 16) {
    const uint8x16_t bytes = vld1q_u8(row + i);
    low = add_fields(low, vandq_u8(bytes, mask), query + i);
    if (bits == 8) high = add_fields(high, vshrq_n_u8(bytes, 4), query + i);
#pragma clang loop unroll(full)
    for (unsigned f = 1; f < 8 / bits; f++) {
      const uint8x16_t fields = vandq_u8(vshlq_u8(bytes, vdupq_n_s8((int8_t) - (int)(bits * f))), mask);
      low = add_fields(low, fields, query + f * n + i);
    }
  }
  return vaddvq_s32(vaddq_s32(low, vshlq_n_s32(high, 4)));
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

const kg_code_families kg_neon_codes = KG_CODE_FAMILIES;

#endif
