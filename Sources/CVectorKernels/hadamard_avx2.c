// The rotation for x86 with AVX2: eight registers of eight numbers.
#if defined(__x86_64__)

#include "hadamard.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET __attribute__((target("avx2")))

KG_INLINE TARGET __m256 load_floats(const float *x) { return _mm256_loadu_ps(x); }

KG_INLINE TARGET void store_floats(float *x, __m256 v) { _mm256_storeu_ps(x, v); }

KG_INLINE TARGET __m256 all(float value) { return _mm256_set1_ps(value); }

/// The sums and differences of numbers h = 1, 2 or 4 apart.
KG_INLINE TARGET __m256 butterfly(__m256 v, size_t h) {
  const __m256 partners = h == 1   ? _mm256_permute_ps(v, 0xb1)
                          : h == 2 ? _mm256_permute_ps(v, 0x4e)
                                   : _mm256_permute2f128_ps(v, v, 0x01);
  const __m256 sums = _mm256_add_ps(v, partners), differences = _mm256_sub_ps(partners, v);
  return h == 1   ? _mm256_blend_ps(sums, differences, 0xaa)
         : h == 2 ? _mm256_blend_ps(sums, differences, 0xcc)
                  : _mm256_blend_ps(sums, differences, 0xf0);
}

KG_DEFINE_ROTATION(TARGET, __m256, 8, 8)

const kg_rotation kg_avx2_rotation = {hadamard, flip_signs};

#endif
