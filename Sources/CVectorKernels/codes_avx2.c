// Packed codes for x86 with AVX2.
#if defined(__x86_64__)

#include "codes.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,popcnt")))

/// Adds to `products` those of 32 bytes of the query and the fields that start at bit `shift`, summed in pairs.
///
/// The instruction saturates at 2^15, which two products of a signed byte and a field of at most 4 bits stay far below:
/// 3,840. A line of fields, the most that is summed before it is widened, comes to 15,360.
KG_INLINE TARGET __m256i add_fields(__m256i products, __m256i bytes, unsigned shift, __m256i mask,
                                    const int8_t *query) {
  const __m256i fields = _mm256_and_si256(_mm256_srli_epi16(bytes, (int)shift), mask);
  const __m256i q = _mm256_loadu_si256((const __m256i *)query);
  return _mm256_add_epi16(products, _mm256_maddubs_epi16(fields, q));
}

/// Adds pairs of products, times `factor`, to sums of four bytes.
KG_INLINE TARGET __m256i widen(__m256i sums, __m256i products, unsigned factor) {
  return _mm256_add_epi32(sums, _mm256_madd_epi16(products, _mm256_set1_epi16((short)factor)));
}

/// Adds the products over one plane, times `factor`. A code of 8 bits is taken as two of 4 bits.
KG_INLINE TARGET __m256i add_plane(__m256i sums, const int8_t *query, const uint8_t *row, size_t n, unsigned bits,
                                   unsigned factor) {
  const __m256i mask = _mm256_set1_epi8((char)(bits == 8 ? 15 : (1 << bits) - 1));
  for (size_t i = 0; i < n; i += kg_line) {
    __m256i products = _mm256_setzero_si256(), upper = products;
#pragma clang loop unroll(full)
    for (size_t j = i; j < i + kg_line; j += 32) {
      const __m256i bytes = _mm256_loadu_si256((const __m256i *)(row + j));
#pragma clang loop unroll(full)
      for (unsigned f = 0; f < 8 / bits; f++)
        products = add_fields(products, bytes, bits * f, mask, query + f * n + j);
      if (bits == 8) upper = add_fields(upper, bytes, 4, mask, query + j);
    }
    sums = widen(sums, products, factor);
    if (bits == 8) sums = widen(sums, upper, 16);
  }
  return sums;
}

/// The sums of eight lanes of each of four rows.
KG_INLINE TARGET __m128i reduce(const __m256i rows[kg_code_group]) {
  const __m256i four = _mm256_hadd_epi32(_mm256_hadd_epi32(rows[0], rows[1]), _mm256_hadd_epi32(rows[2], rows[3]));
  return _mm_add_epi32(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
}

KG_INLINE TARGET void group(const int8_t *query, const uint8_t *const *rows, size_t n, unsigned bits, int32_t *out) {
  __m256i sums[kg_code_group];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < kg_code_group; r++) {
    sums[r] = add_plane(_mm256_setzero_si256(), query, rows[r], n, bits == 3 ? 2 : bits, 1);
    if (bits == 3) sums[r] = add_plane(sums[r], query, rows[r] + n, kg_high_plane_bytes(n), 1, 4);
  }
  _mm_storeu_si128((__m128i *)out, reduce(sums));
}

/// Adds the values of a plane of a block: eight rows a register. A code of 8 bits is taken as two of 4 bits.
KG_INLINE TARGET void block_plane(int32_t *sums, const int8_t *query, const uint8_t *block, size_t n, unsigned bits,
                                  unsigned factor_bits) {
  const unsigned width = bits == 8 ? 4 : bits;
  const __m256i mask = _mm256_set1_epi8((char)((1 << width) - 1)), ones = _mm256_set1_epi16(1);
  for (size_t half = 0; half < 2; half++) {
    __m256i total = _mm256_setzero_si256();
    for (size_t i = 0; i < n; i += 4) {
      const __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + i * kg_block_rows + 32 * half));
#pragma clang loop unroll(full)
      for (unsigned f = 0; f < 8 / width; f++) {
        int32_t four;
        memcpy(&four, query + (bits == 8 ? 0 : f * n) + i, sizeof four);
        const __m256i fields = _mm256_and_si256(_mm256_srli_epi16(bytes, (int)(width * f)), mask);
        const __m256i pairs = _mm256_maddubs_epi16(fields, _mm256_set1_epi32(four));
        const __m256i values = _mm256_madd_epi16(pairs, ones);
        total = _mm256_add_epi32(total, bits == 8 && f == 1 ? _mm256_slli_epi32(values, 4) : values);
      }
    }
    __m256i *out = (__m256i *)(sums + 8 * half);
    const __m256i factored = _mm256_slli_epi32(total, (int)factor_bits);
    _mm256_storeu_si256(out, _mm256_add_epi32(_mm256_loadu_si256(out), factored));
  }
}

KG_DEFINE_CODE_FAMILIES(TARGET, group, block_plane, 0)

const kg_code_families kg_avx2_codes = KG_CODE_FAMILIES;

#endif
