// Kernels over packed codes, and the transform that rows pass before they are coded.
//
// THE CODE. A row of d numbers becomes codes of b bits: 1, 2, 4 or 8. They form one plane of n = d * b / 8 bytes,
// rounded up to whole lines of 64. Byte i of a plane holds 8 / b fields; field f, the bits b * f up to b * f + b, is
// the code of dimension f * n + i, and zero where there is no such dimension. So one line unpacks with shifts and masks
// into codes of consecutive dimensions. A row of 3 bits is a plane of 2 bits (the low bits of each code) and behind it
// one of 1 bit (the high bit).
//
// The query is signed bytes in the order of the dimensions, padded with zeros to the dimensions that the fields of a
// plane have room for: d rounded up to a multiple of 512 is enough for all widths. The value of a row is the sum of
// query[j] * code[j], exact for d <= 65,536 in every instruction set.
#ifndef KAGAMI_CODE_KERNELS_H
#define KAGAMI_CODE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The values of `count` rows, the one of ordinal o being at base + o * stride; all their lines are asked for first.
///
/// `base` is aligned to 64 bytes and `stride` a multiple of 64.
typedef void (*kg_code_gather)(const int8_t *_Nonnull query, const uint8_t *_Nonnull base, size_t stride,
                               const uint32_t *_Nonnull ordinals, size_t count, size_t d, int32_t *_Nonnull out);

/// The values of `count` rows, `stride` bytes apart.
typedef void (*kg_code_rows)(const int8_t *_Nonnull query, const uint8_t *_Nonnull base, size_t stride, size_t count,
                             size_t d, int32_t *_Nonnull out);

/// The values of 16 · `count` rows in blocks of sixteen, one block behind another.
///
/// A block has the bytes of a row times sixteen: line j of it holds bytes 4j to 4j + 3 of each of its rows. So a register
/// sums sixteen rows, none of which has to be summed across.
typedef void (*kg_code_blocks)(const int8_t *_Nonnull query, const uint8_t *_Nonnull blocks, size_t count, size_t d,
                               int32_t *_Nonnull out);

/// Codes of one width.
typedef struct {
  kg_code_gather _Nonnull gather;
  kg_code_rows _Nonnull rows;
  kg_code_blocks _Nonnull blocks;
} kg_code_family;

/// Codes of all widths.
typedef struct {
  kg_code_family one, two, three, four, eight;
} kg_code_families;

/// The Walsh-Hadamard transform of n numbers in place, in natural order, scaled to be orthogonal; n is a power of two.
///
/// Stage h = 1, 2, 4, … makes of each two numbers h apart their sum and their difference; after the last one they are
/// multiplied by 1 / sqrt(n). Each step rounds, nothing is fused, so that all instruction sets give the same bits.
typedef void (*kg_hadamard)(float *_Nonnull x, size_t n);

/// Changes the sign of x[i] where bit i % 32 of bits[i / 32] is set.
typedef void (*kg_flip_signs)(float *_Nonnull x, const uint32_t *_Nonnull bits, size_t n);

/// The random rotation's two halves.
typedef struct {
  kg_hadamard _Nonnull hadamard;
  kg_flip_signs _Nonnull flip_signs;
} kg_rotation;

/// Writes a whole row of codes of `bits` bits, its padding included.
///
/// A code is floor(x * inverse_step + 2^(bits - 1)), confined to 0 … 2^bits - 1; it stands for the number
/// (code - (2^bits - 1) / 2) / inverse_step. A NaN becomes 0.
void kg_encode(const float *_Nonnull x, size_t d, float inverse_step, unsigned bits, uint8_t *_Nonnull row);

/// Writes finite numbers as signed bytes in units of the largest magnitude / 127, half away from zero, and their sum.
///
/// Returns the unit; the zero vector becomes zeros.
float kg_quantize_query(const float *_Nonnull x, size_t d, int8_t *_Nonnull bytes, int32_t *_Nonnull sum);

/// Asks for the lines of `bytes` bytes.
void kg_prefetch_lines(const void *_Nonnull p, size_t bytes);

/// Asks for the first `bytes` bytes of the rows with these ordinals, `stride` bytes apart.
void kg_prefetch_rows(const void *_Nonnull base, size_t stride, size_t bytes, const uint32_t *_Nonnull ordinals,
                      size_t count);

#endif
