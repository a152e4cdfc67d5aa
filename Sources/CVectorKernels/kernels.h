// What the files of this target share: the tables, conversions in plain C, and the walk over rows.
#ifndef KAGAMI_KERNELS_INTERNAL_H
#define KAGAMI_KERNELS_INTERNAL_H

#include "CVectorKernels.h"

#include <string.h>

#if defined(__FAST_MATH__)
#error "the order of additions is a promise of this target: build it without -ffast-math"
#endif

#define KG_INLINE static inline __attribute__((always_inline))

/// Lanes of a float kernel; see THE ORDER in CVectorKernels.h.
enum { kg_lanes = 64 };

/// Arguments that are constants wherever they are used, so that one body is compiled into each of its cases.
typedef enum { kg_dot, kg_squared_l2 } kg_measure;
typedef enum { kg_f16 = 2, kg_f32 = 4 } kg_element;

extern const kg_kernels kg_scalar_kernels;
extern const kg_code_families kg_scalar_codes;
extern const kg_rotation kg_scalar_rotation;
extern const kg_walk kg_scalar_walk;
#if defined(__x86_64__)
extern const kg_kernels kg_avx2_kernels;
extern const kg_code_families kg_avx2_codes;
extern const kg_rotation kg_avx2_rotation;
extern const kg_kernels kg_avx512_kernels;
extern const kg_rotation kg_avx512_rotation;
extern const kg_walk kg_avx512_walk;
extern const kg_byte_dot_family kg_avx512_vnni_dot_i8_u8;
extern const kg_hamming_family kg_avx512_vpopcnt_hamming;
extern const kg_code_families kg_avx512_vnni_codes;
#elif defined(__aarch64__)
extern const kg_kernels kg_neon_kernels;
extern const kg_code_families kg_neon_codes;
extern const kg_rotation kg_neon_rotation;
#endif

// Half precision in plain C, equal to what F16C and NEON do in every bit.

KG_INLINE float kg_float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

KG_INLINE uint32_t kg_bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// The float that a half stands for; exact. A signalling NaN becomes a quiet one.
KG_INLINE float kg_widen_half(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  const uint32_t magnitude = half & 0x7fff;
  // A subnormal half is its mantissa in units of 2^-24: put it behind the exponent of 2^-14 and take 2^-14 away.
  const float subnormal = kg_float_of_bits(0x38800000 | magnitude << 13) - kg_float_of_bits(0x38800000);
  uint32_t bits = (magnitude << 13) + 0x38000000;
  bits = magnitude < 0x0400 ? kg_bits_of_float(subnormal) : bits;
  bits = magnitude >= 0x7c00 ? (magnitude << 13) | 0x7f800000 : bits;
  bits = magnitude > 0x7c00 ? bits | 0x00400000 : bits;
  return kg_float_of_bits(bits | sign);
}

/// The nearest half, ties to even; beyond the largest an infinity. A NaN keeps its sign and upper payload and becomes
/// quiet.
KG_INLINE uint16_t kg_narrow_half(float value) {
  const uint32_t bits = kg_bits_of_float(value);
  const uint32_t sign = (bits >> 16) & 0x8000;
  const uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return (uint16_t)(sign | 0x7e00 | ((magnitude >> 13) & 0x03ff));
  if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);  // 65,520 and above
  if (magnitude < 0x38800000) {
    // Adding 0.5 leaves units of 2^-24 in the last bits, so the processor rounds as a subnormal half must be rounded.
    const uint32_t rounded = kg_bits_of_float(kg_float_of_bits(magnitude) + 0.5f);
    return (uint16_t)(sign | (rounded - 0x3f000000));
  }
  const uint32_t odd = (magnitude >> 13) & 1;
  return (uint16_t)(sign | ((magnitude - 0x38000000 + 0x0fff + odd) >> 13));
}

KG_INLINE uint16_t kg_load_half(const void *base, size_t index) {
  uint16_t half;
  memcpy(&half, (const char *)base + 2 * index, sizeof half);
  return half;
}

KG_INLINE float kg_load_float(const void *base, size_t index) {
  float value;
  memcpy(&value, (const char *)base + 4 * index, sizeof value);
  return value;
}

/// Element `index` of a row as float.
KG_INLINE float kg_load_element(const void *row, size_t index, kg_element element) {
  return element == kg_f32 ? kg_load_float(row, index) : kg_widen_half(kg_load_half(row, index));
}

/// Rows at a constant stride, or, where `pointers` is set, anywhere.
typedef struct {
  const char *base;
  size_t stride;
  const void *const *pointers;
} kg_run;

KG_INLINE const char *kg_row(kg_run run, size_t index) {
  return run.pointers ? (const char *)run.pointers[index] : run.base + index * run.stride;
}

/// Asks for all lines of a row.
KG_INLINE void kg_prefetch(const char *row, size_t bytes) {
  for (size_t offset = 0; offset < bytes; offset += 64) __builtin_prefetch(row + offset, 0, 3);
}

/// How many rows lie between the row that is read and the one whose lines are asked for: about 12 KB of rows. Less
/// arrives too late, more pushes out what was fetched.
KG_INLINE size_t kg_rows_ahead(size_t row_bytes) {
  const size_t rows = 12288 / (row_bytes + 1);
  return rows < 2 ? 2 : rows > 32 ? 32 : rows;
}

/// Asks for every second line of the row 8 KB ahead in a run, of which the processor fetches the neighbour itself.
///
/// Its own foresight ends with each page. The lines go to the second cache, where they are not in the way of those being
/// read; asking for every line, into the first, takes twice the time on Zen 4. The address may lie behind the run, where
/// nothing is asked for that anybody would wait for.
KG_INLINE void kg_prefetch_in_run(const char *row, size_t bytes) {
  for (size_t offset = 0; offset < bytes; offset += 128)
    __builtin_prefetch((const void *)((uintptr_t)row + 8192 + offset), 0, 2);
}

/// Defines NAME_pair, NAME_rows and NAME_gather from NAME_group.
///
/// `NAME_group(query, rows, ahead, g, d, out)` writes the values of g rows, and while it reads them asks for the lines
/// of the rows `ahead` (a null pointer: of none). g is a constant in each call: 1, IN_RUN or IN_GATHER. Rows of a group
/// share the loads of the query; but long rows that follow each other in memory are better read one at a time, as the
/// processor foresees one stream better than several; see kg_prefetch_in_run.
#define KG_DEFINE_FAMILY(NAME, TARGET, QUERY, OUT, ROW_BYTES, IN_RUN, IN_GATHER)                                       \
  KG_INLINE TARGET void NAME##_run(const QUERY *query, kg_run run, size_t count, size_t d, OUT *out, size_t group) {   \
    const size_t distance = kg_rows_ahead(ROW_BYTES);                                                                  \
    if (run.pointers)                                                                                                  \
      for (size_t r = 0; r < distance && r < count; r++) kg_prefetch(kg_row(run, r), ROW_BYTES);                       \
    size_t i = 0;                                                                                                      \
    for (; count - i >= group; i += group) {                                                                           \
      const char *rows[IN_GATHER], *ahead[IN_GATHER];                                                                  \
      for (size_t r = 0; r < group; r++) {                                                                             \
        const size_t later = i + r + distance;                                                                         \
        rows[r] = kg_row(run, i + r);                                                                                  \
        ahead[r] = kg_row(run, later < count ? later : count - 1);                                                     \
      }                                                                                                                \
      if (!run.pointers)                                                                                               \
        for (size_t r = 0; r < group; r++) kg_prefetch_in_run(rows[r], ROW_BYTES);                                     \
      NAME##_group(query, rows, run.pointers ? ahead : NULL, group, d, out + i);                                       \
    }                                                                                                                  \
    for (; i < count; i++) {                                                                                           \
      const char *row = kg_row(run, i);                                                                                \
      NAME##_group(query, &row, NULL, 1, d, out + i);                                                                  \
    }                                                                                                                  \
  }                                                                                                                    \
  static TARGET OUT NAME##_pair(const QUERY *query, const void *row, size_t d) {                                       \
    OUT out;                                                                                                           \
    const char *rows = row;                                                                                            \
    NAME##_group(query, &rows, NULL, 1, d, &out);                                                                      \
    return out;                                                                                                        \
  }                                                                                                                    \
  static TARGET void NAME##_rows(const QUERY *query, const void *rows, size_t stride_bytes, size_t count, size_t d,    \
                                 OUT *out) {                                                                           \
    NAME##_run(query, (kg_run){rows, stride_bytes, NULL}, count, d, out, IN_RUN);                                      \
  }                                                                                                                    \
  static TARGET void NAME##_gather(const QUERY *query, const void *const *rows, size_t count, size_t d, OUT *out) {    \
    NAME##_run(query, (kg_run){NULL, 0, rows}, count, d, out, IN_GATHER);                                              \
  }

/// The three functions of a family, for a table.
#define KG_FAMILY(NAME) {NAME##_pair, NAME##_rows, NAME##_gather}

/// Defines the four float families from one `float_group(…, measure, element)`.
#define KG_DEFINE_FLOAT_FAMILIES(TARGET, GROUP)                                                                        \
  KG_DEFINE_FLOAT_FAMILY(dot_f32, kg_dot, kg_f32, TARGET, GROUP)                                                       \
  KG_DEFINE_FLOAT_FAMILY(dot_f16, kg_dot, kg_f16, TARGET, GROUP)                                                       \
  KG_DEFINE_FLOAT_FAMILY(squared_l2_f32, kg_squared_l2, kg_f32, TARGET, GROUP)                                         \
  KG_DEFINE_FLOAT_FAMILY(squared_l2_f16, kg_squared_l2, kg_f16, TARGET, GROUP)

#define KG_DEFINE_FLOAT_FAMILY(NAME, MEASURE, ELEMENT, TARGET, GROUP)                                                  \
  KG_INLINE TARGET void NAME##_group(const float *query, const char *const *rows, const char *const *ahead, size_t g,  \
                                     size_t d, float *out) {                                                           \
    float_group(query, rows, ahead, g, d, out, MEASURE, ELEMENT);                                                      \
  }                                                                                                                    \
  KG_DEFINE_FAMILY(NAME, TARGET, float, float, d *ELEMENT, 1, GROUP)

#endif
