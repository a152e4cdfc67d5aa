// The kernels for x86 with AVX-512 F, BW, VL and DQ: four registers of sixteen lanes a row, four rows at a time.
#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define FEATURES "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c,popcnt"
#define TARGET __attribute__((target(FEATURES)))
#define VNNI_TARGET __attribute__((target(FEATURES ",avx512vnni")))
#define VPOPCNT_TARGET __attribute__((target(FEATURES ",avx512vpopcntdq")))

enum {
  /// Registers of a row's 64 lanes.
  parts = kg_lanes / 16,
  /// Gathered rows that share each load of the query.
  group = 4,
};

/// The first `n` of sixteen lanes; all of them from sixteen on.
KG_INLINE TARGET __mmask16 first(size_t n) { return n < 16 ? (__mmask16)((1u << n) - 1) : (__mmask16)0xffff; }

KG_INLINE TARGET __m512 load(const char *row, size_t index, kg_element element) {
  if (element == kg_f32) return _mm512_loadu_ps(row + 4 * index);
  return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(row + 2 * index)));
}

KG_INLINE TARGET __m512 load_first(__mmask16 mask, const char *row, size_t index, kg_element element) {
  if (element == kg_f32) return _mm512_maskz_loadu_ps(mask, row + 4 * index);
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, row + 2 * index));
}

KG_INLINE TARGET __m512 take(__m512 lanes, __m512 a, __m512 b, kg_measure measure) {
  if (measure == kg_dot) return _mm512_fmadd_ps(a, b, lanes);
  const __m512 difference = _mm512_sub_ps(a, b);
  return _mm512_fmadd_ps(difference, difference, lanes);
}

/// Sums 64 lanes down to four; see THE ORDER in CVectorKernels.h.
KG_INLINE TARGET __m128 reduce_to_four(const __m512 lanes[parts]) {
  const __m512 sixteen = _mm512_add_ps(_mm512_add_ps(lanes[0], lanes[2]), _mm512_add_ps(lanes[1], lanes[3]));
  const __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(sixteen), _mm512_extractf32x8_ps(sixteen, 1));
  return _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
}

/// Sums four lanes down to one.
KG_INLINE TARGET float reduce_to_one(__m128 four) {
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// Sums four lanes of each of four rows down to one a row, in the order of `reduce_to_one`.
KG_INLINE TARGET __m128 reduce_rows(__m128 r0, __m128 r1, __m128 r2, __m128 r3) {
  const __m128 a = _mm_add_ps(_mm_movelh_ps(r0, r1), _mm_movehl_ps(r1, r0));
  const __m128 b = _mm_add_ps(_mm_movelh_ps(r2, r3), _mm_movehl_ps(r3, r2));
  return _mm_add_ps(_mm_shuffle_ps(a, b, 0x88), _mm_shuffle_ps(a, b, 0xdd));
}

KG_INLINE TARGET void float_group(const float *query, const char *const *rows, const char *const *ahead, size_t g,
                                  size_t d, float *out, kg_measure measure, kg_element element) {
  __m512 lanes[group][parts];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < g; r++)
    for (size_t s = 0; s < parts; s++) lanes[r][s] = _mm512_setzero_ps();
  size_t i = 0;
  for (; d - i >= kg_lanes; i += kg_lanes) {
    if (ahead)
      for (size_t r = 0; r < g; r++) kg_prefetch(ahead[r] + i * element, kg_lanes * element);
#pragma clang loop unroll(full)
    for (size_t s = 0; s < parts; s++) {
      const __m512 a = _mm512_loadu_ps(query + i + 16 * s);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < g; r++) lanes[r][s] = take(lanes[r][s], a, load(rows[r], i + 16 * s, element), measure);
    }
  }
  if (i < d) {
#pragma clang loop unroll(full)
    for (size_t s = 0; s < parts; s++) {
      const __mmask16 mask = first(d - i > 16 * s ? d - i - 16 * s : 0);
      const __m512 a = _mm512_maskz_loadu_ps(mask, query + i + 16 * s);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < g; r++) {
        const __m512 b = load_first(mask, rows[r], i + 16 * s, element);
        lanes[r][s] = take(lanes[r][s], a, b, measure);
      }
    }
  }
  if (g == group)
    _mm_storeu_ps(out, reduce_rows(reduce_to_four(lanes[0]), reduce_to_four(lanes[1]), reduce_to_four(lanes[2]),
                                   reduce_to_four(lanes[3])));
  else
    out[0] = reduce_to_one(reduce_to_four(lanes[0]));
}

KG_DEFINE_FLOAT_FAMILIES(TARGET, group)

KG_INLINE TARGET __mmask64 first_bytes(size_t n) { return n < 64 ? ((__mmask64)1 << n) - 1 : ~(__mmask64)0; }

/// Adds 64 products of signed and unsigned bytes to sixteen sums, without VNNI.
KG_INLINE TARGET __m512i add_byte_products(__m512i sums, __m512i row, __m512i query) {
  const __m512i low = _mm512_madd_epi16(_mm512_cvtepi8_epi16(_mm512_castsi512_si256(query)),
                                        _mm512_cvtepu8_epi16(_mm512_castsi512_si256(row)));
  const __m512i high = _mm512_madd_epi16(_mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64(query, 1)),
                                         _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(row, 1)));
  return _mm512_add_epi32(sums, _mm512_add_epi32(low, high));
}

/// Adds the bits in which 64 bytes differ to eight sums, without VPOPCNTDQ.
KG_INLINE TARGET __m512i add_differing_bits(__m512i sums, __m512i row, __m512i query) {
  const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
  const __m512i low = _mm512_set1_epi8(0x0f);
  const __m512i v = _mm512_xor_si512(row, query);
  const __m512i a = _mm512_shuffle_epi8(table, _mm512_and_si512(v, low));
  const __m512i b = _mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(v, 4), low));
  return _mm512_add_epi64(sums, _mm512_sad_epu8(_mm512_add_epi8(a, b), _mm512_setzero_si512()));
}

KG_INLINE VNNI_TARGET __m512i add_byte_products_vnni(__m512i sums, __m512i row, __m512i query) {
  return _mm512_dpbusd_epi32(sums, row, query);
}

KG_INLINE VPOPCNT_TARGET __m512i add_differing_bits_vpopcnt(__m512i sums, __m512i row, __m512i query) {
  return _mm512_add_epi64(sums, _mm512_popcnt_epi64(_mm512_xor_si512(row, query)));
}

/// Defines an integer family from its step over 64 bytes and its sum of a register. One row alone uses all four sums.
#define DEFINE_BYTE_FAMILY(NAME, FAMILY_TARGET, QUERY, OUT, STEP, SUM)                                                 \
  KG_INLINE FAMILY_TARGET void NAME##_group(const QUERY *query, const char *const *rows, const char *const *ahead,     \
                                            size_t g, size_t d, OUT *out) {                                            \
    const size_t chains = group / g;                                                                                   \
    __m512i sums[group];                                                                                               \
    for (size_t c = 0; c < group; c++) sums[c] = _mm512_setzero_si512();                                               \
    size_t i = 0;                                                                                                      \
    for (; d - i >= 64 * chains; i += 64 * chains) {                                                                   \
      for (size_t c = 0; c < chains; c++) {                                                                            \
        const __m512i a = _mm512_loadu_si512(query + i + 64 * c);                                                      \
        for (size_t r = 0; r < g; r++) {                                                                               \
          if (ahead) kg_prefetch(ahead[r] + i, 64);                                                                    \
          sums[r * chains + c] = STEP(sums[r * chains + c], _mm512_loadu_si512(rows[r] + i + 64 * c), a);              \
        }                                                                                                              \
      }                                                                                                                \
    }                                                                                                                  \
    for (; i < d; i += 64) {                                                                                           \
      const __mmask64 mask = first_bytes(d - i);                                                                       \
      const __m512i a = _mm512_maskz_loadu_epi8(mask, query + i);                                                      \
      for (size_t r = 0; r < g; r++)                                                                                   \
        sums[r * chains] = STEP(sums[r * chains], _mm512_maskz_loadu_epi8(mask, rows[r] + i), a);                      \
    }                                                                                                                  \
    if (g == 1) {                                                                                                      \
      out[0] = (OUT)SUM(_mm512_add_epi32(_mm512_add_epi32(sums[0], sums[1]), _mm512_add_epi32(sums[2], sums[3])));     \
    } else {                                                                                                           \
      for (size_t r = 0; r < g; r++) out[r] = (OUT)SUM(sums[r]);                                                       \
    }                                                                                                                  \
  }                                                                                                                    \
  KG_DEFINE_FAMILY(NAME, FAMILY_TARGET, QUERY, OUT, d, group, group)

DEFINE_BYTE_FAMILY(dot_i8_u8, TARGET, int8_t, int32_t, add_byte_products, _mm512_reduce_add_epi32)
DEFINE_BYTE_FAMILY(hamming, TARGET, uint8_t, uint32_t, add_differing_bits, _mm512_reduce_add_epi64)
DEFINE_BYTE_FAMILY(dot_i8_u8_vnni, VNNI_TARGET, int8_t, int32_t, add_byte_products_vnni, _mm512_reduce_add_epi32)
DEFINE_BYTE_FAMILY(hamming_vpopcnt, VPOPCNT_TARGET, uint8_t, uint32_t, add_differing_bits_vpopcnt,
                   _mm512_reduce_add_epi64)

static TARGET void widen_f16(const void *in, float factor, float *out, size_t n) {
  const __m512 factors = _mm512_set1_ps(factor);
  for (size_t i = 0; i < n; i += 16) {
    const __mmask16 mask = first(n - i);
    _mm512_mask_storeu_ps(out + i, mask, _mm512_mul_ps(load_first(mask, in, i, kg_f16), factors));
  }
}

static TARGET void narrow_f16(const float *in, void *out, size_t n) {
  for (size_t i = 0; i < n; i += 16) {
    const __mmask16 mask = first(n - i);
    const __m512 sixteen = _mm512_maskz_loadu_ps(mask, in + i);
    const __m256i halves = _mm512_cvtps_ph(sixteen, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm256_mask_storeu_epi16((char *)out + 2 * i, mask, halves);
  }
}

/// Which of the next sixteen scores reach the threshold.
KG_INLINE TARGET __mmask16 reached(__mmask16 mask, const float *scores, const float *bias, size_t i,
                                   __m512 thresholds) {
  __m512 sums = _mm512_maskz_loadu_ps(mask, scores + i);
  if (bias) sums = _mm512_add_ps(sums, _mm512_maskz_loadu_ps(mask, bias + i));
  return _mm512_mask_cmp_ps_mask(mask, sums, thresholds, _CMP_GE_OQ);
}

/// Writes the indices of `found`, counted from `i`. Compressing in a register and storing it whole is faster than a
/// compressing store; that is what the sixteen entries of room are for.
KG_INLINE TARGET size_t append(__mmask16 found, size_t i, uint32_t *out) {
  const __m512i steps = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m512i indices = _mm512_add_epi32(_mm512_set1_epi32((int32_t)i), steps);
  _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(found, indices));
  return (size_t)__builtin_popcount(found);
}

KG_INLINE TARGET size_t select_with(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  const __m512 thresholds = _mm512_set1_ps(threshold);
  size_t count = 0, i = 0;
  for (; n - i >= 64; i += 64) {
    __mmask16 found[4];
#pragma clang loop unroll(full)
    for (size_t s = 0; s < 4; s++) found[s] = reached(0xffff, scores, bias, i + 16 * s, thresholds);
    if ((found[0] | found[1] | found[2] | found[3]) == 0) continue;
#pragma clang loop unroll(full)
    for (size_t s = 0; s < 4; s++) count += append(found[s], i + 16 * s, out + count);
  }
  for (; i < n; i += 16) count += append(reached(first(n - i), scores, bias, i, thresholds), i, out + count);
  return count;
}

static TARGET size_t select_at_least(const float *scores, const float *bias, size_t n, float threshold, uint32_t *out) {
  return bias ? select_with(scores, bias, n, threshold, out) : select_with(scores, NULL, n, threshold, out);
}

const kg_kernels kg_avx512_kernels = {
    KG_FAMILY(dot_f32),        KG_FAMILY(dot_f16),   KG_FAMILY(squared_l2_f32),
    KG_FAMILY(squared_l2_f16), KG_FAMILY(dot_i8_u8), KG_FAMILY(hamming),
    widen_f16,                 narrow_f16,           select_at_least,
};

const kg_byte_dot_family kg_avx512_vnni_dot_i8_u8 = KG_FAMILY(dot_i8_u8_vnni);
const kg_hamming_family kg_avx512_vpopcnt_hamming = KG_FAMILY(hamming_vpopcnt);

#endif
