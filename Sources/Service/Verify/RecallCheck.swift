import VectorIndex

/// Asks an index for the neighbours of some of its own rows, by its graph and by looking at everything, and compares.
struct RecallCheck {
  /// Below this share something is wrong: the standard effort aims at 0.99.
  static let minimum = 0.9
  private static let sampleSize = 200
  private static let neighbors = 10

  /// How many rows were asked for.
  let queries: Int
  /// The share of the true ten neighbours that was found; nil where there are none.
  let recall: Double?

  /// Searches.
  ///
  /// The same rows are asked for at every check of the same state.
  ///
  /// - Parameters:
  ///   - state: The index, with a graph.
  ///   - workers: Who searches.
  /// - Throws: `QueryRefusal` where a row cannot be a query.
  /// - Complexity: An exact scan for two hundred queries.
  init(_ state: IndexSnapshot, workers: WorkerPool) throws {
    let sample = Self.sample(of: state.live.ordinals)
    let dimension = state.rows.layout.dimension
    let vectors = sample.flatMap { state.rows.row(Ordinal($0)) }
    let queries = try PreparedQueries(vectors.span, dimension: dimension, metric: state.metric)
    let searcher = IndexSearcher(state, workers: workers)
    // One more, since every row finds itself, which would flatter the graph.
    let k = Self.neighbors + 1
    let found = searcher.nearest(queries, k: k)
    let truth = searcher.nearest(queries, k: k, effort: .exact)
    var (hits, possible) = (0, 0)
    for (query, ordinal) in sample.enumerated() {
      let near = truth[query].neighbors.filter { $0.ordinal != ordinal }.prefix(Self.neighbors)
      guard let last = near.last else { continue }
      // Of rows at the same distance any is as right as another.
      let right = found[query].neighbors.count { $0.ordinal != ordinal && $0.distance <= last.distance }
      hits += min(right, near.count)
      possible += near.count
    }
    self.queries = sample.count
    recall = possible == 0 ? nil : Double(hits) / Double(possible)
  }

  /// Rows from all over the index, chosen by a fixed rule (a golden-ratio sequence, which leaves no large gaps).
  private static func sample(of live: [UInt32]) -> [UInt32] {
    guard live.count > sampleSize else { return live }
    var chosen: Set<Int> = []
    var place: UInt64 = 0x2545_F491_4F6C_DD1D
    while chosen.count < sampleSize {
      place &+= 0x9E37_79B9_7F4A_7C15
      chosen.insert(Int(place.multipliedFullWidth(by: UInt64(live.count)).high))
    }
    return chosen.sorted().map { live[$0] }
  }
}
