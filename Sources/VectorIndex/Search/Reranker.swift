// SAFETY (whole file): who makes a reranker keeps query, codes and rows alive while it is used; candidates are rows of the graph, and a scratch has
// room for the widest beam.

/// Scores candidates on full rows, and offers what may be answered: each candidate and its copies.
@unsafe
struct Reranker {
  let scorer: ExactScorer
  /// Says what the ranks of a beam stand for.
  let estimates: CodeScorer
  let copies: CopyLists
  /// The rows that may be answered; nil for all.
  let allowed: Bitmap?
  /// A row that is left out.
  let excluded: UInt32?

  /// What rescoring a beam showed about the codes.
  struct Estimation {
    /// How many of the beam's first rows were scored.
    var count = 0
    /// The distance of the last of them, by its code.
    var reach = -Float.infinity
    /// Rows near enough to be answered that must not be.
    var skipped = 0
    fileprivate var squares = Float(0)

    /// How far codes are off, as the root of the mean square.
    var error: Float { (squares / Float(max(count, 1))).squareRoot() }

    /// Whether rows beyond those are probably also beyond a distance.
    ///
    /// - Parameters:
    ///   - distance: The distance.
    ///   - errors: How many errors of the codes lie between.
    /// - Returns: Whether more candidates would change nothing.
    func excludesOthers(within distance: Float, by errors: Float) -> Bool { reach - distance >= errors * error }
  }

  /// Scores the rows of a beam that come next.
  ///
  /// - Parameters:
  ///   - beam: Nodes of the graph.
  ///   - limit: Up to which place; the nearest by their codes come first.
  ///   - scratch: Has room for as many as a beam holds.
  ///   - collector: Gets what may be answered.
  ///   - estimation: What the places before showed; gains what these do.
  /// - Complexity: O(*rows* · *d* + copies).
  func rerank<Collector: ResultCollector>(
    _ beam: borrowing CandidateBeam, upTo limit: Int, _ scratch: SearchScratch, into collector: inout Collector,
    _ estimation: inout Estimation
  ) {
    // SAFETY: the scratch has room for the widest beam; rows of the graph are rows of the store.
    let (ordinals, distances) = unsafe (scratch.ordinals.base, scratch.distances.base)
    let (first, count) = (estimation.count, min(beam.count, limit) - estimation.count)
    guard count > 0 else { return }
    for index in 0..<count { unsafe ordinals[index] = beam.ordinal(at: first + index) }
    unsafe scorer.distances(of: ordinals, count: count, into: distances)
    for index in 0..<count {
      let neighbor = unsafe Neighbor(distance: distances[index], ordinal: ordinals[index])
      if unsafe neighbor.distance <= collector.bound && !mayBeAnswered(neighbor.ordinal) { estimation.skipped += 1 }
      unsafe offer(neighbor, to: &collector)
      let estimate = unsafe estimates.distance(ofRank: beam.rank(at: first + index))
      let error = unsafe distances[index] - estimate
      estimation.squares += error * error
      estimation.reach = estimate
    }
    estimation.count += count
  }

  /// Scores rows that no graph covers.
  func rerank<Collector: ResultCollector>(
    _ tail: [UInt32], _ scratch: SearchScratch, into collector: inout Collector
  ) {
    unsafe forEach(tail, scratch) { neighbor in
      if unsafe neighbor.distance <= collector.bound && neighbor.ordinal != excluded { collector.offer(neighbor) }
    }
  }

  /// Scores nodes of the graph, however many.
  func rerank<Collector: ResultCollector>(
    nodes: [UInt32], _ scratch: SearchScratch, into collector: inout Collector
  ) {
    unsafe forEach(nodes, scratch) { unsafe offer($0, to: &collector) }
  }

  /// Scores rows, a block at a time.
  @inline(__always)
  private func forEach(_ rows: [UInt32], _ scratch: SearchScratch, _ body: (Neighbor) -> Void) {
    let block = scratch.ordinals.count
    for start in stride(from: 0, to: rows.count, by: block) {
      let count = min(block, rows.count - start)
      // SAFETY: the scratch has room for a block; the rows are rows of the store.
      let (ordinals, distances) = unsafe (scratch.ordinals.base, scratch.distances.base)
      for index in 0..<count { unsafe ordinals[index] = rows[start + index] }
      unsafe scorer.distances(of: ordinals, count: count, into: distances)
      for index in 0..<count { unsafe body(Neighbor(distance: distances[index], ordinal: ordinals[index])) }
    }
  }

  /// Offers a node, and what equals it.
  @inline(__always)
  private func offer<Collector: ResultCollector>(_ neighbor: Neighbor, to collector: inout Collector) {
    guard neighbor.distance <= collector.bound else { return }
    if unsafe mayBeAnswered(neighbor.ordinal) { collector.offer(neighbor) }
    var copy = unsafe copies.after(neighbor.ordinal)
    while let row = copy {
      if unsafe mayBeAnswered(row) { collector.offer(Neighbor(distance: neighbor.distance, ordinal: row)) }
      copy = unsafe copies.after(row)
    }
  }

  @inline(__always)
  private func mayBeAnswered(_ ordinal: UInt32) -> Bool {
    guard unsafe ordinal != excluded else { return false }
    return unsafe allowed.map { $0[ordinal] } ?? true
  }
}
