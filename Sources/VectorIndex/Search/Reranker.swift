/// Scores candidates on full rows, and offers what may be answered: each candidate and its copies.
@unsafe
struct Reranker {
  let scorer: ExactScorer
  let copies: CopyLists
  /// The rows that may be answered; nil for all.
  let allowed: Bitmap?
  /// A row that is left out.
  let excluded: UInt32?

  /// Scores the rows of a beam.
  ///
  /// - Parameters:
  ///   - beam: Nodes of the graph.
  ///   - scratch: Has room for as many as a beam holds.
  ///   - collector: Gets what may be answered.
  /// - Complexity: O(*beam* · *d* + copies).
  func rerank<Collector: ResultCollector>(
    _ beam: borrowing CandidateBeam, _ scratch: SearchScratch, into collector: inout Collector
  ) {
    // SAFETY: the scratch has room for the widest beam; rows of the graph are rows of the store.
    let (ordinals, distances) = unsafe (scratch.ordinals.base, scratch.distances.base)
    for place in 0..<beam.count { unsafe ordinals[place] = beam.ordinal(at: place) }
    unsafe scorer.distances(of: ordinals, count: beam.count, into: distances)
    for place in 0..<beam.count {
      unsafe offer(Neighbor(distance: distances[place], ordinal: ordinals[place]), to: &collector)
    }
  }

  /// Scores rows that no graph covers.
  func rerank<Collector: ResultCollector>(
    _ tail: [UInt32], _ scratch: SearchScratch, into collector: inout Collector
  ) {
    let block = unsafe scratch.ordinals.count
    for start in stride(from: 0, to: tail.count, by: block) {
      let count = min(block, tail.count - start)
      // SAFETY: the scratch has room for a block; the tail's rows are rows of the store.
      for index in 0..<count { unsafe scratch.ordinals.base[index] = tail[start + index] }
      unsafe scorer.distances(of: scratch.ordinals.base, count: count, into: scratch.distances.base)
      for index in 0..<count {
        let neighbor = unsafe Neighbor(
          distance: scratch.distances.base[index], ordinal: scratch.ordinals.base[index])
        if unsafe neighbor.distance <= collector.bound && neighbor.ordinal != excluded { collector.offer(neighbor) }
      }
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
