// The Walsh-Hadamard transform and the flipping of signs, one body compiled for each instruction set.
//
// Which numbers are added and subtracted, and in which stage, is fixed; a number's place in a register and the order in
// which independent sums are taken are not, so all bodies give the same bits.
#ifndef KAGAMI_HADAMARD_INTERNAL_H
#define KAGAMI_HADAMARD_INTERNAL_H

#include "kernels.h"

#include <math.h>

/// What the last stage multiplies by.
KG_INLINE float kg_hadamard_scale(size_t n) { return (float)(1 / sqrt((double)n)); }

/// The transform in portable C.
KG_INLINE void kg_hadamard_simple(float *x, size_t n) {
  for (size_t h = 1; h < n; h *= 2) {
    for (size_t start = 0; start < n; start += 2 * h) {
      for (size_t i = start; i < start + h; i++) {
        const float a = x[i], b = x[i + h];
        x[i] = a + b;
        x[i + h] = a - b;
      }
    }
  }
  const float scale = kg_hadamard_scale(n);
  for (size_t i = 0; i < n; i++) x[i] *= scale;
}

/// The flipping of signs in portable C, which the compiler vectorises.
KG_INLINE void kg_flip_signs_simple(float *restrict x, const uint32_t *restrict bits, size_t n) {
  for (size_t start = 0; start < n; start += 32) {
    const uint32_t word = bits[start / 32];
    const size_t count = n - start < 32 ? n - start : 32;
    for (size_t j = 0; j < count; j++)
      x[start + j] = kg_float_of_bits(kg_bits_of_float(x[start + j]) ^ ((word << (31 - j)) & 0x80000000));
  }
}

/// Defines `hadamard` and `flip_signs` for registers of LANES floats, of which PARTS stay in use.
///
/// The set gives `VECTOR load_floats(const float *)`, `void store_floats(float *, VECTOR)`, `VECTOR all(float)` and
/// `VECTOR butterfly(VECTOR, size_t h)`, which is stage h < LANES within a register. Blocks of PARTS registers go
/// through their stages without touching memory; the stages above a block are taken two at a time.
#define KG_DEFINE_ROTATION(TARGET, VECTOR, LANES, PARTS)                                                               \
  KG_INLINE TARGET void block(float *x, size_t parts, bool last, float scale) {                                        \
    VECTOR v[PARTS];                                                                                                   \
    _Pragma("clang loop unroll(full)") for (size_t s = 0; s < parts; s++) v[s] = load_floats(x + LANES * s);           \
    _Pragma("clang loop unroll(full)") for (size_t h = 1; h < LANES; h *= 2)                                           \
        _Pragma("clang loop unroll(full)") for (size_t s = 0; s < parts; s++) v[s] = butterfly(v[s], h);               \
    _Pragma("clang loop unroll(full)") for (size_t h = 1; h < parts; h *= 2) {                                         \
      _Pragma("clang loop unroll(full)") for (size_t s = 0; s < parts; s++) {                                          \
        if (s & h) continue;                                                                                           \
        const VECTOR a = v[s], b = v[s + h];                                                                           \
        v[s] = a + b;                                                                                                  \
        v[s + h] = a - b;                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
    _Pragma("clang loop unroll(full)") for (size_t s = 0; s < parts; s++)                                              \
        store_floats(x + LANES * s, last ? v[s] * all(scale) : v[s]);                                                  \
  }                                                                                                                    \
  KG_INLINE TARGET void last_stage(float *x, size_t h, float scale) {                                                  \
    for (size_t i = 0; i < h; i += LANES) {                                                                            \
      const VECTOR a = load_floats(x + i), b = load_floats(x + i + h);                                                 \
      store_floats(x + i, (a + b) * all(scale));                                                                       \
      store_floats(x + i + h, (a - b) * all(scale));                                                                   \
    }                                                                                                                  \
  }                                                                                                                    \
  KG_INLINE TARGET void two_stages(float *x, size_t n, size_t h, bool last, float scale) {                             \
    for (size_t start = 0; start < n; start += 4 * h) {                                                                \
      for (size_t i = start; i < start + h; i += LANES) {                                                              \
        const VECTOR a = load_floats(x + i), b = load_floats(x + i + h);                                               \
        const VECTOR c = load_floats(x + i + 2 * h), d = load_floats(x + i + 3 * h);                                   \
        const VECTOR p = a + b, q = a - b, r = c + d, s = c - d;                                                       \
        store_floats(x + i, last ? (p + r) * all(scale) : p + r);                                                      \
        store_floats(x + i + h, last ? (q + s) * all(scale) : q + s);                                                  \
        store_floats(x + i + 2 * h, last ? (p - r) * all(scale) : p - r);                                              \
        store_floats(x + i + 3 * h, last ? (q - s) * all(scale) : q - s);                                              \
      }                                                                                                                \
    }                                                                                                                  \
  }                                                                                                                    \
  static TARGET void hadamard(float *x, size_t n) {                                                                    \
    const float scale = kg_hadamard_scale(n);                                                                          \
    if (n < LANES) return kg_hadamard_simple(x, n);                                                                    \
    switch (n / LANES) {                                                                                               \
    case 1:                                                                                                            \
      return block(x, 1, true, scale);                                                                                 \
    case 2:                                                                                                            \
      return block(x, 2, true, scale);                                                                                 \
    case 4:                                                                                                            \
      return block(x, 4, true, scale);                                                                                 \
    case 8:                                                                                                            \
      return block(x, 8, true, scale);                                                                                 \
    }                                                                                                                  \
    if (n == LANES * PARTS) return block(x, PARTS, true, scale);                                                       \
    for (size_t start = 0; start < n; start += LANES * PARTS) block(x + start, PARTS, false, 1);                       \
    size_t h = LANES * PARTS;                                                                                          \
    for (; 4 * h < n; h *= 4) two_stages(x, n, h, false, 1);                                                           \
    if (4 * h == n) return two_stages(x, n, h, true, scale);                                                           \
    last_stage(x, h, scale);                                                                                           \
  }                                                                                                                    \
  static TARGET void flip_signs(float *x, const uint32_t *bits, size_t n) { kg_flip_signs_simple(x, bits, n); }

#endif
