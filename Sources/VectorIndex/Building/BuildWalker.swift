import VectorKernels

/// Rows of the index as queries against its codes: one worker's memory for it.
@safe
final class BuildQuery: @unchecked Sendable {
  private let codes: CodeStore
  private let rows: RowStore
  private let query: QueryScratch
  private let vector: AlignedBuffer<Float>
  private let dots: AlignedBuffer<Int32>
  private let ranks: AlignedBuffer<Float>

  private static let block = 1024

  init(codes: CodeStore, rows: RowStore) {
    self.codes = codes
    self.rows = rows
    query = QueryScratch(for: codes.quantizer)
    vector = AlignedBuffer(zeroed: codes.quantizer.form.stride)
    dots = AlignedBuffer(zeroed: Self.block)
    ranks = AlignedBuffer(zeroed: Self.block)
  }

  /// Binds a scorer to a row; it is valid until the next one is made.
  func scorer(for row: UInt32) -> CodeScorer {
    let widen = unsafe DistanceKernels.active.widen(from: rows.layout.elementType)
    let factor = codes.quantizer.form.metric == .cosine ? 1 / rows.norm(of: Ordinal(row)) : 1
    // SAFETY: `norm(of:)` or the precondition checked the ordinal; the buffer has room for one row.
    precondition(Int(row) < rows.count)
    unsafe widen(rows.addresses.row(row), factor, vector.base, rows.layout.dimension)
    return unsafe scorer(for: vector.base)
  }

  /// Binds a scorer to a vector as callers send it; it is valid until the next one is made.
  func scorer(for vector: UnsafePointer<Float>) -> CodeScorer {
    // SAFETY: the caller gives a number for every dimension; this object keeps codes and scratch alive.
    unsafe CodeScorer(vector, codes: codes, scratch: query)
  }

  /// Compares a query with all codes.
  ///
  /// - Parameters:
  ///   - queries: Where the query is.
  ///   - query: Which one.
  ///   - best: Gets the numbers of the nearest codes.
  ///   - width: How many.
  func scan(_ queries: CalibrationQueries, _ query: Int, best: inout CandidateBeam, width: Int) {
    // SAFETY: the queries outlive this call.
    let scorer = unsafe scorer(for: queries.vector(query))
    best.begin(width: width)
    for start in stride(from: 0, to: codes.count, by: Self.block) {
      let count = min(Self.block, codes.count - start)
      // SAFETY: the range lies within the codes; the buffers have room for a block.
      unsafe scorer.ranks(from: start, count: count, dots: dots.base, into: ranks.base)
      for index in 0..<count where unsafe ranks.base[index] < best.bound {
        unsafe best.insert(UInt32(start + index), rank: ranks.base[index])
      }
    }
  }
}

/// Walks towards rows of the index, as a build does.
@safe
final class BuildWalker: @unchecked Sendable {
  private let query: BuildQuery
  private let rowCount: Int
  private(set) var searcher: GraphSearcher
  private var lastQuery: CalibrationQuery?
  /// For each row its number among those that are looked for, from 1; 0 for all others.
  ///
  /// Made when first asked for: most walkers build, and measure nothing.
  private var wanted: [UInt16] = []
  private var lastScorer: CodeScorer?

  init(codes: CodeStore, rows: RowStore, degree: Int, width: Int) {
    query = BuildQuery(codes: codes, rows: rows)
    rowCount = rows.count
    searcher = GraphSearcher(rows: rows.count, batch: max(degree, 64), width: width)
  }

  /// Fills the beam with the rows nearest to a row, itself among them.
  func walk(_ graph: ProximityGraph, towards row: UInt32, width: Int) {
    // SAFETY: `query` keeps what the scorer points to until it makes the next one.
    let scorer = unsafe query.scorer(for: row)
    unsafe searcher.walk(graph, towards: scorer, width: width)
  }

  /// Fills the beam as a search with a beam of fixed width does.
  ///
  /// - Parameters:
  ///   - graph: Where to walk.
  ///   - query: Towards what.
  ///   - width: How many rows the beam keeps.
  func walk(_ graph: ProximityGraph, towards query: CalibrationQuery, width: Int) {
    // SAFETY: the scorer is bound to the codes of the graph's rows, and used while it is valid.
    unsafe begin(query) { scorer in
      unsafe searcher.walk(graph, towards: scorer, width: width)
    }
  }

  /// Fills the beam as a search does until it knows how hard the query is.
  ///
  /// - Parameters:
  ///   - graph: Where to walk.
  ///   - query: Towards what.
  ///   - k: How many neighbours are asked for.
  ///   - greatestSlack: How far ``proceed(_:to:)`` will go.
  func walk(_ graph: ProximityGraph, towards query: CalibrationQuery, k: Int, greatestSlack: Float) {
    // SAFETY: the scorer is bound to the codes of the graph's rows, and used while it is valid.
    unsafe begin(query) { scorer in
      let horizon = unsafe SearchHorizon(k: k, greatestSlack: greatestSlack, scale: scorer.rankScale)
      unsafe searcher.walk(
        graph, towards: scorer, width: SearchScratch.maximumAdaptiveWidth, horizon: horizon)
    }
  }

  /// Goes on with the last walk, up to a greater slack.
  func proceed(_ graph: ProximityGraph, to slack: Float) {
    guard let scorer = unsafe lastScorer else { return }
    searcher.beam.extend(to: slack)
    // SAFETY: the query of the last walk is kept, and nothing else was bound since.
    unsafe searcher.proceed(graph, towards: scorer)
  }

  /// What the last walk knows of its query.
  func measureTraits() -> QueryTraits {
    searcher.beam.measureTraits()
    return searcher.beam.traits
  }

  /// Where in the beam nodes are; `Int.max` for one that is not there.
  func places(of nodes: some Sequence<UInt32>) -> [Int] {
    // One pass over the beam, by a table of the nodes asked for: builds ask this a hundred times a query.
    if wanted.isEmpty { wanted = [UInt16](repeating: 0, count: rowCount) }
    var places: [Int] = []
    for node in nodes {
      wanted[Int(node)] = UInt16(places.count + 1)
      places.append(.max)
    }
    for place in 0..<searcher.beam.count {
      let number = wanted[Int(searcher.beam.ordinal(at: place))]
      if number > 0 { places[Int(number) - 1] = place }
    }
    for node in nodes { wanted[Int(node)] = 0 }
    return places
  }

  private func begin(_ query: CalibrationQuery, _ walk: (CodeScorer) -> Void) {
    lastQuery = query
    // SAFETY: the queries are kept until the next walk begins; `self.query` keeps what the scorer points to until it makes the next one.
    let scorer = unsafe self.query.scorer(for: query.queries.vector(query.index))
    unsafe lastScorer = scorer
    unsafe walk(scorer)
  }

  /// Adds the rows of the beam to a list, nearest first.
  func appendBeam(to list: inout [UInt32]) {
    for place in 0..<searcher.beam.count { list.append(searcher.beam.ordinal(at: place)) }
  }
}
