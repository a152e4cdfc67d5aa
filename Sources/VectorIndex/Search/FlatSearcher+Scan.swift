extension FlatSearcher {
  /// Rows scored at a time for several queries: few enough for the rows to stay in the second cache.
  private static let blockRows = 256
  /// Rows scored at a time for one query, whose distances stay in the first cache: the stream of rows is interrupted less often.
  private static let streamRows = 1024
  /// Bytes of rows a task at least: some hundred microseconds of reading.
  private static let taskBytes = 4 << 20

  /// Reads every row of the selection once and scores it against each of a few queries.
  ///
  /// - Complexity: O(*queries* · *rows* · *d*); bound by memory for one query.
  func scan<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ selection: RowSelection, into empty: [Collector]
  ) -> [Collector] {
    let rowsPerTask = max(
      Self.blockRows, Self.taskBytes / snapshot.rows.layout.stride / Self.blockRows * Self.blockRows)
    let tasks = (selection.count + rowsPerTask - 1) / rowsPerTask
    return withPartials(empty, tasks: tasks) { task, _, collectors in
      let positions = task * rowsPerTask..<min((task + 1) * rowsPerTask, selection.count)
      scan(positions, of: selection, queries, &collectors)
    }
  }

  private func scan<Collector: ResultCollector>(
    _ positions: Range<Int>, of selection: RowSelection, _ queries: PreparedQueries, _ collectors: inout [Collector]
  ) {
    let blockRows = queries.count == 1 ? Self.streamRows : Self.blockRows
    // SAFETY: both buffers hold a block; the ordinals of a selection are rows of the snapshot, which is kept by `self`.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: blockRows) { ordinals in
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: blockRows) { distances in
        guard let ordinals = ordinals.baseAddress, let distances = distances.baseAddress else { return }
        for start in stride(from: positions.lowerBound, to: positions.upperBound, by: blockRows) {
          let count = min(blockRows, positions.upperBound - start)
          let isRun = unsafe selection.copy(start..<start + count, to: ordinals)
          for query in 0..<queries.count {
            let scorer = unsafe ExactScorer(queries, query: query, rows: snapshot.rows)
            if isRun {
              unsafe scorer.distances(from: ordinals[0], count: count, into: distances)
            } else {
              unsafe scorer.distances(of: ordinals, count: count, into: distances)
            }
            unsafe Self.offer(ordinals, distances, count: count, to: &collectors[query])
          }
        }
      }
    }
  }

  /// Offers the rows of a block that are still of interest.
  @inline(__always)
  private static func offer<Collector: ResultCollector>(
    _ ordinals: UnsafePointer<UInt32>, _ distances: UnsafePointer<Float>, count: Int, to collector: inout Collector
  ) {
    // SAFETY: both have `count` entries, and groups of sixteen are looked at only where they are whole.
    typealias Sixteen = SIMD16<Float>
    var bound = collector.bound
    var index = 0
    while index < count {
      // Nearly every group lies beyond the bound as a whole.
      if count - index >= Sixteen.scalarCount {
        let group = unsafe UnsafeRawPointer(distances + index).loadUnaligned(as: Sixteen.self)
        if !any(group .<= bound) {
          index += Sixteen.scalarCount
          continue
        }
      }
      for index in index..<min(index + Sixteen.scalarCount, count) {
        let distance = unsafe distances[index]
        guard distance <= bound else { continue }
        collector.offer(Neighbor(distance: distance, ordinal: unsafe ordinals[index]))
        bound = collector.bound
      }
      index += Sixteen.scalarCount
    }
  }
}
