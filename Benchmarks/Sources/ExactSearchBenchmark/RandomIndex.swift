import VectorIndex
import VectorKernels

/// An index of random unit vectors; speed of exact search does not depend on what the numbers are.
enum RandomIndex {
  private static let catalogue = CatalogueID(bytes: [UInt8](repeating: 1, count: 16))

  static func make(rows: Int, dimension: Int, in directory: String) throws -> IndexSnapshot {
    let layout = RowLayout(dimension: dimension, elementType: .float16)
    var appender = RowAppender(directory: directory, layout: layout, catalogue: catalogue, count: 0)
    var generator = SystemRandomNumberGenerator()
    var encoded = EncodedRows(layout: layout, metric: .cosine)
    for row in 0..<rows {
      let vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
      try encoded.append(vector.span)
      guard encoded.count == 10_000 || row == rows - 1 else { continue }
      _ = try appender.append(encoded)
      encoded.removeAll()
    }
    try appender.sync()
    var snapshot = IndexSnapshot(
      metric: .cosine, rows: try RowStore(directory: directory, layout: layout, catalogue: catalogue, count: 0))
    try snapshot.growRows(to: rows)
    for row in 0..<rows { snapshot.append(key: "item/\(row)".utf8.span, work: nil, member: 0) }
    return snapshot
  }

  static func queries(_ count: Int, dimension: Int) throws -> PreparedQueries {
    let numbers = (0..<count * dimension).map { _ in Float.random(in: -1...1) }
    return try PreparedQueries(numbers.span, dimension: dimension, metric: .cosine)
  }
}
