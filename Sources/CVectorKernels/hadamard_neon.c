// The rotation for arm64: sixteen registers of four numbers.
#if defined(__aarch64__)

#include "hadamard.h"

#include <arm_neon.h>

#pragma STDC FP_CONTRACT OFF

#define TARGET

KG_INLINE float32x4_t load_floats(const float *x) { return vld1q_f32(x); }

KG_INLINE void store_floats(float *x, float32x4_t v) { vst1q_f32(x, v); }

KG_INLINE float32x4_t all(float value) { return vdupq_n_f32(value); }

/// The sums and differences of numbers h = 1 or 2 apart.
KG_INLINE float32x4_t butterfly(float32x4_t v, size_t h) {
  const uint32x4_t odd = {0, UINT32_MAX, 0, UINT32_MAX}, upper = {0, 0, UINT32_MAX, UINT32_MAX};
  const float32x4_t partners = h == 1 ? vrev64q_f32(v) : vextq_f32(v, v, 2);
  return vbslq_f32(h == 1 ? odd : upper, vsubq_f32(partners, v), vaddq_f32(v, partners));
}

KG_DEFINE_ROTATION(TARGET, float32x4_t, 4, 16)

const kg_rotation kg_neon_rotation = {hadamard, flip_signs};

#endif
