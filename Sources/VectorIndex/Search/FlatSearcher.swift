/// Exact search: looks at every row of a selection.
///
/// Elsewhere called brute force; the oracle of all tests.
///
/// Few queries are scanned: every row is read once by the fixed-order kernel. Many queries go through products of matrices, whose
/// candidates the same kernel scores. Either way the answer is the same, to the last bit, for every batch size and number of threads.
///
/// - Concurrency: A value over an immutable snapshot; any number may run at once.
public struct FlatSearcher: Sendable {
  let snapshot: IndexSnapshot
  let workers: WorkerPool
  private let givesUp: (@Sendable () -> Bool)?

  /// From so many queries on, products of matrices are faster than scanning.
  static let productThreshold = 8

  /// A searcher of one state of the index.
  ///
  /// - Parameters:
  ///   - snapshot: What is searched.
  ///   - workers: Who does it.
  ///   - givesUp: Whether nobody wants the answer any more; asked between blocks of rows. What is answered after a yes is of no use.
  public init(_ snapshot: IndexSnapshot, workers: WorkerPool, givesUp: (@Sendable () -> Bool)? = nil) {
    self.snapshot = snapshot
    self.workers = workers
    self.givesUp = givesUp
  }

  /// The *k* nearest rows to every query.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - k: How many, at least 1.
  ///   - limit: The greatest distance of interest; infinity for none.
  ///   - selection: Which rows are looked at.
  ///   - excluded: A row that is left out, for instance the query itself.
  /// - Returns: One list a query, in the order of results; shorter than *k* only where fewer rows qualify.
  /// - Complexity: O(*queries* · *rows* · *d*).
  public func nearest(
    _ queries: PreparedQueries, k: Int, within limit: Float = .infinity, in selection: RowSelection,
    excluding excluded: Ordinal? = nil
  ) -> [[Neighbor]] {
    let order = ResultOrder(keys: snapshot.keys)
    return collect(queries, in: selection) { _ in
      NearestCollector(k: k, limit: limit, order: order, excluding: excluded)
    }.map { $0.sorted() }
  }

  /// Everything within a distance of each query: complete, up to a limit that is said when it was reached.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - distance: The greatest distance of a match.
  ///   - selection: Which rows are looked at.
  ///   - limit: How many matches to keep for each query, at least 1.
  ///   - start: Where the first query's matches go on: after this one.
  ///   - excluded: A row that is left out.
  /// - Returns: One list a query, in the order of results, and whether it holds every match.
  /// - Complexity: O(*queries* · *rows* · *d*).
  public func matches(
    _ queries: PreparedQueries, within distance: Float, in selection: RowSelection, limit: Int,
    after start: Neighbor? = nil,
    excluding excluded: Ordinal? = nil
  ) -> [(matches: [Neighbor], complete: Bool)] {
    let order = ResultOrder(keys: snapshot.keys)
    let collectors = collect(queries, in: selection) { query in
      // One more than is answered tells whether there are more.
      NearestCollector(
        k: min(limit, snapshot.count) + 1, limit: distance, order: order, after: query == 0 ? start : nil,
        excluding: excluded)
    }
    return collectors.map { collector in
      var collector = collector
      var found = collector.takeSorted()
      let complete = found.count <= limit
      if !complete { found.removeLast(found.count - limit) }
      return (found, complete)
    }
  }

  /// Fills one collector a query with rows of a selection.
  func collect<Collector: ResultCollector>(
    _ queries: PreparedQueries, in selection: RowSelection, _ make: (Int) -> Collector
  ) -> [Collector] {
    precondition(queries.dimension == snapshot.rows.layout.dimension && queries.metric == snapshot.metric)
    let empty = (0..<queries.count).map(make)
    guard selection.count > 0, queries.count > 0 else { return empty }
    return queries.count < Self.productThreshold
      ? scan(queries, selection, into: empty)
      : multiply(queries, selection, into: empty)
  }

  /// One set of collectors a worker, filled by `body` and united afterwards.
  func withPartials<Collector: ResultCollector>(
    _ empty: [Collector], tasks: Int, _ body: (_ task: Int, _ worker: Int, _ collectors: inout [Collector]) -> Void
  ) -> [Collector] {
    var partials = [[Collector]](repeating: empty, count: workers.width)
    unsafe partials.withUnsafeMutableBufferPointer { slots in
      // SAFETY: a worker's number is never in use twice at once, so each slot has one writer.
      nonisolated(unsafe) let slots = unsafe slots
      workers.run(tasks: tasks) { task, worker in
        if givesUp?() ?? false { return }
        unsafe body(task, worker, &slots[worker])
      }
    }
    var united = partials[0]
    for partial in partials.dropFirst() {
      for query in united.indices { united[query].unite(partial[query]) }
    }
    return united
  }
}
