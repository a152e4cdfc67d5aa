import VectorFiles
import VectorIndex
import VectorKernels

/// The rows of a folder in row files, which is all that exact search needs.
enum ExactIndex {
  /// Whose files they are.
  static let catalogue = CatalogueID(bytes: [UInt8](repeating: 2, count: 16))

  /// Writes the rows into an empty directory.
  static func build(_ data: DataFolder, in directory: String) throws {
    let layout = RowLayout(dimension: data.dimension, elementType: data.elementType)
    var appender = RowAppender(directory: directory, layout: layout, catalogue: catalogue, count: 0)
    var encoded = EncodedRows(layout: layout, metric: data.metric)
    try data.forEachBlock { block in
      for row in 0..<block.rowCount { try encoded.append(block.vectors.span.extracting(block.range(of: row))) }
      _ = try appender.append(encoded)
      encoded.removeAll()
    }
    try appender.sync()
  }

  /// Maps the rows that ``build(_:in:)`` wrote.
  static func rows(_ data: DataFolder, in directory: String) throws -> RowStore {
    let layout = RowLayout(dimension: data.dimension, elementType: data.elementType)
    return try RowStore(directory: directory, layout: layout, catalogue: catalogue, count: data.rowCount)
  }

  /// Maps what ``build(_:in:)`` wrote.
  static func open(_ data: DataFolder, in directory: String) throws -> IndexSnapshot {
    var snapshot = IndexSnapshot(metric: data.metric, rows: try rows(data, in: directory))
    try snapshot.growRows(to: data.rowCount)
    for row in 0..<data.rowCount { snapshot.append(key: "\(row)".utf8.span, work: nil, member: 0) }
    return snapshot
  }
}
