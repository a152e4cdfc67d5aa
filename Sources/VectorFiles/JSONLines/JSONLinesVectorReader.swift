import WireProtocol

/// Reads vectors with their metadata from JSON lines; a bad line is refused in its place and reading goes on.
final class JSONLinesVectorReader: VectorReader {
  private var lines: ItemLineReader
  private var nextRow = 0

  let path: String
  let dimension: Int
  let count: Int? = nil
  let scalar = ScalarType.float32

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - dimension: The numbers that each vector must have; if nil, as many as the first sound one has.
  ///   - requiresKey: Whether a line without `key` is refused.
  /// - Throws: `FileError` if the file cannot be read, or no line has a vector.
  init(_ path: String, dimension: Int?, requiresKey: Bool) throws(FileError) {
    self.path = path
    lines = try ItemLineReader(path, ItemLineParser.Rules(requiresKey: requiresKey, hasVector: true))
    self.dimension = if let dimension { dimension } else { try Self.firstDimension(in: &lines, path) }
  }

  private static func firstDimension(in lines: inout ItemLineReader, _ path: String) throws(FileError) -> Int {
    var firstRefusal: RefusedRow?
    while let result = try lines.next() {
      switch result {
      case .success:
        lines.rewind()
        return lines.vector.dimension
      case .failure(let refusal): firstRefusal = firstRefusal ?? refusal
      }
    }
    let cause = firstRefusal.map { "; \($0)" } ?? ""
    throw FileError(.malformed, file: path, reason: "no line has a vector" + cause)
  }

  func read(upTo rows: Int, into block: inout VectorBlock) throws(FileError) -> Int {
    block.reset(firstRow: nextRow, dimension: dimension, capacity: 0)
    while block.items.count < rows, let result = try lines.next(dimension: dimension) {
      block.items.append(result)
      switch result {
      case .success: lines.vector.withNumbers { block.append($0) }
      case .failure: block.vectors.append(contentsOf: repeatElement(0, count: dimension))
      }
    }
    block.rowCount = block.items.count
    nextRow += block.rowCount
    return block.rowCount
  }

  func skip(rows: Int) throws(FileError) {
    for row in 0..<rows {
      guard try lines.skip() else {
        throw FileError(
          .malformed, file: path, reason: "the file ends after \(nextRow + row) lines; \(nextRow + rows) are needed")
      }
    }
    nextRow += rows
  }
}
