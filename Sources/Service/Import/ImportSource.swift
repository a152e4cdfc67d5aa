import Catalogue
import VectorFiles
import WireProtocol

/// The files of one import, read side by side a batch at a time.
final class ImportSource {
  private let reader: any VectorReader
  private let metadata: MetadataReader?
  private let labels: [(name: String, reader: IntegerReader)]
  private let keyPrefix: String
  private var block = VectorBlock()

  /// Rows in the file, where its format tells.
  var count: Int? { reader.count }
  var dimension: Int { reader.dimension }

  /// Opens the files and checks whatever can be known before the first row is read.
  ///
  /// - Parameters:
  ///   - request: Names the files.
  ///   - dimension: Numbers a vector in the catalogue, where there is one; lines of JSON are held to it one by one.
  /// - Throws: `FileError` or ``ImportError``.
  init(_ request: ImportRequest, dimension: Int?) throws {
    reader = try VectorFile.open(request.vectors, dimension: dimension)
    if reader.count == nil, let file = request.metadata ?? request.labels.first?.file {
      throw ImportError.linesCarryMetadata(vectors: request.vectors, other: file)
    }
    guard 1...Self.maximumDimension ~= reader.dimension else {
      throw ImportError.unusableDimension(file: request.vectors, found: reader.dimension, limit: Self.maximumDimension)
    }
    metadata = try request.metadata.map { try MetadataReader($0) }
    labels = try request.labels.map { label in
      guard !ItemMetadata.reservedNames.contains(label.name) else { throw ImportError.reservedLabel(label.name) }
      return (label.name, try IntegerFile.openLabels(label.file))
    }
    keyPrefix = request.keyPrefix
    guard let expected = reader.count else { return }
    if let file = request.metadata {
      let lines = try MetadataReader.rowCount(of: file)
      try Self.check(lines, file, expected, request)
    }
    for (label, file) in zip(labels, request.labels) {
      try Self.check(label.reader.count, file.file, expected, request)
    }
  }

  private static let maximumDimension = Limits().dimension

  private static func check(_ rows: Int, _ file: String, _ expected: Int, _ request: ImportRequest) throws(ImportError)
  {
    guard rows == expected else {
      throw .unequalLengths(file: file, rows: rows, vectors: request.vectors, expected: expected)
    }
  }

  /// The next rows; nil after the last.
  func next(upTo rows: Int) throws -> ImportBatch? {
    guard try reader.read(upTo: rows, into: &block) > 0 else { return nil }
    var items = block.items
    if let metadata {
      items = try (0..<block.rowCount).map { row in
        let end = RefusedRow(row: block.firstRow + row, offset: 0, reason: "the file of metadata ends before it")
        return try metadata.next() ?? .failure(end)
      }
    }
    var values: [(name: String, values: [Int64])] = []
    for (name, reader) in labels {
      var numbers: [Int64] = []
      try reader.read(upTo: block.rowCount, into: &numbers)
      values.append((name, numbers))
    }
    return ImportBatch(block: block, items: items, labels: values, keyPrefix: keyPrefix)
  }
}
