// The rotation for x86 with AVX-512: sixteen registers of sixteen numbers.
#if defined(__x86_64__)

#include "hadamard.h"

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2")))

KG_INLINE TARGET __m512 load_floats(const float *x) { return _mm512_loadu_ps(x); }

KG_INLINE TARGET void store_floats(float *x, __m512 v) { _mm512_storeu_ps(x, v); }

KG_INLINE TARGET __m512 all(float value) { return _mm512_set1_ps(value); }

/// The sums and differences of numbers h = 1, 2, 4 or 8 apart.
KG_INLINE TARGET __m512 butterfly(__m512 v, size_t h) {
  const __m512 partners = h == 1   ? _mm512_permute_ps(v, 0xb1)
                          : h == 2 ? _mm512_permute_ps(v, 0x4e)
                          : h == 4 ? _mm512_shuffle_f32x4(v, v, 0xb1)
                                   : _mm512_shuffle_f32x4(v, v, 0x4e);
  const __mmask16 differences = h == 1 ? 0xaaaa : h == 2 ? 0xcccc : h == 4 ? 0xf0f0 : 0xff00;
  return _mm512_mask_sub_ps(_mm512_add_ps(v, partners), differences, partners, v);
}

KG_DEFINE_ROTATION(TARGET, __m512, 16, 16)

const kg_rotation kg_avx512_rotation = {hadamard, flip_signs};

#endif
