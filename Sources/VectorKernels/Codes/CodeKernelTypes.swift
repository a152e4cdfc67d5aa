// The shapes of the C kernels over packed codes and of the rotation. None keeps a pointer, allocates or fails.

/// The values of code rows anywhere after a base: query, base, stride in bytes, ordinals, count, dimension, out.
///
/// The row of ordinal *o* begins at base + *o* × stride. The base is aligned to 64 bytes, the stride is a multiple of 64,
/// and the query holds ``CodeBits/queryBytes(dimension:)`` bytes. All lines are asked for before the first is read.
public typealias CodeGatherKernel =
  @convention(c) (
    UnsafePointer<Int8>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt32>, Int, Int, UnsafeMutablePointer<Int32>
  ) -> Void

/// The values of code rows at a constant stride: query, base, stride in bytes, count, dimension, out.
///
/// The query holds ``CodeBits/queryBytes(dimension:)`` bytes.
public typealias CodeRowsKernel =
  @convention(c) (
    UnsafePointer<Int8>, UnsafePointer<UInt8>, Int, Int, Int, UnsafeMutablePointer<Int32>
  ) -> Void

/// The values of code rows in blocks of sixteen: query, blocks, count of blocks, dimension, out.
///
/// Line *j* of a block holds bytes 4*j* to 4*j* + 3 of each of its rows. The query holds ``CodeBits/queryBytes(dimension:)`` bytes, and
/// `out` has room for sixteen values a block.
public typealias CodeBlocksKernel =
  @convention(c) (UnsafePointer<Int8>, UnsafePointer<UInt8>, Int, Int, UnsafeMutablePointer<Int32>) -> Void

/// The Walsh-Hadamard transform in place, in natural order and orthogonal: numbers, count.
///
/// The count is a power of two.
public typealias HadamardKernel = @convention(c) (UnsafeMutablePointer<Float>, Int) -> Void

/// The change of sign of the numbers whose bits are set, 32 to a word from the lowest: numbers, words, count.
public typealias FlipSignsKernel = @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<UInt32>, Int) -> Void

/// Numbers to a row of codes, its padding included: numbers, dimension, inverse of the step, bits a code, row.
///
/// A code is floor(number × inverse + 2^(bits − 1)), confined to what the bits can hold; a NaN becomes 0. The row has room
/// for ``CodeBits/rowBytes(dimension:)`` bytes.
public typealias EncodeKernel =
  @convention(c) (UnsafePointer<Float>, Int, Float, UInt32, UnsafeMutablePointer<UInt8>) -> Void

/// The request for the lines of a stretch of memory: start, bytes.
public typealias PrefetchKernel = @convention(c) (UnsafeRawPointer, Int) -> Void

/// Finite numbers to signed bytes: numbers, count, bytes, sum of the bytes.
///
/// Returns what one unit is worth: the largest magnitude / 127.
public typealias QuantizeQueryKernel =
  @convention(c) (UnsafePointer<Float>, Int, UnsafeMutablePointer<Int8>, UnsafeMutablePointer<Int32>) -> Float

/// The request for rows anywhere after a base: base, stride, bytes a row, ordinals, count.
public typealias PrefetchRowsKernel =
  @convention(c) (UnsafeRawPointer, Int, Int, UnsafePointer<UInt32>, Int) -> Void
