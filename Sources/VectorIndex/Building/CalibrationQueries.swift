import VectorKernels

/// A row that is to be moved a little, as an edit moves a picture: by a part of the difference of two other rows.
struct MovedRow {
  let origin: UInt32
  let shift: (from: UInt32, to: UInt32)
  let part: Float

  /// Draws rows to move.
  ///
  /// - Parameters:
  ///   - count: How many at most.
  ///   - nodes: Rows to draw from.
  ///   - parts: How far they are moved, in turn.
  ///   - seed: For the draw.
  /// - Returns: As many as asked for, or as there are rows, in the order of rows.
  static func draw(_ count: Int, from nodes: [UInt32], parts: [Float], seed: UInt64) -> [MovedRow] {
    var generator = SplitMix(seed: seed)
    let origins = nodes[...].sample(count, using: &generator)
    return origins.enumerated().map { index, origin in
      let from = nodes.randomElement(using: &generator) ?? origin
      let to = nodes.randomElement(using: &generator) ?? origin
      return MovedRow(origin: origin, shift: (from, to), part: parts[index % parts.count])
    }
  }
}

/// Queries that resemble what an index is asked: rows that were moved a little.
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

  /// Moves rows.
  ///
  /// - Parameters:
  ///   - moved: Which rows, and how.
  ///   - rows: Where they are.
  ///   - form: How the index sees them.
  init(_ moved: [MovedRow], rows: RowStore, form: VectorForm) {
    let origins = moved.map(\.origin)
    var block = FormBlock(capacity: origins.count, form: form)
    block.fill(origins[...], from: rows, form: form)
    var others = FormBlock(capacity: 2, form: form)
    for (query, move) in moved.enumerated() {
      others.fill([move.shift.from, move.shift.to], from: rows, form: form)
      block.move(query, by: others, part: move.part, keepsLength: form.center.isEmpty)
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

/// One of the queries, and what it should find.
struct CalibrationQuery {
  let queries: CalibrationQueries
  let index: Int
  /// The nearest nodes but for the query's origin, nearest first.
  let truth: [UInt32]
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
