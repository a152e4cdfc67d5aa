import VectorKernels

/// Walks a proximity graph towards a query and keeps only the rows that a filter allows.
///
/// Two beams share the walk. Matching rows compete for the places of one; rows that do not match go into the other, the guide, which
/// leads through regions where few rows match. The nearest row of both is expanded next. The walk ends when every matching row of the beam
/// has been expanded, and every row of the guide that is nearer than the last of them. So it costs what the query's surroundings
/// demand, whatever share of all rows the filter leaves; where they demand too much, it gives up.
///
/// - Complexity: O(*h* · *R* · *b*) for *h* hops, degree *R* and codes of *b* bytes.
/// - Allocates: Nothing.
/// - Concurrency: As for ``GraphSearcher``.
@safe
struct FilteredSearcher: ~Copyable, @unchecked Sendable {
  /// The nearest matching rows of the last walk.
  var beam: CandidateBeam
  /// What the last walk cost.
  private(set) var cost = WalkCost()

  private var guide: CandidateBeam
  private var marks: VisitedMarks
  private let batch: Int
  /// Rows whose codes are on their way, in two halves: those of the last expansion, and those of the one before.
  private let fresh: AlignedBuffer<UInt32>
  private let dots: AlignedBuffer<Int32>
  private let ranks: AlignedBuffer<Float>

  /// The memory for walks.
  ///
  /// - Parameters:
  ///   - rows: How many rows the graph covers.
  ///   - batch: The graph's maximum degree or more.
  ///   - width: The widest beam.
  init(rows: Int, batch: Int, width: Int) {
    beam = CandidateBeam(capacity: width)
    guide = CandidateBeam(capacity: width)
    marks = VisitedMarks(count: rows)
    self.batch = batch
    fresh = AlignedBuffer(zeroed: 2 * batch)
    dots = AlignedBuffer(zeroed: batch)
    ranks = AlignedBuffer(zeroed: batch)
  }

  /// Fills the beam with the nearest matching rows.
  ///
  /// - Parameters:
  ///   - graph: Where to walk.
  ///   - nodes: The rows that match, of this graph.
  ///   - scorer: Bound to the query and to the codes of the graph's rows.
  ///   - width: How many rows the beam keeps.
  ///   - hopLimit: How many hops it may take.
  /// - Returns: Whether it came to its end within the limit.
  mutating func walk(
    _ graph: ProximityGraph, among nodes: MatchingNodes, towards scorer: CodeScorer, width: Int, hopLimit: Int
  ) -> Bool {
    beam.begin(width: width)
    guide.begin(width: guide.capacity)
    marks.begin()
    cost = WalkCost()
    // SAFETY: one bit a row of the graph; `nodes` outlives the walk.
    let matching = unsafe nodes.words.base
    unsafe enter(graph.entryPoints, matching, scorer)
    unsafe enter(nodes.list.seeds, matching, scorer)
    var (half, requested) = (0, unsafe expandNearest(graph, scorer, half: 0))
    while requested > 0 || nearestRank() < .infinity {
      guard cost.hops < hopLimit else { return false }
      let arriving = requested
      requested = unsafe expandNearest(graph, scorer, half: 1 - half)
      unsafe score(arriving, half: half, matching, scorer)
      half = 1 - half
    }
    return true
  }

  /// Scores rows at which a walk begins.
  private mutating func enter(
    _ entries: MemoryBlock<UInt32>, _ matching: UnsafePointer<UInt64>, _ scorer: CodeScorer
  ) {
    var done = 0
    while done < entries.count {
      let count = min(entries.count - done, batch)
      // SAFETY: entries are nodes of the graph; at most `batch` are taken at a time.
      let new = unsafe marks.takeNew(entries.base + done, count: count, into: fresh.base)
      unsafe score(new, half: 0, matching, scorer)
      done += count
    }
  }

  /// The rank of the row that is expanded next; infinity when the walk is over.
  @inline(__always)
  private mutating func nearestRank() -> Float {
    let nearest = beam.nearestRank()
    let guiding = guide.nearestRank()
    return min(nearest, guiding)
  }

  /// Takes the nearer of the nearest rows of both beams that have not been expanded.
  @inline(__always)
  private mutating func popNearest() -> UInt32? {
    let nearest = beam.nearestRank()
    let guiding = guide.nearestRank()
    if nearest <= guiding { return beam.popNearest() }
    return guide.popNearest()
  }

  /// Reads the edges of the nearest node that has not been expanded, and asks for the codes of the neighbours not seen before.
  ///
  /// - Returns: How many there are.
  @inline(__always)
  private mutating func expandNearest(_ graph: ProximityGraph, _ scorer: CodeScorer, half: Int) -> Int {
    guard let node = popNearest() else { return 0 }
    let degree = graph.maxDegree
    // SAFETY: rows of the beams are nodes of the graph; there is room for a node's neighbours in each half.
    let edges = unsafe graph.edges.base
    let found = unsafe marks.takeNew(edges + Int(node) * degree, count: degree, into: fresh.base + half * batch)
    unsafe scorer.prefetch(fresh.base + half * batch, count: found)
    if let next = beam.peekNearest() { unsafe DistanceKernels.active.prefetch(edges + Int(next) * degree, degree * 4) }
    if let next = guide.peekNearest() { unsafe DistanceKernels.active.prefetch(edges + Int(next) * degree, degree * 4) }
    cost.hops += 1
    return found
  }

  /// Scores the rows of one half and offers each to its beam.
  @inline(__always)
  private mutating func score(_ count: Int, half: Int, _ matching: UnsafePointer<UInt64>, _ scorer: CodeScorer) {
    guard count > 0 else { return }
    // SAFETY: `count` rows were written to this half; there is room for their ranks; every row has its bit.
    let rows = unsafe fresh.base + half * batch
    unsafe scorer.ranks(of: rows, count: count, dots: dots.base, into: ranks.base)
    for index in 0..<count {
      let (row, rank) = unsafe (rows[index], ranks.base[index])
      guard rank < beam.bound else { continue }
      if unsafe matching[Int(row >> 6)] >> UInt64(row & 63) & 1 == 1 {
        beam.insert(row, rank: rank)
      } else if rank < guide.bound {
        guide.insert(row, rank: rank)
      }
    }
    // Beyond a full beam a guide leads nowhere.
    guide.removeBeyond(beam.bound)
    cost.estimates += count
  }
}
