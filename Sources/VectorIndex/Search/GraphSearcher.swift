import VectorKernels

/// Walks a proximity graph from its entry points towards a query.
///
/// The walk keeps the nearest `beam.width` rows seen so far, by their codes, and expands the nearest one not yet expanded. It ends when
/// every row of the beam within its horizon has been expanded. Three nodes are on their way at a time: the edges of one are asked for, those
/// of the second are read and the codes of its neighbours asked for, the neighbours of the third are scored. So a node is chosen without
/// what the two before it will find, which costs a few distances and hides most of the waiting for memory.
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
  /// Those of them that are near enough to be of interest.
  private let near: AlignedBuffer<UInt64>
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
    near = AlignedBuffer(zeroed: batch + CandidateBeam.padding)
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
  mutating func walk(
    _ graph: ProximityGraph, towards scorer: CodeScorer, width: Int, horizon: SearchHorizon = .none
  ) {
    beam.begin(width: width, horizon: horizon)
    marks.begin()
    cost = WalkCost()
    // SAFETY: the caller binds the scorer to the codes of this graph's rows.
    unsafe enter(graph, scorer)
    unsafe proceed(graph, towards: scorer)
  }

  /// Expands rows until none is left within the horizon; what is on its way then is scored, too.
  ///
  /// - Parameters:
  ///   - graph: Where the walk began.
  ///   - scorer: What it began with.
  mutating func proceed(_ graph: ProximityGraph, towards scorer: CodeScorer) {
    // SAFETY: the caller binds the scorer to the codes of this graph's rows; those of the beam are nodes of it.
    var (side, arriving) = (0, 0)
    var chosen = unsafe choose(graph, scorer)
    while chosen != nil || arriving > 0 || beam.hasNext || beam.settle() {
      let next = unsafe choose(graph, scorer)
      let requested = unsafe expand(chosen, graph, scorer, side: 1 - side)
      unsafe score(arriving, side: side, scorer)
      (chosen, arriving, side) = (next, requested, 1 - side)
    }
  }

  /// Takes the nearest row that has not been expanded, and asks for its edges.
  @inline(__always)
  private mutating func choose(_ graph: ProximityGraph, _ scorer: CodeScorer) -> UInt32? {
    guard let node = beam.popNearest() else { return nil }
    // SAFETY: a request for memory reads nothing.
    unsafe scorer.prefetchKernel(graph.edges.base + Int(node) * graph.maxDegree, graph.maxDegree * 4)
    return node
  }

  /// Scores the entry points.
  private mutating func enter(_ graph: ProximityGraph, _ scorer: CodeScorer) {
    let entries = graph.entryPoints
    var done = 0
    while done < entries.count {
      let count = min(entries.count - done, batch)
      // SAFETY: entry points are nodes of the graph; at most `batch` are taken at a time.
      let new = unsafe marks.takeNew(entries.base + done, count: count, into: fresh.base)
      unsafe score(new, side: 0, scorer)
      done += count
    }
  }

  /// Reads the edges of a node, if there is one, and asks for the codes of the neighbours not seen before.
  ///
  /// - Returns: How many there are.
  @inline(__always)
  private mutating func expand(_ node: UInt32?, _ graph: ProximityGraph, _ scorer: CodeScorer, side: Int) -> Int {
    guard let node else { return 0 }
    let degree = graph.maxDegree
    // SAFETY: rows of the beam are nodes of the graph; there is room for a node's neighbours in each half.
    let edges = unsafe graph.edges.base
    let found = unsafe marks.takeNew(edges + Int(node) * degree, count: degree, into: fresh.base + side * batch)
    unsafe scorer.prefetch(fresh.base + side * batch, count: found)
    cost.hops += 1
    return found
  }

  /// Scores the rows of one half and offers those to the beam that are near enough.
  @inline(__always)
  private mutating func score(_ count: Int, side: Int, _ scorer: CodeScorer) {
    guard count > 0 else { return }
    // SAFETY: `count` rows were written to this half; there is room for their ranks, and for an entry of each.
    let rows = unsafe fresh.base + side * batch
    unsafe scorer.ranks(of: rows, count: count, dots: dots.base, into: ranks.base)
    let found = unsafe beam.select(ranks.base, of: rows, count: count, into: near.base)
    for index in 0..<found { unsafe beam.offer(near.base[index]) }
    beam.tighten()
    cost.estimates += count
  }
}
