// The kernels for x86 with AVX2, FMA and F16C: eight registers of eight lanes.
#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET __attribute__((target("avx2,fma,f16c,popcnt")))

enum { parts = kg_lanes / 8 };

KG_INLINE TARGET __m256 load(const char *row, size_t index, kg_element element) {
  if (element == kg_f32) return _mm256_loadu_ps((const float *)(row + 4 * index));
  return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(row + 2 * index)));
}

/// Takes one whole block of 64 elements.
KG_INLINE TARGET void take(__m256 lanes[parts], const float *query, const char *row, kg_measure measure,
                           kg_element element) {
#pragma clang loop unroll(full)
  for (size_t s = 0; s < parts; s++) {
    const __m256 a = _mm256_loadu_ps(query + 8 * s);
    const __m256 b = load(row, 8 * s, element);
    const __m256 difference = _mm256_sub_ps(a, b);
    lanes[s] = measure == kg_dot ? _mm256_fmadd_ps(a, b, lanes[s]) : _mm256_fmadd_ps(difference, difference, lanes[s]);
  }
}

KG_INLINE TARGET float reduce(const __m256 lanes[parts]) {
  const __m256 a = _mm256_add_ps(_mm256_add_ps(lanes[0], lanes[4]), _mm256_add_ps(lanes[2], lanes[6]));
  const __m256 b = _mm256_add_ps(_mm256_add_ps(lanes[1], lanes[5]), _mm256_add_ps(lanes[3], lanes[7]));
  const __m256 eight = _mm256_add_ps(a, b);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

KG_INLINE TARGET void float_group(const float *query, const char *const *rows, const char *const *ahead, size_t g,
                                  size_t d, float *out, kg_measure measure, kg_element element) {
  (void)g;
  const char *row = rows[0];
  __m256 lanes[parts];
  for (size_t s = 0; s < parts; s++) lanes[s] = _mm256_setzero_ps();
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

KG_INLINE TARGET uint64_t sum_64(__m256i v) {
  const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  return (uint64_t)_mm_cvtsi128_si64(two) + (uint64_t)_mm_extract_epi64(two, 1);
}

KG_INLINE TARGET int32_t sum_32(__m256i v) {
  __m128i four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
  return _mm_cvtsi128_si32(_mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1)));
}

/// Sixteen products, summed in pairs. Both sides are widened: the direct byte instruction saturates.
KG_INLINE TARGET __m256i byte_products(const int8_t *query, const char *row) {
  const __m256i a = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)query));
  const __m256i b = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)row));
  return _mm256_madd_epi16(a, b);
}

KG_INLINE TARGET void dot_i8_u8_group(const int8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                                      size_t d, int32_t *out) {
  (void)g;
  const char *row = rows[0];
  __m256i even = _mm256_setzero_si256(), odd = even;
  size_t i = 0;
  for (; d - i >= 64; i += 64) {
    if (ahead) kg_prefetch(ahead[0] + i, 64);
    even = _mm256_add_epi32(even, byte_products(query + i, row + i));
    odd = _mm256_add_epi32(odd, byte_products(query + i + 16, row + i + 16));
    even = _mm256_add_epi32(even, byte_products(query + i + 32, row + i + 32));
    odd = _mm256_add_epi32(odd, byte_products(query + i + 48, row + i + 48));
  }
  for (; d - i >= 16; i += 16) even = _mm256_add_epi32(even, byte_products(query + i, row + i));
  int32_t sum = sum_32(_mm256_add_epi32(even, odd));
  for (; i < d; i++) sum += query[i] * (uint8_t)row[i];
  out[0] = sum;
}

KG_DEFINE_FAMILY(dot_i8_u8, TARGET, int8_t, int32_t, d, 1, 1)

/// Bits set in each eight bytes of `v`, by looking up both halves of every byte.
KG_INLINE TARGET __m256i bits_set(__m256i v) {
  const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                         0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0f);
  const __m256i a = _mm256_shuffle_epi8(table, _mm256_and_si256(v, low));
  const __m256i b = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low));
  return _mm256_sad_epu8(_mm256_add_epi8(a, b), _mm256_setzero_si256());
}

KG_INLINE TARGET void hamming_group(const uint8_t *query, const char *const *rows, const char *const *ahead, size_t g,
                                    size_t d, uint32_t *out) {
  (void)g;
  const char *row = rows[0];
  __m256i sums = _mm256_setzero_si256();
  size_t i = 0;
  for (; d - i >= 32; i += 32) {
    if (ahead) kg_prefetch(ahead[0] + i, 32);
    const __m256i a = _mm256_loadu_si256((const __m256i *)(query + i));
    const __m256i b = _mm256_loadu_si256((const __m256i *)(row + i));
    sums = _mm256_add_epi64(sums, bits_set(_mm256_xor_si256(a, b)));
  }
  uint64_t sum = sum_64(sums);
  for (; i < d; i++) sum += (uint64_t)__builtin_popcount(query[i] ^ (uint8_t)row[i]);
  out[0] = (uint32_t)sum;
}

KG_DEFINE_FAMILY(hamming, TARGET, uint8_t, uint32_t, d, 1, 1)

static TARGET void widen_f16(const void *in, float factor, float *out, size_t n) {
  const __m256 factors = _mm256_set1_ps(factor);
  size_t i = 0;
  for (; n - i >= 8; i += 8) _mm256_storeu_ps(out + i, _mm256_mul_ps(load(in, i, kg_f16), factors));
  for (; i < n; i++) out[i] = kg_widen_half(kg_load_half(in, i)) * factor;
}

static TARGET void narrow_f16(const float *in, void *out, size_t n) {
  char *halves = out;
  size_t i = 0;
  for (; n - i >= 8; i += 8) {
    const __m128i eight = _mm256_cvtps_ph(_mm256_loadu_ps(in + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm_storeu_si128((__m128i *)(halves + 2 * i), eight);
  }
  for (; i < n; i++) {
    const uint16_t half = kg_narrow_half(in[i]);
    memcpy(halves + 2 * i, &half, sizeof half);
  }
}

/// Which of eight scores reach the threshold, one bit each.
KG_INLINE TARGET uint32_t reached(const float *scores, const float *bias, size_t i, __m256 thresholds) {
  __m256 sums = _mm256_loadu_ps(scores + i);
  if (bias) sums = _mm256_add_ps(sums, _mm256_loadu_ps(bias + i));
  return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(sums, thresholds, _CMP_GE_OQ));
}

KG_INLINE TARGET size_t select_with(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  const __m256 thresholds = _mm256_set1_ps(threshold);
  size_t count = 0, i = 0;
  for (; n - i >= 32; i += 32) {
    uint32_t found = reached(scores, bias, i, thresholds) | reached(scores, bias, i + 8, thresholds) << 8 |
                     reached(scores, bias, i + 16, thresholds) << 16 | reached(scores, bias, i + 24, thresholds) << 24;
    for (; found; found &= found - 1) out[count++] = (uint32_t)i + (uint32_t)__builtin_ctz(found);
  }
  for (; i < n; i++) {
    const float score = bias ? scores[i] + bias[i] : scores[i];
    out[count] = (uint32_t)i;
    count += score >= threshold;
  }
  return count;
}

static TARGET size_t select_at_least(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  return bias ? select_with(scores, bias, n, threshold, out) : select_with(scores, NULL, n, threshold, out);
}

const kg_kernels kg_avx2_kernels = {
    KG_FAMILY(dot_f32),        KG_FAMILY(dot_f16),   KG_FAMILY(squared_l2_f32),
    KG_FAMILY(squared_l2_f16), KG_FAMILY(dot_i8_u8), KG_FAMILY(hamming),
    widen_f16,                 narrow_f16,           select_at_least,
};

#endif
