import VectorKernels

/// Queries that resemble what an index is asked: rows that were moved a little, as edits move a picture.
///
/// A row of the index as it is would be too easy a query, because rows often have twins, views of the same thing, and a suspect is a
/// further, worse view. So each query is a row plus a part of the difference of two others, at the row's length.
@safe
final class CalibrationQueries: @unchecked Sendable {
  /// The rows that were moved: no walk may see them.
  let origins: [UInt32]
  /// The queries in the form that the index sees.
  let block: FormBlock
  /// The queries as callers would send them.
  private let vectors: AlignedBuffer<Float>

  /// Which part of the difference is added.
  ///
  /// With a quarter, the similarity of a moved row to its neighbours is that of real queries to theirs.
  private static let part: Float = 0.25

  /// Draws queries.
  ///
  /// - Parameters:
  ///   - count: How many at most.
  ///   - nodes: Rows to draw from, not none.
  ///   - rows: Where they are.
  ///   - form: How the index sees them.
  ///   - seed: For the draw.
  init(_ count: Int, from nodes: [UInt32], rows: RowStore, form: VectorForm, seed: UInt64) {
    var generator = SplitMix(seed: seed)
    let origins = nodes[...].sample(count, using: &generator)
    let shifts = origins.map { _ in (nodes.randomElement(using: &generator), nodes.randomElement(using: &generator)) }
    var block = FormBlock(capacity: origins.count, form: form)
    block.fill(origins[...], from: rows, form: form)
    var others = FormBlock(capacity: 2, form: form)
    for (query, shift) in shifts.enumerated() {
      others.fill([shift.0 ?? origins[query], shift.1 ?? origins[query]], from: rows, form: form)
      block.move(query, by: others, part: Self.part, keepsLength: form.center.isEmpty)
    }
    let vectors = AlignedBuffer<Float>(zeroed: origins.count * form.stride)
    for query in origins.indices {
      for column in 0..<form.dimension {
        // SAFETY: both buffers have `stride` floats a query.
        let number = unsafe block.floats.base[query * form.stride + column]
        unsafe vectors.base[query * form.stride + column] = number + (form.center.isEmpty ? 0 : form.center[column])
      }
    }
    self.origins = origins
    self.vectors = vectors
    self.block = block
  }

  /// A query as callers would send it; valid as long as this value.
  func vector(_ query: Int) -> UnsafePointer<Float> {
    precondition(query < origins.count)
    // SAFETY: checked on the line above.
    return unsafe UnsafePointer(vectors.base + query * block.stride)
  }
}

extension FormBlock {
  /// Adds a part of the difference of two rows of another block to a row.
  mutating func move(_ row: Int, by others: borrowing FormBlock, part: Float, keepsLength: Bool) {
    precondition(row < count && others.count == 2 && others.stride == stride)
    // SAFETY: both blocks have `stride` floats a row.
    let (target, a, b) = unsafe (floats.base + row * stride, others.floats.base, others.floats.base + stride)
    let before = unsafe 2 * halfNorms.base[row]
    for column in 0..<stride { unsafe target[column] += part * (a[column] - b[column]) }
    var after = unsafe Float(DistanceKernels.active.squaredNorm(over: .float32)(target, stride))
    if keepsLength && after > 0 {
      let factor = (before / after).squareRoot()
      for column in 0..<stride { unsafe target[column] *= factor }
      after = before
    }
    unsafe halfNorms.base[row] = 0.5 * after
  }
}
