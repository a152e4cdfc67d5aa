/// The one entry to searching: plans, searches by graph, codes or rows, and scores whatever it answers exactly.
///
/// An answer holds the exact distances of stored rows, in the order of results, whatever the plan was; plans differ in whether a nearer
/// row may have been missed. Rows that came after the graph was built are always compared exactly.
///
/// - Concurrency: A value over an immutable snapshot; any number may run at once.
public struct IndexSearcher: Sendable {
  private let parts: Parts

  /// What a searcher consists of, behind one reference: a search copies its searcher, and threads that count references to the same
  /// dozen columns wait for each other.
  private final class Parts: Sendable {
    let snapshot: IndexSnapshot
    let workers: WorkerPool
    let planner: QueryPlanner
    let givesUp: (@Sendable () -> Bool)?

    init(
      _ snapshot: IndexSnapshot, _ workers: WorkerPool, _ planner: QueryPlanner, _ givesUp: (@Sendable () -> Bool)?
    ) {
      (self.snapshot, self.workers, self.planner, self.givesUp) = (snapshot, workers, planner, givesUp)
    }
  }

  @inline(__always)
  var snapshot: IndexSnapshot { _read { yield parts.snapshot } }
  var workers: WorkerPool { parts.workers }
  var planner: QueryPlanner { parts.planner }

  /// A searcher of one state of the index.
  ///
  /// - Parameters:
  ///   - snapshot: What is searched.
  ///   - workers: Who does it.
  ///   - planner: Chooses how.
  ///   - givesUp: Whether nobody wants the answer any more; asked between queries and between blocks of rows, on any thread. Once it has
  ///     said yes it must go on saying so, and what the search answers is of no use.
  public init(
    _ snapshot: IndexSnapshot, workers: WorkerPool, planner: QueryPlanner = .init(),
    givesUp: (@Sendable () -> Bool)? = nil
  ) {
    parts = Parts(snapshot, workers, planner, givesUp)
  }

  /// Whether nobody wants the answer any more.
  var hasGivenUp: Bool { parts.givesUp?() ?? false }

  /// What a search asks, beside its queries.
  struct Terms {
    var k: Int
    var limit: Float
    var filter: SearchFilter?
    var excluded: Ordinal?
    /// Whether rows of one group compete for one place: then more rows have to be found than are answered.
    var isGrouped = false
  }

  /// The *k* nearest rows to every query.
  ///
  /// - Parameters:
  ///   - queries: Of the snapshot's dimension and metric.
  ///   - k: How many, at least 1.
  ///   - effort: How hard to try.
  ///   - limit: The greatest distance of interest; infinity for none.
  ///   - filter: The rows that may be answered, live ones only; nil for every live row.
  ///   - excluded: A row that is left out, for instance the query itself.
  /// - Returns: One answer a query; never fewer than *k* rows where *k* qualify, unless `limit` cuts off those that were missed.
  public func nearest(
    _ queries: PreparedQueries, k: Int, effort: SearchEffort = .standard, within limit: Float = .infinity,
    filter: SearchFilter? = nil, excluding excluded: Ordinal? = nil
  ) -> [SearchAnswer] {
    let filter = filter ?? liveRows
    let terms = Terms(k: k, limit: limit, filter: filter, excluded: excluded)
    guard let index = snapshot.graph, let search = ApproximateSearch(self, index, terms, effort) else {
      return exact(queries, terms)
    }
    let order = ResultOrder(keys: snapshot.keys)
    var found = search.run(queries) { NearestCollector(k: k, limit: limit, order: order) }
    return found.indices.map { query in
      SearchAnswer(
        neighbors: found[query].collector.takeSorted(), plan: found[query].plan, cost: found[query].cost)
    }
  }

  /// What every search sees that has no filter; nil for all rows.
  var liveRows: SearchFilter? {
    snapshot.liveCount == snapshot.count ? nil : SearchFilter(allowed: snapshot.live)
  }

  /// Looks at every row.
  var flat: FlatSearcher { FlatSearcher(snapshot, workers: workers, givesUp: parts.givesUp) }

  /// The rows of a filter.
  func selection(of filter: SearchFilter?) -> RowSelection {
    filter?.selection ?? RowSelection(first: snapshot.count)
  }

  private func exact(_ queries: PreparedQueries, _ terms: Terms) -> [SearchAnswer] {
    let selection = selection(of: terms.filter)
    let found = flat.nearest(
      queries, k: terms.k, within: terms.limit, in: selection, excluding: terms.excluded)
    return found.map { SearchAnswer(neighbors: $0, plan: .exact, cost: WalkCost()) }
  }
}
