extension FlatSearcher {
  /// Rows scored at a time: small enough for their distances to stay in the first cache, and for the rows of few queries to stay in the second.
  private static let blockRows = 256
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
    // SAFETY: both buffers hold a block; the ordinals of a selection are rows of the snapshot, which is kept by `self`.
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.blockRows) { ordinals in
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.blockRows) { distances in
        guard let ordinals = ordinals.baseAddress, let distances = distances.baseAddress else { return }
        for start in stride(from: positions.lowerBound, to: positions.upperBound, by: Self.blockRows) {
          let count = min(Self.blockRows, positions.upperBound - start)
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
    // SAFETY: both have `count` entries.
    var bound = collector.bound
    for index in 0..<count {
      let distance = unsafe distances[index]
      guard distance <= bound else { continue }
      collector.offer(Neighbor(distance: distance, ordinal: unsafe ordinals[index]))
      bound = collector.bound
    }
  }
}
