/// A search for everything within a distance, by graph.
struct RangeSearch {
  private let searcher: IndexSearcher
  private let index: GraphIndex
  private let terms: IndexSearcher.Terms
  private let limit: Int
  private let effort: WalkEffort
  private let tail: [UInt32]

  /// Rows that are flooded for each one that may be answered.
  private static let surplus = 4
  /// Errors of the codes that the range is widened by.
  private static let margin: Float = 3

  /// Plans a search; nil where it has to be, or had better be, exact.
  init?(
    _ searcher: IndexSearcher, _ index: GraphIndex, _ terms: IndexSearcher.Terms, _ effort: SearchEffort, limit: Int
  ) {
    guard let width = effort.width(k: terms.k, calibration: index.calibration) else { return nil }
    let nodes = terms.filter?.nodes(of: index)
    let question = QueryPlanner.Question(nodes: index.count, matches: nodes?.count, k: terms.k, width: width)
    switch searcher.planner.plan(question) {
    case .exact, .scan: return nil
    case .walk, .filteredWalk: break
    }
    (self.searcher, self.index, self.terms, self.limit) = (searcher, index, terms, limit)
    self.effort = effort.walk(k: terms.k, width: width, calibration: index.calibration)
    tail = nodes?.tail ?? Array(UInt32(index.count)..<UInt32(searcher.snapshot.count))
  }

  /// Searches.
  func run(_ queries: PreparedQueries) -> [RangeAnswer] {
    var results = [RangeAnswer?](repeating: nil, count: queries.count)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes the result of its own query.
      nonisolated(unsafe) let results = unsafe results
      searcher.workers.run(tasks: queries.count) { query, _ in
        index.scratches.withScratch(for: index) { unsafe results[query] = find(queries, query, $0) }
      }
    }
    return results.compactMap { $0 }
  }

  private func find(_ queries: PreparedQueries, _ query: Int, _ scratch: SearchScratch) -> RangeAnswer {
    // SAFETY: queries, index and snapshot outlive the scorers; nobody else uses the scratch meanwhile.
    let scorer = unsafe CodeScorer(queries.pointer(to: query), codes: index.codes, scratch: scratch.query)
    let reranker = unsafe Reranker(
      scorer: ExactScorer(queries, query: query, rows: searcher.snapshot.rows), estimates: scorer,
      copies: index.graph.copies, allowed: terms.filter?.allowed, excluded: terms.excluded?.rawValue)
    unsafe scratch.searcher.walk(
      index.graph, towards: scorer, width: effort.width, horizon: effort.horizon(k: terms.k, scorer))
    var cost = scratch.searcher.cost
    var collector = NearestCollector(
      k: limit, limit: terms.limit, order: ResultOrder(keys: searcher.snapshot.keys))
    // What the beam holds is found again by the flood; here it shows how far codes are off.
    var sample = collector
    var estimation = Reranker.Estimation()
    unsafe reranker.rerank(scratch.searcher.beam, upTo: .max, scratch, into: &sample, &estimation)
    let range = unsafe scorer.rank(ofDistance: terms.limit + Self.margin * estimation.error)
    let flood = scratch.flood
    _ = unsafe flood.flood.spread(
      over: index.graph, from: scratch.searcher.beam, towards: scorer, within: range,
      capacity: Self.surplus * limit + scratch.searcher.beam.count)
    unsafe reranker.rerank(nodes: flood.flood.found, scratch, into: &collector)
    unsafe reranker.rerank(tail, scratch, into: &collector)
    cost.add(flood.flood.cost)
    cost.rescored += scratch.searcher.beam.count + flood.flood.found.count + tail.count
    return RangeAnswer(neighbors: collector.sorted(), isComplete: false, plan: .walk, cost: cost)
  }
}
