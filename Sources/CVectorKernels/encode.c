// The writing of packed codes, the same code in every instruction set.
#include "codes.h"

// A fused multiply-add could round a number at the border of two codes to the other side on some processors.
#pragma STDC FP_CONTRACT OFF

/// The code of a number. Above zero, rounding towards zero is rounding down. Each comparison is false for a NaN.
KG_INLINE uint8_t code(float x, float inverse_step, unsigned bits) {
  const float half = (float)(1u << (bits - 1)), largest = (float)((1u << bits) - 1);
  float position = x * inverse_step + half;
  position = position > 0 ? position : 0;
  position = position < largest ? position : largest;
  return (uint8_t)(int32_t)position;
}

/// Writes a plane of the bits from `first` on, `plane_bits` of them, of codes of `bits` bits.
KG_INLINE void encode_plane(const float *restrict x, size_t d, float inverse_step, unsigned bits, unsigned first,
                            unsigned plane_bits, uint8_t *restrict plane) {
  const size_t n = kg_plane_bytes(d, plane_bits);
  const uint8_t mask = (uint8_t)((1u << plane_bits) - 1);
  memset(plane, 0, n);
  for (size_t f = 0; f < 8 / plane_bits && f * n < d; f++) {
    const size_t start = f * n, count = d - start < n ? d - start : n;
    for (size_t i = 0; i < count; i++) {
      const uint8_t field = (code(x[start + i], inverse_step, bits) >> first) & mask;
      plane[i] |= (uint8_t)(field << (plane_bits * f));
    }
  }
}

void kg_encode(const float *x, size_t d, float inverse_step, unsigned bits, uint8_t *row) {
  switch (bits) {
  case 1:
    return encode_plane(x, d, inverse_step, 1, 0, 1, row);
  case 2:
    return encode_plane(x, d, inverse_step, 2, 0, 2, row);
  case 3:
    encode_plane(x, d, inverse_step, 3, 0, 2, row);
    return encode_plane(x, d, inverse_step, 3, 2, 1, row + kg_plane_bytes(d, 2));
  case 4:
    return encode_plane(x, d, inverse_step, 4, 0, 4, row);
  case 8:
    return encode_plane(x, d, inverse_step, 8, 0, 8, row);
  default:
    return;
  }
}

void kg_prefetch_lines(const void *p, size_t bytes) { kg_prefetch(p, bytes); }

void kg_prefetch_rows(const void *base, size_t stride, size_t bytes, const uint32_t *ordinals, size_t count) {
  for (size_t i = 0; i < count; i++) kg_prefetch((const char *)base + (size_t)ordinals[i] * stride, bytes);
}

float kg_quantize_query(const float *restrict x, size_t d, int8_t *restrict bytes, int32_t *restrict sum) {
  float largest = 0;
  for (size_t i = 0; i < d; i++) {
    const float magnitude = x[i] < 0 ? -x[i] : x[i];
    largest = magnitude > largest ? magnitude : largest;
  }
  // The smallest normal float keeps the zero vector, and what the division below would make infinite, finite.
  const float step = largest > 1e-30f ? largest / 127 : 1e-30f;
  const float inverse = 1 / step;
  int32_t total = 0;
  for (size_t i = 0; i < d; i++) {
    const float position = x[i] * inverse;
    const int32_t rounded = (int32_t)(position + (position < 0 ? -0.5f : 0.5f));
    bytes[i] = (int8_t)rounded;
    total += rounded;
  }
  *sum = total;
  return step;
}
