import VectorKernels

/// Walks a proximity graph from its entry points towards a query.
///
/// The walk keeps the nearest `beam.width` rows seen so far, by their codes, and expands the nearest one not yet expanded. It ends when
/// every row of the beam within its horizon has been expanded. While the codes of one node's neighbours are on their way from memory, the
/// next node is expanded already; so a step decides without the result of the one before it, which costs a few distances and hides most of
/// the waiting.
///
/// Greedy beam search over a pruned neighbourhood graph (Subramanya et al. 2019).
///
/// - Complexity: O(*h* · *R* · *b*) for *h* hops, degree *R* and codes of *b* bytes.
/// - Allocates: Nothing.
/// - Concurrency: Walks may share a graph; each needs its own searcher and scorer.
@safe
struct GraphSearcher: ~Copyable, @unchecked Sendable {
  /// The nearest rows of the last walk.
  var beam: CandidateBeam
  /// What the last walk cost.
  private(set) var cost = WalkCost()

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
    marks = VisitedMarks(count: rows)
    self.batch = batch
    fresh = AlignedBuffer(zeroed: 2 * batch)
    dots = AlignedBuffer(zeroed: batch)
    ranks = AlignedBuffer(zeroed: batch)
  }

  /// Fills the beam with the nearest rows.
  ///
  /// - Parameters:
  ///   - graph: Where to walk.
  ///   - scorer: Bound to the query and to the codes of the graph's rows.
  ///   - width: How many rows the beam keeps.
  ///   - horizon: How far beyond the best rows the walk goes on.
  ///   - excluded: A node that the walk shall not see, as if it were not there.
  mutating func walk(
    _ graph: ProximityGraph, towards scorer: CodeScorer, width: Int, horizon: SearchHorizon = .none,
    excluding excluded: UInt32? = nil
  ) {
    beam.begin(width: width, horizon: horizon)
    marks.begin()
    if let excluded { _ = marks.insert(excluded) }
    cost = WalkCost()
    // SAFETY: the caller binds the scorer to the codes of this graph's rows.
    unsafe enter(graph, scorer)
    unsafe proceed(graph, towards: scorer)
  }

  /// Expands rows until none is left within the horizon.
  ///
  /// - Parameters:
  ///   - graph: Where the walk began.
  ///   - scorer: What it began with.
  mutating func proceed(_ graph: ProximityGraph, towards scorer: CodeScorer) {
    // SAFETY: the caller binds the scorer to the codes of this graph's rows; `fresh` has two halves of `batch` rows.
    var (half, requested) = (0, unsafe expandNearest(graph, scorer, half: 0))
    while requested > 0 || beam.peekNearest() != nil || beam.settle() {
      let arriving = requested
      requested = unsafe expandNearest(graph, scorer, half: 1 - half)
      unsafe score(arriving, half: half, graph, scorer)
      half = 1 - half
    }
  }

  /// Scores the entry points.
  private mutating func enter(_ graph: ProximityGraph, _ scorer: CodeScorer) {
    let entries = graph.entryPoints
    var done = 0
    while done < entries.count {
      let count = min(entries.count - done, batch)
      // SAFETY: entry points are nodes of the graph; at most `batch` are taken at a time.
      let new = unsafe marks.takeNew(entries.base + done, count: count, into: fresh.base)
      unsafe score(new, half: 0, graph, scorer)
      done += count
    }
  }

  /// Reads the edges of the nearest node that has not been expanded, and asks for the codes of the neighbours not seen before.
  ///
  /// - Returns: How many there are.
  @inline(__always)
  private mutating func expandNearest(_ graph: ProximityGraph, _ scorer: CodeScorer, half: Int) -> Int {
    guard let node = beam.popNearest() else { return 0 }
    let degree = graph.maxDegree
    // SAFETY: rows of the beam are nodes of the graph; there is room for a node's neighbours in each half.
    let edges = unsafe graph.edges.base
    let found = unsafe marks.takeNew(edges + Int(node) * degree, count: degree, into: fresh.base + half * batch)
    unsafe scorer.prefetch(fresh.base + half * batch, count: found)
    if let next = beam.peekNearest() { unsafe scorer.prefetchKernel(edges + Int(next) * degree, degree * 4) }
    cost.hops += 1
    return found
  }

  /// Scores the rows of one half and offers them to the beam.
  ///
  /// The edges of a row that will be expanded next are asked for at once: waiting for them would be the longest wait of a step.
  @inline(__always)
  private mutating func score(_ count: Int, half: Int, _ graph: ProximityGraph, _ scorer: CodeScorer) {
    guard count > 0 else { return }
    let degree = graph.maxDegree
    let edges = unsafe graph.edges.base
    // SAFETY: `count` rows were written to this half; there is room for their ranks.
    let rows = unsafe fresh.base + half * batch
    unsafe scorer.ranks(of: rows, count: count, dots: dots.base, into: ranks.base)
    var bound = beam.bound
    for index in 0..<count {
      let rank = unsafe ranks.base[index]
      guard rank < bound else {
        unsafe beam.putAside(rows[index], rank: rank)
        continue
      }
      if unsafe beam.insert(rows[index], rank: rank) {
        unsafe scorer.prefetchKernel(edges + Int(rows[index]) * degree, degree * 4)
      }
      bound = beam.bound
    }
    beam.tighten()
    cost.estimates += count
  }
}
