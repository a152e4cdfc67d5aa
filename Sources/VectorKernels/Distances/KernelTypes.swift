// The shapes of the C kernels, for loops that hold one in a local. None keeps a pointer, allocates or fails.

/// The value of a query and one row: query, row, dimension.
public typealias PairKernel = @convention(c) (UnsafePointer<Float>, UnsafeRawPointer, Int) -> Float

/// The values of rows at a constant stride: query, rows, stride in bytes, count, dimension, out.
public typealias RowsKernel =
  @convention(c) (UnsafePointer<Float>, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<Float>) -> Void

/// The values of rows anywhere in memory: query, rows, count, dimension, out.
///
/// No row may be nil.
public typealias GatherKernel =
  @convention(c) (
    UnsafePointer<Float>, UnsafePointer<UnsafeRawPointer?>, Int, Int, UnsafeMutablePointer<Float>
  ) -> Void

/// Inner products of a signed query and unsigned rows at a constant stride: query, rows, stride in bytes, count, dimension, out.
public typealias ByteDotRowsKernel =
  @convention(c) (UnsafePointer<Int8>, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<Int32>) -> Void

/// Inner products of a signed query and unsigned rows anywhere in memory: query, rows, count, dimension, out.
public typealias ByteDotGatherKernel =
  @convention(c) (
    UnsafePointer<Int8>, UnsafePointer<UnsafeRawPointer?>, Int, Int, UnsafeMutablePointer<Int32>
  ) -> Void

/// Differing bits of rows at a constant stride: query, rows, stride in bytes, count, bytes a row, out.
public typealias HammingRowsKernel =
  @convention(c) (UnsafePointer<UInt8>, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<UInt32>) -> Void

/// Differing bits of rows anywhere in memory: query, rows, count, bytes a row, out.
public typealias HammingGatherKernel =
  @convention(c) (
    UnsafePointer<UInt8>, UnsafePointer<UnsafeRawPointer?>, Int, Int, UnsafeMutablePointer<UInt32>
  ) -> Void

/// Stored numbers to floats, times a factor: in, factor, out, count.
public typealias WidenKernel = @convention(c) (UnsafeRawPointer, Float, UnsafeMutablePointer<Float>, Int) -> Void

/// Floats to stored numbers: in, out, count.
///
/// Halves are rounded to nearest, ties to even.
public typealias NarrowKernel = @convention(c) (UnsafePointer<Float>, UnsafeMutableRawPointer, Int) -> Void

/// The sum of squares of stored numbers, in double: in, count.
public typealias SquaredNormKernel = @convention(c) (UnsafeRawPointer, Int) -> Double

/// The cosine of a query and a row of stored numbers, in double: query, row, dimension.
public typealias CosineKernel = @convention(c) (UnsafePointer<Float>, UnsafeRawPointer, Int) -> Double

/// The indices, ascending, whose score plus bias is at least a threshold: scores, bias or nil, count, threshold, out.
///
/// Returns how many there are. `out` must have room for count + 16 entries. A NaN is never selected.
public typealias SelectAtLeastKernel =
  @convention(c) (
    UnsafePointer<Float>, UnsafePointer<Float>?, Int, Float, UnsafeMutablePointer<UInt32>
  ) -> Int

/// Whether no float is an infinity or a NaN: in, count.
public typealias AllFiniteKernel = @convention(c) (UnsafePointer<Float>, Int) -> Bool
