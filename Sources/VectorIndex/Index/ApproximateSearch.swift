/// A search by graph or codes: what all queries of a batch have in common.
struct ApproximateSearch {
  private let searcher: IndexSearcher
  private let index: GraphIndex
  private let terms: IndexSearcher.Terms
  private let nodes: MatchingNodes?
  private let packed: PackedCodes?
  private let question: QueryPlanner.Question
  /// How far walks go at first.
  private let effort: WalkEffort
  /// By how many errors of the codes the last candidate has to lie beyond the last result; nil to take no more candidates.
  private let clearance: Float?
  /// Rows that the graph does not cover.
  private let tail: [UInt32]
  /// How many rows that must not be answered a walk among all rows may meet; nil where walks see what may be answered.
  private let surplus: Int?

  /// What one query found.
  struct Found<Collector: Sendable>: Sendable {
    var collector: Collector
    var plan: SearchPlan
    var cost = WalkCost()
    /// Whether more candidates would probably change nothing.
    var isSettled = true
  }

  /// Queries that a worker takes at a time.
  private static let block = 8
  /// Rows that a scan keeps for each that is scored at first.
  private static let scanSurplus = 2

  /// Plans a search; nil where it has to be, or had better be, exact.
  init?(_ searcher: IndexSearcher, _ index: GraphIndex, _ terms: IndexSearcher.Terms, _ effort: SearchEffort) {
    let nodes = terms.filter?.nodes(of: index)
    surplus = terms.isGrouped ? nil : Self.surplus(k: terms.k, nodes, of: index)
    // The excluded row takes a place among the candidates, and so do those that are met and must not be answered.
    let k = terms.k + (terms.excluded == nil ? 0 : 1) + (surplus ?? 0)
    guard let width = effort.width(k: k, calibration: index.calibration) else { return nil }
    // What was calibrated is the search for the nearest rows among all.
    let isCalibrated = (nodes == nil || surplus != nil) && !terms.isGrouped
    self.effort =
      isCalibrated
      ? effort.walk(k: k, width: width, calibration: index.calibration) : WalkEffort(beamWidth: width)
    question = QueryPlanner.Question(nodes: index.count, matches: nodes?.count, k: k, width: width)
    let plan = searcher.planner.plan(question)
    guard plan != .exact else { return nil }
    (self.searcher, self.index, self.terms, self.nodes) = (searcher, index, terms, nodes)
    packed = plan == .scan ? nodes?.packedCodes() : nil
    clearance = isCalibrated ? nil : effort.clearance
    tail = nodes?.tail ?? Array(UInt32(index.count)..<UInt32(searcher.snapshot.count))
  }

  /// Where nearly all nodes may be answered (some were removed, say), a walk among all is the better way: so many more are looked for.
  private static func surplus(k: Int, _ nodes: MatchingNodes?, of index: GraphIndex) -> Int? {
    guard let nodes, index.nodeCount > 0 else { return nil }
    let missing = 1 - Double(nodes.count) / Double(index.nodeCount)
    return missing <= 0.25 ? 2 + Int(2.5 * Double(k) * missing) : nil
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - queries: Of the index's dimension and metric.
  ///   - make: An empty collector.
  /// - Returns: What each query found.
  func run<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ make: () -> Collector
  ) -> [Found<Collector>] {
    let empty = make()
    var results = [Found<Collector>?](repeating: nil, count: queries.count)
    unsafe results.withUnsafeMutableBufferPointer { results in
      // SAFETY: each task writes the results of its own queries.
      nonisolated(unsafe) let results = unsafe results
      searcher.workers.run(tasks: (queries.count + Self.block - 1) / Self.block) { task, _ in
        index.scratches.withScratch(for: index) { scratch in
          for query in task * Self.block..<min((task + 1) * Self.block, queries.count) {
            if searcher.hasGivenUp { return }
            unsafe results[query] = find(queries, query, scratch, empty)
          }
        }
      }
    }
    return results.compactMap { $0 }
  }

  private func find<Collector: ResultCollector>(
    _ queries: PreparedQueries, _ query: Int, _ scratch: SearchScratch, _ empty: Collector
  ) -> Found<Collector> {
    // SAFETY: queries, index and snapshot outlive the scorers; nobody else uses the scratch meanwhile.
    let scorer = unsafe CodeScorer(queries.pointer(to: query), codes: index.codes, scratch: scratch.query)
    let reranker = unsafe Reranker(
      scorer: ExactScorer(queries, query: query, rows: searcher.snapshot.rows), estimates: scorer,
      copies: index.graph.copies, allowed: terms.filter?.allowed, excluded: terms.excluded?.rawValue)
    var question = question
    var found = unsafe attempt(question, scorer, reranker, scratch, empty)
    while !found.isSettled, question.width < SearchScratch.maximumWidth {
      question.width = min(4 * question.width, SearchScratch.maximumWidth)
      let cost = found.cost
      found = unsafe attempt(question, scorer, reranker, scratch, empty)
      found.cost.add(cost)
    }
    unsafe reranker.rerank(tail, scratch, into: &found.collector)
    found.cost.rescored += tail.count
    return found
  }

  /// Searches once, with as many candidates as a question says.
  private func attempt<Collector: ResultCollector>(
    _ question: QueryPlanner.Question, _ scorer: CodeScorer, _ reranker: Reranker, _ scratch: SearchScratch,
    _ empty: Collector
  ) -> Found<Collector> {
    // The first attempt may take rows out afterwards, if they are few.
    let surplus = question.width == self.question.width ? surplus : nil
    let isPlain = nodes == nil || surplus != nil
    var found = Found(collector: empty, plan: isPlain ? .walk : searcher.planner.plan(question))
    // SAFETY: the caller keeps what the scorers point to; nodes and packed codes are those of the index that they are bound to.
    // A second attempt is one with a wider beam.
    let effort = question.width == self.question.width ? self.effort : WalkEffort(beamWidth: question.width)
    guard let nodes, surplus == nil else {
      unsafe scratch.searcher.walk(
        index.graph, towards: scorer, width: effort.width, horizon: effort.horizon(k: question.k, scorer))
      found.cost = scratch.searcher.cost
      let limit = effort.rescored(k: question.k, scratch.searcher.beam)
      let isExhausted = effort.rule == nil && scratch.searcher.beam.count < question.width
      unsafe settle(&found, scratch.searcher.beam, limit, isExhausted, reranker, scratch, surplus)
      return found
    }
    if found.plan == .filteredWalk {
      let walker = scratch.filtered
      let isDone = unsafe walker.searcher.walk(
        index.graph, among: nodes, towards: scorer, width: question.width,
        hopLimit: searcher.planner.hopLimit(question))
      found.cost = walker.searcher.cost
      if isDone, walker.searcher.beam.count == question.width {
        unsafe settle(&found, walker.searcher.beam, question.width, false, reranker, scratch)
        return found
      }
      // The filter leaves out what lies around the query, or the walk did not reach as many rows as match. A scan reaches all.
    }
    found.plan = .scan
    // Which of the rows found have to be scored shows while they are; a second scan would cost more than a few places.
    let width = min(Self.scanSurplus * max(question.width, 2 * question.k), SearchScratch.maximumWidth)
    if let packed {
      unsafe scratch.scanner.scan(packed, towards: scorer, width: width)
    } else {
      unsafe scratch.scanner.scan(nodes.list.ordinals, towards: scorer, width: width)
    }
    found.cost.add(scratch.scanner.cost)
    let isExhausted = scratch.scanner.beam.count < width
    unsafe settle(&found, scratch.scanner.beam, question.width, isExhausted, reranker, scratch)
    return found
  }

  /// Scores candidates until they are enough, and says whether they are; if every row that may be answered is among them, they are.
  private func settle<Collector: ResultCollector>(
    _ found: inout Found<Collector>, _ beam: borrowing CandidateBeam, _ limit: Int, _ isExhausted: Bool,
    _ reranker: Reranker, _ scratch: SearchScratch, _ surplus: Int? = nil
  ) {
    var estimation = Reranker.Estimation()
    var limit = min(limit, beam.count)
    while true {
      // SAFETY: the beam holds rows of the graph, which the caller's reranker is bound to.
      unsafe reranker.rerank(beam, upTo: limit, scratch, into: &found.collector, &estimation)
      found.isSettled = isSettled(found.collector, estimation) && estimation.skipped <= surplus ?? .max
      if found.isSettled || limit == beam.count { break }
      limit = min(2 * limit, beam.count)
    }
    found.cost.rescored += limit
    found.isSettled = found.isSettled || isExhausted
  }

  /// Whether rows that were not scored would probably change nothing.
  private func isSettled(_ collector: some ResultCollector, _ estimation: Reranker.Estimation) -> Bool {
    let bound = collector.bound
    // With room left for rows within the limit, those that were not scored must lie beyond the limit.
    let errors = bound < terms.limit ? clearance : max(clearance ?? 0, 3)
    let isClear = errors.map { estimation.excludesOthers(within: bound, by: $0) }
    return bound < .infinity && isClear ?? true
  }
}
