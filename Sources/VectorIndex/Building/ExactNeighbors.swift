import VectorKernels

/// The nearest rows to some rows, in the form that the index sees, by products of matrices: the truth that a build measures itself against.
///
/// Exact to the last bits of a product.
struct ExactNeighbors {
  let rows: RowStore
  let form: VectorForm

  /// Rows multiplied at a time, and rows of one task.
  private static let block = 1024
  private static let taskRows = 16 * block

  /// The nearest of `base` to every query.
  ///
  /// - Parameters:
  ///   - k: How many, at least 1.
  ///   - queries: Rows that ask; one that is itself in `base` is no neighbour of itself.
  ///   - base: Rows that are asked.
  ///   - workers: Who multiplies; the result is the same for any number of them.
  /// - Returns: Positions in `base`, nearest first and at the same distance by position.
  /// - Complexity: O(*queries* · *base* · *d*).
  func nearest(_ k: Int, of queries: [UInt32], among base: [UInt32], workers: WorkerPool) -> [[UInt32]] {
    guard !queries.isEmpty, !base.isEmpty else { return queries.map { _ in [] } }
    var asking = FormBlock(capacity: queries.count, form: form)
    asking.fill(queries[...], from: rows, form: form)
    // SAFETY: the matrix is only read, and its block outlives the tasks.
    nonisolated(unsafe) let matrix = unsafe asking.matrix
    let tasks = (base.count + Self.taskRows - 1) / Self.taskRows
    var partial = [[[Entry]]](repeating: [], count: tasks)
    unsafe partial.withUnsafeMutableBufferPointer { partial in
      // SAFETY: each task writes its own element.
      nonisolated(unsafe) let partial = unsafe partial
      workers.run(tasks: tasks) { task, _ in
        let range = task * Self.taskRows..<min(base.count, (task + 1) * Self.taskRows)
        unsafe partial[task] = nearest(k, matrix, queries, base, range)
      }
    }
    return queries.indices.map { query in
      partial.flatMap { $0[query] }.sorted { $0 < $1 }.prefix(k).map(\.position)
    }
  }

  private struct Entry: Comparable {
    var rank: Float
    var position: UInt32

    static func < (a: Entry, b: Entry) -> Bool { (a.rank, a.position) < (b.rank, b.position) }
  }

  private func nearest(
    _ k: Int, _ asking: UnsafeMatrix, _ queries: [UInt32], _ base: [UInt32], _ range: Range<Int>
  ) -> [[Entry]] {
    var block = FormBlock(capacity: Self.block, form: form)
    let products = AlignedBuffer<Float>(zeroed: queries.count * Self.block)
    var best = queries.map { _ in [Entry]() }
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
      let slice = base[start..<min(range.upperBound, start + Self.block)]
      block.fill(slice, from: rows, form: form)
      // SAFETY: the products have a row for every query and a column for every row of the block.
      unsafe MatrixProduct.multiply(
        asking, transposed: block.matrix,
        into: UnsafeMutableMatrix(products.base, rows: queries.count, columns: slice.count))
      for query in queries.indices {
        var bound = best[query].count < k ? Float.infinity : best[query][k - 1].rank
        for column in 0..<slice.count {
          let product = unsafe products.base[query * slice.count + column]
          let rank = unsafe form.metric == .innerProduct ? -product : block.halfNorms.base[column] - product
          guard rank < bound, base[start + column] != queries[query] else { continue }
          Self.insert(Entry(rank: rank, position: UInt32(start + column)), into: &best[query], k)
          if best[query].count == k { bound = best[query][k - 1].rank }
        }
      }
    }
    return best
  }

  private static func insert(_ entry: Entry, into list: inout [Entry], _ k: Int) {
    if list.count == k { list.removeLast() }
    list.insert(entry, at: list.firstIndex { entry < $0 } ?? list.count)
  }
}
