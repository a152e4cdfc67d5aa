import TestSupport
import VectorIndex
import VectorKernels

/// A small index in a folder of its own, and the answers that it has to give.
struct IndexFixture {
  let directory: TemporaryDirectory
  let layout: RowLayout
  let snapshot: IndexSnapshot
  static let catalogue = CatalogueID(bytes: Array(1...16))

  /// Writes rows, given one after another, and describes them: by their row numbers where no keys are given.
  init(
    _ vectors: [Float], dimension: Int, metric: Metric, storage: ElementType = .float16, keys: [String]? = nil,
    works: [UInt32?] = []
  ) throws {
    let count = vectors.count / dimension
    directory = try TemporaryDirectory()
    layout = RowLayout(dimension: dimension, elementType: storage)
    var rows = EncodedRows(layout: layout, metric: metric)
    for row in 0..<count { try rows.append(vectors.span.extracting(row * dimension..<(row + 1) * dimension)) }
    var appender = RowAppender(directory: directory.path, layout: layout, catalogue: Self.catalogue, count: 0)
    _ = try appender.append(rows)
    try appender.sync()
    let store = try RowStore(directory: directory.path, layout: layout, catalogue: Self.catalogue, count: 0)
    var snapshot = IndexSnapshot(metric: metric, rows: store)
    try snapshot.growRows(to: count)
    for row in 0..<count {
      let key = Array((keys?[row] ?? String(row)).utf8)
      snapshot.append(key: key.span, work: works.isEmpty ? nil : works[row], member: 0)
    }
    self.snapshot = snapshot
  }

  func queries(_ vectors: [Float]) throws -> PreparedQueries {
    try PreparedQueries(vectors.span, dimension: layout.dimension, metric: snapshot.metric)
  }

  /// Distances in double precision from the stored rows.
  func oracle(_ query: ArraySlice<Float>) -> [Double] {
    let query = query.map(Double.init)
    let queryNorm = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return (0..<snapshot.count).map { ordinal in
      let row = snapshot.rows.row(Ordinal(UInt32(ordinal))).map(Double.init)
      let product = zip(row, query).reduce(0) { $0 + $1.0 * $1.1 }
      switch snapshot.metric {
      case .cosine: return -product / (row.reduce(0) { $0 + $1 * $1 }.squareRoot() * queryNorm)
      case .innerProduct: return -product
      case .euclidean: return zip(row, query).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      }
    }
  }

  var everything: RowSelection { RowSelection(snapshot.live) }
}
