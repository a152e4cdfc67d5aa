// Packed codes for x86 with AVX-512 and VNNI. Without VNNI the kernels for AVX2 are as good.
#if defined(__x86_64__)

#include "codes.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,popcnt")))

/// Adds the products over one plane of four rows, times 2^factor_bits.
///
/// Two neighbouring fields come from one shift: the upper one stays where it is, worth 2^bits times its code, and is
/// summed apart from the lower one, until one shift of the sums sets that right. No sum overflows: a field in its place
/// is at most 240, so that a lane of 65,536 dimensions stays below 2^27.
KG_INLINE TARGET void add_plane(__m512i sums[kg_code_group], const int8_t *query, const uint8_t *const *rows,
                                size_t offset, size_t n, unsigned bits, unsigned factor_bits) {
  const __m512i lower = _mm512_set1_epi8((char)((1 << bits) - 1));
  const __m512i upper = _mm512_set1_epi8((char)(((1 << bits) - 1) << bits));
  __m512i low[kg_code_group], high[kg_code_group];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < kg_code_group; r++) low[r] = high[r] = _mm512_setzero_si512();
  for (size_t i = 0; i < n; i += kg_line) {
    __m512i line[kg_code_group];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < kg_code_group; r++) line[r] = _mm512_loadu_si512(rows[r] + offset + i);
    if (bits == 8) {
      const __m512i q = _mm512_loadu_si512(query + i);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < kg_code_group; r++) low[r] = _mm512_dpbusd_epi32(low[r], line[r], q);
      continue;
    }
#pragma clang loop unroll(full)
    for (unsigned f = 0; f < 8 / bits; f += 2) {
      const __m512i q0 = _mm512_loadu_si512(query + f * n + i);
      const __m512i q1 = _mm512_loadu_si512(query + (f + 1) * n + i);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < kg_code_group; r++) {
        const __m512i fields = _mm512_srli_epi16(line[r], bits * f);
        low[r] = _mm512_dpbusd_epi32(low[r], _mm512_and_si512(fields, lower), q0);
        high[r] = _mm512_dpbusd_epi32(high[r], _mm512_and_si512(fields, upper), q1);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < kg_code_group; r++) {
    const __m512i sum = bits == 8 ? low[r] : _mm512_add_epi32(low[r], _mm512_srai_epi32(high[r], bits));
    sums[r] = _mm512_add_epi32(sums[r], _mm512_slli_epi32(sum, factor_bits));
  }
}

/// The sums of sixteen lanes of each of four rows.
KG_INLINE TARGET __m128i reduce(const __m512i rows[kg_code_group]) {
  const __m512i a = _mm512_add_epi32(_mm512_unpacklo_epi32(rows[0], rows[1]), _mm512_unpackhi_epi32(rows[0], rows[1]));
  const __m512i b = _mm512_add_epi32(_mm512_unpacklo_epi32(rows[2], rows[3]), _mm512_unpackhi_epi32(rows[2], rows[3]));
  const __m512i four = _mm512_add_epi32(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
  const __m256i two = _mm256_add_epi32(_mm512_castsi512_si256(four), _mm512_extracti64x4_epi64(four, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
}

KG_INLINE TARGET void group(const int8_t *query, const uint8_t *const *rows, size_t n, unsigned bits, int32_t *out) {
  __m512i sums[kg_code_group];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < kg_code_group; r++) sums[r] = _mm512_setzero_si512();
  add_plane(sums, query, rows, 0, n, bits == 3 ? 2 : bits, 0);
  if (bits == 3) add_plane(sums, query, rows, n, kg_high_plane_bytes(n), 1, 2);
  _mm_storeu_si128((__m128i *)out, reduce(sums));
}

/// Four bytes of the query in every lane.
KG_INLINE TARGET __m512i everywhere(const int8_t *query) {
  int32_t four;
  memcpy(&four, query, sizeof four);
  return _mm512_set1_epi32(four);
}

/// Adds the values of a plane of a block: a lane a row. Lines are taken in turn by two sets of sums, since each sum waits
/// for the one before it.
KG_INLINE TARGET void block_plane(int32_t *sums, const int8_t *query, const uint8_t *block, size_t n, unsigned bits,
                                  unsigned factor_bits) {
  const __m512i lower = _mm512_set1_epi8((char)((1 << bits) - 1));
  const __m512i upper = _mm512_set1_epi8((char)(((1 << bits) - 1) << bits));
  __m512i low[2], high[2];
  for (size_t s = 0; s < 2; s++) low[s] = high[s] = _mm512_setzero_si512();
  for (size_t i = 0; i < n; i += 8) {
#pragma clang loop unroll(full)
    for (size_t s = 0; s < 2; s++) {
      const __m512i line = _mm512_loadu_si512(block + (i + 4 * s) * kg_block_rows);
      if (bits == 8) {
        low[s] = _mm512_dpbusd_epi32(low[s], line, everywhere(query + i + 4 * s));
        continue;
      }
#pragma clang loop unroll(full)
      for (unsigned f = 0; f < 8 / bits; f += 2) {
        const __m512i fields = _mm512_srli_epi16(line, bits * f);
        const int8_t *q = query + f * n + i + 4 * s;
        low[s] = _mm512_dpbusd_epi32(low[s], _mm512_and_si512(fields, lower), everywhere(q));
        high[s] = _mm512_dpbusd_epi32(high[s], _mm512_and_si512(fields, upper), everywhere(q + n));
      }
    }
  }
  const __m512i lows = _mm512_add_epi32(low[0], low[1]), highs = _mm512_add_epi32(high[0], high[1]);
  const __m512i values = bits == 8 ? lows : _mm512_add_epi32(lows, _mm512_srai_epi32(highs, bits));
  _mm512_storeu_si512(sums, _mm512_add_epi32(_mm512_loadu_si512(sums), _mm512_slli_epi32(values, factor_bits)));
}

KG_DEFINE_CODE_FAMILIES(TARGET, group, block_plane, 1)

const kg_code_families kg_avx512_vnni_codes = KG_CODE_FAMILIES;

#endif
