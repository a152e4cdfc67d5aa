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

/// Defines NAME_gather and NAME_rows from `GROUP(query, rows, n, bits, out)`.
///
/// GROUP writes the values of four rows, whose first plane has n bytes. A short last group is filled up with its last
/// row. Where CONSTANT is set, GROUP is also compiled for the plane sizes of one to four lines, which lets it keep the
/// query in registers: a third faster with AVX-512, nothing elsewhere.
#define KG_DEFINE_CODE_FAMILY(NAME, TARGET, BITS, GROUP, CONSTANT)                                                     \
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
  }

/// Defines the families of all widths from one `GROUP`.
#define KG_DEFINE_CODE_FAMILIES(TARGET, GROUP, CONSTANT)                                                               \
  KG_DEFINE_CODE_FAMILY(one, TARGET, 1, GROUP, CONSTANT)                                                               \
  KG_DEFINE_CODE_FAMILY(two, TARGET, 2, GROUP, CONSTANT)                                                               \
  KG_DEFINE_CODE_FAMILY(three, TARGET, 3, GROUP, CONSTANT)                                                             \
  KG_DEFINE_CODE_FAMILY(four, TARGET, 4, GROUP, CONSTANT)                                                              \
  KG_DEFINE_CODE_FAMILY(eight, TARGET, 8, GROUP, 0)                                                                    

/// The functions of those families, for a table.
#define KG_CODE_FAMILIES                                                                                               \
  {.one = {one_gather, one_rows},                                                                                      \
   .two = {two_gather, two_rows},                                                                                      \
   .three = {three_gather, three_rows},                                                                                \
   .four = {four_gather, four_rows},                                                                                   \
   .eight = {eight_gather, eight_rows}}

#endif
