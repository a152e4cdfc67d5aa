// Distances over raw memory, one implementation an instruction set, one answer for all of them.
//
// Every function here is total: no allocation, no kept pointer, no errno, no text, no state. Memory may have any
// alignment (64 bytes is fastest) unless a parameter's C type says otherwise. A count or dimension of zero is allowed.
//
// THE ORDER. A float kernel gives the same bits in every instruction set, alone, in a run of rows, or over gathered
// rows:
//
//   1. There are 64 lanes, all +0 at the start. Lane j takes the elements j, j + 64, j + 128, … in this order.
//   2. An element is taken by one fused multiply-add: dot: lane = fma(a, b, lane); squared distance: t = a - b rounded
//      to float, lane = fma(t, t, lane). A half-precision element is widened first, which is exact.
//   3. A last partial block is padded with zeros on both sides, and the padded lanes take them too.
//   4. The lanes are summed by halving: lane j += lane j + 32 for j < 32, then + 16, + 8, + 4, + 2, + 1.
//
// Scores are therefore the same for any batch size, number of threads and machine. The one exception is a NaN result:
// it is a NaN everywhere, but its payload may differ. Integer kernels are exact, so their order is free.
#ifndef KAGAMI_VECTOR_KERNELS_H
#define KAGAMI_VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CodeKernels.h"
#include "WalkKernels.h"

/// The sets of machine instructions that there are kernels for.
typedef enum {
  /// Portable C; it defines what is correct.
  kg_scalar = 0,
  /// x86: AVX2, FMA and F16C.
  kg_avx2 = 1,
  /// x86: AVX-512 F, BW, VL and DQ; VNNI and VPOPCNTDQ where present.
  kg_avx512 = 2,
  /// arm64.
  kg_neon = 3,
} kg_instruction_set;

/// The value of one pair: a float query of `d` elements and one row of them.
typedef float (*kg_float_pair)(const float *_Nonnull query, const void *_Nonnull row, size_t d);

/// The values of `count` rows, `stride_bytes` apart.
typedef void (*kg_float_rows)(const float *_Nonnull query, const void *_Nonnull rows, size_t stride_bytes, size_t count,
                              size_t d, float *_Nonnull out);

/// The values of `count` rows anywhere in memory.
typedef void (*kg_float_gather)(const float *_Nonnull query, const void *_Nullable const *_Nonnull rows, size_t count,
                                size_t d, float *_Nonnull out);

/// One measure over one type of element.
typedef struct {
  kg_float_pair _Nonnull pair;
  kg_float_rows _Nonnull rows;
  kg_float_gather _Nonnull gather;
} kg_float_family;

/// Inner product of a signed query and an unsigned row; exact for d <= 65,536.
typedef struct {
  int32_t (*_Nonnull pair)(const int8_t *_Nonnull query, const void *_Nonnull row, size_t d);
  void (*_Nonnull rows)(const int8_t *_Nonnull query, const void *_Nonnull rows, size_t stride_bytes, size_t count,
                        size_t d, int32_t *_Nonnull out);
  void (*_Nonnull gather)(const int8_t *_Nonnull query, const void *_Nullable const *_Nonnull rows, size_t count,
                          size_t d, int32_t *_Nonnull out);
} kg_byte_dot_family;

/// Number of differing bits in `bytes` bytes.
typedef struct {
  uint32_t (*_Nonnull pair)(const uint8_t *_Nonnull query, const void *_Nonnull row, size_t bytes);
  void (*_Nonnull rows)(const uint8_t *_Nonnull query, const void *_Nonnull rows, size_t stride_bytes, size_t count,
                        size_t bytes, uint32_t *_Nonnull out);
  void (*_Nonnull gather)(const uint8_t *_Nonnull query, const void *_Nullable const *_Nonnull rows, size_t count,
                          size_t bytes, uint32_t *_Nonnull out);
} kg_hamming_family;

/// out[i] = in[i] as float, times `factor`; `in` holds halves or floats.
typedef void (*kg_widen)(const void *_Nonnull in, float factor, float *_Nonnull out, size_t n);

/// out[i] = in[i], stored as half (nearest, ties to even; a NaN stays one) or float.
typedef void (*kg_narrow)(const float *_Nonnull in, void *_Nonnull out, size_t n);

/// Sum of squares in double, in one fixed order.
typedef double (*kg_squared_norm)(const void *_Nonnull in, size_t n);

/// Writes the indices i with scores[i] + bias[i] >= threshold, ascending, and returns how many there are.
///
/// Without a bias the score alone is compared. A NaN is never selected. `out` must have room for n + 16 entries:
/// sixteen are stored at a time. n <= 2^32.
typedef size_t (*kg_select_at_least)(const float *_Nonnull scores, const float *_Nullable bias, size_t n,
                                     float threshold, uint32_t *_Nonnull out);

/// The kernels of one instruction set.
typedef struct {
  kg_float_family dot_f32;
  kg_float_family dot_f16;
  kg_float_family squared_l2_f32;
  kg_float_family squared_l2_f16;
  kg_byte_dot_family dot_i8_u8;
  kg_hamming_family hamming;
  kg_widen _Nonnull widen_f16;
  kg_narrow _Nonnull narrow_f16;
  kg_select_at_least _Nonnull select_at_least;
  kg_code_families codes;
  kg_rotation rotation;
  kg_walk walk;
} kg_kernels;

/// Whether this processor, and its operating system, can run `set`.
bool kg_is_available(kg_instruction_set set);

/// The kernels of `set`; the scalar ones where it is not available.
kg_kernels kg_kernels_of(kg_instruction_set set);

// The functions below need no instruction set of their own.

/// out[i] = in[i] * factor, for floats.
void kg_widen_f32(const void *_Nonnull in, float factor, float *_Nonnull out, size_t n);

/// Copies floats.
void kg_narrow_f32(const float *_Nonnull in, void *_Nonnull out, size_t n);

/// Sum of squares of floats in double, in one fixed order.
double kg_squared_norm_f32(const void *_Nonnull in, size_t n);

/// Sum of squares of halves in double, in one fixed order.
double kg_squared_norm_f16(const void *_Nonnull in, size_t n);

/// The cosine of two vectors of `n` floats in double, in one fixed order: good to about n * 2^-53.
double kg_cosine_f32(const float *_Nonnull query, const void *_Nonnull row, size_t n);

/// The cosine of `n` floats and `n` halves in double, in one fixed order.
double kg_cosine_f16(const float *_Nonnull query, const void *_Nonnull row, size_t n);

/// Whether none of `n` floats is an infinity or a NaN.
bool kg_all_finite(const float *_Nonnull in, size_t n);

#endif
