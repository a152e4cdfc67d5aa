// The kernels in portable C. They define what is correct; the other sets are compared with them.
#include "kernels.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET

KG_INLINE float reduce(float lanes[kg_lanes]) {
  for (size_t half = kg_lanes / 2; half > 0; half /= 2)
    for (size_t j = 0; j < half; j++) lanes[j] += lanes[j + half];
  return lanes[0];
}

KG_INLINE void float_group(const float *query, const char *const *rows, const char *const *ahead, size_t g, size_t d,
                           float *out, kg_measure measure, kg_element element) {
  (void)ahead, (void)g;
  float lanes[kg_lanes] = {0};
  for (size_t start = 0; start < d; start += kg_lanes) {
    for (size_t j = 0; j < kg_lanes; j++) {
      const size_t i = start + j;
      const float a = i < d ? query[i] : 0;
      const float b = i < d ? kg_load_element(rows[0], i, element) : 0;
      const float difference = a - b;
      lanes[j] = measure == kg_dot ? fmaf(a, b, lanes[j]) : fmaf(difference, difference, lanes[j]);
    }
  }
  out[0] = reduce(lanes);
}

KG_DEFINE_FLOAT_FAMILIES(TARGET, 1)

KG_INLINE void dot_i8_u8_group(const int8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                               size_t d, int32_t *out) {
  (void)ahead, (void)g;
  int32_t sum = 0;
  for (size_t i = 0; i < d; i++) sum += query[i] * (uint8_t)rows[0][i];
  out[0] = sum;
}

KG_DEFINE_FAMILY(dot_i8_u8, TARGET, int8_t, int32_t, d, 1, 1)

KG_INLINE void hamming_group(const uint8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                             size_t d, uint32_t *out) {
  (void)ahead, (void)g;
  uint32_t sum = 0;
  for (size_t i = 0; i < d; i++) sum += (uint32_t)__builtin_popcount(query[i] ^ (uint8_t)rows[0][i]);
  out[0] = sum;
}

KG_DEFINE_FAMILY(hamming, TARGET, uint8_t, uint32_t, d, 1, 1)

static void widen_f16(const void *in, float factor, float *out, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = kg_widen_half(kg_load_half(in, i)) * factor;
}

static void narrow_f16(const float *in, void *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const uint16_t half = kg_narrow_half(in[i]);
    memcpy((char *)out + 2 * i, &half, sizeof half);
  }
}

static size_t select_at_least(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    const float score = bias ? scores[i] + bias[i] : scores[i];
    out[count] = (uint32_t)i;
    count += score >= threshold;
  }
  return count;
}

const kg_kernels kg_scalar_kernels = {
    KG_FAMILY(dot_f32),        KG_FAMILY(dot_f16),   KG_FAMILY(squared_l2_f32),
    KG_FAMILY(squared_l2_f16), KG_FAMILY(dot_i8_u8), KG_FAMILY(hamming),
    widen_f16,                 narrow_f16,           select_at_least,
};
