// What the kernels over packed codes share: the size of a plane and the walk over rows.
#ifndef KAGAMI_CODES_INTERNAL_H
#define KAGAMI_CODES_INTERNAL_H

#include "kernels.h"

enum {
  /// Bytes of a line; planes are whole lines.
  kg_line = 64,
  /// Rows that share the loads of the query, and one reduction.
  kg_code_group = 4,
  /// Up to so many gathered rows are asked for at once; of more, this many are kept on the way.
  kg_all_at_once = 128,
  kg_on_the_way = 64,
  /// Rows of a block.
  kg_block_rows = 16,
};

/// Bytes of a plane of `bits` bits a dimension.
KG_INLINE size_t kg_plane_bytes(size_t d, unsigned bits) { return (d * bits + 511) / 512 * kg_line; }

/// Bytes of the high plane of a row of 3 bits, given those of its low plane.
KG_INLINE size_t kg_high_plane_bytes(size_t n) { return (n + kg_line) / (2 * kg_line) * kg_line; }

/// Bytes of a row whose first plane has n bytes.
KG_INLINE size_t kg_code_row_bytes(size_t n, unsigned bits) { return bits == 3 ? n + kg_high_plane_bytes(n) : n; }

/// Rows at a constant stride: all of them, or, where `ordinals` is set, those.
typedef struct {
  const uint8_t *base;
  size_t stride;
  const uint32_t *ordinals;
  size_t count;
} kg_code_run;

KG_INLINE const uint8_t *kg_code_row(kg_code_run run, size_t index) {
  return run.base + (run.ordinals ? run.ordinals[index] : index) * run.stride;
}

KG_INLINE void kg_prefetch_code_row(kg_code_run run, size_t index, size_t bytes) {
  kg_prefetch((const char *)kg_code_row(run, index), bytes);
}

/// How many rows lie between the one that is read and the one that is asked for.
KG_INLINE size_t kg_code_rows_ahead(kg_code_run run, size_t bytes) {
  if (!run.ordinals) return kg_rows_ahead(bytes);
  return run.count <= kg_all_at_once ? run.count : kg_on_the_way;
}

/// Adds the values of a plane of a block, in portable C.
KG_INLINE void kg_block_plane(int32_t *sums, const int8_t *query, const uint8_t *block, size_t n, unsigned bits,
                              unsigned factor_bits) {
  for (size_t i = 0; i < n; i++)
    for (unsigned f = 0; f < 8 / bits; f++)
      for (size_t r = 0; r < kg_block_rows; r++) {
        const int byte = block[i / 4 * 4 * kg_block_rows + 4 * r + i % 4];
        sums[r] += (query[f * n + i] * ((byte >> (bits * f)) & ((1 << bits) - 1))) * (1 << factor_bits);
      }
}

/// Defines NAME_gather, NAME_rows and NAME_blocks from `GROUP(query, rows, n, bits, out)` and
/// `PLANE(sums, query, block, n, bits, factor_bits)`.
///
/// GROUP writes the values of four rows, whose first plane has n bytes. A short last group is filled up with its last
/// row. PLANE adds the values of a plane of n bytes of a block's rows, times 2^factor_bits, to sixteen sums. Where
/// CONSTANT is set, they are also compiled for small plane sizes, which lets GROUP keep the query in registers: a third
/// faster with AVX-512, nothing elsewhere.
#define KG_DEFINE_CODE_FAMILY(NAME, TARGET, BITS, GROUP, PLANE, CONSTANT)                                              \
  static TARGET __attribute__((noinline)) void NAME##_rest(const int8_t *query, kg_code_run run, size_t i, size_t n,   \
                                                           int32_t *out) {                                             \
    const uint8_t *rows[kg_code_group];                                                                                \
    int32_t values[kg_code_group];                                                                                     \
    for (size_t r = 0; r < kg_code_group; r++) rows[r] = kg_code_row(run, i + r < run.count ? i + r : run.count - 1);  \
    GROUP(query, rows, n, BITS, values);                                                                               \
    for (size_t r = 0; i + r < run.count; r++) out[i + r] = values[r];                                                 \
  }                                                                                                                    \
  KG_INLINE TARGET void NAME##_run(const int8_t *restrict query, kg_code_run run, size_t n, int32_t *restrict out) {   \
    const size_t bytes = kg_code_row_bytes(n, BITS), count = run.count;                                                \
    const size_t distance = kg_code_rows_ahead(run, bytes);                                                            \
    if (run.ordinals)                                                                                                  \
      for (size_t r = 0; r < distance; r++) kg_prefetch_code_row(run, r, bytes);                                       \
    size_t i = 0;                                                                                                      \
    for (; count - i >= kg_code_group; i += kg_code_group) {                                                           \
      const uint8_t *rows[kg_code_group];                                                                              \
      for (size_t r = 0; r < kg_code_group; r++) rows[r] = kg_code_row(run, i + r);                                    \
      if (count - i >= distance + kg_code_group)                                                                       \
        for (size_t r = 0; r < kg_code_group; r++) kg_prefetch_code_row(run, i + r + distance, bytes);                 \
      GROUP(query, rows, n, BITS, out + i);                                                                            \
    }                                                                                                                  \
    if (i < count) NAME##_rest(query, run, i, n, out);                                                                 \
  }                                                                                                                    \
  KG_INLINE TARGET void NAME##_choose(const int8_t *query, kg_code_run run, size_t d, int32_t *out) {                  \
    const size_t n = kg_plane_bytes(d, (BITS) == 3 ? 2 : (BITS));                                                      \
    if ((CONSTANT) && n == 1 * kg_line) return NAME##_run(query, run, 1 * kg_line, out);                               \
    if ((CONSTANT) && n == 2 * kg_line) return NAME##_run(query, run, 2 * kg_line, out);                               \
    if ((CONSTANT) && n == 3 * kg_line) return NAME##_run(query, run, 3 * kg_line, out);                               \
    if ((CONSTANT) && n == 4 * kg_line) return NAME##_run(query, run, 4 * kg_line, out);                               \
    NAME##_run(query, run, n, out);                                                                                    \
  }                                                                                                                    \
  static TARGET void NAME##_gather(const int8_t *query, const uint8_t *base, size_t stride, const uint32_t *ordinals,  \
                                   size_t count, size_t d, int32_t *out) {                                             \
    NAME##_choose(query, (kg_code_run){base, stride, ordinals, count}, d, out);                                        \
  }                                                                                                                    \
  static TARGET void NAME##_rows(const int8_t *query, const uint8_t *base, size_t stride, size_t count, size_t d,      \
                                 int32_t *out) {                                                                       \
    NAME##_choose(query, (kg_code_run){base, stride, NULL, count}, d, out);                                            \
  }                                                                                                                    \
  KG_INLINE TARGET void NAME##_each_block(const int8_t *restrict query, const uint8_t *restrict blocks, size_t count,  \
                                          size_t n, int32_t *restrict out) {                                           \
    for (size_t b = 0; b < count; b++) {                                                                               \
      const uint8_t *block = blocks + b * kg_block_rows * kg_code_row_bytes(n, BITS);                                  \
      int32_t *sums = out + b * kg_block_rows;                                                                         \
      for (size_t r = 0; r < kg_block_rows; r++) sums[r] = 0;                                                          \
      PLANE(sums, query, block, n, (BITS) == 3 ? 2 : (BITS), 0);                                                       \
      if ((BITS) == 3) PLANE(sums, query, block + n * kg_block_rows, kg_high_plane_bytes(n), 1, 2);                    \
    }                                                                                                                  \
  }                                                                                                                    \
  static TARGET void NAME##_blocks(const int8_t *query, const uint8_t *blocks, size_t count, size_t d,                 \
                                   int32_t *out) {                                                                     \
    const size_t n = kg_plane_bytes(d, (BITS) == 3 ? 2 : (BITS));                                                      \
    if ((CONSTANT) && n == 1 * kg_line) return NAME##_each_block(query, blocks, count, 1 * kg_line, out);              \
    if ((CONSTANT) && n == 2 * kg_line) return NAME##_each_block(query, blocks, count, 2 * kg_line, out);              \
    NAME##_each_block(query, blocks, count, n, out);                                                                   \
  }

/// Defines the families of all widths from one `GROUP` and one `PLANE`.
#define KG_DEFINE_CODE_FAMILIES(TARGET, GROUP, PLANE, CONSTANT)                                                        \
  KG_DEFINE_CODE_FAMILY(one, TARGET, 1, GROUP, PLANE, CONSTANT)                                                        \
  KG_DEFINE_CODE_FAMILY(two, TARGET, 2, GROUP, PLANE, CONSTANT)                                                        \
  KG_DEFINE_CODE_FAMILY(three, TARGET, 3, GROUP, PLANE, CONSTANT)                                                      \
  KG_DEFINE_CODE_FAMILY(four, TARGET, 4, GROUP, PLANE, CONSTANT)                                                       \
  KG_DEFINE_CODE_FAMILY(eight, TARGET, 8, GROUP, PLANE, 0)                                                                    

/// The functions of those families, for a table.
#define KG_CODE_FAMILIES                                                                                               \
  {.one = {one_gather, one_rows, one_blocks},                                                                          \
   .two = {two_gather, two_rows, two_blocks},                                                                          \
   .three = {three_gather, three_rows, three_blocks},                                                                  \
   .four = {four_gather, four_rows, four_blocks},                                                                      \
   .eight = {eight_gather, eight_rows, eight_blocks}}

#endif
