// The steps of a walk for x86 with AVX-512.
#if defined(__x86_64__)

#include "kernels.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,bmi,popcnt")))

/// The first `n` of sixteen lanes; all of them from sixteen on.
KG_INLINE TARGET __mmask16 first(size_t n) { return n < 16 ? (__mmask16)((1u << n) - 1) : (__mmask16)0xffff; }

/// Eight entries of eight ranks, as ordered bits, and ordinals.
KG_INLINE TARGET __m512i entries_of(__m256i ordered, __m256i ordinals) {
  return _mm512_or_si512(_mm512_slli_epi64(_mm512_cvtepu32_epi64(ordered), 32),
                         _mm512_slli_epi64(_mm512_cvtepu32_epi64(ordinals), 1));
}

static TARGET size_t select_entries(const float *ranks, const uint32_t *ordinals, size_t n, float limit,
                                    uint64_t *out) {
  const __m512 limits = _mm512_set1_ps(limit);
  const __m512i highest = _mm512_set1_epi32((int32_t)0x80000000);
  size_t count = 0;
  for (size_t i = 0; i < n; i += 16) {
    const __mmask16 all = first(n - i);
    const __m512 rank = _mm512_maskz_loadu_ps(all, ranks + i);
    const __mmask16 near = _mm512_mask_cmp_ps_mask(all, rank, limits, _CMP_LT_OQ);
    if (near == 0) continue;
    const __m512i bits = _mm512_maskz_compress_epi32(near, _mm512_castps_si512(rank));
    const __m512i rows = _mm512_maskz_compress_epi32(near, _mm512_maskz_loadu_epi32(all, ordinals + i));
    const __m512i ordered = _mm512_xor_si512(bits, _mm512_or_si512(_mm512_srai_epi32(bits, 31), highest));
    const size_t found = (size_t)__builtin_popcount(near);
    _mm512_storeu_si512(out + count, entries_of(_mm512_castsi512_si256(ordered), _mm512_castsi512_si256(rows)));
    if (found > 8)
      _mm512_storeu_si512(out + count + 8, entries_of(_mm512_extracti64x4_epi64(ordered, 1),
                                                      _mm512_extracti64x4_epi64(rows, 1)));
    count += found;
  }
  return count;
}

/// Moves eight entries at a time, from the end.
static TARGET size_t insert_entry(uint64_t *entries, size_t count, uint64_t entry) {
  const __m512i entry8 = _mm512_set1_epi64((int64_t)entry);
  size_t i = count;
  while (i >= 8) {
    const __m512i eight = _mm512_loadu_si512(entries + i - 8);
    const __mmask8 greater = _mm512_cmpgt_epu64_mask(eight, entry8);
    if (greater != 0xff) {
      _mm512_mask_storeu_epi64(entries + i - 7, greater, eight);
      const size_t place = i - (size_t)__builtin_popcount(greater);
      entries[place] = entry;
      return place;
    }
    _mm512_storeu_si512(entries + i - 7, eight);
    i -= 8;
  }
  const __mmask8 rest = (__mmask8)((1u << i) - 1);
  const __m512i eight = _mm512_maskz_loadu_epi64(rest, entries);
  const __mmask8 greater = _mm512_mask_cmpgt_epu64_mask(rest, eight, entry8);
  _mm512_mask_storeu_epi64(entries + 1, greater, eight);
  const size_t place = i - (size_t)__builtin_popcount(greater);
  entries[place] = entry;
  return place;
}

const kg_walk kg_avx512_walk = {select_entries, insert_entry};

#endif
