import VectorKernels

/// A row that is to be moved, as an edit moves a picture: by a part of differences of other rows.
///
/// Sums of several differences spread as the rows do. One difference alone would move a row towards another one, and make a query with
/// neighbours in two places, which real ones hardly have and walks find hard.
struct MovedRow {
  let origin: UInt32
  let shifts: [(from: UInt32, to: UInt32)]
  let part: Float

  /// Differences that are summed up.
  private static let shiftCount = 8

  /// Draws rows to move.
  ///
  /// - Parameters:
  ///   - count: How many queries.
  ///   - origins: Rows to move, in turn, so often that there are as many as asked for.
  ///   - nodes: Rows whose differences are taken.
  ///   - parts: How far they are moved, in turn.
  ///   - seed: For the draw.
  /// - Returns: As many as asked for; none where there are no origins.
  static func draw(
    _ count: Int, from origins: [UInt32], among nodes: [UInt32], parts: [Float], seed: UInt64
  ) -> [MovedRow] {
    guard !origins.isEmpty, !nodes.isEmpty else { return [] }
    var generator = SplitMix(seed: seed)
    return (0..<count).map { index in
      let shifts = (0..<shiftCount).map { _ in
        (
          from: nodes[Int.random(in: nodes.indices, using: &generator)],
          to: nodes[Int.random(in: nodes.indices, using: &generator)]
        )
      }
      // All rows before the first one again, then moved by another part.
      let part = parts[(index + index / origins.count) % parts.count]
      return MovedRow(origin: origins[index % origins.count], shifts: shifts, part: part)
    }
  }
}

/// Queries that resemble what an index is asked: rows that were moved a little.
///
/// A row as it is would be too easy a query, because rows often have twins, views of the same thing, and a suspect is a further, worse view. So
/// each query is a row plus a part of differences of others, at the row's length.
@safe
final class CalibrationQueries: @unchecked Sendable {
  /// The rows that were moved.
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
    var others = FormBlock(capacity: 2 * (moved.first?.shifts.count ?? 0), form: form)
    for (query, move) in moved.enumerated() {
      others.fill(move.shifts.flatMap { [$0.from, $0.to] }[...], from: rows, form: form)
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

extension CalibrationQueries {
  /// A query in the form that the index sees; valid as long as this value.
  func formed(_ query: Int) -> UnsafePointer<Float> {
    precondition(query < origins.count)
    // SAFETY: checked on the line above.
    return unsafe UnsafePointer(block.floats.base + query * block.stride)
  }
}

/// One of the queries, and what it should find.
struct CalibrationQuery {
  let queries: CalibrationQueries
  let index: Int
  /// The nearest nodes, nearest first.
  let truth: [UInt32]
}

extension FormBlock {
  /// Adds a part of the differences of pairs of rows of another block to a row; it is as long as that of one difference.
  mutating func move(_ row: Int, by others: borrowing FormBlock, part: Float, keepsLength: Bool) {
    precondition(row < count && others.count.isMultiple(of: 2) && others.stride == stride)
    let pairs = others.count / 2
    let factor = part / Float(max(pairs, 1)).squareRoot()
    // SAFETY: both blocks have `stride` floats a row.
    let target = unsafe floats.base + row * stride
    let before = unsafe 2 * halfNorms.base[row]
    for pair in 0..<pairs {
      let (a, b) = unsafe (others.floats.base + 2 * pair * stride, others.floats.base + (2 * pair + 1) * stride)
      for column in 0..<stride { unsafe target[column] += factor * (a[column] - b[column]) }
    }
    var after = unsafe Float(DistanceKernels.active.squaredNorm(over: .float32)(target, stride))
    if keepsLength && after > 0 {
      let factor = (before / after).squareRoot()
      for column in 0..<stride { unsafe target[column] *= factor }
      after = before
    }
    unsafe halfNorms.base[row] = 0.5 * after
  }
}
