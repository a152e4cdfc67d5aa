import VectorKernels

/// Spreads over a graph from some rows to all that lie within a distance, by their codes.
///
/// Every row in range is expanded, whatever a beam would hold; what is in range and not connected to the first rows within the range is
/// missed.
///
/// - Complexity: O(*found* · *R* · *b*) for degree *R* and codes of *b* bytes.
@safe
struct RangeFlood: ~Copyable, @unchecked Sendable {
  /// The rows in range, in the order in which they were reached.
  private(set) var found: [UInt32] = []
  /// What the last flood cost.
  private(set) var cost = WalkCost()

  private var marks: VisitedMarks
  private let batch: Int
  private let fresh: AlignedBuffer<UInt32>
  private let dots: AlignedBuffer<Int32>
  private let ranks: AlignedBuffer<Float>

  /// The memory for floods.
  ///
  /// - Parameters:
  ///   - rows: How many rows the graph covers.
  ///   - batch: The graph's maximum degree or more.
  init(rows: Int, batch: Int) {
    marks = VisitedMarks(count: rows)
    self.batch = batch
    fresh = AlignedBuffer(zeroed: batch)
    dots = AlignedBuffer(zeroed: batch)
    ranks = AlignedBuffer(zeroed: batch)
  }

  /// Finds rows in range.
  ///
  /// - Parameters:
  ///   - graph: Where to spread.
  ///   - beam: What a walk found; its rows in range are where to begin.
  ///   - scorer: Bound to the query and to the codes of the graph's rows.
  ///   - limit: The greatest rank in range.
  ///   - capacity: How many rows are kept.
  /// - Returns: Whether nothing in range is left unexpanded; false when there are more rows than are kept.
  mutating func spread(
    over graph: ProximityGraph, from beam: borrowing CandidateBeam, towards scorer: CodeScorer, within limit: Float,
    capacity: Int
  ) -> Bool {
    found.removeAll(keepingCapacity: true)
    marks.begin()
    cost = WalkCost()
    for place in 0..<beam.count where beam.rank(at: place) <= limit {
      if marks.insert(beam.ordinal(at: place)) { found.append(beam.ordinal(at: place)) }
    }
    var next = 0
    while next < found.count {
      guard found.count <= capacity else { return false }
      // SAFETY: only rows of the graph are ever found.
      unsafe expand(found[next], graph, scorer, limit)
      next += 1
    }
    return found.count <= capacity
  }

  private mutating func expand(_ node: UInt32, _ graph: ProximityGraph, _ scorer: CodeScorer, _ limit: Float) {
    // SAFETY: rows that were found are nodes of the graph; there is room for a node's neighbours.
    let edges = unsafe graph.edges.base + Int(node) * graph.maxDegree
    let count = unsafe marks.takeNew(edges, count: graph.maxDegree, into: fresh.base)
    unsafe scorer.ranks(of: fresh.base, count: count, dots: dots.base, into: ranks.base)
    for index in 0..<count where unsafe ranks.base[index] <= limit { unsafe found.append(fresh.base[index]) }
    cost.hops += 1
    cost.estimates += count
  }
}
