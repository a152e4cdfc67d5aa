import VectorKernels

/// The memory in which one query is turned into bytes.
@safe
struct QueryScratch: ~Copyable, @unchecked Sendable {
  /// The query as the codes' map wants it.
  let vector: AlignedBuffer<Float>
  /// What came out of a projection.
  let mapped: AlignedBuffer<Float>
  /// The query before a projection, in bytes.
  let inputBytes: AlignedBuffer<Int8>
  /// The query as codes are compared with it.
  let bytes: AlignedBuffer<Int8>
  /// Sums of a projection.
  let products: AlignedBuffer<Int32>

  init(for quantizer: Quantizer) {
    vector = AlignedBuffer(zeroed: quantizer.form.stride)
    mapped = AlignedBuffer(zeroed: quantizer.codeDimension)
    inputBytes = AlignedBuffer(zeroed: quantizer.form.stride)
    bytes = AlignedBuffer(zeroed: quantizer.format.bits.queryBytes(dimension: quantizer.codeDimension))
    products = AlignedBuffer(zeroed: quantizer.codeDimension)
  }
}

/// A query as codes are compared with it.
@unsafe
struct PreparedQuery {
  // SAFETY: the bytes lie in the scratch that the query was prepared in; who prepared it keeps that alive and unchanged.
  /// The mapped query.
  let bytes: ByteQuery
  /// What to add to a rank to make a distance.
  let constant: Float
  /// The inner product that a row at distance 0 would have.
  let endProduct: Float
}

extension Quantizer {
  /// Turns a query into bytes.
  ///
  /// - Parameters:
  ///   - query: Prepared for the metric: `dimension` floats.
  ///   - scratch: Made for this quantizer.
  /// - Returns: The bytes, which live in the scratch, and what belongs to them.
  func prepare(
    _ query: UnsafePointer<Float>, in scratch: borrowing QueryScratch
  ) -> PreparedQuery {
    let dimension = form.dimension
    // SAFETY: the scratch was made for this quantizer, so that every buffer has the size that is used.
    let vector = unsafe scratch.vector.base
    unsafe vector.update(from: query, count: dimension)
    unsafe form.subtractCenter(from: vector)
    let squared = unsafe Float(DistanceKernels.active.squaredNorm(over: .float32)(vector, dimension))
    let (constant, end) = (constant(squared), endProduct(squared))
    if let rotation {
      for padding in dimension..<form.stride { unsafe vector[padding] = 0 }
      unsafe rotation.apply(vector)
      return unsafe PreparedQuery(
        bytes: ByteQuery(vector, count: codeDimension, into: scratch.bytes.base), constant: constant, endProduct: end)
    }
    let mapped = unsafe scratch.mapped.base
    let input = unsafe ByteQuery(vector, count: dimension, into: scratch.inputBytes.base)
    unsafe projection?.apply(input, products: scratch.products.base, into: mapped)
    return unsafe PreparedQuery(
      bytes: ByteQuery(mapped, count: codeDimension, into: scratch.bytes.base), constant: constant, endProduct: end)
  }

  /// The part of a distance that is the same for all rows.
  ///
  /// Under L2 without terms all rows are equally long, and their length is part of it.
  private func constant(_ squared: Float) -> Float {
    guard form.metric == .euclidean else { return 0 }
    return squared + (hasTerms ? 0 : commonNorm * commonNorm)
  }

  /// The inner product of a query with a row of the common length in the same place, or in the same direction under inner product.
  private func endProduct(_ squared: Float) -> Float {
    guard form.metric == .innerProduct && hasTerms else { return 0.5 * (squared + commonNorm * commonNorm) }
    return squared.squareRoot() * commonNorm
  }
}
