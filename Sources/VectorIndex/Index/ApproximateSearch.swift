/// A search by graph or codes whose plan is made: the same for all queries of a batch.
struct ApproximateSearch {
  private let searcher: IndexSearcher
  private let index: GraphIndex
  private let terms: IndexSearcher.Terms
  private let nodes: MatchingNodes?
  private let plan: SearchPlan
  private let width: Int
  private let guideWidth: Int
  /// Rows that the graph does not cover.
  private let tail: [UInt32]

  /// What one query found.
  struct Found<Collector: Sendable>: Sendable {
    var collector: Collector
    var plan: SearchPlan
    var cost: WalkCost
  }

  /// Queries that a worker takes at a time.
  private static let block = 8

  /// Plans a search; nil where it has to be, or had better be, exact.
  init?(_ searcher: IndexSearcher, _ index: GraphIndex, _ terms: IndexSearcher.Terms, _ effort: SearchEffort) {
    // The excluded row takes a place among the candidates.
    let k = terms.excluded == nil ? terms.k : terms.k + 1
    guard let width = effort.width(k: k, calibration: index.calibration) else { return nil }
    let nodes = terms.filter?.nodes(of: index)
    let question = QueryPlanner.Question(nodes: index.count, matches: nodes?.count, k: k, width: width)
    plan = searcher.planner.plan(question)
    guard plan != .exact else { return nil }
    (self.searcher, self.index, self.terms, self.nodes, self.width) = (searcher, index, terms, nodes, width)
    guideWidth = searcher.planner.guideWidth(question)
    tail = nodes?.tail ?? Array(UInt32(index.count)..<UInt32(searcher.snapshot.count))
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - queries: Of the index's dimension and metric.
  ///   - make: An empty collector.
  /// - Returns: What each query found.
  func run<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ make: @Sendable () -> Collector
  ) -> [Found<Collector>] {
    var results = [Found<Collector>?](repeating: nil, count: queries.count)
    let packed = plan == .scan ? nodes?.packedCodes() : nil
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes the results of its own queries.
      nonisolated(unsafe) let results = unsafe results
      searcher.workers.run(tasks: (queries.count + Self.block - 1) / Self.block) { task, _ in
        index.scratches.withScratch(for: index) { scratch in
          for query in task * Self.block..<min((task + 1) * Self.block, queries.count) {
            unsafe results[query] = find(queries, query, packed, scratch, make())
          }
        }
      }
    }
    return results.compactMap { $0 }
  }

  private func find<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ query: Int, _ packed: PackedCodes?, _ scratch: SearchScratch, _ empty: Collector
  ) -> Found<Collector> {
    let scorer = unsafe CodeScorer(queries.pointer(to: query), codes: index.codes, scratch: scratch.query)
    let reranker = unsafe Reranker(
      scorer: ExactScorer(queries, query: query, rows: searcher.snapshot.rows), copies: index.graph.copies,
      allowed: terms.filter?.allowed, excluded: terms.excluded?.rawValue)
    var found = Found(collector: empty, plan: plan, cost: WalkCost())
    switch (plan, nodes) {
    case (.filteredWalk, let nodes?):
      unsafe filteredWalk(nodes, scorer, reranker, scratch, into: &found)
    case (.scan, let nodes?):
      unsafe scan(nodes, packed, scorer, reranker, scratch, into: &found)
    default:
      unsafe scratch.searcher.walk(index.graph, towards: scorer, width: width)
      found.cost = scratch.searcher.cost
      found.cost.rescored = scratch.searcher.beam.count
      unsafe reranker.rerank(scratch.searcher.beam, scratch, into: &found.collector)
    }
    unsafe reranker.rerank(tail, scratch, into: &found.collector)
    found.cost.rescored += tail.count
    return found
  }

  private func filteredWalk<Collector: ResultCollector>(
    _ nodes: MatchingNodes, _ scorer: CodeScorer, _ reranker: Reranker, _ scratch: SearchScratch,
    into found: inout Found<Collector>
  ) {
    let walker = scratch.filtered
    unsafe walker.searcher.walk(
      index.graph, among: nodes, towards: scorer, width: width, guideWidth: guideWidth)
    found.cost = walker.searcher.cost
    guard walker.searcher.beam.count == width else {
      // Fewer than were wanted: matching rows that the walk did not reach. A scan reaches all.
      found.plan = .scan
      return unsafe scan(nodes, nil, scorer, reranker, scratch, into: &found)
    }
    found.cost.rescored = width
    unsafe reranker.rerank(walker.searcher.beam, scratch, into: &found.collector)
  }

  private func scan<Collector: ResultCollector>(
    _ nodes: MatchingNodes, _ packed: PackedCodes?, _ scorer: CodeScorer, _ reranker: Reranker,
    _ scratch: SearchScratch, into found: inout Found<Collector>
  ) {
    if let packed {
      unsafe scratch.scanner.scan(packed, towards: scorer, width: width)
    } else {
      unsafe scratch.scanner.scan(nodes.list.ordinals, towards: scorer, width: width)
    }
    found.cost.add(scratch.scanner.cost)
    found.cost.rescored += scratch.scanner.beam.count
    unsafe reranker.rerank(scratch.scanner.beam, scratch, into: &found.collector)
  }
}
