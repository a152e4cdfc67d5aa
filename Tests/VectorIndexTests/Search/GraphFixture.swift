import TestSupport
import VectorIndex

/// A small index with a graph, and filters over it.
struct GraphFixture {
  let rows: IndexFixture
  var snapshot: IndexSnapshot
  let queries: PreparedQueries
  static let dimension = 32

  /// Rows around some dozens of centres, and queries beside rows; the graph covers all rows unless `covered` says how many, and those of
  /// `copies` all equal the first of them.
  init(
    _ count: Int, covered: Int? = nil, metric: Metric = .cosine, copies: Range<Int> = 0..<0, works: [UInt32?] = [],
    removed: [UInt32] = []
  ) throws {
    var random = SeededGenerator(seed: 41)
    let d = Self.dimension
    let centres = random.vectors(24, dimension: d)
    var vectors = random.vectors(count, dimension: d)
    for row in 0..<count {
      for index in 0..<d { vectors[row * d + index] = 0.7 * vectors[row * d + index] + centres[row % 24 * d + index] }
    }
    for row in copies {
      vectors.replaceSubrange(
        row * d..<(row + 1) * d, with: Array(vectors[copies.lowerBound * d..<(copies.lowerBound + 1) * d]))
    }
    rows = try IndexFixture(vectors, dimension: d, metric: metric, works: works)
    snapshot = rows.snapshot
    for row in removed { snapshot.remove(Ordinal(row)) }
    let noise = random.vectors(40, dimension: d)
    let near = (0..<40 * d).map { place in
      count == 0 ? noise[place] : vectors[(place / d * 131 % count) * d + place % d] + 0.5 * noise[place]
    }
    queries = try rows.queries(near)
    let workers = WorkerPool(width: 2)
    let part =
      covered == nil ? rows : try IndexFixture(Array(vectors[..<((covered ?? 0) * d)]), dimension: d, metric: metric)
    snapshot.attach(IndexBuilder(part.snapshot, workers: workers).build())
  }

  func searcher(_ planner: QueryPlanner = .init(), threads: Int = 1) -> IndexSearcher {
    IndexSearcher(snapshot, workers: WorkerPool(width: threads), planner: planner)
  }

  func filter(_ isAllowed: (UInt32) -> Bool) -> SearchFilter {
    var rows = Bitmap(count: snapshot.count)
    for ordinal in 0..<UInt32(snapshot.count) where isAllowed(ordinal) { rows.insert(ordinal) }
    rows.formIntersection(snapshot.live)
    return SearchFilter(allowed: rows)
  }

  func truth(_ k: Int, _ filter: SearchFilter?) -> [[Neighbor]] {
    FlatSearcher(snapshot, workers: WorkerPool(width: 1)).nearest(
      queries, k: k, in: RowSelection(filter?.allowed ?? snapshot.live))
  }

  /// The share of the true neighbours that were found.
  static func recall(_ found: [SearchAnswer], _ truth: [[Neighbor]]) -> Double {
    var (hits, wanted) = (0, 0)
    for (answer, exact) in zip(found, truth) {
      hits += Set(answer.neighbors).intersection(exact).count
      wanted += exact.count
    }
    return wanted == 0 ? 1 : Double(hits) / Double(wanted)
  }
}

extension QueryPlanner {
  /// Scans whatever a filter leaves.
  static var scanning: QueryPlanner {
    var planner = QueryPlanner()
    (planner.hopCost, planner.exactRows) = (1 << 20, 0)
    return planner
  }

  /// Walks whatever a filter leaves.
  static var walking: QueryPlanner {
    var planner = QueryPlanner()
    (planner.hopCost, planner.exactRows) = (0, 0)
    return planner
  }
}
