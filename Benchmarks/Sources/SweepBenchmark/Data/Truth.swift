import Foundation
import VectorIndex

/// What exact search answers, for the filters and thresholds that no file has answers for.
final class Truth {
  private let data: DataFolder
  private let directory: String
  private let searcher: FlatSearcher
  let snapshot: IndexSnapshot

  init(_ data: DataFolder) throws {
    self.data = data
    directory = FileManager.default.temporaryDirectory.appending(path: "kagami-truth-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try ExactIndex.build(data, in: directory)
    snapshot = try ExactIndex.open(data, in: directory)
    searcher = FlatSearcher(snapshot, workers: WorkerPool(width: 1))
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// The k nearest rows of the first queries, nearest first.
  func nearest(queries count: Int, k: Int, in selection: RowSelection? = nil) throws -> [[Neighbor]] {
    try nearest(Array(0..<count), k: k, in: selection)
  }

  /// The k nearest rows of some queries, nearest first.
  func nearest(_ numbers: [Int], k: Int, in selection: RowSelection? = nil) throws -> [[Neighbor]] {
    let selection = selection ?? RowSelection(first: snapshot.count)
    return searcher.nearest(try prepared(numbers), k: k, in: selection)
  }

  /// Everything within a distance of the first queries.
  func matches(queries count: Int, within distance: Float) throws -> [[Neighbor]] {
    let queries = try prepared(Array(0..<count))
    let everything = RowSelection(first: snapshot.count)
    return searcher.matches(queries, within: distance, in: everything, limit: 10_000).map(\.matches)
  }

  private func prepared(_ numbers: [Int]) throws -> PreparedQueries {
    let vectors = numbers.flatMap { data.queries[data.query($0)] }
    return try PreparedQueries(vectors.span, dimension: data.dimension, metric: data.metric)
  }
}
