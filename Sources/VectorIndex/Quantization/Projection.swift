import VectorKernels

/// A linear map onto the directions in which rows have most energy, rotated among themselves.
///
/// The directions are the leading eigenvectors of the uncentred second-moment matrix; what lies outside them is given up. Rotating them
/// spreads the energy evenly, so that one step serves all coordinates, as with ``HadamardRotation``.
///
/// LeanVec (Tepper et al. 2023) for the projection.
@safe
final class Projection: Sendable {
  /// Numbers that go in.
  let inputDimension: Int
  /// Numbers that come out, a multiple of 64.
  let dimension: Int
  /// The directions: ``dimension`` rows of ``inputDimension`` floats, orthonormal.
  let matrix: [Float]
  /// The directions as bytes around 128, for queries: reading a quarter of the memory is what counts there.
  private let bytes: AlignedBuffer<UInt8>
  /// What one unit of ``bytes`` is worth.
  private let byteStep: Float
  private let byteStride: Int

  init(matrix: [Float], inputDimension: Int) {
    precondition(inputDimension > 0 && matrix.count.isMultiple(of: inputDimension * 64))
    self.inputDimension = inputDimension
    self.matrix = matrix
    dimension = matrix.count / inputDimension
    byteStride = (inputDimension + 63) & ~63
    let largest = matrix.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    let step = largest / 127
    byteStep = step
    bytes = AlignedBuffer(zeroed: dimension * byteStride)
    for row in 0..<dimension {
      for column in 0..<inputDimension {
        let value = (matrix[row * inputDimension + column] / step).rounded()
        // SAFETY: the buffer has `byteStride` ≥ `inputDimension` bytes for each of `dimension` rows.
        unsafe bytes.base[row * byteStride + column] = UInt8(value + 128)
      }
    }
  }

  /// Takes the leading directions of a sample of rows and rotates them.
  ///
  /// - Parameters:
  ///   - moments: The eigenvectors and eigenvalues of the sample's second moments, greatest first.
  ///   - dimension: How many directions to keep, a multiple of 64 and at most the order of the moments.
  ///   - seed: For the rotation.
  /// - Returns: The map, and the share of the sample's energy that it keeps.
  static func learn(moments: SymmetricEigen, dimension: Int, seed: UInt64) -> (map: Projection, energy: Float) {
    let d = moments.order
    precondition(dimension <= d)
    var matrix = [Float](moments.vectors[0..<dimension * d])
    let rotation = HadamardRotation(inputDimension: dimension, seed: seed)
    let column = AlignedBuffer<Float>(zeroed: dimension)
    for input in 0..<d {
      // SAFETY: the column has `dimension` floats, a multiple of 64, which is what the rotation takes.
      for row in 0..<dimension { unsafe column.base[row] = matrix[row * d + input] }
      unsafe rotation.apply(column.base)
      for row in 0..<dimension { unsafe matrix[row * d + input] = column.base[row] }
    }
    let total = moments.values.reduce(0, +)
    let kept = moments.values[0..<dimension].reduce(0, +)
    return (Projection(matrix: matrix, inputDimension: d), total > 0 ? kept / total : 0)
  }

  /// Maps a query, in bytes: exact to about one part in two hundred, far below what codes lose.
  ///
  /// - Parameters:
  ///   - query: As bytes with a scale; ``inputDimension`` of them.
  ///   - products: Room for ``dimension`` sums.
  ///   - out: Gets ``dimension`` floats.
  func apply(_ query: ByteQuery, products: UnsafeMutablePointer<Int32>, into out: UnsafeMutablePointer<Float>) {
    // SAFETY: the caller gives room for `dimension` sums and floats; the rows are `byteStride` bytes apart.
    let kernel = unsafe DistanceKernels.active.byteDotRows
    unsafe kernel(query.bytes, bytes.base, byteStride, dimension, inputDimension, products)
    let (offset, factor) = unsafe (128 * query.sum, query.scale * byteStep)
    for row in 0..<dimension { unsafe out[row] = Float(products[row] - offset) * factor }
  }

  /// Maps rows, exactly, by one product of matrices.
  func apply(_ rows: UnsafeMatrix, into out: UnsafeMutableMatrix) {
    unsafe matrix.withUnsafeBufferPointer { directions in
      guard let base = directions.baseAddress else { return }
      // SAFETY: the matrix has `dimension` rows of `inputDimension` floats.
      unsafe MatrixProduct.multiply(
        rows, transposed: UnsafeMatrix(base, rows: dimension, columns: inputDimension), into: out)
    }
  }
}
