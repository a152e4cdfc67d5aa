import VectorIndex

/// Exact search, which knows no effort: its recall says whether the measuring is right.
struct ExactTarget: SearchTarget {
  static let name = "Kagami exact"
  static let efforts = [1]

  private let snapshot: IndexSnapshot
  private let searcher: FlatSearcher
  private let dimension: Int

  static func build(_ data: DataFolder, in directory: String, threads: Int) throws {
    try ExactIndex.build(data, in: directory)
  }

  init(opening directory: String, of data: DataFolder, threads: Int) throws {
    snapshot = try ExactIndex.open(data, in: directory)
    searcher = FlatSearcher(snapshot, workers: WorkerPool(width: threads))
    dimension = data.dimension
  }

  func search(_ query: Span<Float>, k: Int, effort: Int, filter: SearchFilter?) throws -> [UInt32] {
    let selection = filter?.selection ?? RowSelection(first: snapshot.count)
    return searcher.nearest(try prepared(query), k: k, in: selection)[0].map(\.ordinal)
  }

  func searchBatch(_ queries: Span<Float>, k: Int, effort: Int) throws -> [[UInt32]] {
    searcher.nearest(try prepared(queries), k: k, in: RowSelection(first: snapshot.count)).map { $0.map(\.ordinal) }
  }

  func matches(_ query: Span<Float>, within distance: Float, effort: Int) throws -> [UInt32] {
    let everything = RowSelection(first: snapshot.count)
    return searcher.matches(try prepared(query), within: distance, in: everything, limit: 10_000)[0].matches
      .map(\.ordinal)
  }

  private func prepared(_ queries: Span<Float>) throws -> PreparedQueries {
    try PreparedQueries(queries, dimension: dimension, metric: snapshot.metric)
  }
}
