import VectorIndex

/// The engine as it is served: codes and graph in a snapshot file, mapped, beside the rows.
///
/// Effort is the recall that is asked for, in ten-thousandths, which the calibration of the build turns into a beam that adapts itself to
/// every query; 10,000 is exact search.
struct EngineTarget: SearchTarget {
  static let name = "Kagami"
  static let efforts = [
    7000, 8000, 8500, 9000, 9300, 9500, 9700, 9800, 9900, 9950, 9970, 9980, 9990, 9995, 9998,
  ]

  private let searcher: IndexSearcher
  private let metric: Metric
  private let dimension: Int

  static func build(_ data: DataFolder, in directory: String, threads: Int) throws {
    try ExactIndex.build(data, in: directory)
    let snapshot = try ExactIndex.open(data, in: directory)
    let graph = IndexBuilder(snapshot, workers: WorkerPool(width: threads)).build()
    let writer = try SnapshotWriter(path: file(in: directory), catalogue: ExactIndex.catalogue)
    try snapshot.write(to: writer)
    try graph?.write(to: writer)
    try writer.finish(sequence: 0, rowCount: snapshot.count)
  }

  init(opening directory: String, of data: DataFolder, threads: Int) throws {
    let reader = try SnapshotReader(path: Self.file(in: directory), catalogue: ExactIndex.catalogue)
    let rows = try ExactIndex.rows(data, in: directory)
    var snapshot = try IndexSnapshot(
      reading: reader, metric: data.metric, rows: rows, memberCount: 1, workCount: 0)
    snapshot.attach(try GraphIndex.read(from: reader, dimension: data.dimension, metric: data.metric))
    searcher = IndexSearcher(snapshot, workers: WorkerPool(width: threads))
    (metric, dimension) = (data.metric, data.dimension)
  }

  static func askedRecall(effort: Int) -> Double? { Double(effort) / 10_000 }

  func search(_ query: Span<Float>, k: Int, effort: Int, filter: SearchFilter?) throws -> [UInt32] {
    let answers = searcher.nearest(try prepared(query), k: k, effort: Self.engineEffort(effort), filter: filter)
    return answers[0].neighbors.map(\.ordinal)
  }

  func searchBatch(_ queries: Span<Float>, k: Int, effort: Int) throws -> [[UInt32]] {
    searcher.nearest(try prepared(queries), k: k, effort: Self.engineEffort(effort)).map { $0.neighbors.map(\.ordinal) }
  }

  func matches(_ query: Span<Float>, within distance: Float, effort: Int) throws -> [UInt32] {
    let answers = searcher.within(
      distance, of: try prepared(query), limit: 10_000, effort: Self.engineEffort(effort))
    return answers[0].neighbors.map(\.ordinal)
  }

  private static func engineEffort(_ effort: Int) -> SearchEffort {
    effort >= 10_000 ? .exact : .targetRecall(Double(effort) / 10_000)
  }

  private static func file(in directory: String) -> String { "\(directory)/snapshot" }

  private func prepared(_ queries: Span<Float>) throws -> PreparedQueries {
    try PreparedQueries(queries, dimension: dimension, metric: metric)
  }
}
