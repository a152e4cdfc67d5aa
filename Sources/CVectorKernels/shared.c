// Functions that are the same code in every instruction set; the compiler vectorises them well enough.
#include "kernels.h"

#include <math.h>

void kg_widen_f32(const void *in, float factor, float *out, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = kg_load_float(in, i) * factor;
}

void kg_narrow_f32(const float *in, void *out, size_t n) { memcpy(out, in, n * sizeof *in); }

/// Sums squares over sixteen lanes and then the lanes by halving.
///
/// The square of a float is exact in double, so that a fused and an unfused addition give the same sum.
KG_INLINE double squared_norm(const void *in, size_t n, kg_element element) {
  enum { lanes = 16 };
  double sums[lanes] = {0};
  size_t i = 0;
  for (; n - i >= lanes; i += lanes) {
    for (size_t j = 0; j < lanes; j++) {
      const double value = kg_load_element(in, i + j, element);
      sums[j] += value * value;
    }
  }
  for (size_t j = 0; i + j < n; j++) {
    const double value = kg_load_element(in, i + j, element);
    sums[j] += value * value;
  }
  for (size_t half = lanes / 2; half > 0; half /= 2)
    for (size_t j = 0; j < half; j++) sums[j] += sums[j + half];
  return sums[0];
}

double kg_squared_norm_f32(const void *in, size_t n) { return squared_norm(in, n, kg_f32); }

double kg_squared_norm_f16(const void *in, size_t n) { return squared_norm(in, n, kg_f16); }

/// Sums as `squared_norm` does. The product of two floats is exact in double too.
KG_INLINE double cosine(const float *query, const void *row, size_t n, kg_element element) {
  enum { lanes = 8 };
  double products[lanes] = {0}, queries[lanes] = {0}, rows[lanes] = {0};
  for (size_t start = 0; start < n; start += lanes) {
    const size_t count = n - start < lanes ? n - start : lanes;
    for (size_t j = 0; j < count; j++) {
      const double a = query[start + j], b = kg_load_element(row, start + j, element);
      products[j] += a * b;
      queries[j] += a * a;
      rows[j] += b * b;
    }
  }
  for (size_t half = lanes / 2; half > 0; half /= 2) {
    for (size_t j = 0; j < half; j++) {
      products[j] += products[j + half];
      queries[j] += queries[j + half];
      rows[j] += rows[j + half];
    }
  }
  return products[0] / (sqrt(queries[0]) * sqrt(rows[0]));
}

double kg_cosine_f32(const float *query, const void *row, size_t n) { return cosine(query, row, n, kg_f32); }

double kg_cosine_f16(const float *query, const void *row, size_t n) { return cosine(query, row, n, kg_f16); }

bool kg_all_finite(const float *in, size_t n) {
  enum { block = 1024 };
  const uint32_t exponent = 0x7f800000;
  for (size_t start = 0; start < n; start += block) {
    const size_t count = n - start < block ? n - start : block;
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) found |= (kg_bits_of_float(in[start + i]) & exponent) == exponent;
    if (found) return false;
  }
  return true;
}

size_t kg_take_new(uint8_t *marks, uint32_t limit, uint8_t generation, const uint32_t *list, size_t n, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < n && list[i] < limit; i++) {
    const uint32_t ordinal = list[i];
    out[count] = ordinal;
    count += marks[ordinal] != generation;
    marks[ordinal] = generation;
  }
  return count;
}
