import Foundation
import TestSupport
import VectorIndex
import VectorKernels

/// An index with a graph, and the snapshot file of both.
struct GraphSnapshotFixture {
  let directory: TemporaryDirectory
  let rows: IndexFixture
  let index: GraphIndex
  let queries: PreparedQueries
  static let dimension = 96
  var path: String { directory.appending("index.kagami-index") }

  /// Rows of which the last three are copies of the first three.
  ///
  /// - Throws: `IndexError`, or what making files throws.
  init(_ count: Int = 400, metric: Metric = .cosine, format: CodeFormat? = nil, maxDegree: Int = 8) throws {
    var random = SeededGenerator(seed: 71)
    let vectors = random.vectors(count - 3, dimension: Self.dimension)
    directory = try TemporaryDirectory()
    rows = try IndexFixture(vectors + vectors[..<(3 * Self.dimension)], dimension: Self.dimension, metric: metric)
    queries = try rows.queries(random.vectors(8, dimension: Self.dimension))
    let built = rows.index {
      ($0.format, $0.maxDegree) = (format, maxDegree)
    }
    guard let built else { throw IndexError.missing(file: "graph") }
    index = built
    let writer = try SnapshotWriter(path: path, catalogue: IndexFixture.catalogue)
    try rows.snapshot.write(to: writer)
    try index.write(to: writer)
    try writer.finish(sequence: 1, rowCount: count)
  }

  /// Reads columns and graph, as an engine does at its start.
  func open() throws(IndexError) -> IndexSnapshot {
    let reader = try SnapshotReader(path: path, catalogue: IndexFixture.catalogue)
    var state = try IndexSnapshot(
      reading: reader, metric: rows.snapshot.metric, rows: rows.snapshot.rows, memberCount: 1, workCount: 1)
    state.attach(try GraphIndex.read(from: reader, dimension: Self.dimension, metric: rows.snapshot.metric))
    return state
  }

  /// What every plan answers.
  func answers(_ state: IndexSnapshot) -> [[SearchAnswer]] {
    var some = Bitmap(count: state.count)
    for row in stride(from: 0, to: UInt32(state.count), by: 2) { some.insert(row) }
    return [QueryPlanner(), .scanning, .walking].flatMap { planner in
      let searcher = IndexSearcher(state, workers: WorkerPool(width: 1), planner: planner)
      return [SearchEffort.standard, .beamWidth(40), .exact].flatMap { effort in
        // The second time by codes that were copied.
        [nil, SearchFilter(allowed: some)].flatMap { filter in
          (0..<2).map { _ in searcher.nearest(queries, k: 10, effort: effort, filter: filter) }
        }
      }
    }
  }

  /// What ``searchOtherwise(_:)`` found.
  struct OtherAnswers: Equatable {
    /// Everything, up to 50 rows a query.
    var nearest: [[Neighbor]]
    /// Everything within 0.4.
    var near: [[Neighbor]]
    /// The best rows of groups.
    var groups: [[[Neighbor]]]
    var statistics: IndexStatistics?
  }

  /// Whatever else walks or reads a graph.
  func searchOtherwise(_ state: IndexSnapshot) -> OtherAnswers {
    let searcher = IndexSearcher(state, workers: WorkerPool(width: 1), planner: .walking)
    return OtherAnswers(
      nearest: searcher.within(.infinity, of: queries, limit: 50).map(\.neighbors),
      near: searcher.within(0.4, of: queries, limit: 1000).map(\.neighbors),
      groups: searcher.groups(queries, k: 5, size: 2).map { $0.groups.map(\.best) },
      statistics: state.graph?.statistics(live: state.live))
  }

  /// Writes the file again with other numbers in one section, and with the checksums that belong to them.
  func rewrite<Number: BitwiseCopyable & Sendable>(
    _ name: String, of type: Number.Type, _ change: (inout [Number]) -> Void
  ) throws {
    let reader = try SnapshotReader(path: path, catalogue: IndexFixture.catalogue)
    let draft = directory.appending("draft")
    let writer = try SnapshotWriter(path: draft, catalogue: IndexFixture.catalogue)
    for section in reader.sectionNames {
      if section == name {
        let array = try reader.section(section, of: Number.self)
        var numbers = (0..<array.count).map { array[$0] }
        change(&numbers)
        try writer.add(section, numbers.span)
      } else if let bytes = try? reader.section(section, of: UInt8.self) {
        try Self.copy(bytes, section, to: writer)
      } else if let words = try? reader.section(section, of: UInt32.self) {
        try Self.copy(words, section, to: writer)
      } else {
        try Self.copy(reader.section(section, of: UInt64.self), section, to: writer)
      }
    }
    try writer.finish(sequence: reader.sequence, rowCount: reader.rowCount)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: draft, toPath: path)
  }

  private static func copy<Number>(_ array: MappedArray<Number>, _ name: String, to writer: SnapshotWriter) throws {
    writer.begin(name, of: Number.self)
    try writer.write(array)
  }
}
