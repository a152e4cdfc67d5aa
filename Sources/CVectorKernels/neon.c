// The kernels for arm64: sixteen registers of four lanes.
#if defined(__aarch64__)

#include "kernels.h"

#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET

enum { parts = kg_lanes / 4 };

KG_INLINE float32x4_t load(const char *row, size_t index, kg_element element) {
  if (element == kg_f32) return vreinterpretq_f32_u8(vld1q_u8((const uint8_t *)row + 4 * index));
  return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8((const uint8_t *)row + 2 * index)));
}

/// Takes one whole block of 64 elements.
KG_INLINE void take(float32x4_t lanes[parts], const float *query, const char *row, kg_measure measure,
                    kg_element element) {
#pragma clang loop unroll(full)
  for (size_t s = 0; s < parts; s++) {
    const float32x4_t a = vld1q_f32(query + 4 * s);
    const float32x4_t b = load(row, 4 * s, element);
    const float32x4_t difference = vsubq_f32(a, b);
    lanes[s] = measure == kg_dot ? vfmaq_f32(lanes[s], a, b) : vfmaq_f32(lanes[s], difference, difference);
  }
}

KG_INLINE float reduce(float32x4_t lanes[parts]) {
#pragma clang loop unroll(full)
  for (size_t half = parts / 2; half > 0; half /= 2)
    for (size_t s = 0; s < half; s++) lanes[s] = vaddq_f32(lanes[s], lanes[s + half]);
  const float32x2_t two = vadd_f32(vget_low_f32(lanes[0]), vget_high_f32(lanes[0]));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
}

KG_INLINE void float_group(const float *query, const char *const *rows, const char *const *ahead, size_t g, size_t d,
                           float *out, kg_measure measure, kg_element element) {
  (void)g;
  const char *row = rows[0];
  float32x4_t lanes[parts];
  for (size_t s = 0; s < parts; s++) lanes[s] = vdupq_n_f32(0);
  size_t i = 0;
  for (; d - i >= kg_lanes; i += kg_lanes) {
    if (ahead) kg_prefetch(ahead[0] + i * element, kg_lanes * element);
    take(lanes, query + i, row + i * element, measure, element);
  }
  if (i < d) {
    float a[kg_lanes] = {0};
    char b[kg_lanes * 4] = {0};
    memcpy(a, query + i, (d - i) * sizeof *query);
    memcpy(b, row + i * element, (d - i) * element);
    take(lanes, a, b, measure, element);
  }
  out[0] = reduce(lanes);
}

KG_DEFINE_FLOAT_FAMILIES(TARGET, 1)

KG_INLINE void dot_i8_u8_group(const int8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                               size_t d, int32_t *out) {
  (void)g;
  const uint8_t *row = (const uint8_t *)rows[0];
  int32x4_t even = vdupq_n_s32(0), odd = even;
  size_t i = 0;
  for (; d - i >= 16; i += 16) {
    if (ahead) kg_prefetch(ahead[0] + i, 16);
    const int8x16_t a = vld1q_s8(query + i);
    const uint8x16_t b = vld1q_u8(row + i);
    const int16x8_t a_low = vmovl_s8(vget_low_s8(a)), a_high = vmovl_high_s8(a);
    const int16x8_t b_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(b)));
    const int16x8_t b_high = vreinterpretq_s16_u16(vmovl_high_u8(b));
    even = vmlal_s16(even, vget_low_s16(a_low), vget_low_s16(b_low));
    odd = vmlal_high_s16(odd, a_low, b_low);
    even = vmlal_s16(even, vget_low_s16(a_high), vget_low_s16(b_high));
    odd = vmlal_high_s16(odd, a_high, b_high);
  }
  int32_t sum = vaddvq_s32(vaddq_s32(even, odd));
  for (; i < d; i++) sum += query[i] * row[i];
  out[0] = sum;
}

KG_DEFINE_FAMILY(dot_i8_u8, TARGET, int8_t, int32_t, d, 1, 1)

KG_INLINE void hamming_group(const uint8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                             size_t d, uint32_t *out) {
  (void)g;
  const uint8_t *row = (const uint8_t *)rows[0];
  uint32x4_t sums = vdupq_n_u32(0);
  size_t i = 0;
  for (; d - i >= 16; i += 16) {
    if (ahead) kg_prefetch(ahead[0] + i, 16);
    const uint8x16_t bits = vcntq_u8(veorq_u8(vld1q_u8(query + i), vld1q_u8(row + i)));
    sums = vpadalq_u16(sums, vpaddlq_u8(bits));
  }
  uint32_t sum = vaddvq_u32(sums);
  for (; i < d; i++) sum += (uint32_t)__builtin_popcount(query[i] ^ row[i]);
  out[0] = sum;
}

KG_DEFINE_FAMILY(hamming, TARGET, uint8_t, uint32_t, d, 1, 1)

static void widen_f16(const void *in, float factor, float *out, size_t n) {
  size_t i = 0;
  for (; n - i >= 4; i += 4) vst1q_f32(out + i, vmulq_n_f32(load(in, i, kg_f16), factor));
  for (; i < n; i++) out[i] = kg_widen_half(kg_load_half(in, i)) * factor;
}

static void narrow_f16(const float *in, void *out, size_t n) {
  uint8_t *halves = out;
  size_t i = 0;
  for (; n - i >= 4; i += 4) vst1_u8(halves + 2 * i, vreinterpret_u8_f16(vcvt_f16_f32(vld1q_f32(in + i))));
  for (; i < n; i++) {
    const uint16_t half = kg_narrow_half(in[i]);
    memcpy(halves + 2 * i, &half, sizeof half);
  }
}

/// All bits set in each of four scores that reach the threshold.
KG_INLINE uint32x4_t reached(const float *scores, const float *bias, size_t i, float32x4_t thresholds) {
  float32x4_t sums = vld1q_f32(scores + i);
  if (bias) sums = vaddq_f32(sums, vld1q_f32(bias + i));
  return vcgeq_f32(sums, thresholds);
}

static size_t select_at_least(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  const float32x4_t thresholds = vdupq_n_f32(threshold);
  size_t count = 0;
  for (size_t i = 0; i < n;) {
    // Where none of sixteen scores reaches the threshold, all are passed over.
    if (n - i >= 16) {
      const uint32x4_t a = vorrq_u32(reached(scores, bias, i, thresholds), reached(scores, bias, i + 4, thresholds));
      const uint32x4_t b =
          vorrq_u32(reached(scores, bias, i + 8, thresholds), reached(scores, bias, i + 12, thresholds));
      if (vmaxvq_u32(vorrq_u32(a, b)) == 0) {
        i += 16;
        continue;
      }
    }
    for (const size_t end = n - i < 16 ? n : i + 16; i < end; i++) {
      const float score = bias ? scores[i] + bias[i] : scores[i];
      out[count] = (uint32_t)i;
      count += score >= threshold;
    }
  }
  return count;
}

const kg_kernels kg_neon_kernels = {
    KG_FAMILY(dot_f32),        KG_FAMILY(dot_f16),   KG_FAMILY(squared_l2_f32),
    KG_FAMILY(squared_l2_f16), KG_FAMILY(dot_i8_u8), KG_FAMILY(hamming),
    widen_f16,                 narrow_f16,           select_at_least,
};

#endif
