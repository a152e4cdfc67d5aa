import VectorKernels

/// Floats as signed bytes with one scale: what the integer kernels take as a query.
@unsafe
struct ByteQuery {
  /// The bytes; zero beyond the numbers, as far as their buffer was.
  let bytes: UnsafePointer<Int8>
  /// The sum of the bytes.
  let sum: Int32
  /// What one unit is worth.
  let scale: Float

  /// Writes `count` floats as bytes.
  ///
  /// - Parameters:
  ///   - numbers: `count` finite floats.
  ///   - count: How many.
  ///   - bytes: Gets `count` bytes; what follows is left alone.
  @inline(__always)
  init(_ numbers: UnsafePointer<Float>, count: Int, into bytes: UnsafeMutablePointer<Int8>) {
    // SAFETY: the caller gives `count` floats and room for as many bytes.
    var sum: Int32 = 0
    let scale = unsafe DistanceKernels.active.quantizeQuery(numbers, count, bytes, &sum)
    unsafe self.bytes = UnsafePointer(bytes)
    unsafe self.sum = sum
    unsafe self.scale = scale
  }
}
