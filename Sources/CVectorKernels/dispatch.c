// Which instruction sets this processor has, and the table of each.
#include "kernels.h"

bool kg_is_available(kg_instruction_set set) {
  switch (set) {
  case kg_scalar:
    return true;
#if defined(__x86_64__)
  case kg_avx2:
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c") &&
           __builtin_cpu_supports("popcnt");
  case kg_avx512:
    return kg_is_available(kg_avx2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#elif defined(__aarch64__)
  case kg_neon:
    return true;
#endif
  default:
    return false;
  }
}

/// A table of distances, completed by the kernels that have files of their own.
static kg_kernels complete(kg_kernels kernels, kg_code_families codes, kg_rotation rotation) {
  kernels.codes = codes;
  kernels.rotation = rotation;
  kernels.walk = kg_scalar_walk;
  return kernels;
}

static kg_kernels scalar(void) { return complete(kg_scalar_kernels, kg_scalar_codes, kg_scalar_rotation); }

#if defined(__x86_64__)
static kg_kernels avx512(void) {
  kg_kernels kernels = complete(kg_avx512_kernels, kg_avx2_codes, kg_avx512_rotation);
  kernels.walk = kg_avx512_walk;
  if (__builtin_cpu_supports("avx512vnni")) {
    kernels.dot_i8_u8 = kg_avx512_vnni_dot_i8_u8;
    kernels.codes = kg_avx512_vnni_codes;
  }
  if (__builtin_cpu_supports("avx512vpopcntdq")) kernels.hamming = kg_avx512_vpopcnt_hamming;
  return kernels;
}
#endif

kg_kernels kg_kernels_of(kg_instruction_set set) {
  if (!kg_is_available(set)) return scalar();
  switch (set) {
#if defined(__x86_64__)
  case kg_avx2:
    return complete(kg_avx2_kernels, kg_avx2_codes, kg_avx2_rotation);
  case kg_avx512:
    return avx512();
#elif defined(__aarch64__)
  case kg_neon:
    return complete(kg_neon_kernels, kg_neon_codes, kg_neon_rotation);
#endif
  default:
    return scalar();
  }
}
