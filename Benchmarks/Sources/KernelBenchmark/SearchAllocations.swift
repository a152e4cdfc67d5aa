import BenchmarkSupport
import VectorIndex
import VectorKernels

/// What a search allocates, counted over an index of random rows.
struct SearchAllocations {
  private let snapshot: IndexSnapshot
  private let queries: [PreparedQueries]
  private let together: PreparedQueries
  private let filter: SearchFilter

  private static let (rows, dimension, count) = (5000, 64, 200)
  private static let catalogue = CatalogueID(bytes: [UInt8](repeating: 2, count: 16))

  init(in directory: String) throws {
    let layout = RowLayout(dimension: Self.dimension, elementType: .float16)
    var appender = RowAppender(directory: directory, layout: layout, catalogue: Self.catalogue, count: 0)
    var encoded = EncodedRows(layout: layout, metric: .cosine)
    var numbers = FixedNumbers()
    for _ in 0..<Self.rows {
      let vector = numbers.take(Self.dimension)
      try encoded.append(vector.span)
    }
    _ = try appender.append(encoded)
    try appender.sync()
    var snapshot = IndexSnapshot(
      metric: .cosine, rows: try RowStore(directory: directory, layout: layout, catalogue: Self.catalogue, count: 0))
    try snapshot.growRows(to: Self.rows)
    for row in 0..<Self.rows { snapshot.append(key: "item/\(row)".utf8.span, work: nil, member: 0) }
    snapshot.attach(IndexBuilder(snapshot, workers: WorkerPool(width: 1)).build())
    self.snapshot = snapshot
    let vectors = numbers.take(Self.count * Self.dimension)
    together = try PreparedQueries(vectors.span, dimension: Self.dimension, metric: .cosine)
    queries = try (0..<Self.count).map { query in
      let span = vectors.span.extracting(query * Self.dimension..<(query + 1) * Self.dimension)
      return try PreparedQueries(span, dimension: Self.dimension, metric: .cosine)
    }
    var allowed = Bitmap(count: Self.rows)
    for row in stride(from: 0, to: UInt32(Self.rows), by: 4) { allowed.insert(row) }
    filter = SearchFilter(allowed: allowed)
  }

  /// Names and counts; nil where allocations cannot be counted.
  var all: [(String, Double?)] {
    get throws {
      let searcher = IndexSearcher(snapshot, workers: WorkerPool(width: 1))
      func single(_ effort: SearchEffort, _ filter: SearchFilter? = nil) -> Double? {
        Allocations.perStep(Self.count) {
          _ = searcher.nearest(queries[$0], k: 10, effort: effort, filter: filter)
        }
      }
      let batch = Allocations.perStep(4) { _ in _ = searcher.nearest(together, k: 10) }
      return [
        ("one walk", single(.standard)), ("one exact", single(.exact)),
        ("one scan with a filter", single(.standard, filter)),
        ("walks, \(Self.count) in one call", batch.map { $0 / Double(Self.count) }),
      ]
    }
  }
}

/// A fixed sequence of numbers, so that counts are the same on every run.
private struct FixedNumbers {
  private var state: UInt64 = 1

  mutating func take(_ count: Int) -> [Float] {
    var numbers: [Float] = []
    for _ in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      numbers.append(Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max))
    }
    return numbers
  }
}
