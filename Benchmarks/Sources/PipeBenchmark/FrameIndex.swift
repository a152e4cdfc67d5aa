import Foundation
import VectorFiles
import VectorIndex
import VectorKernels

/// The rows of a folder searched in this process: what the pipe is compared with.
struct FrameIndex {
  let queries: [Float]
  let dimension: Int
  private let snapshot: IndexSnapshot
  private let searcher: IndexSearcher

  /// Builds the index that `kagami build` builds of the same rows.
  ///
  /// - Parameters:
  ///   - folder: Holds `base.npy` and `queries.npy`.
  ///   - directory: An empty directory for the rows.
  /// - Throws: `FileError` or `IndexError`.
  init(_ folder: String, in directory: String) throws {
    let queryFile = try VectorFile.open("\(folder)/queries.npy")
    var block = VectorBlock()
    try queryFile.read(upTo: queryFile.count ?? 0, into: &block)
    (queries, dimension) = (block.vectors, queryFile.dimension)
    let catalogue = CatalogueID(bytes: [UInt8](repeating: 3, count: 16))
    let layout = RowLayout(dimension: dimension, elementType: .float16)
    var appender = RowAppender(directory: directory, layout: layout, catalogue: catalogue, count: 0)
    var encoded = EncodedRows(layout: layout, metric: .cosine)
    let base = try VectorFile.open("\(folder)/base.npy")
    var count = 0
    while try base.read(upTo: 10_000, into: &block) > 0 {
      for row in 0..<block.rowCount {
        try encoded.append(block.vectors.span.extracting(row * dimension..<(row + 1) * dimension))
      }
      count += block.rowCount
      _ = try appender.append(encoded)
      encoded.removeAll()
    }
    try appender.sync()
    let rows = try RowStore(directory: directory, layout: layout, catalogue: catalogue, count: count)
    var snapshot = IndexSnapshot(metric: .cosine, rows: rows)
    try snapshot.growRows(to: count)
    for row in 0..<count { snapshot.append(key: "\(row)".utf8.span, work: nil, member: 0) }
    snapshot.attach(IndexBuilder(snapshot, workers: WorkerPool(width: 2)).build())
    self.snapshot = snapshot
    searcher = IndexSearcher(snapshot, workers: WorkerPool(width: 1))
  }

  /// Seconds that all queries take, one call each on one thread.
  func seconds(k: Int, targetRecall: Double) throws -> Double {
    let start = ContinuousClock.now
    for query in 0..<queries.count / dimension { try search(query, k, targetRecall) }
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Microseconds of single searches, ascending.
  func latencies(k: Int, targetRecall: Double, count: Int) throws -> [Double] {
    try (0..<count).map { query in
      let start = ContinuousClock.now
      try search(query, k, targetRecall)
      return (ContinuousClock.now - start) / .microseconds(1)
    }.sorted()
  }

  private func search(_ query: Int, _ k: Int, _ targetRecall: Double) throws {
    let numbers = queries.span.extracting(query * dimension..<(query + 1) * dimension)
    let prepared = try PreparedQueries(numbers, dimension: dimension, metric: .cosine)
    _ = searcher.nearest(prepared, k: k, effort: .targetRecall(targetRecall))
  }
}
